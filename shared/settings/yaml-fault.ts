import { type Document, visit, type YAMLError } from 'yaml';

/** A fault of a YAML text: where it is, the line there, and what is wrong with it. */
export type YamlFault = { line: number; column: number; shown: string; words: string };

/** Words for the first fault of a YAML text. The library's own sentence is not used: it is for programmers. */
export function yamlFault(text: string, { pos: [at], code }: Pick<YAMLError, 'pos' | 'code'>): YamlFault {
  const before = text.slice(0, at).split('\n');
  const [line, column] = [before.length, (before.at(-1) ?? '').length + 1];
  const isUnclosed = text.slice(at).trim() === '' && (code === 'BAD_INDENT' || code === 'MISSING_CHAR');
  const words = isUnclosed ? UNCLOSED : (WORDS[code] ?? 'this is not YAML');
  return { line, column, shown: text.split('\n')[line - 1] ?? '', words };
}

/** The library reports an end of the text within brackets as an indentation that does not fit. */
const UNCLOSED = 'the text ends, and a bracket or quote above is not closed';

/** Settings of several hundred sources may share a list of grants. More than this is a text that grows without bound. */
const MOST_ALIASES = 10_000;

/**
 * The value of a YAML document, or its first fault. The library reports an alias that cannot be resolved only when the
 * value is made.
 */
export function yamlValue(
  document: Document.Parsed,
  text: string,
  maxAliasCount = MOST_ALIASES,
): { value: unknown } | { fault: YamlFault } {
  const [error] = document.errors;
  if (error !== undefined) return { fault: yamlFault(text, error) };
  try {
    return { value: document.toJS({ maxAliasCount }) };
  } catch {
    return { fault: aliasFault(document, text) };
  }
}

function aliasFault(document: Document.Parsed, text: string): YamlFault {
  let at: number | undefined;
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      at = alias.range?.[0];
      return visit.BREAK;
    },
  });
  const fault = yamlFault(text, { pos: [at ?? 0, at ?? 0], code: 'BAD_ALIAS' });
  return { ...fault, words: at === undefined ? TOO_MANY_ALIASES : NO_ANCHOR };
}

const NO_ANCHOR =
  'no anchor (&name) above names what this alias stands for; any other value that begins with * must be in quotes';
const TOO_MANY_ALIASES = 'the aliases (*name) repeat each other too often';

const WORDS: Partial<Record<YAMLError['code'], string>> = {
  ALIAS_PROPS: 'an alias (*name) cannot have an anchor or a tag of its own',
  BAD_ALIAS: 'a value that begins with * must be in quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes must be written twice',
  BAD_INDENT: 'the indentation does not fit the lines above, or a bracket above is not closed',
  BAD_SCALAR_START: 'a value that begins with this character must be in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'the indentation does not fit the lines above, or a text with ": " is not in quotes',
  BLOCK_IN_FLOW: 'a list with dashes cannot stand within brackets',
  DUPLICATE_KEY: 'the field is stated twice',
  MULTIPLE_DOCS: 'a line of three dashes begins a second document, and there may be one only',
  MISSING_CHAR: 'a quote, bracket, comma, colon or space is missing',
  MULTILINE_IMPLICIT_KEY: 'a line is no "field: value"',
  TAB_AS_INDENT: 'lines are indented by spaces, not by tabs',
  TAG_RESOLVE_FAILED: 'a value that begins with ! must be in quotes',
  UNEXPECTED_TOKEN: 'this text is not expected here',
};
