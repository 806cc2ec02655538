import { type Configuration, configurationSchema } from '../../../shared/domain/configuration/configuration.ts';

/** Edits of the configuration while changes are open, by their names in docs/configuration-edits.md. */

type Content = { name: string; tenants: Record<string, object>; sources: Record<string, object> };

const acme = { customerId: '72057594037927936', vanity: 'acme', reach: 'deletes' };
const grant = {
  tenants: ['acme', 'sibling'],
  actions: ['create', 'update', 'delete'],
  groups: ['*'],
  applications: ['*'],
  flags: ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'],
};
const approval = { gate: { preset: 'servicenow-change' } };
const tickets = { kind: 'servicenow', url: 'https://desk.example' };
const desk = {
  system: 'Desk',
  mapping: { preset: 'servicenow-change', rows: { tenant: { value: 'acme' } } },
  ...{ approval, tickets, grants: [grant] },
};
const other = { system: 'Other', grants: [grant] };

/** `sibling` is another tenant of the same ZPA customer, so both share the lane; `other` is the source of its changes. */
const before: Content = { name: 'unit', tenants: { acme, sibling: acme }, sources: { desk, other } };

const withAcme = (over: object): Content => ({ ...before, tenants: { ...before.tenants, acme: { ...acme, ...over } } });
const withDesk = (over: object): Content => ({ ...before, sources: { ...before.sources, desk: { ...desk, ...over } } });
const withTenants = (tenants: Content['tenants']): Content => ({ ...before, tenants });
const hoursFrom = (now: number, hours: number) => new Date(now + hours * 3_600_000).toISOString();

/** `now` in epoch ms. */
const edits: Record<string, (now: number) => Content> = {
  'tenant removed': () => withTenants({ sibling: acme }),
  'tenant renamed': () => withTenants({ renamed: acme, sibling: acme }),
  '`customerId` edited': () => withAcme({ customerId: '72057594037999999' }),
  '`cloud` edited': () => withAcme({ cloud: 'BETA' }),
  '`microtenants` edited': () => withAcme({ microtenants: { main: '111' } }),
  'API client replaced': () => before,
  'source removed': () => ({ ...before, sources: { other } }),
  'source renamed': () => ({ ...before, sources: { renamed: desk, other } }),
  '`system` edited': () => withDesk({ system: 'Another desk' }),
  '`tickets.url` edited': () => withDesk({ tickets: { ...tickets, url: 'https://moved.example' } }),
  '`tickets` removed': () => withDesk({ tickets: undefined }),
  '`requirePlan` switched on': () => withDesk({ approval: { ...approval, requirePlan: true } }),
  'grant narrowed': () => withDesk({ grants: [{ ...grant, groups: ['Depot'] }] }),
  'guard added': () => withAcme({ guards: { protectedGroups: [{ groups: ['Ware*', 'Second'] }] } }),
  '`mode` → `plan-only`': () => withAcme({ mode: 'plan-only' }),
  '`mode` → `paused`': () => withAcme({ mode: 'paused' }),
  'freeze added': (now) => withAcme({ freezes: [{ from: hoursFrom(now, 0), until: hoursFrom(now, 1.5) }] }),
};
export const EDITS: readonly string[] = Object.keys(edits);

/** `alone`: the lane has no sibling. `edit` undefined: the configuration before any edit. */
export function configurationAfter(edit: string | undefined, alone: boolean, now: number): Configuration {
  const content = edit === undefined ? before : edits[edit]?.(now);
  if (content === undefined) throw new Error(`no edit is called ${edit}`);
  const { sibling, ...others } = content.tenants;
  const tenants = alone || sibling === undefined ? others : content.tenants;
  const named = Object.keys(tenants);
  const granting = (source: object) => {
    const grants = 'grants' in source && Array.isArray(source.grants) ? source.grants : [];
    return { ...source, grants: named.length === 0 ? [] : grants.map((one) => ({ ...one, tenants: named })) };
  };
  const sources = Object.fromEntries(Object.entries(content.sources).map(([name, one]) => [name, granting(one)]));
  return configurationSchema.parse({ ...content, tenants, sources });
}
