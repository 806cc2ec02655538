import type { TableState } from '../../../shared/aws/inspect/table-state.ts';
import { couldNotCheck, type Finding, ok, wrong } from './finding.ts';

/** `isRestorable` is absent where tables have no backups. */
export type Tables = {
  names: readonly string[];
  stateOf(name: string): Promise<TableState>;
  isRestorable?: ((name: string) => Promise<boolean>) | undefined;
};

export const DESCRIBE_TABLE = ['dynamodb:DescribeTable'];
export const DESCRIBE_BACKUPS = ['dynamodb:DescribeContinuousBackups'];
const DEPLOY = 'Deploy the stack again, which sets it.';

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
    if (status !== 'ACTIVE') return wrong(`is ${status}`, 'Look at it in the DynamoDB console.', name);
    if (isRestorable !== undefined && !isProtected) return wrong('is not protected against deletion', DEPLOY, name);
    return ok('works', name);
  } catch (error) {
    return couldNotCheck(error, DESCRIBE_TABLE, name);
  }
}

async function checkBackups(isRestorable: (name: string) => Promise<boolean>, name: string): Promise<Finding> {
  try {
    if (await isRestorable(name)) return ok('can be restored to any second of the last weeks', name);
    return wrong('cannot be restored: point-in-time recovery is off', DEPLOY, name);
  } catch (error) {
    return couldNotCheck(error, DESCRIBE_BACKUPS, name);
  }
}
