import { escapeHtml } from '../escape-html.ts';
import { visible } from '../visible-text.ts';
import type { TicketText } from './ticket-text.ts';

/** Foreign text for an element of HTML, with what is unseen shown. */
const shown = (text: string) => escapeHtml(visible(text, LONGEST));

const LONGEST = 10_000;

/** What is said on a ticket as HTML: a few elements without attributes but `href`. */
export function toHtml(text: TicketText): string {
  return text.map(blockHtml).join('\n');
}

function blockHtml(block: TicketText[number]): string {
  switch (block.kind) {
    case 'heading':
      return `<h3>${shown(block.text)}</h3>`;
    case 'line':
      return `<p>${shown(block.text)}</p>`;
    case 'points':
      return `<ul>${block.points.map((point) => `<li>${shown(point)}</li>`).join('')}</ul>`;
    case 'changes':
      return `<table><tr><th></th><th>before</th><th>after</th></tr>${block.rows
        .map(
          ({ name, before, after }) =>
            `<tr><th>${shown(name)}</th><td>${cell(before)}</td><td>${cell(after)}</td></tr>`,
        )
        .join('')}</table>`;
    case 'link':
      return `<p><a href="${escapeHtml(webAddress(block.url))}">${shown(block.label)}</a></p>`;
  }
}

const cell = (value: string | null) => (value === null ? '–' : shown(value));

/** Ours or configured, and yet: nothing but a web address is ever followed. */
export function webAddress(url: string): string {
  return /^https?:\/\/[\x21-\x7e]+$/.test(url) ? url : 'about:blank';
}
