import { visible } from '../../../../shared/domain/text/visible-text.ts';
import type { SettingsDifference } from '../../../../shared/settings/compare-settings.ts';
import type { Effect } from '../../../../shared/settings/explain/meaning.ts';
import { listKeys } from '../../output/list-keys.ts';
import type { Terminal } from '../../output/terminal.ts';
import type { Difference } from './find-difference.ts';
import type { Touched } from './touched-changes.ts';

/** Prints what differs field by field, what that means, what was removed before, and which open changes it concerns. */
export function showDifference(terminal: Terminal, found: Difference): void {
  showMeanings(terminal, found);
  for (const { kind, name, removed } of found.returns) {
    const who = kind === 'tenant' ? 'Tenant' : 'Source';
    terminal.warn(visible(`${who} "${name}" is added again: it was removed in ${removed}.`, 1000));
  }
  if (found.differences.length > 0) showTouched(terminal, found.openChanges);
}

/** Prints what differs field by field, and what that means. */
export function showMeanings(
  terminal: Terminal,
  found: Pick<Difference, 'differences' | 'meanings' | 'unexplained'>,
): void {
  const { colours, say, warn } = terminal;
  const colourOf: Record<Effect, (text: string) => string> = {
    looser: colours.yellow,
    tighter: colours.green,
    other: colours.dim,
  };
  showFields(terminal, found.differences);
  if (found.unexplained !== undefined) warn(`The differences cannot be explained. ${visible(found.unexplained, 2000)}`);
  for (const { effect, sentence } of found.meanings) say(`${colourOf[effect](effect)}  ${visible(sentence, 1000)}`);
}

function showFields({ colours, say }: Terminal, differences: readonly SettingsDifference[]): void {
  for (const { path, before, after } of differences) {
    const shown = (value: unknown) => visible(JSON.stringify(value), 200);
    if (before === undefined) say(colours.green(`+ ${visible(path)} = ${shown(after)}`));
    else if (after === undefined) say(colours.red(`- ${visible(path)} = ${shown(before)}`));
    else say(colours.yellow(`~ ${visible(path)}: ${shown(before)} → ${shown(after)}`));
  }
}

function showTouched({ say, warn }: Terminal, { keys, unreadable, unknown }: Touched): void {
  if (keys.length > 0) say(`Affects ${listKeys('open change', keys)}.`);
  else if (unknown === undefined) say('No readable open change is affected.');
  for (const key of unreadable) warn(`The record ${visible(key)} cannot be read; it may be affected.`);
  if (unknown !== undefined) {
    const sentence = `Not all affected open changes are known: the ledger could not be read (${unknown}).`;
    warn(`${sentence} Check that your AWS credentials may query the ledger.`);
  }
}

/** True if everything was read that the difference is judged by. */
export const isComplete = ({ openChanges: { unreadable, unknown } }: Difference): boolean =>
  unknown === undefined && unreadable.length === 0;
