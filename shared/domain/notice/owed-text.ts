import type { Owed } from '../outcome/outcome.ts';

const TEXTS: Record<Owed, string> = {
  desired: 'the approved state is not recorded yet',
  set: 'its change set is not updated yet',
  dlq: 'the failure is not in the queue failures.fifo yet',
  sns: 'the outcome is not announced yet',
};

/** Names in words all that a settled change still waits for. The lane or the next sweep does it. */
export const owedText = (owed: readonly Owed[]): string => owed.map((one) => TEXTS[one]).join('; ');
