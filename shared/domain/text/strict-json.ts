export type StrictJson = { ok: true; value: unknown } | { ok: false; sentence: string };

/** The contract nests five levels deep, in a list of changes seven. */
const MAX_DEPTH = 32;

/** No ticket system has objects near this bound, and an object of a hundred thousand names takes long to parse. */
const MAX_NAMES = 10_000;

/** A mebibyte of the shortest application references has fewer. */
const MAX_CONTAINERS = 100_000;

/**
 * Parses JSON that has one meaning: no object has a key twice (parsers differ in which one counts, so a signer and this
 * product could read two different changes), and no depth exhausts the stack. Never throws; the sentences of its faults
 * quote nothing of the text.
 */
export function parseStrictJson(text: string): StrictJson {
  if (text.startsWith('\uFEFF')) return { ok: false, sentence: 'It begins with a byte order mark. Send it without.' };
  const excess = excessOf(text);
  if (excess !== undefined) return { ok: false, sentence: excess };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    return { ok: false, sentence: `It is not JSON${position === undefined ? '' : ` from character ${position} on`}.` };
  }
  const position = repeatedKeyAt(text);
  return position === undefined
    ? { ok: true, value }
    : { ok: false, sentence: `It names a key a second time at character ${position}.` };
}

/** A bracket, brace or colon at `at`; `string`: where the string before it begins and ends. */
type Token = { mark: string; at: number; string: { start: number; end: number } };

const [QUOTE, BACKSLASH] = ['"', '\\'].map((one) => one.charCodeAt(0));
const MARKS = new Set([...'{}[]:'].map((one) => one.charCodeAt(0)));

/**
 * Visits brackets, braces and colons outside of strings, in one pass over any text, until `visit` returns a result. An
 * unterminated string ends with the text. One token object serves all visits: a mebibyte holds half a million.
 */
function firstOf<T>(text: string, visit: (token: Token) => T | undefined): T | undefined {
  const token: Token = { mark: '', at: 0, string: { start: 0, end: 0 } };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      token.string.start = at;
      token.string.end = endOfString(text, at);
      at = token.string.end - 1;
    } else if (MARKS.has(code)) {
      token.mark = text.charAt(at);
      token.at = at;
      const found = visit(token);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at + 1;
  }
  return text.length;
}

/** The first bound that the text exceeds, in words; nothing after that place is looked at. */
function excessOf(text: string): string | undefined {
  const namesInOpen: number[] = [];
  let containers = 0;
  return firstOf(text, ({ mark }) => {
    if (mark === '{' || mark === '[') {
      namesInOpen.push(0);
      containers += 1;
      if (namesInOpen.length > MAX_DEPTH) return `It is nested more than ${MAX_DEPTH} levels deep.`;
      return containers > MAX_CONTAINERS ? `It has more than ${MAX_CONTAINERS} objects and lists.` : undefined;
    }
    const names = namesInOpen.pop();
    if (mark !== ':') return undefined;
    namesInOpen.push((names ?? 0) + 1);
    return (names ?? 0) + 1 > MAX_NAMES ? `It has an object with more than ${MAX_NAMES} names.` : undefined;
  });
}

/** The position, in text known to be JSON, at which a key occurs for the second time in its object. */
function repeatedKeyAt(text: string): number | undefined {
  // Most objects have one name, and need no set for it.
  const open: (string | Set<string> | undefined)[] = [];
  return firstOf(text, ({ mark, string: { start, end } }) => {
    if (mark === '{' || mark === '[') open.push(undefined);
    else if (mark !== ':') open.pop();
    else {
      const written = text.slice(start, end);
      // Most names are spelt as they are, and need no parser.
      const key = written.includes('\\') ? String(JSON.parse(written)) : written.slice(1, -1);
      const names = open.pop();
      if (names === key || (names instanceof Set && names.has(key))) return start;
      open.push(names === undefined ? key : (names instanceof Set ? names : new Set([names])).add(key));
    }
    return undefined;
  });
}
