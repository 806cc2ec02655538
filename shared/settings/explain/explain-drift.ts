import { isDeepStrictEqual } from 'node:util';
import type { DriftSettings } from '../../domain/configuration/drift-schema.ts';
import { coverPatterns, looser, other, quoted, type Rule, type Rules, tighter } from './meaning.ts';

type Patterns = readonly string[];
type Writers = DriftSettings['writers'];

/** The rule of a list of name patterns; `shows`: the report shows groups because of it, else it leaves them out. */
const patterns =
  (what: string, shows: boolean): Rule<Patterns> =>
  (before, after) => {
    const beyond = (from: Patterns, other: Patterns) => from.filter((one) => !coverPatterns(other, [one]));
    const [lost, gained] = [beyond(before, after), beyond(after, before)];
    const [fewer, more] = shows ? [looser, tighter] : [tighter, looser];
    const said = [
      ...(lost.length > 0 ? [fewer(`groups ${quoted(lost)} without a ticket are no longer ${what}`)] : []),
      ...(gained.length > 0 ? [more(`groups ${quoted(gained)} without a ticket are ${what} now`)] : []),
    ];
    return said.length > 0 ? said : [other('says the same in another form')];
  };

/** The rule of each list of patterns of a tenant's drift report. */
export const DRIFT_RULES: Rules<DriftSettings['drift']> = {
  owned: patterns('findings of the drift report', true),
  watched: patterns('pointed at by the drift report', true),
  foreign: patterns('only counted by the drift report', false),
};

/** The rule of the names of writers, each of which is said by itself. */
export const writersRule: Rule<Writers> = (before, after) => {
  const shown = (one: Writers[string] | undefined) => (one === undefined ? 'nobody' : `"${one.name}" (${one.kind})`);
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return ids
    .filter((id) => !isDeepStrictEqual(before[id], after[id]))
    .map((id) => other(`writer ${id} is ${shown(after[id])} in the drift report, before ${shown(before[id])}`));
};
