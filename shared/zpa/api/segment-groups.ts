import * as z from 'zod';
import type { GroupReading, MemberReading } from '../../domain/group/group.ts';
import type { ListOptions, ProbeSubject, Zpa } from '../../ports/ports.ts';
import { type Caller, parseAnswer, type ZpaCall } from './call.ts';
import { decodeEntities } from './decode-entities.ts';
import { idIn, secondsIn, stampFields, textIn, tolerated, zpaId } from './fields.ts';
import { findByName } from './find-by-name.ts';
import { envelopeOf, paginate } from './paginate.ts';

const memberSchema = z.object({ id: zpaId, name: tolerated, ...stampFields });

/**
 * A group as get and list answer it (recorded 2025-11-26). ZPA leaves out unset fields: the description, the
 * applications of an empty group, the id of the Default microtenant, and the creation time of old groups. A field that
 * is compared, sent back with an update or decides whether a group may be written must have its type; any other may be odd.
 */
const groupSchema = z
  .object({
    id: zpaId,
    name: z.string(),
    description: z.string().nullish(),
    enabled: z.boolean().nullish(),
    configSpace: z.string().nullish(),
    microtenantId: z.string().nullish(),
    applications: z.array(memberSchema).nullish(),
    readOnly: z.boolean().nullish(),
    zscalerManaged: z.boolean().nullish(),
    /** Documented: an object that was configured by Deception, which the API neither updates nor deletes. */
    restrictedEntity: z.boolean().nullish(),
    ...stampFields,
    creationTime: tolerated,
  })
  .transform(
    (group): GroupReading => ({
      id: group.id,
      name: decodeEntities(group.name),
      description: decodeEntities(group.description ?? ''),
      enabled: group.enabled ?? false,
      configSpace: group.configSpace ?? 'DEFAULT',
      microtenantId: group.microtenantId || '0',
      applicationIds: [...new Set((group.applications ?? []).map(({ id }) => id))].sort(),
      members: membersOf(group.applications ?? []),
      readOnly: group.readOnly === true || group.zscalerManaged === true || group.restrictedEntity === true,
      modifiedBy: idIn(group.modifiedBy),
      modifiedTime: secondsIn(group.modifiedTime),
      creationTime: secondsIn(group.creationTime),
    }),
  );

/** A member that is listed twice counts once, and the last mention is taken. */
function membersOf(listed: readonly z.output<typeof memberSchema>[]): ReadonlyMap<string, MemberReading> {
  return new Map(
    listed.map(({ id, name, modifiedBy, modifiedTime }) => [
      id,
      { name: textIn(name), modifiedBy: idIn(modifiedBy), modifiedTime: secondsIn(modifiedTime) },
    ]),
  );
}

const LISTING = { version: 'v1', pattern: '/segmentGroup', item: groupSchema } as const;

/** Every tenant has access rules. */
const PROBED: Record<ProbeSubject, Pick<ZpaCall, 'pattern' | 'ids'>> = {
  groups: { pattern: '/segmentGroup' },
  applications: { pattern: '/application' },
  rules: { pattern: '/policySet/rules/policyType/{policyType}', ids: ['ACCESS_POLICY'] },
};

type GroupReads = Pick<Zpa, 'listGroups' | 'getGroup' | 'findGroups' | 'probe'>;

/** Reads segment groups. */
export function createGroupReads(caller: Caller): GroupReads {
  const listGroups = (options?: ListOptions) => paginate(caller, LISTING, options);
  return {
    listGroups,
    findGroups: (name, options) => findByName(listGroups, name, options),
    getGroup: async (id, { microtenantId, signal } = {}) => {
      const query = { microtenantId };
      const call: ZpaCall = { method: 'GET', version: 'v1', pattern: '/segmentGroup/{id}', ids: [id], query, signal };
      return parseAnswer(groupSchema, await caller(call, [200]), call);
    },
    probe: async ({ of = 'groups', signal } = {}) => {
      const query = { page: '1', pagesize: '1' };
      const call: ZpaCall = { method: 'GET', version: 'v1', ...PROBED[of], query, signal };
      parseAnswer(envelopeOf(z.unknown()), await caller(call, [200]), call);
    },
  };
}
