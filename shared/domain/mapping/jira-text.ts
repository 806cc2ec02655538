import { parseJson } from '../text/parse-json.ts';
import { isRecord } from './table/field-path.ts';

/**
 * Jira's rich text as plain text, one line per line, because people paste lists and links where a name is expected and see
 * only the name. REST v2 and webhooks show such text in wiki markup (Jira, "Text Formatting Notation Help"), REST v3 as a
 * document (developer.atlassian.com, "Atlassian Document Format"). undefined: it holds what is no plain text.
 */
export function plainJiraText(value: string | Record<string, unknown>): string | undefined {
  if (typeof value !== 'string') return textOfNode(value, 0);
  // A JSON list of changes is no markup, although it is made of brackets.
  const isJson = value.trimStart().startsWith('[') && parseJson(value) !== undefined;
  return isJson
    ? value
    : value
        .split(/\r\n|[\r\n]/)
        .map(plainLine)
        .join('\n');
}

/** True if the value is a document of rich text. */
export const isJiraDocument = (value: unknown): value is Record<string, unknown> =>
  isRecord(value) && value.type === 'doc' && Array.isArray(value.content);

const RULER = /^\s*-{4,}\s*$/;
const BEGINNING = /^\s*(?:[*#-]+|h[1-6]\.)[ \t]+/;

const plainLine = (line: string) => (RULER.test(line) ? '' : withoutMarkup(line.replace(BEGINNING, '')));

/**
 * In this order: an escaped character, a link with its text, a bare link, monospaced text, a colour, emphasis by one
 * character, which is not doubled. Struck-out text keeps its dashes, because nobody can tell whether it is still requested.
 */
const MARKUP =
  /\\([*_+\-[\]{}|#^~?!\\])|\[([^[\]|]+)(?:\|[^[\]|]*){1,2}\]|\[(https?:\/\/[^\s[\]|]+)\]|\{\{([^{}]+)\}\}|(\{color(?::[^{}]*)?\})|(?<![\p{L}\p{N}]|\*(?=\*)|_(?=_)|\+(?=\+))([*_+])(?!\s)((?:(?!\6).)*?(?!\6)\S)\6(?![\p{L}\p{N}]|\6)/gu;

function withoutMarkup(text: string): string {
  return text.replace(MARKUP, (_, escaped, label, url, mono, color, _mark, emphasized) => {
    if (color !== undefined) return '';
    if (escaped !== undefined) return escaped;
    return url ?? withoutMarkup(label ?? mono ?? emphasized);
  });
}

/** Blocks whose parts form one line. */
const LINES = ['paragraph', 'heading', 'codeBlock', 'taskItem', 'decisionItem', 'caption'];
const MAX_DEPTH = 50;

function textOfNode(node: unknown, depth: number): string | undefined {
  if (!isRecord(node) || depth > MAX_DEPTH) return undefined;
  const attributes = isRecord(node.attrs) ? node.attrs : {};
  if (node.type === 'text') return isStruckOut(node) ? undefined : asText(node.text);
  if (node.type === 'hardBreak' || node.type === 'rule') return '\n';
  if (Array.isArray(node.content)) {
    const parts = node.content.map((one) => textOfNode(one, depth + 1));
    return parts.includes(undefined) ? undefined : parts.join(LINES.includes(String(node.type)) ? '' : '\n');
  }
  if (LINES.includes(String(node.type)) || node.type === 'doc') return '';
  return asText(attributes.text) ?? asText(attributes.url);
}

const isStruckOut = ({ marks }: Record<string, unknown>) =>
  Array.isArray(marks) && marks.some((one) => isRecord(one) && one.type === 'strike');

const asText = (value: unknown) => (typeof value === 'string' ? value : undefined);
