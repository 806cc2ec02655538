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
    : { ok: false, sentence: `An object names a key a second time at character ${position}.` };
}

type Token = { text: string; at: number };

/**
 * Yields complete strings, and brackets, braces and colons, in one pass over any text. An unterminated string ends with
 * the text.
 */
function* tokens(text: string): Generator<Token> {
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = endOfString(text, at);
      yield { text: text.slice(at, end), at };
      at = end - 1;
    } else if ('{}[]:'.includes(character)) {
      yield { text: character, at };
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    if (character === '"') return at + 1;
  }
  return text.length;
}

/** The first bound that the text exceeds, in words; nothing after that place is looked at. */
function excessOf(text: string): string | undefined {
  const namesInOpen: number[] = [];
  let containers = 0;
  for (const token of tokens(text)) {
    if (token.text === '{' || token.text === '[') {
      namesInOpen.push(0);
      containers += 1;
    }
    if (token.text === '}' || token.text === ']') namesInOpen.pop();
    if (namesInOpen.length > MAX_DEPTH) return `It is nested more than ${MAX_DEPTH} levels deep.`;
    if (containers > MAX_CONTAINERS) return `It has more than ${MAX_CONTAINERS} objects and lists.`;
    if (token.text !== ':') continue;
    const names = (namesInOpen.pop() ?? 0) + 1;
    if (names > MAX_NAMES) return `An object has more than ${MAX_NAMES} names.`;
    namesInOpen.push(names);
  }
  return undefined;
}

/** The position, in text known to be JSON, at which a key occurs for the second time in its object. */
function repeatedKeyAt(text: string): number | undefined {
  const open: (Set<string> | undefined)[] = [];
  let last: Token = { text: '""', at: 0 };
  for (const token of tokens(text)) {
    if (token.text === '{' || token.text === '[') open.push(undefined);
    if (token.text === '}' || token.text === ']') open.pop();
    if (token.text === ':') {
      // Most names are spelt as they are, and need no parser.
      const key = last.text.includes('\\') ? String(JSON.parse(last.text)) : last.text.slice(1, -1);
      const names = open.pop() ?? new Set();
      if (names.has(key)) return last.at;
      open.push(names.add(key));
    }
    last = token;
  }
  return undefined;
}
