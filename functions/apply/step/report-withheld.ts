import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Ending } from '../../../shared/domain/records/intent.ts';
import type { ApplyPorts } from '../lane/ports.ts';

/** Logs what a rejection keeps from its source, and takes it off: outcomes are stored and sent. */
export function reportWithheld({ log }: Pick<ApplyPorts, 'log'>, { ref }: ChangeRecord, ending: Ending): Ending {
  if (!('withheld' in ending)) return ending;
  const { withheld, ...told } = ending;
  log.info('a rejection keeps groups outside its grants from its source', { ...ref, withheld });
  return told;
}
