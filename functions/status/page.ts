import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';

/** One column, system fonts, colours by meaning and never by colour alone; dark where the reader's system is. */
const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --quiet: #57606a; --line: #d0d7de; --back: #ffffff; --panel: #f6f8fa;
  --good: #116329; --bad: #a40e26; --wait: #0a4a9e; --link: #0a4a9e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9da7b3; --line: #3d444d; --back: #0d1117;
  --panel: #161b22; --good: #56d364; --bad: #ff938a; --wait: #79c0ff; --link: #79c0ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
header p { color: var(--quiet); margin: 0 0 .25rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
a { color: var(--link); }
.state { border: 1px solid var(--line); border-left: .4rem solid var(--wait); border-radius: .4rem; background: var(--panel);
  padding: .75rem 1rem; }
.state strong { font-size: 1.15rem; color: var(--wait); display: block; }
.state.good { border-left-color: var(--good); } .state.good strong { color: var(--good); }
.state.bad { border-left-color: var(--bad); } .state.bad strong { color: var(--bad); }
.state p, .state dl { margin: .4rem 0 0; }
dl { display: grid; grid-template-columns: minmax(7rem, auto) 1fr; gap: .35rem 1rem; margin: 0; }
dt { color: var(--quiet); } dd { margin: 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; }
thead th { color: var(--quiet); font-weight: normal; }
td.changed { font-weight: 600; }
ol, ul { margin: 0; padding-left: 1.25rem; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
.quiet { color: var(--quiet); }
`;

const styleHash = createHash('sha256').update(STYLE).digest('base64');

/** The page loads nothing and runs nothing; its one style sheet is named by its hash. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
};

export function htmlPage(title: string, content: Html): string {
  const style: Html = { html: `<style>${STYLE}</style>` };
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
${style}
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.html;
}
