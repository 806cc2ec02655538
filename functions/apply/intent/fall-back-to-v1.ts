import type { ZpaWrite } from '../../../shared/domain/records/intent.ts';
import type { StepContext } from '../settle/step-context.ts';

/** Makes the worker write this tenant through v1, with full membership lists; false if it does so already. */
export function fallBackToV1({ ports, session, records }: StepContext, write: ZpaWrite): boolean {
  if (write.kind !== 'update' || write.via === 'v1') return false;
  const tenant = records[0]?.change.tenant ?? '';
  const { learned } = session.lane();
  ports.log.warn('v2 does not carry out this change, going on with v1', { tenant });
  session.stage({ learned: { ...learned, [tenant]: { ...learned[tenant], via: 'v1' } } });
  return true;
}
