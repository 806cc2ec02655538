import type { Ignorer } from '@stryker-mutator/api/ignore';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

type Text = { type: string; value?: unknown; quasis?: { value: { raw: string } }[] };

const textOf = ({ type, value, quasis = [] }: Text): string => {
  if (type === 'StringLiteral') return String(value);
  return type === 'TemplateLiteral' ? quasis.map((piece) => piece.value.raw).join('x') : '';
};

/** How something is put to people is no promise; codes, names, paths and whatever else programs read are. */
const sentences: Ignorer = {
  shouldIgnore: (path) => (/\p{L} .*\p{L}/u.test(textOf((path as { node: Text }).node)) ? 'a sentence' : undefined),
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, 'sentences', sentences)];
