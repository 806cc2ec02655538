import type { ChangeRef } from '../../../../shared/domain/lane/change-ref.ts';
import { ADDRESS } from '../contract.ts';

/** The query of the addresses that are about one change. */
export function changeQuery({ source, tenant, idempotencyKey }: Omit<ChangeRef, 'lane'>): string {
  return new URLSearchParams({ source, tenant, key: idempotencyKey }).toString();
}

/** The address of the page of one change. */
export const changeAddress = (ref: Omit<ChangeRef, 'lane'>): string => `${ADDRESS.change}?${changeQuery(ref)}`;
