import type { ChangeRequest, Reference, Ticket } from '../../shared/domain/change/change.ts';
import type { TenantConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { coversGroup } from '../../shared/domain/configuration/grants.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { microtenantIdOf } from '../../shared/domain/decide/permit.ts';
import { applicationsToRead, destinationOf } from '../../shared/domain/group/live-view.ts';
import { guardedDecision } from '../../shared/domain/guard/guarded-decision.ts';
import { laneName } from '../../shared/domain/lane/change-ref.ts';
import { bindPlan } from '../../shared/domain/plan/plan-binding.ts';
import { altersReach } from '../../shared/domain/reach/reach.ts';
import { reachNeed } from '../../shared/domain/reach/reach-need.ts';
import { isZpaFault } from '../../shared/ports/zpa-fault.ts';
import { type PlannedForSource, planForSource, type SourcePlanning } from '../../shared/reading/plan-for-source.ts';
import { readFailure, retryRead } from '../../shared/reading/retry-read.ts';
import { type LostName, readLiveCatalog, suggestNames } from '../../shared/reading/suggest-names.ts';
import { groupFound, type PlannedLine, type Progress } from './planned-line.ts';
import type { PlanPorts } from './ports.ts';
import { createZpaOverlay, type FullListings, type ZpaOverlay } from './zpa-overlay.ts';

/** Above this many names of a kind, one listing (500 a page) costs less than looking each up. */
const LIST_ABOVE = 4;

type PlannedTicket = { source: string; ticket: Ticket; changes: readonly ChangeRequest[] };

/** Plans the same changes several times and reads everything of ZPA once. */
export type Planner = {
  /** Plans names, before and after, without reading policy rules, which takes seconds. Reports its progress. */
  withoutRules(onProgress: (progress: Progress) => void): Promise<PlannedLine[]>;
  /** Plans everything. */
  withRules(): Promise<PlannedLine[]>;
};

/** Plans each change on top of those before it: the second change finds a group that the first one creates. */
export function createPlanner(ports: PlanPorts, submitted: PlannedTicket, signal: AbortSignal): Planner {
  const views = new Map<string, ZpaOverlay>();
  const zpaOf = (tenant: string): ZpaOverlay => {
    const view = views.get(tenant) ?? createZpaOverlay(ports.zpaOf(tenant), listingsFor(submitted.changes, tenant));
    views.set(tenant, view);
    return view;
  };

  async function planAll(rules: 'later' | 'now', onProgress: (progress: Progress) => void): Promise<PlannedLine[]> {
    for (const view of views.values()) view.reset();
    const lines: PlannedLine[] = [];
    for (const change of submitted.changes) {
      const planning = { ports, submitted, signal, zpaOf, rules };
      const line = withoutForeignName(planning, await planLine(planning, change));
      lines.push(line);
      if (line.kind === 'planned' && line.planned.decision.kind === 'write') {
        zpaOf(change.tenant).assume(line.planned.decision.transitions);
      }
      onProgress({ lines: [...lines], total: submitted.changes.length });
    }
    return lines;
  }

  return {
    withoutRules: (onProgress) => planAll('later', onProgress),
    withRules: () => planAll('now', () => undefined),
  };
}

function listingsFor(changes: readonly ChangeRequest[], tenant: string): FullListings {
  const here = changes.filter((change) => change.tenant === tenant);
  const names = (list: object[]) => new Set(list.map((one) => JSON.stringify(one))).size;
  const groups = here.flatMap((change) => [change.group, destinationOf(change) ?? change.group]);
  return {
    groups: names(groups) > LIST_ABOVE,
    applications: names(here.flatMap((change) => applicationsToRead(change))) > LIST_ABOVE,
  };
}

type LinePlanning = {
  ports: PlanPorts;
  submitted: PlannedTicket;
  signal: AbortSignal;
  zpaOf: (tenant: string) => ZpaOverlay;
  rules: 'later' | 'now';
};

/** By an id, a ticket of this source could learn the name of any group. */
function withoutForeignName({ ports, submitted }: LinePlanning, line: PlannedLine): PlannedLine {
  const group = groupFound(line);
  const source = lookup(ports.configuration.sources, submitted.source);
  if (group?.kind !== 'found' || (source !== undefined && coversGroup(source, line.change, group.value.name)))
    return line;
  return { ...line, isForeign: true };
}

async function planLine(planning: LinePlanning, change: ChangeRequest): Promise<PlannedLine> {
  const { ports, signal } = planning;
  const tenant = lookup(ports.configuration.tenants, change.tenant);
  const retry = { clock: ports.clock, signal, pausesMs: ports.timing.pausesMs };
  try {
    if (planning.rules === 'later' && tenant !== undefined && needsRules(tenant, change)) {
      return await retryRead(retry, () => lookUp(planning, change));
    }
    const planned = await retryRead(retry, () => planForSource(planningOf(planning, change.tenant), change));
    return await describe(planning, change, planned, tenant);
  } catch (error) {
    return { change, kind: 'unread', failure: readFailure(error, signal) };
  }
}

/** True if a decision without the rules would be wrong. */
const needsRules = (tenant: TenantConfiguration, change: ChangeRequest) =>
  change.action === 'delete' || reachNeed(tenant, change).kind === 'required';

async function lookUp({ ports, zpaOf, signal }: LinePlanning, change: ChangeRequest): Promise<PlannedLine> {
  const microtenantId = microtenantIdOf(ports.configuration, change);
  const scope = { signal, ...(microtenantId !== undefined && { microtenantId }) };
  const [first, ...others] = await candidateGroups(zpaOf(change.tenant), change.group, scope);
  if (first === undefined) return { change, kind: 'looked-up', group: { kind: 'missing' } };
  if (others.length === 0) return { change, kind: 'looked-up', group: { kind: 'found', value: first } };
  return { change, kind: 'looked-up', group: { kind: 'ambiguous', candidates: [first, ...others] } };
}

async function candidateGroups(zpa: ZpaOverlay, group: Reference, scope: Parameters<ZpaOverlay['findGroups']>[1]) {
  if ('name' in group) return zpa.findGroups(group.name, scope);
  try {
    return [await zpa.getGroup(group.id, scope)];
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'not-found') return [];
    throw error;
  }
}

