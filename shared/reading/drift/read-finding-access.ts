import { accessOf, type DriftedLane, transitionsOfFindings } from '../../domain/drift/access-of-findings.ts';
import { isMove } from '../../domain/drift/drift.ts';
import type { Access, Finding } from '../../domain/drift/report.ts';
import { joinRules, type RuleReading } from '../../domain/group/policy-rule.ts';
import { altersReach, type ReachTransition } from '../../domain/reach/reach.ts';
import type { Zpa } from '../../ports/ports.ts';
import { type RetryOptions, readFailure, retryRead } from '../retry-read.ts';
import { DEFAULT_MICROTENANT } from '../rules/scan-bound.ts';

/** `zpaOf`: a tenant's read-only client, its calls limited to the budget of reports. */
export type AccessPorts = RetryOptions & { zpaOf: (tenant: string) => Zpa };

/** Only findings that a change is at work on have no reading. */
const NOT_READ: RuleReading = {
  status: 'unread',
  reason: 'a change to it is in progress, and no rules were read for that',
};

/** A rule holds in its microtenant, so a group that lives elsewhere gains and loses rules that no transition compares. */
const MOVED: Access = { read: 'not-read', reason: 'the group is in another microtenant, where other rules hold' };

/**
 * The findings with the policy rules that each affects. The rules of a microtenant are read at most once, and only if a
 * finding that no change is at work on alters access: a scan is at least 14 reads, and the Default microtenant's is always
 * part of it. A failed read makes the access of its findings `not-read`; this never rejects because of ZPA.
 */
export async function readFindingAccess(
  ports: AccessPorts,
  findings: readonly Finding[],
  lane: DriftedLane,
): Promise<Finding[]> {
  const transitionsOf = transitionsOfFindings(lane);
  const altering = new Map<Finding, ReachTransition[]>();
  for (const finding of findings) {
    const transitions = transitionsOf(finding);
    if (altersReach(transitions)) altering.set(finding, transitions);
  }
  const readings = await readScopes(
    ports,
    [...altering.keys()].filter(({ state }) => state !== 'in-flight'),
  );
  const rules = new Map(
    [...new Set(findings.map(({ group }) => group.microtenantId))].map((id) => [id, rulesIn(id, readings)]),
  );
  return findings.map((finding) => ({
    ...finding,
    access: isMove(finding)
      ? MOVED
      : accessOf(altering.get(finding) ?? [], rules.get(finding.group.microtenantId) ?? NOT_READ),
  }));
}

type Readings = ReadonlyMap<string, RuleReading>;

/** Rules of the Default microtenant hold everywhere. */
function rulesIn(microtenantId: string, readings: Readings): RuleReading {
  const all = [...new Set([DEFAULT_MICROTENANT, microtenantId])].map((id) => readings.get(id) ?? NOT_READ);
  const failed = all.find(({ status }) => status === 'unread');
  return failed ?? { status: 'read', ...joinRules(all.flatMap((one) => (one.status === 'read' ? [one] : []))) };
}

async function readScopes(ports: AccessPorts, findings: readonly Finding[]): Promise<Readings> {
  const readings = new Map<string, RuleReading>();
  if (findings.length === 0) return readings;
  const all = new Set(findings.map(({ group }) => group.tenant));
  const tenants = new Map<string, Set<string>>();
  for (const { group } of findings) {
    tenants.set(group.microtenantId, (tenants.get(group.microtenantId) ?? new Set()).add(group.tenant));
  }
  tenants.set(DEFAULT_MICROTENANT, new Set([...(tenants.get(DEFAULT_MICROTENANT) ?? []), ...all]));
  for (const [microtenantId, of] of tenants)
    readings.set(microtenantId, await readScope(ports, microtenantId, [...of]));
  return readings;
}

/** Tries the tenants of a customer one after the other: the credential of one may not read rules. */
async function readScope(ports: AccessPorts, microtenantId: string, tenants: readonly string[]): Promise<RuleReading> {
  let failed: RuleReading | undefined;
  for (const tenant of tenants) {
    const asOf = ports.clock.now();
    try {
      const read = () => ports.zpaOf(tenant).listRules({ microtenantId, signal: ports.signal });
      return { status: 'read', ...(await retryRead(ports, read)), asOf };
    } catch (error) {
      const { code, reason } = readFailure(error, ports.signal);
      failed ??= { status: 'unread', reason: `the policy rules could not be read (${code}): ${reason}` };
    }
  }
  return failed ?? NOT_READ;
}
