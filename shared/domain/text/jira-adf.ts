import { fitText } from './fit-text.ts';
import type { TicketText } from './ticket-text.ts';
import { visible } from './visible-text.ts';

/**
 * Atlassian Document Format, version 1 (developer.atlassian.com, "Atlassian Document Format"): Jira Cloud REST v3
 * accepts comments as such a document. Jira shows a `text` node as it is and interprets no wiki markup, mention or
 * macro in it. This file therefore only makes hidden characters visible and avoids empty nodes, which Jira refuses.
 */
export type AdfNode = {
  type: string;
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  text?: string;
  content?: AdfNode[];
};
export type AdfDocument = { version: 1; type: 'doc'; content: AdfNode[] };

/**
 * Renders a ticket text as a Jira document, shortened to what a comment may hold. `footer`: a last, small paragraph of this
 * product.
 */
export function toJiraAdf(text: TicketText, footer?: string): AdfDocument {
  return asDocument(
    fitText(text, (shorter) => fitsInJira(shorter, footer)),
    footer,
  );
}

/** True if a comment of Jira holds the whole text. */
export function fitsInJira(text: TicketText, footer?: string): boolean {
  return JSON.stringify(asDocument(text, footer)).length <= MAX_CHARACTERS;
}

/**
 * Jira refuses a longer comment ("exceeds the allowed limit of 32767 characters"). It does not say whether it counts the
 * text or the document, so the longer of the two is held to the limit.
 */
const MAX_CHARACTERS = 32_767;

function asDocument(text: TicketText, footer: string | undefined): AdfDocument {
  const last = footer === undefined ? [] : [paragraph([{ ...adfText(footer), marks: [{ type: 'code' }] }])];
  return { version: 1, type: 'doc', content: [...text.map(blockNode), ...last] };
}

/** A text node; an empty text becomes a space. */
function adfText(text: string): AdfNode {
  const shown = visible(text, MAX_TEXT_LENGTH);
  return { type: 'text', text: shown === '' ? ' ' : shown };
}

const MAX_TEXT_LENGTH = 2000;

const paragraph = (content: AdfNode[]): AdfNode => ({ type: 'paragraph', content });

function blockNode(block: TicketText[number]): AdfNode {
  switch (block.kind) {
    case 'heading':
      return { type: 'heading', attrs: { level: 4 }, content: [adfText(block.text)] };
    case 'line':
      return paragraph([adfText(block.text)]);
    case 'points':
      return list(block.points.map((point) => [adfText(point)]));
    case 'table':
      return table(block.columns, block.rows);
    case 'link':
      return paragraph([
        { ...adfText(block.label), marks: [{ type: 'link', attrs: { href: webAddress(block.url) } }] },
      ]);
  }
}

function list(points: readonly AdfNode[][]): AdfNode {
  const items = points.map((content) => ({ type: 'listItem', content: [paragraph(content)] }));
  // A list without items is not a valid document.
  return items.length === 0 ? paragraph([adfText('')]) : { type: 'bulletList', content: items };
}

/** Links only to web addresses, although every `url` is this product's own or configured. */
const webAddress = (url: string) => (/^https?:\/\/[\x21-\x7e]+$/.test(url) ? url : 'about:blank');

function table(columns: readonly string[], rows: readonly (readonly string[])[]): AdfNode {
  return { type: 'table', content: [row('tableHeader', columns), ...rows.map((cells) => row('tableCell', cells))] };
}

function row(type: 'tableHeader' | 'tableCell', texts: readonly string[]): AdfNode {
  return { type: 'tableRow', content: texts.map((text) => ({ type, content: [paragraph([adfText(text)])] })) };
}

/** The text of a document, one line per block; used to find earlier comments. Anything else has no lines. */
export function adfLines(node: unknown): string[] {
  if (!isNode(node)) return [];
  if (typeof node.text === 'string') return [node.text];
  return Array.isArray(node.content) ? node.content.flatMap(adfLines) : [];
}

const isNode = (value: unknown): value is { text?: unknown; content?: unknown } =>
  typeof value === 'object' && value !== null;
