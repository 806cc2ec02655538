import { sortedIds } from '../../shared/domain/decide/group-content.ts';
import type {
  Application,
  GroupReading,
  RuleMention,
  SegmentGroup,
  ZpaFault,
} from '../../shared/domain/group/group.ts';
import { type PolicyRule, scanFor } from '../../shared/domain/group/policy-rule.ts';
import type { ZpaWrite } from '../../shared/domain/records/intent.ts';
import { isSameText } from '../../shared/domain/text/same-text.ts';
import type { Clock, RateLimiter, Zpa } from '../../shared/ports/ports.ts';
import { copyPlain } from './copy-plain.ts';

/** A test's script for one call: fail it, before or after it took effect. */
export type Interference = { fault: ZpaFault; effect?: 'before' | 'after' };

export type MemoryTenant = {
  groups: Map<string, SegmentGroup>;
  applications: Map<string, { id: string; name: string }>;
  /** Rules that name every group. */
  rules: RuleMention[];
  policyRules: PolicyRule[];
  /** Every write that took effect, in order: for "once in effect". */
  readonly writes: ZpaWrite[];
  readonly calls: { method: string; at: number }[];
  /** Asked before each call; `undefined` lets it pass. */
  interfere: (method: string, argument: unknown) => Interference | undefined;
  /** Quirk: v2 PUT answers success and leaves memberships alone. */
  ignoresDeltas: boolean;
  /** The `modifiedBy` of our writes: the API client of the credentials. */
  ourClient: string;
  /** The digest of that client's id, where a test replaces the client. */
  clientKey: string | undefined;
  /** Another administrator at the console. */
  edit(id: string, change: Partial<SegmentGroup>): void;
  client(limiter: RateLimiter): Zpa;
};

class FakeZpaError extends Error {
  readonly code: string;
  readonly fault: ZpaFault;

  constructor(fault: ZpaFault) {
    super(fault.code);
    this.code = fault.code;
    this.fault = fault;
  }
}

const OUR_CLIENT = '216196257331399999';
const CONSOLE = '216196257331300001';

/** A ZPA tenant in memory: one application in one group, writes logged, faults on demand. */
export function createMemoryTenant(clock: Pick<Clock, 'now'>): MemoryTenant {
  let nextId = 216196257331400000n;
  const writes: ZpaWrite[] = [];
  const calls: MemoryTenant['calls'] = [];
  const tenant: MemoryTenant = {
    groups: new Map(),
    applications: new Map(),
    rules: [],
    policyRules: [],
    writes,
    calls,
    interfere: () => undefined,
    ignoresDeltas: false,
    ourClient: OUR_CLIENT,
    clientKey: undefined,
    edit(id, change) {
      const group = found(tenant.groups.get(id));
      tenant.groups.set(id, { ...group, ...change, modifiedBy: CONSOLE, modifiedTime: seconds() });
    },
    client: (limiter) => client(limiter),
  };
  const seconds = () => Math.floor(clock.now() / 1000);

  function groupOf(application: string): SegmentGroup | undefined {
    return [...tenant.groups.values()].find((group) => group.applicationIds.includes(application));
  }

  function applicationView({ id, name }: { id: string; name: string }): Application {
    const group = groupOf(id);
    const scope = { enabled: true, microtenantId: '0' };
    return { id, name, ...scope, segmentGroupId: group?.id, segmentGroupName: group?.name };
  }

  function groupView(group: SegmentGroup): GroupReading {
    const members = group.applicationIds.map((id) => [id, { name: tenant.applications.get(id)?.name }] as const);
    return { ...group, members: new Map(members) };
  }

  function perform(write: ZpaWrite): string {
    writes.push(copyPlain(write));
    if (write.kind === 'delete') {
      tenant.groups.delete(found(tenant.groups.get(write.groupId)).id);
      return write.groupId;
    }
    if (write.kind === 'create') {
      nextId += 1n;
      const { kind: _kind, ...content } = write;
      const stamp = { modifiedBy: tenant.ourClient, modifiedTime: seconds(), creationTime: seconds() };
      tenant.groups.set(`${nextId}`, { id: `${nextId}`, ...content, readOnly: false, ...stamp });
      return `${nextId}`;
    }
    const group = found(tenant.groups.get(write.groupId));
    const gone = new Set(write.deletedApps);
    const deaf = tenant.ignoresDeltas && write.via === 'v2';
    const members = sortedIds([...group.applicationIds.filter((id) => !gone.has(id)), ...write.addedApps]);
    const applicationIds = deaf ? group.applicationIds : members;
    const stamp = { modifiedBy: tenant.ourClient, modifiedTime: seconds() };
    tenant.groups.set(group.id, { ...group, ...write.fields, applicationIds, ...stamp });
    return group.id;
  }

  function client(limiter: RateLimiter): Zpa {
    async function call<T>(method: string, argument: unknown, act: () => T): Promise<T> {
      const answered = await limiter.take(method === 'write' ? 'write' : 'read');
      answered();
      calls.push({ method, at: clock.now() });
      const interference = tenant.interfere(method, argument);
      if (interference?.effect === 'after') act();
      if (interference !== undefined) throw new FakeZpaError(interference.fault);
      return copyPlain(act());
    }
    /** A mention names every group. */
    const inFull = (mention: RuleMention): PolicyRule => {
      const applies = { operator: 'OR', negated: false, applicationIds: [], others: false, plain: true } as const;
      const conditions = [{ ...applies, applicationIds: [], groupIds: [...tenant.groups.keys()] }];
      return { ...mention, disabled: false, operator: 'AND', conditions };
    };
    const memoryRules = () => ({
      rules: [...tenant.policyRules, ...tenant.rules.map(inFull)],
      scanned: ['ACCESS_POLICY'],
      skipped: [],
    });
    async function* iterate<T>(method: string, items: () => T[]): AsyncIterable<T> {
      yield* await call(method, undefined, items);
    }
    return {
      listGroups: () => iterate('listGroups', () => [...tenant.groups.values()].map(groupView)),
      getGroup: (id) => call('getGroup', id, () => groupView(found(tenant.groups.get(id)))),
      findGroups: (name) =>
        call('findGroups', name, () =>
          [...tenant.groups.values()].filter((g) => isSameText(g.name, name)).map(groupView),
        ),
      getApplication: (id) => call('getApplication', id, () => applicationView(found(tenant.applications.get(id)))),
      listApplications: () => iterate('listApplications', () => [...tenant.applications.values()].map(applicationView)),
      findApplications: (name) =>
        call('findApplications', name, () =>
          [...tenant.applications.values()].filter((a) => isSameText(a.name, name)).map(applicationView),
        ),
      listMicrotenants: () => call('listMicrotenants', undefined, () => [{ id: '0', name: 'Default', enabled: true }]),
      listRules: () => call('listRules', undefined, memoryRules),
      rulesNaming: (id) =>
        call('rulesNaming', id, () => ({
          ...scanFor(id, memoryRules()),
        })),
      write: (write) => call('write', write, () => ({ groupId: perform(write) })),
      probe: () => call('probe', undefined, () => undefined),
      clientKey: () => tenant.clientKey,
    };
  }
  return tenant;
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new FakeZpaError(aFault({ code: 'not-found' }));
  return value;
}

/** A refusal by default. */
export function aFault(of: Partial<ZpaFault> = {}): ZpaFault {
  return { code: 'invalid-argument', class: 'permanent', scope: 'change', effect: 'none', ...of };
}
