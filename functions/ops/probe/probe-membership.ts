import type { Application, SegmentGroup } from '../../../shared/domain/group/group.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import type { Clock, Zpa } from '../../../shared/ports/ports.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { type Finding, messageOf, ok, unknown, wrong } from '../checks/finding.ts';
import { untilSent } from './patient-zpa.ts';
import { isFree } from './survey-tenant.ts';
import {
  createThrowaway,
  type Made,
  PAUSES_MS,
  type ProbedZpa,
  removeThrowaways,
  type Scope,
  type Via,
  writeMembership,
} from './throwaway-groups.ts';

export type Probe = {
  tenant: string;
  zpa: ProbedZpa;
  /** With the tenant's read credential, which must not be able to write. */
  reader: Pick<Zpa, 'write'>;
  via: Via;
  /** In no group when it was surveyed. */
  application: Application;
  /** Unique names of the two groups. */
  names: readonly [string, string];
  scope: Scope;
  clock: Clock;
  signal: AbortSignal;
};

/**
 * Tries on two groups of its own whether the tenant takes memberships in the way of its settings: the application joins
 * the first, leaves it, joins the second and leaves it, as a move does. Both groups are deleted whatever happens, also
 * if the person interrupts. Never rejects.
 */
export async function probeMembership(probe: Probe): Promise<Finding[]> {
  const { zpa, scope, clock } = probe;
  const made: Made = new Map();
  const found = await tryMemberships(probe, made).catch((error: unknown) => [failed(probe, error)]);
  return [...found, ...(await removeThrowaways(zpa, { made, scope, clock }))];
}

async function tryMemberships(probe: Probe, made: Made): Promise<Finding[]> {
  const { tenant, zpa, via, names, scope, signal } = probe;
  const first = await createThrowaway(zpa, names[0], { made, scope });
  signal.throwIfAborted();
  const second = await createThrowaway(zpa, names[1], { made, scope });
  const rights = await checkReader(probe, first);
  for (const groupId of [first, second]) {
    for (const step of ['joins', 'leaves'] as const) {
      signal.throwIfAborted();
      const fault = await tryStep(probe, { groupId, ours: [first, second] }, step);
      if (fault !== undefined) return [fault, rights];
    }
  }
  return [
    ok(`takes memberships through ${via}, as its settings say; the write credential may write groups`, tenant),
    rights,
  ];
}

/** One write and looks at it. undefined: it is in effect. */
async function tryStep(
  probe: Probe,
  { groupId, ours }: { groupId: string; ours: readonly string[] },
  step: 'joins' | 'leaves',
): Promise<Finding | undefined> {
  const { tenant, zpa, via, application, scope, clock } = probe;
  const mark = `Application ${step}.`;
  const isReady = (group: SegmentGroup) => group.applicationIds.includes(application.id) !== (step === 'joins');
  const before = await look(probe, groupId, isReady);
  if (!isReady(before)) return movedMeanwhile(probe);
  if (step === 'leaves') await writeMembership(zpa, before, { via, mark, deleted: [application.id] });
  else if (!(await join(probe, before, { ours, mark }))) return movedMeanwhile(probe);
  let group: SegmentGroup = before;
  for (const pauseMs of [0, ...PAUSES_MS]) {
    await clock.sleep(pauseMs);
    group = await zpa.getGroup(groupId, scope);
    if (group.applicationIds.includes(application.id) === (step === 'joins')) return undefined;
  }
  if (group.description.endsWith(mark)) {
    const says = `ignores memberships through ${via}: of a write that succeeded, the description is in effect, and not that an application ${step}`;
    return wrong(says, remedyFor(tenant, via), tenant);
  }
  const says = `not checked: ZPA showed nothing of a write within ${Math.round(sum(PAUSES_MS) / 1000)} seconds`;
  return unknown(says, 'Try again.', tenant);
}

/**
 * Joining takes an application out of any other group. So it is read again as late as the worker reads what it decides
 * on, and once more if its write had to wait. false: somebody put it into a group.
 */
function join(
  { zpa, via, application, scope, clock, signal }: Probe,
  before: SegmentGroup,
  { ours, mark }: { ours: readonly string[]; mark: string },
): Promise<boolean> {
  return untilSent(clock, signal, async () => {
    if (!(await isFree(zpa, application, { scope: { ...scope, signal }, ours }))) return false;
    signal.throwIfAborted();
    const sendBefore = clock.now() + TIMING.sendWithinMs;
    await writeMembership(zpa, before, { via, mark, added: [application.id], sendBefore });
    return true;
  });
}

const movedMeanwhile = ({ tenant, application: { name, id } }: Probe) =>
  unknown(
    `not checked: somebody moved the application segment ${visible(name)} (${id}) meanwhile`,
    'Try again.',
    tenant,
  );

/** Reads the group until it shows the state before the step, because a replica may lag behind the step before. */
async function look(
  { zpa, scope, clock }: Probe,
  groupId: string,
  isReady: (group: SegmentGroup) => boolean,
): Promise<SegmentGroup> {
  let group = await zpa.getGroup(groupId, scope);
  for (const pauseMs of PAUSES_MS) {
    if (isReady(group)) break;
    await clock.sleep(pauseMs);
    group = await zpa.getGroup(groupId, scope);
  }
  return group;
}

/** The read credential tries to write the description of our own group. */
async function checkReader({ tenant, zpa, reader, via, scope }: Probe, groupId: string): Promise<Finding> {
  try {
    await writeMembership(reader, await zpa.getGroup(groupId, scope), { via, mark: 'Written by the read credential.' });
  } catch (error) {
    if (isZpaFault(error) && error.fault.status === 403)
      return ok('the read credential may not write, as it should be', tenant);
    return unknown(`not checked whether the read credential may write: ${messageOf(error)}`, 'Try again.', tenant);
  }
  const remedy = 'Give its API client in ZPA a role that may only read: docs/deploy.md, "The secrets".';
  return wrong('the read credential is too wide: it may write segment groups', remedy, tenant);
}

function failed({ tenant, via }: Probe, error: unknown): Finding {
  if (!isZpaFault(error)) return unknown(`not checked: ${messageOf(error)}`, 'Try again.', tenant);
  const { code, status } = error.fault;
  if (code === 'no-such-route')
    return wrong(`has no ${via} of the API for memberships: ${error.message}`, remedyFor(tenant, via), tenant);
  if (status === 403) {
    const remedy = 'Give its API client in ZPA write access to segment groups: docs/deploy.md, "The secrets".';
    return wrong(`the write credential is too narrow: ${error.message}`, remedy, tenant);
  }
  return unknown(`not checked: ${error.message}`, 'Check the cause, and try again.', tenant);
}

const remedyFor = (tenant: string, via: Via) =>
  `Set tenants.${tenant}.membership to "${via === 'v2' ? 'v1' : 'v2'}", push the settings, and probe again.`;

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
