import { deniedAction, isAccessDenied } from '../../../shared/aws/inspect/inspect-error.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { errorCode } from '../../../shared/ports/error-code.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';

/** Exit codes. They are stable and documented in docs/cli.md and in every help text. */
export const EXIT = {
  ok: 0,
  /** A change was rejected, or ended otherwise without being applied. */
  failed: 1,
  /** Wrong usage or invalid input. */
  usage: 2,
  notFound: 3,
  /** AWS, ZPA or the webhook could not be reached or refused access; or a record of a list could not be read. */
  unreachable: 4,
  /** `--wait` ran out of time, and the change is still open. */
  open: 6,
  drift: 7,
  /** Ended by Ctrl-C, or the confirmation was refused. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** `open` while one of the changes is, else `failed` unless all are as they were asked for. */
export function exitOfChanges(records: readonly Pick<ChangeRecord, 'state' | 'outcome'>[]): ExitCode {
  if (records.some(({ state }) => state !== 'settled')) return EXIT.open;
  return records.every(({ outcome }) => outcome?.kind === 'applied' || outcome?.kind === 'unchanged')
    ? EXIT.ok
    : EXIT.failed;
}

/** An error for the person at the terminal, with its remedy. */
export class OpsError extends Error {
  override readonly name = 'OpsError';
  readonly code: string;
  readonly remedy: string;
  readonly exit: ExitCode;

  constructor(exit: ExitCode, code: string, sentence: string, remedy: string, cause?: unknown) {
    super(sentence, { cause });
    this.exit = exit;
    this.code = code;
    this.remedy = remedy;
  }
}

/** Remedies for the errors of adapters, by code. */
const REMEDIES: Record<string, string> = {
  'ledger-unavailable': 'Check that the target runs, and that your AWS credentials may read the table.',
  'record-malformed': 'See docs/runbook.md, `record-malformed`; other records can be read.',
  'secret-missing':
    'Store it: zpa-changes secrets set NAME, without the name of the stack (docs/deploy.md, "The secrets").',
  'secret-unavailable': 'Check that your AWS credentials may read this secret.',
  'secret-not-written': 'Check that your AWS credentials may write this secret (docs/deploy.md), and try again.',
  'send-failed': 'Nothing is lost. Try again.',
  'publish-failed': 'Nothing is lost. Try again.',
  'audit-failed':
    'Check that the target runs, and that your AWS credentials may reach the audit trail (docs/audit.md).',
  'ledger-contention': 'Somebody else is changing the same record. Try again.',
  'bad-configuration': 'Correct the file.',
  'settings-unavailable':
    'Check that the target runs, and that your AWS credentials may read the table of the settings.',
  'settings-too-large': 'Split the tenants into two stacks.',
  'identity-unavailable': 'Check that your AWS credentials are valid: aws sts get-caller-identity.',
  'no-settings': 'Write the settings and push them: docs/deploy.md.',
  'settings-refused': 'Correct the settings and push them again. The log of each function shows the error.',
};

/** Node's error of a file of this machine, which nobody has to be reached for. */
const isFileError = (error: unknown): error is Error =>
  error instanceof Error && 'syscall' in error && 'path' in error && typeof error.path === 'string';

/** Converts any thrown value to an error with code, sentence and remedy. */
export function toOpsError(error: unknown): OpsError {
  if (error instanceof OpsError) return error;
  if (isZpaFault(error)) {
    const remedy = deniedRemedy(error, 'Check the tenant in the settings, its read secret, and that ZPA is reachable.');
    return new OpsError(EXIT.unreachable, error.fault.code, error.message, remedy, error);
  }
  if (isFileError(error)) {
    const remedy = 'Check the file, its folder and your rights on them.';
    return new OpsError(EXIT.failed, errorCode(error) ?? 'file', error.message, remedy, error);
  }
  const code = errorCode(error) ?? 'unexpected';
  const message = error instanceof Error ? error.message : String(error);
  const exit = code === 'bad-configuration' ? EXIT.usage : code === 'unexpected' ? EXIT.failed : EXIT.unreachable;
  const remedy = REMEDIES[code] ?? (code === 'unexpected' ? 'Please report it.' : 'Check the cause and try again.');
  return new OpsError(exit, code, message, deniedRemedy(error, remedy), error);
}

/** Names the roles if AWS refused the call for want of rights, which no other remedy mends; else `otherwise`. */
export function deniedRemedy(error: unknown, otherwise: string): string {
  if (!isAccessDenied(error)) return otherwise;
  return `Your AWS rights do not allow ${deniedAction(error) ?? 'this'}. Try again as a role that may (docs/security.md).`;
}
