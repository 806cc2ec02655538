import type { TenantConfiguration } from '../../../shared/domain/configuration/configuration.ts';
import { decide } from '../../../shared/domain/decide/decide.ts';
import { permitFor } from '../../../shared/domain/decide/permit.ts';
import type { LiveView } from '../../../shared/domain/group/live-view.ts';
import type { RuleReading } from '../../../shared/domain/group/policy-rule.ts';
import { withOwed } from '../../../shared/domain/ledger/desired.ts';
import { decisionAltersReach } from '../../../shared/domain/reach/alters-reach.ts';
import { type ReachNeed, reachNeed } from '../../../shared/domain/reach/reach-need.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../../shared/domain/records/desired-group.ts';
import { readLive } from '../../../shared/reading/read-live.ts';
import type { IsNeeded } from '../../../shared/reading/read-rules.ts';
import { requireReachInTime } from '../../../shared/reading/rules-in-time.ts';
import { tenantNamed } from '../lane/tenant-named.ts';
import { approvedBefore, soughtBefore } from '../rules/approved-before.ts';
import { rulesForDeletion, type StepContext } from '../settle/step-context.ts';

/** The pause before a name that was not found is looked up again: five seconds, as a share of the quiet period. */
const SECOND_LOOK_SHARE = 5 / 60;

/** Reads the live state that the step is decided on. Rejects as the `Zpa` port does. */
export function readStep(context: StepContext): Promise<LiveView> {
  const { ports, session, tenant, zpa, records, scope, listNames } = context;
  const { microtenantId, signal } = scope;
  const changes = records.map(({ change }) => change);
  return readLive(zpa, changes, {
    ...scope,
    clock: ports.clock,
    beforeSecondLook: () => ports.clock.sleep(ports.timing.quietPeriodMs * SECOND_LOOK_SHARE, signal),
    rules: (isNew, isNeeded) => readRules(context, isNew, isNeeded),
    altersReach: (live) =>
      records.some(({ change, ref }) => {
        const permit = permitFor(ports.configuration, ref.source, change);
        return decisionAltersReach(decide(change, live, microtenantId, permit));
      }),
    approvedBefore: async (change) => {
      const { desired, unreadable } = await readDesired(context);
      return approvedBefore(change, desired, unreadable);
    },
    soughtBefore: async () => {
      const { desired, unreadable } = await readDesired(context);
      return soughtBefore(changes, microtenantId, desired, unreadable);
    },
    knownId: (name) => session.groupNames.idOf(zpa, { tenant, name }, scope, listNames),
    allRules: rulesForDeletion(context),
    beforeGroup: (calls) => session.waitForBudget(signal, calls),
  });
}

/** The desired states, with what settled changes still owe them. */
async function readDesired({ ports, session }: StepContext) {
  const unreadable: string[] = [];
  const stored: DesiredGroup[] = [];
  for await (const one of ports.ledger.listDesired(session.lane().lane, ({ groupId }) => unreadable.push(groupId)))
    stored.push(one);
  return { desired: withOwed(stored, session.backlog.owing()), unreadable };
}

/** Policy rules are read as far as the changes of the step need them. */
async function readRules(context: StepContext, isNew: boolean, isNeeded: IsNeeded | undefined): Promise<RuleReading> {
  const { ports, session, tenant, zpa, records, scope } = context;
  const configured = tenantNamed(ports, tenant);
  // Changes of one step alter memberships of one group, so that they differ in this alone: whether rules are required.
  const needs = records.map((record) => needOf(configured, record, isNew));
  const need = needs.reduce((one, other) => (other.kind === 'required' ? other : one));
  const { lane } = session.lane();
  // Asked before any rule is read: a change that needs none does not end for want of them.
  const isNeededInTime = async () => {
    if (isNeeded !== undefined && !(await isNeeded())) return false;
    if (need.kind === 'required') requireReachInTime(ports.configuration, lane, ports.timing, scope.microtenantId);
    return true;
  };
  return ports.ruleReadings.read(zpa, { lane, tenant }, need, scope, isNeededInTime);
}

/** An approved plan that states effects on access can only be checked against policy rules that were read. */
const needOf = (tenant: TenantConfiguration, { change, plan }: ChangeRecord, isNew: boolean): ReachNeed =>
  plan === undefined || plan.exposes === null ? reachNeed(tenant, change, isNew) : { kind: 'required' };
