import { randomUUID } from 'node:crypto';
import { createAuditWriter } from '../../../shared/aws/audit-store.ts';
import { readCallerArn } from '../../../shared/aws/caller-identity.ts';
import type { Target } from '../../../shared/deployment/cli-target.ts';
import { actKey } from '../../../shared/domain/audit/audit-key.ts';
import { type ActLine, lineText, sealLine } from '../../../shared/domain/audit/audit-line.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { errorCode } from '../../../shared/ports/error-code.ts';
import { deniedRemedy, EXIT, OpsError } from '../output/exit-codes.ts';
import { auditBucket } from './audit.ts';
import type { BareContext } from './command.ts';
import { environmentOf } from './settings.ts';

/** Whose credentials are used: the ARN that AWS gives, or the operator of the local world. */
export async function principalOf(target: Target, env: Record<string, string | undefined>): Promise<string> {
  return target.kind === 'aws' ? readCallerArn({ env: environmentOf(target, env) }) : 'local';
}

/** The objects of an act: names, reasons and numbers, never a secret. */
export type ActDetails = Record<string, unknown>;

type Context = Pick<BareContext, 'terminal' | 'processContext' | 'findTarget'>;

/**
 * Runs an act between its two lines of the audit trail (docs/adr/0017). If the first cannot be written, nothing is run, and it rejects
 * with an `OpsError`. If the second cannot, the act stands, and the person is told. `faultOf` answers the code of a result that says
 * that not all was done.
 */
export async function recordAct<T>(
  context: Context,
  act: string,
  details: ActDetails,
  run: () => Promise<T>,
  faultOf: (result: T) => string | undefined = () => undefined,
) {
  const write = await openAct(context, act, details);
  await write({ phase: 'begun' }).catch((cause: unknown) => {
    const remedy = 'Check that your AWS credentials may put objects below acts/ of the audit trail (docs/audit.md).';
    const sentence = 'The audit trail does not take the line of this act. Nothing was done.';
    throw new OpsError(EXIT.unreachable, 'audit-failed', sentence, deniedRemedy(cause, remedy), cause);
  });
  const end = (ended: Pick<ActLine, 'result' | 'error'>) =>
    write({ phase: 'ended', ...ended }).catch(() => {
      context.terminal.warn('The audit trail has the beginning of this act, and did not take the line of its end.');
    });
  try {
    const result = await run();
    const fault = faultOf(result);
    await end(fault === undefined ? { result: 'done' } : { result: 'failed', error: fault });
    return result;
  } catch (error) {
    // A message may quote what was given; the code is of a closed list.
    await end({ result: 'failed', error: errorCode(error) ?? 'unexpected' });
    throw error;
  }
}

async function openAct({ findTarget, processContext: { env } }: Context, act: string, details: ActDetails) {
  const target = findTarget();
  const trail = createAuditWriter({ env: environmentOf(target, env), bucket: auditBucket(target) });
  const principal = await principalOf(target, env);
  const id = randomUUID();
  return async (phase: Pick<ActLine, 'phase' | 'result' | 'error'>) => {
    const at = new Date().toISOString();
    const line = sealLine({
      schemaVersion: 1 as const,
      kind: 'act' as const,
      at,
      id,
      act,
      principal,
      details,
      ...phase,
    });
    await trail.put(actKey(line), lineText(line));
  };
}

/** The changes that an act is done to, and their tickets, by which `audit show` finds the act. */
export function changesConcerned(records: readonly ChangeRecord[]): ActDetails {
  const changes = records.map(({ ref, generation }) => ({ ...ref, generation }));
  return { changes, tickets: [...new Set(records.map(({ ticket }) => ticket.id))] };
}
