import type { Configuration } from '../domain/configuration/configuration.ts';
import type { SettledChange } from '../domain/intent/outcome-after-write.ts';
import { mayHaveCause, withCause } from '../domain/ledger/change-set.ts';
import { settle } from '../domain/ledger/settlement.ts';
import type { UnstampedOutcome } from '../domain/outcome/outcome.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { Clock, Ledger } from '../ports/ports.ts';
import { updateChange } from './update-change.ts';

type SettlePorts = {
  ledger: Pick<Ledger, 'writeChange' | 'failuresBefore'>;
  clock: Pick<Clock, 'now'>;
  configuration?: Pick<Configuration, 'settingsVersion'>;
};

/**
 * Settles the changes strictly in the given order, each with its outcome at its generation; one that is settled already keeps
 * its outcome. Answers the records as they stand then; their sends are still owed. `report` hears of each, and whether it was
 * settled just now.
 */
export async function settleEach(
  { ledger, clock, configuration }: SettlePorts,
  changes: readonly SettledChange[],
  report: (record: ChangeRecord, changed: boolean) => void = () => undefined,
): Promise<ChangeRecord[]> {
  const done: ChangeRecord[] = [];
  for (const { record, outcome: decided } of changes) {
    const outcome = await explainRejection(ledger, record, decided);
    const { settingsVersion } = configuration ?? {};
    const settled = (one: ChangeRecord) => settle(one, record.generation, outcome, clock.now(), settingsVersion);
    const result = await updateChange(ledger, record, settled);
    report(result.record, result.changed);
    done.push(result.record);
  }
  return done;
}

/** The failures among which a cause is looked for, the latest first: a lane may keep thousands that nobody redrives. */
const FAILURES_READ = 100;

/** The outcome; a rejection that follows from an earlier rejection names the earlier change. */
async function explainRejection(
  ledger: SettlePorts['ledger'],
  record: ChangeRecord,
  outcome: UnstampedOutcome,
): Promise<UnstampedOutcome> {
  if (outcome.kind !== 'rejected' || !mayHaveCause(outcome)) return outcome;
  const failures = await ledger.failuresBefore(record.ref.lane, record.sequence, FAILURES_READ);
  return withCause(record, outcome, failures);
}
