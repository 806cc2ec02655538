import { type Html, html, untrusted } from './html.ts';

/** Above this many characters a text is marked as a whole. */
const MAX_CHARACTERS = 2000;

/**
 * Marks the difference of two texts, as deleted in one and inserted in the other. The words that both begin and end with
 * stay unmarked, so that a changed word in a long description is easy to find.
 */
export function markedDifference(was: string, is: string): { was: Html; is: Html } {
  const [before, after] = [wordsOf(was), wordsOf(is)];
  const head = commonLength(before, after);
  const tail = commonLength(before.slice(head).toReversed(), after.slice(head).toReversed());
  const nothingKept = head + tail === 0 || was.length + is.length > MAX_CHARACTERS;
  const parts = (words: string[]) =>
    nothingKept
      ? ['', words.join(''), '']
      : [words.slice(0, head), words.slice(head, words.length - tail), words.slice(words.length - tail)].map((some) =>
          some.join(''),
        );
  return { was: marked(parts(before), deleted), is: marked(parts(after), inserted) };
}

const deleted = (text: string) => html`<del>${untrusted(text)}</del>`;
const inserted = (text: string) => html`<ins>${untrusted(text)}</ins>`;

function marked([head = '', middle = '', tail = '']: string[], mark: (text: string) => Html): Html {
  const [, before = '', words = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(middle) ?? [];
  // A difference of spaces alone is marked as a whole.
  if (words === '') return html`${plain(head)}${middle === '' ? undefined : mark(middle)}${plain(tail)}`;
  return html`${plain(head + before)}${mark(words)}${plain(after + tail)}`;
}

const plain = (text: string) => (text === '' ? undefined : untrusted(text));

/** Words and the spaces between them. */
const wordsOf = (text: string) => text.split(/(\s+)/).filter((word) => word !== '');

function commonLength(a: readonly string[], b: readonly string[]): number {
  const differs = a.findIndex((word, index) => word !== b[index]);
  return differs < 0 ? Math.min(a.length, b.length) : differs;
}
