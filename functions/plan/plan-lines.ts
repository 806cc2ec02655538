import type { ChangeRequest, Reference, Ticket } from '../../shared/domain/change/change.ts';
import type { TenantConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { microtenantIdOf } from '../../shared/domain/decide/permit.ts';
import { applicationReferences, destinationOf } from '../../shared/domain/group/live-view.ts';
import { guardedDecision } from '../../shared/domain/guard/guarded-decision.ts';
import { bindPlan } from '../../shared/domain/plan/plan-binding.ts';
import { altersReach } from '../../shared/domain/reach/reach.ts';
import { reachNeed } from '../../shared/domain/reach/reach-need.ts';
import { isZpaFault } from '../../shared/ports/zpa-fault.ts';
import { type PlannedForSource, type PlanningFor, planForSource } from '../../shared/reading/plan-for-source.ts';
import { readFailure, retryRead } from '../../shared/reading/retry-read.ts';
import { suggestNames } from '../../shared/reading/suggest-names.ts';
import { createForesight, type Foresight, type Whole } from './foresee.ts';
import type { PlannedLine, Progress } from './planned-line.ts';
import type { PlanPorts } from './ports.ts';

/** Above this many names of a kind, one listing (500 a page) costs less than looking each up. */
const LIST_ABOVE = 4;

type Ticketed = { source: string; ticket: Ticket; changes: readonly ChangeRequest[] };

/** The same changes, as often as wanted: what was read of ZPA is read once. */
export type Planner = {
  /** Names, before and after; no policy rule is read, so it takes seconds. Tells how far it has come. */
  withoutRules(tell: (progress: Progress) => void): Promise<PlannedLine[]>;
  /** All of it. */
  withRules(): Promise<PlannedLine[]>;
};

/** Each change is planned on top of those before it: a group that the first one creates is there for the second. */
export function createPlanner(ports: PlanPorts, ticketed: Ticketed, signal: AbortSignal): Planner {
  const views = new Map<string, Foresight>();
  const zpaOf = (tenant: string): Foresight => {
    const view = views.get(tenant) ?? createForesight(ports.zpaOf(tenant), wholeFor(ticketed.changes, tenant));
    views.set(tenant, view);
    return view;
  };

  async function planAll(rules: 'later' | 'now', tell: (progress: Progress) => void): Promise<PlannedLine[]> {
    for (const view of views.values()) view.forget();
    const lines: PlannedLine[] = [];
    for (const change of ticketed.changes) {
      const line = await planLine({ ports, ticketed, signal, zpaOf, rules }, change);
      lines.push(line);
      if (line.kind === 'planned' && line.planned.decision.kind === 'write') {
        zpaOf(change.tenant).foresee(line.planned.decision.transitions);
      }
      tell({ lines: [...lines], total: ticketed.changes.length });
    }
    return lines;
  }

  return { withoutRules: (tell) => planAll('later', tell), withRules: () => planAll('now', () => undefined) };
}

function wholeFor(changes: readonly ChangeRequest[], tenant: string): Whole {
  const here = changes.filter((change) => change.tenant === tenant);
  const names = (list: object[]) => new Set(list.map((one) => JSON.stringify(one))).size;
  const groups = here.flatMap((change) => [change.group, destinationOf(change) ?? change.group]);
  return { groups: names(groups) > LIST_ABOVE, applications: names(here.flatMap(applicationReferences)) > LIST_ABOVE };
}

type On = {
  ports: PlanPorts;
  ticketed: Ticketed;
  signal: AbortSignal;
  zpaOf: (tenant: string) => Foresight;
  rules: 'later' | 'now';
};

async function planLine(on: On, change: ChangeRequest): Promise<PlannedLine> {
  const { ports, signal } = on;
  const tenant = lookup(ports.configuration.tenants, change.tenant);
  const patience = { clock: ports.clock, signal, pausesMs: ports.timing.pausesMs };
  try {
    if (on.rules === 'later' && tenant !== undefined && restsOnRules(tenant, change)) {
      return await retryRead(patience, () => lookUp(on, change));
    }
    const planned = await retryRead(patience, () => planForSource(planningOf(on, change.tenant), change));
    return await described(on, change, planned, tenant);
  } catch (error) {
    return { change, kind: 'unread', failure: readFailure(error, signal) };
  }
}

/** Without the rules it would be decided wrongly. */
const restsOnRules = (tenant: TenantConfiguration, change: ChangeRequest) =>
  change.action === 'delete' || reachNeed(tenant, change).kind === 'required';

async function lookUp({ ports, zpaOf, signal }: On, change: ChangeRequest): Promise<PlannedLine> {
  const microtenantId = microtenantIdOf(ports.configuration, change);
  const scope = { signal, ...(microtenantId !== undefined && { microtenantId }) };
  const [first, ...others] = await groupsMeant(zpaOf(change.tenant), change.group, scope);
  if (first === undefined) return { change, kind: 'looked-up', group: { kind: 'missing' } };
  if (others.length === 0) return { change, kind: 'looked-up', group: { kind: 'found', value: first } };
  return { change, kind: 'looked-up', group: { kind: 'ambiguous', candidates: [first, ...others] } };
}

async function groupsMeant(zpa: Foresight, group: Reference, scope: Parameters<Foresight['findGroups']>[1]) {
  if ('name' in group) return zpa.findGroups(group.name, scope);
  try {
    return [await zpa.getGroup(group.id, scope)];
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'not-found') return [];
    throw error;
  }
}

