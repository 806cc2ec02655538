import * as z from 'zod';
import type { Zpa } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import type { Caller } from './call.ts';
import { zpaText } from './decode-entities.ts';
import { zpaId } from './fields.ts';
import { type ListMemory, vanishedListError } from './list-memory.ts';
import { collect, paginate } from './paginate.ts';

const DEFAULT_MICROTENANT = '0';

/** ZPA's documentation shows the Default microtenant without an id; recorded answers state it. */
const withDefaultId = (raw: unknown): unknown =>
  typeof raw === 'object' && raw !== null && !('id' in raw) && 'name' in raw && raw.name === 'Default'
    ? { ...raw, id: DEFAULT_MICROTENANT }
    : raw;

const microtenantSchema = z.preprocess(
  withDefaultId,
  z
    .object({ id: zpaId, name: zpaText, enabled: z.boolean().nullish() })
    .transform(({ id, name, enabled }) => ({ id, name, enabled: enabled ?? false })),
);

const LISTING = { version: 'v1', pattern: '/microtenants', item: microtenantSchema } as const;

/** The name of this list, and of its scope, in the memory of lists. */
const MICROTENANTS = 'microtenants';

/**
 * Lists the tenant's microtenants, including the Default one (id '0'); none if the customer has not bought them. Rejects
 * with `list-vanished` if ZPA says so of a customer that had some.
 */
export function createMicrotenantReads(caller: Caller, memory: ListMemory): Pick<Zpa, 'listMicrotenants'> {
  return {
    listMicrotenants: async (options) => {
      try {
        const found = await collect(paginate(caller, LISTING, options));
        if (found.some(({ id }) => id !== DEFAULT_MICROTENANT)) await memory.note(MICROTENANTS, [MICROTENANTS]);
        return found;
      } catch (error) {
        if (!(error instanceof ZpaError) || error.code !== 'feature-disabled') throw error;
        if (!(await memory.seen(MICROTENANTS)).has(MICROTENANTS)) return [];
        const { version, pattern } = LISTING;
        throw vanishedListError('the microtenants', `GET /${version}${pattern}`, error.fault.reason ?? error.code);
      }
    },
  };
}
