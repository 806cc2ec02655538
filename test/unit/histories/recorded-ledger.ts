import { isDeepStrictEqual } from 'node:util';
import { refKey } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { errorCode } from '../../../shared/ports/error-code.ts';
import type { MemoryLedger } from '../../fakes/memory-ledger.ts';
import type { Bounded } from './bounds.ts';
import { type Chronicle, unitOf } from './chronicle.ts';
import { LANE } from './small-tenant.ts';

/** The ledger, which records every acceptance, start and settlement in it. */
export function recordedLedger(ledger: MemoryLedger, chronicle: Chronicle, bounded: Bounded): MemoryLedger {
  const { now } = bounded.clock;
  const { settles, takenUp, accepted, reopened, opened, violations } = chronicle;

  function noteChange(record: ChangeRecord): void {
    const { outcome, generation, ref, sequence, change, fingerprint } = record;
    const first = accepted.get(refKey(ref));
    if (first === undefined) accepted.set(refKey(ref), { ref, fingerprint });
    else if (first.fingerprint !== fingerprint) violations.push(`${refKey(ref)} became another change`);
    if (!opened.has(unitOf(ref, generation))) opened.set(unitOf(ref, generation), now());
    const before = unitOf(ref, generation - 1);
    if (generation > 1 && !reopened.has(before)) reopened.set(before, now());
    if (record.state !== 'settled' || outcome === undefined) return;
    const unit = unitOf(ref, generation);
    const known = settles.find((one) => one.unit === unit);
    if (known === undefined) {
      bounded.advance();
      const times = takenUp.get(unit) ?? [];
      const taken = { firstTakenUpAt: times[0] ?? now(), takenUpAt: times.at(-1) ?? now() };
      settles.push({ at: now(), unit, ref, generation, sequence, change, outcome: structuredClone(outcome), ...taken });
    } else if (!isDeepStrictEqual(known.outcome, outcome)) {
      violations.push(`${unit} has two outcomes: ${known.outcome.kind}, then ${outcome.kind}`);
    }
  }

  return {
    ...ledger,
    get writes() {
      return ledger.writes;
    },
    async writeChange(record, expected) {
      const written = await ledger.writeChange(record, expected);
      if (written.written && record.ref.lane === LANE) noteChange(record);
      return written;
    },
    async writeLane(record, expected) {
      const written = await ledger.writeLane(record, expected).catch((error: unknown) => {
        // Every request of a history fits by far, so a record that outgrows its item proves that something is stored twice.
        if (errorCode(error) === 'record-too-large') bounded.end(`the record of lane ${record.lane} outgrew its item`);
        throw error;
      });
      const { working, intent, answered = [] } = record;
      for (const { createdId } of [...(intent ? [intent] : []), ...answered]) {
        if (written.written && createdId !== undefined) chronicle.createdIds.add(createdId);
      }
      if (written.written && record.lane === LANE && working !== undefined && intent === undefined) {
        for (const { ref, generation } of working.members) {
          const unit = unitOf(ref, generation);
          takenUp.set(unit, [...(takenUp.get(unit) ?? []), now()]);
        }
      }
      return written;
    },
  };
}
