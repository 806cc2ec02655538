import * as z from 'zod';
import type { Application } from '../../domain/group/group.ts';
import type { ListOptions, Zpa } from '../../ports/ports.ts';
import { type Caller, parseAnswer, type ZpaCall } from './call.ts';
import { decodeEntities } from './decode-entities.ts';
import { idIn, secondsIn, stampFields, textIn, tolerated, zpaId } from './fields.ts';
import { findByName } from './find-by-name.ts';
import { paginate } from './paginate.ts';

/** An application segment as get and list answer it; both name its segment group (recorded 2025-11-26). */
const applicationSchema = z
  .object({
    id: zpaId,
    name: z.string(),
    enabled: tolerated,
    microtenantId: z.string().nullish(),
    segmentGroupId: z.string().nullish(),
    segmentGroupName: tolerated,
    ...stampFields,
  })
  .transform(
    (application): Application => ({
      id: application.id,
      name: decodeEntities(application.name),
      enabled: application.enabled === true,
      microtenantId: application.microtenantId || '0',
      segmentGroupId: application.segmentGroupId || undefined,
      segmentGroupName: textIn(application.segmentGroupName),
      modifiedBy: idIn(application.modifiedBy),
      modifiedTime: secondsIn(application.modifiedTime),
    }),
  );

const LISTING = { version: 'v1', pattern: '/application', item: applicationSchema } as const;

/** Reads application segments; this client never writes them. */
export function createApplicationReads(
  caller: Caller,
): Pick<Zpa, 'listApplications' | 'getApplication' | 'findApplications'> {
  const listApplications = (options?: ListOptions) => paginate(caller, LISTING, options);
  return {
    listApplications,
    findApplications: (name, options) => findByName(listApplications, name, options),
    getApplication: async (id, { microtenantId, signal } = {}) => {
      const query = { microtenantId };
      const call: ZpaCall = { method: 'GET', version: 'v1', pattern: '/application/{id}', ids: [id], query, signal };
      return parseAnswer(applicationSchema, await caller(call, [200]), call);
    },
  };
}
