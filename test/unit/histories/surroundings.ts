import fc from 'fast-check';
import { TEST_START } from '../../fakes/fake-clock.ts';
import type { RequestedChange } from './requested-changes.ts';

/** The time and the set of a change: the parts of it that do not concern ZPA. */
const offset = fc.integer({ min: 0, max: 200_000 });
const instantAt = (ms: number) => new Date(TEST_START + ms).toISOString();

export const surroundings: fc.Arbitrary<RequestedChange> = fc.oneof(
  { weight: 16, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: offset.map((ms) => ({ notBefore: instantAt(ms) })) },
  { weight: 1, arbitrary: offset.map((ms) => ({ notAfter: instantAt(ms) })) },
  {
    weight: 2,
    arbitrary: fc
      .record({ index: fc.integer({ min: 1, max: 4 }), onReject: fc.constantFrom('stop', 'stop', 'continue') })
      .map((member) => ({ changeSet: { id: 'S-1', size: 4, ...member } })),
  },
);