const LATER = { status: 'unread', reason: 'the policy rules are being read' } as const;

/** Before approval: guards are told as notes, so the plan shows what would be written once they are satisfied. */
function planningOf({ ports, ticketed, signal, zpaOf, rules }: On, tenant: string): PlanningFor {
  const { configuration, clock, ruleReadings } = ports;
  return {
    configuration: applyingEverywhere(configuration),
    source: ticketed.source,
    zpaOf,
    clock,
    signal,
    ticket: { ...ticketed.ticket, approvals: TWO_APPROVALS },
    rules: async (zpa, scope) =>
      rules === 'later' ? LATER : ruleReadings.read(zpa, tenant, { kind: 'wanted' }, scope),
    allRules: (zpa, microtenantIds) => ruleReadings.readAll(zpa, 'plans', { microtenantIds, signal }),
  };
}

const TWO_APPROVALS = ['first', 'second'].map((ref) => ({ by: `${ref} approver`, at: '2000-01-01T00:00:00Z', ref }));

function applyingEverywhere(configuration: PlanPorts['configuration']): PlanPorts['configuration'] {
  const tenants = Object.entries(configuration.tenants).map(([name, one]) => [
    name,
    { ...one, mode: 'apply' as const },
  ]);
  return { ...configuration, tenants: Object.fromEntries(tenants) };
}

async function described(
  on: On,
  change: ChangeRequest,
  planned: PlannedForSource,
  tenant: TenantConfiguration | undefined,
): Promise<PlannedLine> {
  const { live, decision } = planned;
  const { ports, ticketed } = on;
  const nearest = live === undefined ? [] : await suggestNames(ports, ticketed.source, { change, live, decision });
  if (live === undefined || tenant === undefined) {
    return { change, kind: 'planned', planned, awaitsReach: false, notes: [], nearest };
  }
  const turns = decision.kind === 'write' ? decision.transitions : [];
  return {
    change,
    kind: 'planned',
    planned,
    binding: bindPlan({ change, live, decision }, reachNeed(tenant, change)),
    awaitsReach: on.rules === 'later' && altersReach(turns),
    notes: notesOf(on.ticketed, change, planned, tenant),
    nearest,
  };
}

/** What the tenant's mode and guards will say once it is approved as it is. */
function notesOf({ ticket }: Ticketed, change: ChangeRequest, planned: PlannedForSource, tenant: TenantConfiguration) {
  const { live, decision } = planned;
  if (live === undefined || decision.kind !== 'write') return [];
  const guarded = guardedDecision(decision, change, live, {
    tenant: { ...tenant, mode: 'apply' },
    ticket: { ...ticket, approvals: [] },
    reading: live.reading,
  });
  return [
    ...(guarded.kind === 'rejected' ? [guarded.sentence] : []),
    ...(tenant.mode === 'plan-only' ? ['this tenant is in plan-only mode: an approval does not carry it out'] : []),
    ...(tenant.mode === 'paused' ? ['this tenant is paused: an approved change waits'] : []),
  ];
}
