import { expect, it } from 'vitest';
import { endFindingIgnores, ignoreFinding } from '../../../shared/ledger/ignore-finding.ts';
import type { Ignores } from '../../../shared/ports/ignores.ts';
import { createFakeClock, TEST_START } from '../../fakes/fake-clock.ts';
import { createMemoryIgnores } from '../../fakes/memory-ignores.ts';
import { aFinding } from '../domain/sample-drift.ts';

const LANE = 'BETA:1';
const other = aFinding({ id: 'D-ffffffff' });
const aRequest = () => ({ finding: aFinding(), reason: 'Agreed', until: TEST_START + 1000, by: 'anna' });

/** Ignores that somebody else writes too, once, between this one's read and write. */
function overtaken(ignores: Ignores): Ignores {
  let overtake = true;
  return {
    read: ignores.read,
    async write(list, expected) {
      if (overtake) {
        overtake = false;
        await ignoreFinding({ ignores, clock: createFakeClock() }, LANE, { ...aRequest(), finding: other });
      }
      return await ignores.write(list, expected);
    },
  };
}

it('an ignore is stored beside those that others stored meanwhile', async () => {
  const ignores = createMemoryIgnores();
  const clock = createFakeClock();
  const result = await ignoreFinding({ ignores: overtaken(ignores), clock }, LANE, aRequest());
  expect(result).toMatchObject({ ok: true, added: { id: aFinding().id, at: TEST_START }, list: { version: 2 } });
  expect((await ignores.read(LANE)).entries.map(({ id }) => id)).toEqual([other.id, aFinding().id]);
});

it('one that is refused stores nothing', async () => {
  const ignores = createMemoryIgnores();
  const result = await ignoreFinding({ ignores, clock: createFakeClock() }, LANE, { ...aRequest(), reason: ' ' });
  expect(result).toMatchObject({ ok: false, code: 'reason-missing' });
  expect(await ignores.read(LANE)).toMatchObject({ version: 0 });
});

it('one is ended whatever others wrote meanwhile, and one that is over is not written again', async () => {
  const ignores = createMemoryIgnores();
  const clock = createFakeClock();
  await ignoreFinding({ ignores, clock }, LANE, aRequest());
  const end = [{ id: aFinding().id, why: 'withdrawn' as const, by: 'otto' }];
  const list = await endFindingIgnores({ ignores: overtaken(ignores), clock }, LANE, end);
  expect(list).toEqual(await ignores.read(LANE));
  expect(list.entries).toMatchObject([{ ended: { why: 'withdrawn', by: 'otto' } }, { id: other.id }]);
  expect(list.entries[1]?.ended).toBeUndefined();
  expect((await endFindingIgnores({ ignores, clock }, LANE, end)).version).toBe(list.version);
});
