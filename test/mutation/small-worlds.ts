import { describe, expect, it } from 'vitest';
import { explore, replay } from '../model/explore.ts';
import { KNOWN_FAULTS, STANDING } from '../model/known-faults.ts';
import { SCENARIOS } from '../model/scenarios.ts';

/** The smallest of the worlds of `test/unit/model`, each in a part of a second, and what was found in them once. */
const SMALL = new Set([
  'a rename, three crashes',
  'a coalesced pair with one to be rejected, two crashes',
  'a create, a crash, a lost answer',
  'a delete after a rename, a crash, a lost answer',
  'renames of three groups, two crashes',
  'renames of two groups, ZPA unreachable, a crash',
  'accepted and never sent',
  'a move, two crashes',
  'two renames, ZPA unreachable, a lost answer',
  'a rename, AWS gives up, a lost answer',
]);
/** A mutant may have no end of states. */
const MOST_STATES = 20_000;

describe('the protocol, in small worlds,', () => {
  it.each(SCENARIOS.filter(({ name }) => SMALL.has(name)))('holds: $name', async (scenario) => {
    const { violation, complete } = await explore(scenario, { maxStates: MOST_STATES });
    expect(violation?.says).toBeUndefined();
    expect(complete).toBe(true);
  });

  it.each(KNOWN_FAULTS.filter(({ scenario }) => !STANDING.has(scenario.name)))(
    'does not repeat what was found',
    async ({ scenario, decisions }) => {
      await replay(scenario, decisions);
    },
  );
});
