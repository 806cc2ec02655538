import { type ChangeFault, changeFault, prefixFault, showPath } from '../../shared/domain/change/change-fault.ts';
import { describeIssue } from '../../shared/domain/change/field-wording.ts';
import { jsonLimitFault } from '../../shared/domain/change/json-limits.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { type Cancellation, cancellationSchema } from '../../shared/domain/ledger/cancellation.ts';

/** Cancellations in one delivery. */
const MAX_CANCELLATIONS = 100;

/** The most faults listed in one answer; behind them nothing is read. */
const MAX_ERRORS = 100;

/** True if the contents of a delivery ask for cancellations instead of changes. */
export function isCancellation(value: unknown): value is { cancel: unknown } {
  return value !== null && typeof value === 'object' && 'cancel' in value;
}

/**
 * Reads `{"cancel": [{"idempotencyKey", "tenant", "reason", "generation"}]}` and no other field; with one fault nothing is cancelled.
 */
export function readCancellations(value: {
  cancel: unknown;
}): { cancellations: Cancellation[] } | { refusal: HttpAnswer } {
  const { cancel, ...others } = value;
  const [extra] = Object.keys(others);
  if (extra !== undefined) {
    return refused([
      fault([extra], 'stands beside "cancel"', 'Send what is to be cancelled in a delivery of its own.'),
    ]);
  }
  if (!Array.isArray(cancel) || cancel.length === 0 || cancel.length > MAX_CANCELLATIONS) {
    return refused([fault(['cancel'], `must be a list of 1 to ${MAX_CANCELLATIONS} changes`, 'Split larger lists.')]);
  }
  const cancellations: Cancellation[] = [];
  const faults: ChangeFault[] = [];
  for (const [index, one] of cancel.entries()) {
    const read = readOne(one, ['cancel', index]);
    if ('cancellation' in read) cancellations.push(read.cancellation);
    else faults.push(...read.faults);
    if (faults.length >= MAX_ERRORS) break;
  }
  return faults.length > 0 ? refused(faults.slice(0, MAX_ERRORS)) : { cancellations };
}

function readOne(value: unknown, at: PropertyKey[]): { cancellation: Cancellation } | { faults: ChangeFault[] } {
  const unbounded = jsonLimitFault(value);
  if (unbounded !== undefined) return { faults: [prefixFault(showPath(at), unbounded)] };
  const parsed = cancellationSchema.safeParse(value, { error: describeIssue });
  if (parsed.success) return { cancellation: parsed.data };
  const faults = parsed.error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [fault([...at, ...issue.path], issue.message, 'Correct it.')];
    return issue.keys
      .slice(0, MAX_ERRORS)
      .map((key) => fault([...at, key], 'is not a field of a cancellation', 'Leave it out.'));
  });
  return { faults };
}

const fault = (path: PropertyKey[], says: string, remedy: string) =>
  changeFault('invalid-change', { path, says, remedy });

function refused(errors: ChangeFault[]): { refusal: HttpAnswer } {
  const count =
    errors.length === 1 ? 'One fault' : `${errors.length}${errors.length < MAX_ERRORS ? '' : ' or more'} faults`;
  const detail = `${count}; nothing was cancelled.`;
  return { refusal: problem('invalid-change', { detail, errors }) };
}
