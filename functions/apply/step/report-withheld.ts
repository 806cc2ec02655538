import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { ApplyPorts } from '../lane/ports.ts';
import type { FoldedStep } from '../rules/fold-step.ts';

/** Logs what rejections keep from their sources, and takes it off them: outcomes are stored and sent. */
export function reportWithheld(
  { log }: Pick<ApplyPorts, 'log'>,
  records: readonly ChangeRecord[],
  folded: FoldedStep,
): FoldedStep {
  const endings = folded.endings.map((ending, index) => {
    if (ending.kind !== 'rejected' || ending.withheld === undefined) return ending;
    const { withheld, ...told } = ending;
    log.info('a rejection keeps groups outside its grants from its source', { ...records[index]?.ref, withheld });
    return told;
  });
  return { ...folded, endings };
}
