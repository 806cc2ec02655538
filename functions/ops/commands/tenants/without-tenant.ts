import * as z from 'zod';
import { parseJson } from '../../../../shared/domain/text/parse-json.ts';

/** The parts of written settings that name tenants; whatever else stands there stays as it was written. */
const written = z.looseObject({
  tenants: z.record(z.string(), z.unknown()),
  sources: z.record(
    z.string(),
    z.looseObject({ grants: z.array(z.looseObject({ tenants: z.array(z.string()) })).optional() }),
  ),
});

/** Settings in which nothing may be asked for in this tenant; a grant that names it alone is left out. */
export function withoutGrants(text: string, tenant: string): string {
  const settings = written.parse(parseJson(text));
  const sources = Object.entries(settings.sources).map(([name, source]) => {
    if (source.grants === undefined) return [name, source];
    const grants = source.grants
      .map((grant) => ({ ...grant, tenants: grant.tenants.filter((one) => one !== tenant) }))
      .filter((grant, index) => grant.tenants.length > 0 || source.grants?.[index]?.tenants.length === 0);
    return [name, { ...source, grants }];
  });
  return JSON.stringify({ ...settings, sources: Object.fromEntries(sources) });
}

/** Settings without this tenant and whatever may be asked for in it. */
export function withoutTenant(text: string, tenant: string): string {
  const settings = written.parse(parseJson(withoutGrants(text, tenant)));
  const tenants = Object.entries(settings.tenants).filter(([name]) => name !== tenant);
  return JSON.stringify({ ...settings, tenants: Object.fromEntries(tenants) });
}
