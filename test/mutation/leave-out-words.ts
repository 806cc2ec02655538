import type { Ignorer } from '@stryker-mutator/api/ignore';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

type Node = {
  type: string;
  value?: unknown;
  quasis?: { value: { raw: string } }[];
  name?: string;
  callee?: Node;
  expression?: Node;
  object?: Node;
  property?: Node;
};

const textOf = ({ type, value, quasis = [] }: Node): string => {
  if (type === 'StringLiteral') return String(value);
  return type === 'TemplateLiteral' ? quasis.map((piece) => piece.value.raw).join('x') : '';
};

const nameOf = (node: Node | undefined) => (node?.type === 'MemberExpression' ? node.property?.name : node?.name);

/** `ports.log.warn(…)` */
const isLogLine = ({ type, callee, expression }: Node): boolean =>
  type === 'ExpressionStatement' && expression !== undefined
    ? isLogLine(expression)
    : type === 'CallExpression' && nameOf(callee?.object) === 'log';

/** The wording for people is no promise; codes, names, paths and every other text that programs read are. */
const words: Ignorer = {
  shouldIgnore(path) {
    const { node } = path as { node: Node };
    if (isLogLine(node)) return 'a log line';
    return /\p{L} .*\p{L}/u.test(textOf(node)) ? 'a sentence' : undefined;
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'words', words)];
