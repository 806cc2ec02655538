import { DEFAULT_MICROTENANT } from '../tenant/documents.ts';
import type { TenantView } from '../tenant/shelves.ts';
import type { Call } from './call.ts';
import { shown } from './escaping.ts';

/** Every object that can be read carries the name of its microtenant; the Default one's id is left out (recorded). */
export function microtenantKeys(
  call: Call,
  tenant: TenantView,
  microtenantId: string,
): { microtenantId?: string; microtenantName: string } {
  const name = tenant.get('microtenant', microtenantId)?.name ?? 'Default';
  if (microtenantId === DEFAULT_MICROTENANT) return { microtenantName: name };
  return { microtenantId, microtenantName: shown(name, call.quirks) };
}
