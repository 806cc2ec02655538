import { foreign, type Html, html } from './html.ts';

/** Above this many characters a text is marked as a whole. */
const LONGEST = 2000;

/**
 * Two texts side by side with what differs marked, as deleted in one and inserted in the other. What both begin and end
 * with, in whole words, is left unmarked: a changed word in a long description is found at a glance.
 */
export function markedDifference(was: string, is: string): { was: Html; is: Html } {
  const [before, after] = [wordsOf(was), wordsOf(is)];
  const head = commonLength(before, after);
  const tail = commonLength(before.slice(head).toReversed(), after.slice(head).toReversed());
  const nothingKept = head + tail === 0 || was.length + is.length > LONGEST;
  const parts = (words: string[]) =>
    nothingKept
      ? ['', words.join(''), '']
      : [words.slice(0, head), words.slice(head, words.length - tail), words.slice(words.length - tail)].map((some) =>
          some.join(''),
        );
  return { was: marked(parts(before), deleted), is: marked(parts(after), inserted) };
}

const deleted = (text: string) => html`<del>${foreign(text)}</del>`;
const inserted = (text: string) => html`<ins>${foreign(text)}</ins>`;

function marked([head = '', middle = '', tail = '']: string[], mark: (text: string) => Html): Html {
  const [, before = '', words = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(middle) ?? [];
  // A difference in spaces alone is marked as one.
  if (words === '') return html`${plain(head)}${middle === '' ? undefined : mark(middle)}${plain(tail)}`;
  return html`${plain(head + before)}${mark(words)}${plain(after + tail)}`;
}

const plain = (text: string) => (text === '' ? undefined : foreign(text));

/** Words and the spaces between them. */
const wordsOf = (text: string) => text.split(/(\s+)/).filter((word) => word !== '');

function commonLength(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((word, index) => word !== b[index]);
  return differs < 0 ? Math.min(a.length, b.length) : differs;
}
