/** A slash begins a regular expression after an operator, an opening bracket or `return`. */
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};>]|\breturn)\s*$/;

/**
 * The string and template literals of a TypeScript source, with `…` in place of what a template computes. Comments and
 * regular expressions are left out.
 */
export function stringLiterals(source: string): string[] {
  const found: string[] = [];
  let at = 0;

  const readCode = (end: string | undefined): void => {
    let code = '';
    while (at < source.length) {
      const one = source[at] ?? '';
      const two = source.slice(at, at + 2);
      if (two === '//') at = indexOr(source, '\n', at);
      else if (two === '/*') at = indexOr(source, '*/', at) + 2;
      else if (one === '/' && BEFORE_PATTERN.test(code.slice(-20))) readPattern();
      else if (one === "'" || one === '"') readString(one);
      else if (one === '`') readTemplate();
      else if (one === end) return;
      else {
        at += 1;
        if (one === '{') {
          readCode('}');
          at += 1;
        }
        code += one;
        continue;
      }
      code += ' _';
    }
  };

  const readPattern = (): void => {
    let inClass = false;
    for (at += 1; at < source.length; at += 1) {
      const one = source[at];
      if (one === '\\') at += 1;
      else if (one === '[') inClass = true;
      else if (one === ']') inClass = false;
      else if (one === '/' && !inClass) break;
    }
    at += 1;
  };

  const readString = (quote: string): void => {
    let text = '';
    for (at += 1; at < source.length && source[at] !== quote; at += 1) {
      if (source[at] === '\\') at += 1;
      text += source[at];
    }
    at += 1;
    found.push(text);
  };

  const readTemplate = (): void => {
    let text = '';
    at += 1;
    while (at < source.length && source[at] !== '`') {
      if (source[at] === '\\') {
        text += source[at + 1];
        at += 2;
      } else if (source.startsWith('${', at)) {
        at += 2;
        readCode('}');
        at += 1;
        text += '…';
      } else {
        text += source[at];
        at += 1;
      }
    }
    at += 1;
    found.push(text);
  };

  readCode(undefined);
  return found;
}

const indexOr = (source: string, text: string, from: number) => {
  const index = source.indexOf(text, from);
  return index === -1 ? source.length : index;
};
