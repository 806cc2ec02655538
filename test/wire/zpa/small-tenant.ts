import type { Reply, Script, Seen } from './scripted-zpa.ts';

/** A tenant with few objects, as a seed of the simulator. */
export const TENANT = {
  microtenants: [{ id: '216196257331372700', name: 'Subsidiary & Sons', enabled: true }],
  applications: [
    { id: '926196382959075422', name: 'RDP' },
    { id: '926196382959075423', name: 'SSH' },
    { id: '926196382959075424', name: 'VNC' },
    { id: '216196257331372710', name: 'Wiki' },
    { id: '216196257331372711', name: 'Start Page' },
  ],
  groups: [
    { id: '45096653', name: 'Staging Apps', enabled: false, description: 'R&D', applications: ['216196257331372711'] },
    { id: '216196257331372720', name: 'Intranet', enabled: true, applications: ['216196257331372710'] },
    { id: '216196257331372721', name: 'Empty', enabled: true, applications: [] as string[] },
    {
      id: '216196257331372722',
      name: 'Subsidiary Apps',
      enabled: true,
      applications: [] as string[],
      microtenantId: '216196257331372700',
    },
  ],
  rules: [
    {
      id: '216196257331372730',
      name: 'Everybody & intranet',
      policyType: 'ACCESS_POLICY',
      conditions: [{ operands: [{ objectType: 'APP_GROUP', lhs: 'id', rhs: '216196257331372720' }] }],
    },
  ],
};

const escaped = (text: string) => text.replaceAll('&', '&amp;');
const list = (items: unknown[], query: URLSearchParams): Reply => {
  const size = Number(query.get('pagesize'));
  const from = (Number(query.get('page')) - 1) * size;
  const totalPages = String(Math.ceil(items.length / size));
  return { status: 200, body: { totalPages, totalCount: String(items.length), list: items.slice(from, from + size) } };
};
const missing = (id: string): Reply => ({ status: 400, body: { params: [id], id: 'resource.not.found' } });

/** Serves the part of ZPA that the table of docs/pyzscaler.md needs, in the shapes of the recordings. */
export function smallTenant(): Script {
  const groups = structuredClone(TENANT.groups);
  let nextId = 216196257331404691n;

  const shownGroup = ({ name, description, applications, ...rest }: (typeof groups)[number]) => ({
    ...rest,
    name: escaped(name),
    ...(description ? { description: escaped(description) } : {}),
    ...(applications.length > 0 ? { applications: applications.map(embedded) } : {}),
  });
  const embedded = (id: string) => {
    const name = TENANT.applications.find((one) => one.id === id)?.name;
    return { id, ...(name !== undefined && { name: escaped(name) }), tcpKeepAlive: '0' };
  };
  const shownApplication = (application: (typeof TENANT.applications)[number]) => ({
    ...application,
    segmentGroupId: groups.find(({ applications }) => applications.includes(application.id))?.id,
  });
  const matching = <T extends { name: string }>(items: T[], query: URLSearchParams): T[] => {
    const [field = '', operator, ...value] = (query.get('search') ?? '').split(' ');
    if (field === '') return items;
    return items.filter((one) => operator === 'EQ' && String(Object(one)[field]) === value.join(' '));
  };

  function write(seen: Seen, id: string): Reply {
    const sent = seen.body === '' ? {} : JSON.parse(seen.body);
    const applications: string[] | undefined = sent.applications?.map((one: { id: string }) => one.id);
    if (seen.method === 'POST') {
      const created = { ...sent, id: String(nextId++), applications: applications ?? [] };
      groups.push(created);
      return { status: 201, body: { id: created.id, name: escaped(created.name), configSpace: created.configSpace } };
    }
    const at = groups.findIndex((group) => group.id === id);
    const before = groups[at];
    if (before === undefined) return missing(id);
    const members = before.applications.filter((one) => !sent.deletedApps?.includes(one)).concat(sent.addedApps ?? []);
    const { addedApps: _added, deletedApps: _deleted, ...fields } = sent;
    groups.splice(at, 1, ...(seen.method === 'PUT' ? [{ id, ...fields, applications: applications ?? members }] : []));
    return { status: 204 };
  }

  return (seen) => {
    const query = new URLSearchParams(seen.query);
    const [, , resource, id = '', , policyType] = seen.path.split('/');
    if (resource === 'segmentGroup' && seen.method !== 'GET') return write(seen, id);
    const scope = query.get('microtenantId');
    const visible = groups.filter((group) => scope === null || (group.microtenantId ?? '0') === scope);
    if (resource === 'segmentGroup' && id === '') return list(matching(visible, query).map(shownGroup), query);
    if (resource === 'application' && id === '')
      return list(matching(TENANT.applications, query).map(shownApplication), query);
    if (resource === 'microtenants') {
      const all = TENANT.microtenants.map((one) => ({ ...one, name: escaped(one.name) }));
      return list([...all, { id: '0', name: 'Default', enabled: true }], query);
    }
    if (resource === 'policySet') {
      return list(
        TENANT.rules
          .filter((rule) => rule.policyType === policyType)
          .map((rule) => ({ ...rule, name: escaped(rule.name) })),
        query,
      );
    }
    const group = visible.find((one) => one.id === id);
    const application = TENANT.applications.find((one) => one.id === id);
    if (resource === 'segmentGroup' && group !== undefined) return { status: 200, body: shownGroup(group) };
    if (resource === 'application' && application) return { status: 200, body: shownApplication(application) };
    return missing(id);
  };
}
