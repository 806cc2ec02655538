import { isAbsent } from '../../../shared/aws/inspect/inspect-error.ts';
import type { TableState } from '../../../shared/aws/inspect/table-state.ts';
import { couldNotCheck, type Finding, ok, unknown, wrong } from './finding.ts';

/** `isRestorable` is absent where tables have no backups. */
export type Tables = {
  names: readonly string[];
  stateOf(name: string): Promise<TableState>;
  isRestorable?: ((name: string) => Promise<boolean>) | undefined;
};

export const DESCRIBE_TABLE = ['dynamodb:DescribeTable'];
export const DESCRIBE_BACKUPS = ['dynamodb:DescribeContinuousBackups'];

/**
 * A deployment changes only what its template changes, so that it does not give back what was switched off by hand or
 * by a restore.
 */
const PROTECT = (name: string) => `aws dynamodb update-table --table-name ${name} --deletion-protection-enabled`;
const KEEP_BACKUPS = (name: string) =>
  `aws dynamodb update-continuous-backups --table-name ${name} ` +
  '--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=35';
const ABSENT = 'Deploy the stack, or use another --target. If somebody deleted the table: docs/restore.md.';

/** Checks that the tables of ledger and settings work, and in AWS that they are protected and can be restored. */
export async function checkTables(tables: Tables): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const name of tables.names) {
    found.push(await checkState(tables, name));
    if (tables.isRestorable !== undefined) found.push(await checkBackups(tables.isRestorable, name));
  }
  return found;
}

async function checkState({ stateOf, isRestorable }: Tables, name: string): Promise<Finding> {
  try {
    const { status, isProtected } = await stateOf(name);
    if (['CREATING', 'UPDATING'].includes(status)) return unknown(`is ${status}`, 'Wait until it is ACTIVE.', name);
    if (status !== 'ACTIVE') return wrong(`is ${status}`, 'Check it in the DynamoDB console.', name);
    if (isRestorable !== undefined && !isProtected)
      return wrong('is not protected against deletion', PROTECT(name), name);
    return ok('works', name);
  } catch (error) {
    if (isAbsent(error)) return wrong('does not exist', ABSENT, name);
    return couldNotCheck(error, DESCRIBE_TABLE, name);
  }
}

async function checkBackups(isRestorable: (name: string) => Promise<boolean>, name: string): Promise<Finding> {
  try {
    if (await isRestorable(name)) return ok('point-in-time recovery is on', name);
    return wrong('point-in-time recovery is off', KEEP_BACKUPS(name), name);
  } catch (error) {
    return couldNotCheck(error, DESCRIBE_BACKUPS, name);
  }
}
