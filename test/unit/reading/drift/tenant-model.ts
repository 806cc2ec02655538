import fc from 'fast-check';
import type { Approved } from '../../../../shared/domain/outcome/outcome.ts';

/** A generated tenant with the tickets that led to it, and the edits that an administrator may make behind their back. */

export type Group = { id: string; name: string; description: string; enabled: boolean; applications: string[] };
/** `all`: a ticket created it; `part`: tickets named its name and some of its applications. */
type Management = 'all' | 'part' | 'none';
export type Tenant = {
  groups: (Group & { managed: Management; stated: string[] })[];
  /** Names of all application segments by id. */
  applications: Map<string, string>;
  /** Groups that tickets deleted. */
  deleted: { id: string; name: string }[];
};

/** Texts that ZPA escapes, that have two Unicode forms, and that have outer blanks. */
const TEXTS = ['', 'all of them', 'R&D <b>"x"</b>', 'Büro Zürich', ' outer blanks ', "it's &amp; so"];
/** Names that the patterns of the test reserve for tickets. */
export const RESERVED = 'Owned';

const groupArbitrary = fc.record({
  name: fc.constantFrom('Web', 'R&D', 'Büro', 'Mail'),
  description: fc.constantFrom(...TEXTS),
  enabled: fc.boolean(),
  managed: fc.constantFrom<Management>('all', 'all', 'part', 'none'),
  size: fc.nat(4),
});

export const tenantArbitrary: fc.Arbitrary<Tenant> = fc
  .record({ groups: fc.array(groupArbitrary, { maxLength: 7 }), ungrouped: fc.nat(3), deleted: fc.nat(2) })
  .map(({ groups, ungrouped, deleted }) => {
    const applications = new Map<string, string>();
    const take = () => {
      const id = `${7000 + applications.size}`;
      applications.set(id, `app ${id} & co`);
      return id;
    };
    const made = groups.map(({ size, name, ...rest }, index) => {
      const members = Array.from({ length: size }, take);
      const stated = rest.managed === 'all' ? members : members.filter((_, position) => position % 2 === 0);
      return { ...rest, id: `${101 + index}`, name: `${name} ${index}`, applications: members, stated };
    });
    for (let index = 0; index < ungrouped; index += 1) take();
    const gone = Array.from({ length: deleted }, (_, index) => ({ id: `${901 + index}`, name: `Gone ${index}` }));
    return { groups: made, applications, deleted: gone };
  });

/** The approvals of the tickets, in the order of their sequences. */
export function approvalsOf({ groups, deleted }: Tenant): { approved: Approved; name: string }[] {
  const common = { microtenantId: '0', deleted: false };
  const living = groups.flatMap(({ managed, id: groupId, name, description, enabled, stated }) => {
    if (managed === 'none') return [];
    const none = { has: [], hasNot: [] };
    const approved: Approved =
      managed === 'all'
        ? { ...common, groupId, fields: { name, description, enabled }, members: { ...none, exactly: stated } }
        : { ...common, groupId, fields: { name }, members: { ...none, has: stated } };
    return [{ approved, name }];
  });
  const gone = deleted.map(({ id: groupId, name }) => ({
    approved: { ...common, groupId, fields: {}, members: { has: [], hasNot: [] }, deleted: true },
    name,
  }));
  return [...living, ...gone];
}

/** One edit, and what a report must tell of it, with ids where groups are meant. */
export type Edit = { what: string; apply: (tenant: Tenant) => void; told: Record<string, unknown> };

const groupIn = (tenant: Tenant, id: string) => {
  const group = tenant.groups.find((one) => one.id === id);
  if (group === undefined) throw new Error(`no group ${id}`);
  return group;
};

function put(tenant: Tenant, application: string, to: string | undefined): void {
  for (const group of tenant.groups) group.applications = group.applications.filter((id) => id !== application);
  if (to !== undefined) groupIn(tenant, to).applications.push(application);
}

const remove = (tenant: Tenant, id: string) => {
  tenant.groups = tenant.groups.filter((group) => group.id !== id);
};

