import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rowOf } from '../../../functions/ops/changes/change-row.ts';
import { createNewest } from '../../../functions/ops/changes/newest.ts';
import { aChange, aRef } from '../../fakes/records.ts';

/** The pages of `changes list`. */

const instants = fc.array(fc.nat({ max: 5 }), { maxLength: 40 });

it('pages show every change once, newest first, whatever the order in which the ledger answers', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: 1, max: 7 }), (ats, limit) => {
      const all = ats.map((at, index) => aChange({ ref: aRef(`CHG1/${index}`), sequence: index, acceptedAt: at }));
      const shown = [];
      for (let page = 1; page <= Math.ceil(all.length / limit); page += 1) {
        const newest = createNewest(limit * page);
        for (const record of page % 2 === 0 ? all.toReversed() : all) newest.add(rowOf(record), record);
        shown.push(...newest.list().slice(limit * (page - 1)));
      }
      expect(shown.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual(all.map((_, index) => index));
      expect(shown.map(({ acceptedAt }) => acceptedAt)).toEqual(ats.toSorted((a, b) => b - a));
    }),
  );
});
