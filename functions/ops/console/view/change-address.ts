import type { ChangeRef } from '../../../../shared/domain/lane/change-ref.ts';
import { ADDRESS } from '../contract.ts';
import { addressTo } from './address.ts';

type Named = Omit<ChangeRef, 'lane'>;

/** The address of a page that is about one change. */
export const addressAbout = (
  path: string,
  { source, tenant, idempotencyKey }: Named,
  more: { generation?: number; acts?: number } = {},
): string => addressTo(path, { source, tenant, key: idempotencyKey, ...more });

/** The address of the page of one change. */
export const changeAddress = (ref: Named): string => addressAbout(ADDRESS.change, ref);