const fresh = (id: string, name: string, applications: string[] = []): Tenant['groups'][number] => {
  return { id, name, description: '', enabled: true, applications, managed: 'none', stated: [] };
};

/** Every single edit of the tenant that departs from what its tickets approved. */
export function editsOf(tenant: Tenant): Edit[] {
  const managed = tenant.groups.filter((group) => group.managed !== 'none');
  const grouped = new Set(tenant.groups.flatMap(({ applications }) => applications));
  const [ungrouped] = [...tenant.applications.keys()].filter((id) => !grouped.has(id));
  return [
    ...managed.flatMap((group) => editsOfGroup(tenant, group, ungrouped)),
    ...tenant.deleted.flatMap(({ id, name }): Edit[] =>
      [id, '990'].map((now) => ({
        what: `resurrect ${id} as ${now}`,
        apply: (of) => void of.groups.push(fresh(now, name)),
        told: { kind: 'resurrected', group: now, facet: 'exists', before: 'absent', after: 'exists', deletedId: id },
      })),
    ),
    {
      what: 'new group',
      apply: (of) => void of.groups.push(fresh('990', `${RESERVED} new`)),
      told: { kind: 'unmanaged', group: '990', facet: 'exists', before: 'absent', after: 'exists' },
    },
  ];
}

function editsOfGroup(tenant: Tenant, group: Tenant['groups'][number], ungrouped: string | undefined): Edit[] {
  const { id, name, description, enabled, managed, stated } = group;
  const set = (part: Partial<Group>) => (of: Tenant) => void Object.assign(groupIn(of, id), part);
  const missing = { kind: 'missing', group: id, facet: 'exists', before: 'exists', after: 'absent' };
  const changed = { kind: 'changed', group: id };
  const edits: Edit[] = [
    {
      what: `rename ${id}`,
      apply: set({ name: `${name} x` }),
      told: { ...changed, facet: 'name', before: name, after: `${name} x` },
    },
    { what: `delete ${id}`, apply: (of) => remove(of, id), told: missing },
    {
      what: `recreate ${id}`,
      apply: (of) => {
        const { applications } = groupIn(of, id);
        remove(of, id);
        of.groups.push(fresh('990', name, applications));
      },
      told: { ...missing, to: '990' },
    },
  ];
  if (managed === 'all') {
    const texts = { before: description, after: `${description}, edited` };
    edits.push(
      {
        what: `describe ${id}`,
        apply: set({ description: texts.after }),
        told: { ...changed, facet: 'description', ...texts },
      },
      {
        what: `switch ${id}`,
        apply: set({ enabled: !enabled }),
        told: { ...changed, facet: 'enabled', before: `${enabled}`, after: `${!enabled}` },
      },
    );
    if (ungrouped !== undefined) {
      edits.push({
        what: `add ${ungrouped} to ${id}`,
        apply: (of) => put(of, ungrouped, id),
        told: {
          kind: 'added',
          group: id,
          facet: `app:${ungrouped}`,
          before: 'not in the group',
          after: 'in the group',
        },
      });
    }
  }
  const [application] = stated;
  if (application === undefined) return edits;
  const left = {
    ...{ kind: 'removed', group: id, facet: `app:${application}` },
    ...{ before: 'in the group', after: 'not in the group' },
  };
  const others = tenant.groups.filter((one) => one.id !== id);
  return [
    ...edits,
    {
      what: `remove ${application} from ${id}`,
      apply: (of) => put(of, application, undefined),
      told: { ...left, to: 'no-group' },
    },
    ...others.map((other) => ({
      what: `move ${application} from ${id} to ${other.id}, ${other.managed}`,
      apply: (of: Tenant) => put(of, application, other.id),
      told: { ...left, to: other.id },
    })),
    {
      what: `delete application ${application}`,
      apply: (of) => {
        put(of, application, undefined);
        of.applications.delete(application);
      },
      told: { ...left, to: 'gone' },
    },
  ];
}
