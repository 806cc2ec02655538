import { randomUUID } from 'node:crypto';
import { createSeenListStore } from '../../../../shared/aws/ledger/seen-lists.ts';
import {
  type Configuration,
  secretNames,
  type TenantConfiguration,
} from '../../../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import type { Application, SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { laneName } from '../../../../shared/domain/lane/change-ref.ts';
import { READS_PER_SIDE } from '../../../../shared/domain/ledger/shared-read-budget.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import type { RateLimiter, Zpa } from '../../../../shared/ports/ports.ts';
import { retryRead } from '../../../../shared/reading/retry-read.ts';
import { createZpaPool, type ZpaPool } from '../../../../shared/zpa/api/pool.ts';
import { createBudgetLimiter } from '../../../../shared/zpa/budget-limiter.ts';
import { createZpa } from '../../../../shared/zpa/client.ts';
import type { Finding, NamedFinding } from '../../checks/finding.ts';
import { couldNotCheck, skipped, unknown, wrong } from '../../checks/finding.ts';
import { checkReads } from '../../checks/tenants.ts';
import { heldBack } from '../../probe/held-back.ts';
import { patientZpa } from '../../probe/patient-zpa.ts';
import { probeMembership } from '../../probe/probe-membership.ts';
import { type Survey, surveyTenant, throwawayNames } from '../../probe/survey-tenant.ts';
import type { Scope } from '../../probe/throwaway-groups.ts';
import { chooseTenant } from '../../session/choose.ts';
import type { BareContext } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import { environmentOf } from '../../session/settings.ts';

/** Writes of a probe per rate window: the worker has the customer's ten, and must not miss many of them. */
const WRITES = 2;

/** Tries on two throwaway groups what a tenant honours, after a yes. Rejects if nobody can be asked. */
export async function probeTenant(
  context: BareContext,
  session: OpsSession,
  { name, yes }: { name: string; yes: boolean },
): Promise<NamedFinding[]> {
  const tenant = chooseTenant(session.configuration, name);
  const settings = settingsOf(session.configuration, tenant);
  const findHeld = () => whyHeld(session, tenant, settings);
  const held = await findHeld();
  if (held !== undefined) return [{ check: 'probe', ...held }];
  const pool = createZpaPool({ clock: session.clock });
  try {
    const limits = { reads: READS_PER_SIDE, writes: WRITES, windowMs: session.timing.budgetWindowMs };
    // Both credentials are of one customer, and share its budget.
    const shared = { tenant, pool, limiter: createBudgetLimiter({ limits, clock: session.clock }) };
    const zpa = openClient(context, session, { ...shared, right: 'write' });
    const reader = openClient(context, session, { ...shared, right: 'read' });
    const [only, ...others] = Object.values(settings.microtenants);
    const scope = only === undefined || others.length > 0 ? {} : { microtenantId: only };
    const found = await askAndProbe(context, session, { tenant, settings, zpa, reader, scope, yes, findHeld });
    return found.map((one) => ({ check: 'probe', ...one }));
  } finally {
    await pool.close();
  }
}

type Subject = {
  tenant: string;
  settings: TenantConfiguration;
  zpa: Zpa;
  reader: Zpa;
  scope: Scope;
  yes: boolean;
  findHeld: () => Promise<Finding | undefined>;
};

async function whyHeld({ ledger, clock }: OpsSession, tenant: string, settings: TenantConfiguration) {
  const held = heldBack(settings, await ledger.readLane(laneName(settings)), clock.now());
  return held === undefined ? undefined : unknown(`not tested: ${held}`, 'Run --probe again afterwards.', tenant);
}

async function askAndProbe({ terminal, signal }: BareContext, session: OpsSession, subject: Subject) {
  const { tenant, zpa, scope } = subject;
  const reads = await checkReads(tenant, 'write', (of) =>
    retryRead({ ...session, signal }, () => zpa.probe({ of, signal })),
  );
  if (reads.result !== 'ok') return [reads];
  let survey: Survey;
  try {
    survey = await retryRead({ ...session, signal }, () => surveyTenant(zpa, { ...scope, signal }));
  } catch (error) {
    return [reads, couldNotCheck(error, [], tenant)];
  }
  const before = [reads, ...survey.left.map((group) => leftBehind(tenant, group))];
  const { free: application } = survey;
  if (application === undefined) return [...before, nothingFree(tenant)];
  const names = throwawayNames(randomUUID().slice(0, 8));
  if (!(await terminal.confirm(questionOf(subject, application, names), subject.yes)))
    return [...before, skipped('not tested: not confirmed', tenant)];
  // An answer may take its time, and somebody may pause the lane meanwhile.
  const held = await subject.findHeld();
  if (held !== undefined) return [...before, held];
  terminal.progress('testing memberships with two temporary groups …');
  const { clock } = session;
  const via = subject.settings.membership;
  const patient = { zpa: patientZpa(zpa, clock), reader: patientZpa(subject.reader, clock) };
  const found = await probeMembership({ ...subject, ...patient, via, application, names, clock, signal });
  return [...before, ...found];
}

function questionOf({ tenant, settings }: Subject, { id, name }: Application, names: readonly string[]): string {
  return (
    `In tenant ${tenant} (customer ${settings.customerId}) this creates the empty, disabled segment groups ` +
    `${names.map((one) => `"${one}"`).join(' and ')}, lets the application segment ${visible(name)} (${id}), which is in ` +
    'no group, join and leave each of them, and deletes both. Go on?'
  );
}

function openClient(
  { findTarget, processContext }: BareContext,
  { configuration, secrets, clock, timing }: OpsSession,
  { tenant, right, pool, limiter }: { tenant: string; right: 'read' | 'write'; pool: ZpaPool; limiter: RateLimiter },
) {
  const target = findTarget();
  const settings = settingsOf(configuration, tenant);
  const name = secretNames.zpa(configuration.name, tenant, right);
  return createZpa({
    tenant: settings,
    readSecret: (how) => secrets.read(name, how),
    limiter,
    clock,
    seenLists: createSeenListStore({
      env: environmentOf(target, processContext.env),
      tableName: target.env.TABLE_NAME,
    }),
    requestTimeoutMs: timing.requestTimeoutMs,
    pool,
  });
}

function settingsOf({ tenants }: Configuration, tenant: string): TenantConfiguration {
  const settings = lookup(tenants, tenant);
  if (settings === undefined) throw new Error('chooseTenant answers configured tenants');
  return settings;
}

const leftBehind = (tenant: string, { name, id }: SegmentGroup) =>
  wrong(
    `the group "${name}" (${id}) of another probe is there`,
    'Delete it in the ZPA admin portal, unless that probe is running now.',
    tenant,
  );

const nothingFree = (tenant: string) =>
  unknown(
    'not tried: every application segment is in a group, and none is taken out of its group for a trial',
    'Create an application segment that nobody uses, without a segment group, or look at the tenant’s first change.',
    tenant,
  );
