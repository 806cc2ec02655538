import type { UnreadableChange } from '../../../shared/ports/ports.ts';
import type { ApplyPorts } from './ports.ts';

type Reports = Pick<ApplyPorts, 'log' | 'meter'>;

/** Reports an open change of which the record cannot be read; the worker goes on with the others. */
export function reportUnreadable({ log, meter }: Reports, lane: string, { key, why }: UnreadableChange): void {
  log.error('open change cannot be read', { lane, key, why });
  meter.count('WorkerError', 1);
}
