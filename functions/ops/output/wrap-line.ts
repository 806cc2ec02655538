import { stripVTControlCharacters } from 'node:util';

/**
 * Breaks a line at words to at most `width` characters. Continuation lines are indented below the text and not below its
 * label (`  why     no application …`). A word longer than a line, such as an address, is not broken.
 */
export function wrapLine(line: string, width: number | undefined): string {
  if (width === undefined || lengthOf(line) <= width) return line;
  const plain = stripVTControlCharacters(line);
  const label = /^\s*(\S+( \S+)?\s{2,})?/.exec(plain)?.[0].length ?? 0;
  const indent = ' '.repeat(label > width / 2 ? 2 : label);
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/(?<=\S) (?=\S)/)) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current !== '' && lengthOf(longer) > width && stripVTControlCharacters(current).trim() !== '') {
      lines.push(current);
      current = indent + word;
    } else {
      current = longer;
    }
  }
  return [...lines, current].join('\n');
}

const lengthOf = (text: string) => stripVTControlCharacters(text).length;