const LATER = { status: 'unread', reason: 'the policy rules are being read' } as const;

/** Guards become notes before approval, so the plan shows the write that follows once they are satisfied. */
function planningOf({ ports, submitted, signal, zpaOf, rules }: LinePlanning, tenant: string): SourcePlanning {
  const { configuration, clock, ruleReadings } = ports;
  return {
    configuration: applyingEverywhere(configuration),
    source: submitted.source,
    zpaOf,
    clock,
    signal,
    ticket: { ...submitted.ticket, approvals: TWO_APPROVALS },
    rules: async (zpa, lane, scope, need, isNeeded) =>
      rules === 'later' ? LATER : ruleReadings.read(zpa, { lane, tenant }, need, scope, isNeeded),
    allRules: (zpa, lane, microtenantIds, isEnough) =>
      ruleReadings.readAll(zpa, { lane, id: 'plans' }, { microtenantIds, signal, isEnough }),
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

async function describe(
  planning: LinePlanning,
  change: ChangeRequest,
  planned: PlannedForSource,
  tenant: TenantConfiguration | undefined,
): Promise<PlannedLine> {
  const { live, decision } = planned;
  const { ports, submitted } = planning;
  const readLive = (lost: LostName) =>
    readLiveCatalog({ ...ports, zpa: planning.zpaOf(change.tenant) }, lost, planning.signal);
  const from = { ...ports, readLive };
  const nearest = live === undefined ? [] : await suggestNames(from, submitted.source, { change, live, decision });
  const microtenantId = microtenantIdOf(ports.configuration, change);
  if (live === undefined || tenant === undefined || microtenantId === undefined) {
    return { change, kind: 'planned', planned, awaitsReach: false, notes: [], nearest };
  }
  const transitions = decision.kind === 'write' ? decision.transitions : [];
  return {
    change,
    kind: 'planned',
    planned,
    binding: bindPlan({ change, live, decision }, reachNeed(tenant, change, live.group.kind === 'missing'), {
      lane: laneName(tenant),
      microtenantId,
    }),
    awaitsReach: planning.rules === 'later' && altersReach(transitions),
    notes: notesOf(submitted, change, planned, tenant),
    nearest,
  };
}

/** The effects of the tenant's mode and guards on an approval of the ticket as it is. */
function notesOf(
  { ticket }: PlannedTicket,
  change: ChangeRequest,
  planned: PlannedForSource,
  tenant: TenantConfiguration,
) {
  const { live, decision } = planned;
  const isAccept = change.action === 'accept' && decision.kind === 'unchanged';
  if (live === undefined || !(decision.kind === 'write' || isAccept)) return [];
  const guarded = guardedDecision(decision, change, live, {
    tenant: { ...tenant, mode: 'apply' },
    ticket: { ...ticket, approvals: [] },
    reading: live.reading,
  });
  return [
    ...(guarded.kind === 'rejected' ? [guarded.sentence] : []),
    ...(tenant.mode === 'plan-only' && !isAccept
      ? ['this tenant is in plan-only mode: an approved change is not applied']
      : []),
    ...(tenant.mode === 'paused' ? ['this tenant is paused: an approved change waits'] : []),
  ];
}
