import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';

/** A source expression of a content security policy that allows just this text as a style sheet or script of a page. */
export const allowedByHash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

type Frame = {
  title: string;
  /** Own code, which is not escaped. */
  style: string;
  script?: string;
  /** Further elements of the head. */
  head?: Html;
};

/** One self-contained document around the content of a page, which search engines do not list. */
export function htmlDocument({ title, style, script, head }: Frame, content: Html): string {
  const sheet: Html = { html: `<style>${style}</style>` };
  const code: Html | undefined = script === undefined ? undefined : { html: `<script>${script}</script>\n` };
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${head}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
${sheet}
</head>
<body>
<main>
${content}
</main>
${code}</body>
</html>
`.html;
}
