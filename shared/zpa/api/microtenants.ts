import { z } from 'zod';
import type { Zpa } from '../../ports/ports.ts';
import { ZpaError } from '../http/zpa-error.ts';
import type { Caller } from './call.ts';
import { zpaText } from './decode-entities.ts';
import { collect, paginate } from './paginate.ts';
import { zpaId } from './segment-groups.ts';

const microtenantSchema = z
  .looseObject({ id: zpaId, name: zpaText, enabled: z.boolean().nullish() })
  .transform(({ id, name, enabled }) => ({ id, name, enabled: enabled ?? false }));

const LISTING = { version: 'v1', pattern: '/microtenants', item: microtenantSchema } as const;

/** Lists the tenant's microtenants, including the Default one (id '0'); none if the customer has not bought them. */
export function createMicrotenantReads(caller: Caller): Pick<Zpa, 'listMicrotenants'> {
  return {
    listMicrotenants: async (options) => {
      try {
        return await collect(paginate(caller, LISTING, options));
      } catch (error) {
        if (error instanceof ZpaError && error.code === 'feature-disabled') return [];
        throw error;
      }
    },
  };
}
