import { expect, it } from 'vitest';
import { reportWaits } from '../../../functions/ops/session/report-waits.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { RateLimiter, Zpa } from '../../../shared/ports/ports.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';

const RULES = { rules: [], scanned: [], skipped: [] };

it('a read that has to wait says for how long, why, and how far it is', async () => {
  const clock = createFakeClock();
  const said: string[] = [];
  const { limiterOf, counted } = reportWaits((line) => said.push(line), { clock, timing: TIMING });
  const limiter: RateLimiter = limiterOf();
  const read = async () => (await limiter.take('read'))();
  await read();
  await read();
  expect(said, 'what need not wait is not told').toEqual([]);
  await read();
  const why = 'ZPA allows 20 reads in 10 s, and the command line takes 2 of them';
  expect(said).toEqual([expect.stringMatching(new RegExp(`^waiting 1[01] s: ${why}; 2 reads done …$`))]);
  const listRules: Zpa['listRules'] = async () => {
    for (let list = 0; list < 14; list += 1) await read();
    return RULES;
  };
  const zpa = counted({ listRules } as Partial<Zpa> as Zpa);
  await zpa.listRules({ microtenantId: '0' });
  await zpa.listRules({ microtenantId: '7' });
  await read();
  await read();
  const counts = said.map((line) => /; (.*) …$/.exec(line)?.[1]);
  expect([counts[1], counts[7], counts[8], counts.at(-2), counts.at(-1)]).toEqual([
    '1 of 14 lists of policy rules read',
    '13 of 14 lists of policy rules read',
    '15 of 28 lists of policy rules read',
    '27 of 28 lists of policy rules read',
    '32 reads done',
  ]);
});
