import { isAccessDenied } from '../../../shared/aws/inspect/inspect-error.ts';
import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import { PROBE_SUBJECTS, type ProbeSubject } from '../../../shared/ports/ports.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { forEachAtOnce } from '../../../shared/runtime/at-once.ts';
import { couldNotCheck, type Finding, messageOf, ok, skipped, unknown, wrong } from './finding.ts';

/** `probe` reads one page of one object with the tenant's read credential. */
export type Tenants = { names: readonly string[]; probe(tenant: string, of: ProbeSubject): Promise<void> };

/** Customers that are asked at once; each keeps within its own budget. */
const AT_ONCE = 8;

const NOUNS: Record<ProbeSubject, string> = {
  groups: 'segment groups',
  applications: 'application segments',
  rules: 'policy rules',
};

/** Checks that each tenant's read credential signs in and may read what plans and drift reports need. */
export async function checkTenants({ names, probe }: Tenants): Promise<Finding[]> {
  const found = new Map<string, Finding[]>();
  await forEachAtOnce(names, AT_ONCE, async (tenant) => {
    found.set(tenant, await checkTenant(tenant, probe));
  });
  return names.flatMap((tenant) => found.get(tenant) ?? []);
}

async function checkTenant(tenant: string, probe: Tenants['probe']): Promise<Finding[]> {
  const found = await checkReads(tenant, 'read', (of) => probe(tenant, of));
  if (found.result !== 'ok') return [found];
  const open = 'write permissions can only be tested with --probe';
  return [found, skipped(open, tenant)];
}

/** Checks what a credential of a tenant may read. */
export async function checkReads(
  tenant: string,
  right: 'read' | 'write',
  probe: (of: ProbeSubject) => Promise<void>,
): Promise<Finding> {
  const refused: ProbeSubject[] = [];
  for (const subject of PROBE_SUBJECTS) {
    try {
      await probe(subject);
    } catch (error) {
      if (isAccessDenied(error)) return couldNotCheck(error, ['secretsmanager:GetSecretValue'], tenant);
      if (!isZpaFault(error)) return unknown(`not checked: ${messageOf(error)}`, 'Check the cause.', tenant);
      if (error.fault.status !== 403) return findingOf(tenant, right, error.fault, error.message);
      refused.push(subject);
    }
  }
  if (refused.length > 0) {
    const nouns = refused.map((subject) => NOUNS[subject]).join(', ');
    const says = `the ${right} credential signs in, but may not read ${nouns}`;
    return wrong(says, 'Give its API client in ZPA read access to them: docs/deploy.md, "The secrets".', tenant);
  }
  return ok(
    `the ${right} credential signs in and may read segment groups, application segments and policy rules`,
    tenant,
  );
}

function findingOf(tenant: string, right: 'read' | 'write', { code }: ZpaFault, message: string): Finding {
  switch (code) {
    case 'secret-missing':
    case 'secret-malformed':
    case 'secret-unreadable':
      return unknown(`not checked: ${message}`, 'See the result for its secret.', tenant);
    case 'sign-in-refused':
      return wrong(
        `ZPA rejects the ${right} credential: ${message}`,
        'Check cloud, vanity and auth in the settings, and that the API client exists in ZPA.',
        tenant,
      );
    case 'oneapi-only':
      return wrong(message, 'Set "auth": "oneapi" and "vanity", and use an API client of ZIdentity.', tenant);
    case 'no-such-route':
      return wrong(message, 'Check cloud and customerId in the settings.', tenant);
    default:
      return unknown(`not checked: ${message}`, 'Check that ZPA is reachable, and try again.', tenant);
  }
}
