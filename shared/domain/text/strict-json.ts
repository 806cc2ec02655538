export type StrictJson = { ok: true; value: unknown } | { ok: false; sentence: string };

/** The contract nests five levels deep, in a list of changes seven. */
const MAX_DEPTH = 32;

/**
 * Parses JSON that has one meaning: no object has a key twice (parsers differ in which one counts, so a signer and this
 * product could read two different changes), and no depth exhausts the stack. Never throws; the sentences of its faults
 * quote nothing of the text.
 */
export function parseStrictJson(text: string): StrictJson {
  if (depthOf(text) > MAX_DEPTH) return { ok: false, sentence: `It is nested more than ${MAX_DEPTH} levels deep.` };
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

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const token of tokens(text)) {
    if (token.text === '{' || token.text === '[') depth += 1;
    if (token.text === '}' || token.text === ']') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** The position, in text known to be JSON, at which a key occurs for the second time in its object. */
function repeatedKeyAt(text: string): number | undefined {
  const open: Set<string>[] = [];
  let last: Token = { text: '""', at: 0 };
  for (const token of tokens(text)) {
    if (token.text === '{' || token.text === '[') open.push(new Set());
    if (token.text === '}' || token.text === ']') open.pop();
    if (token.text === ':') {
      const key = String(JSON.parse(last.text));
      if (open.at(-1)?.has(key)) return last.at;
      open.at(-1)?.add(key);
    }
    last = token;
  }
  return undefined;
}
