import * as z from 'zod';
import type { GroupReading } from '../../domain/group/group.ts';
import type { ListOptions, ProbeSubject, Zpa } from '../../ports/ports.ts';
import { type Caller, parseAnswer, type ZpaCall } from './call.ts';
import { zpaText } from './decode-entities.ts';
import { findByName } from './find-by-name.ts';
import { envelopeOf, paginate } from './paginate.ts';

/** Ids exceed 2^53, so an id in a JSON number has lost digits already; only strings are accepted. */
export const zpaId = z.string().min(1);

/** Epoch seconds, which ZPA answers as a decimal string. */
const seconds = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value != null && /^\d{1,15}$/.test(String(value)) ? Number(value) : undefined));

/**
 * A group as get and list answer it (recorded 2025-11-26). ZPA leaves out unset fields: the description, the
 * applications of an empty group, the id of the Default microtenant, and the creation time of old groups.
 */
const groupSchema = z
  .looseObject({
    id: zpaId,
    name: zpaText,
    description: zpaText.nullish(),
    enabled: z.boolean().nullish(),
    configSpace: z.string().nullish(),
    microtenantId: z.string().nullish(),
    applications: z.array(z.looseObject({ id: zpaId, name: zpaText.nullish().catch(undefined) })).nullish(),
    readOnly: z.boolean().nullish(),
    zscalerManaged: z.boolean().nullish(),
    modifiedBy: z.string().nullish(),
    modifiedTime: seconds,
    creationTime: seconds,
  })
  .transform(
    (group): GroupReading => ({
      id: group.id,
      name: group.name,
      description: group.description ?? '',
      enabled: group.enabled ?? false,
      configSpace: group.configSpace ?? 'DEFAULT',
      microtenantId: group.microtenantId ?? '0',
      applicationIds: [...new Set((group.applications ?? []).map(({ id }) => id))].sort(),
      memberNames: new Map((group.applications ?? []).flatMap(({ id, name }) => (name ? [[id, name]] : []))),
      readOnly: group.readOnly === true || group.zscalerManaged === true,
      modifiedBy: group.modifiedBy ?? undefined,
      modifiedTime: group.modifiedTime,
      creationTime: group.creationTime,
    }),
  );

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
