import { localConfiguration } from '../local/world/configuration/local-configuration.ts';
import { LOCAL_SEED } from '../local/world/configuration/seed.ts';
import type { SeedInput } from '../local/zpa-simulator/tenant/seed.ts';
import { type Configuration, configurationSchema } from '../shared/domain/configuration/configuration.ts';
import { type Lane, laneName } from '../shared/domain/lane/change-ref.ts';
import type { DesiredGroup } from '../shared/domain/records/desired-group.ts';

/** A tenant of which tickets stated every group whole, and twenty edits without a ticket. */
export type DriftJob = { tenant: string; customerId: string; groups: number; applications: number; rules: number };

const numbers = (count: number) => Array.from({ length: count }, (_, nth) => nth);
const groupId = (nth: number) => String(316196257330000000n + BigInt(nth));
const applicationId = (nth: number) => String(416196257330000000n + BigInt(nth));
const ruleId = (nth: number) => String(516196257330000000n + BigInt(nth));

const approvedMembers = ({ groups, applications }: DriftJob, nth: number) =>
  numbers(applications).filter((one) => one % groups === nth);
const described = (nth: number) => `Applications of department ${nth} & partners`;

/** Each kind of edit is made to so many groups: 5 + 5 + 4 + 4 + 2 findings. */
const MOVES = 5;
const LEAVES = 10;
const DISABLED = 14;
const DESCRIBED = 18;
const RENAMED = 20;
export const FINDINGS = RENAMED;

export function driftConfiguration(jobs: readonly DriftJob[], endpoint: string): Configuration {
  const plain = localConfiguration(endpoint);
  const { ops } = plain.sources;
  const names = jobs.map(({ tenant }) => tenant);
  const grants = [{ tenants: names, actions: ['update'], groups: ['*'], applications: ['*'] }];
  const tenants = jobs.map(({ tenant, customerId }) => [tenant, { vanity: 'simulator', endpoint, customerId }]);
  return configurationSchema.parse({
    ...plain,
    tenants: Object.fromEntries(tenants),
    sources: { ops: { ...ops, grants } },
  });
}

export function driftLane({ tenants }: Configuration, { tenant }: DriftJob): Lane {
  const configured = tenants[tenant];
  if (configured === undefined) throw new Error(`${tenant} is configured`);
  return laneName(configured);
}

/** Tickets approved every group with its name, description, state and all of its members. */
export function approvedGroups(job: DriftJob, lane: Lane): DesiredGroup[] {
  return numbers(job.groups).map((nth) => {
    const approved = <T>(value: T) => ({ value, sequence: 1, key: `CHG${nth}` });
    return {
      ...{ version: 0, lane, tenant: job.tenant, microtenantId: '0', groupId: groupId(nth), complete: 1 },
      ...{ name: approved(`Group ${nth}`), description: approved(described(nth)), enabled: approved(true) },
      members: Object.fromEntries(
        approvedMembers(job, nth).map((one) => [applicationId(one), [1, 1] as [0 | 1, number]]),
      ),
      last: { key: `CHG${nth}`, source: 'ops', ticket: `CHG${nth}`, at: Date.UTC(2026, 10, 1), sequence: 1 },
    };
  });
}

/**
 * The tenant as it lives: one application of each of the first groups moved to the last group or left, others were
 * edited.
 */
function liveTenant(job: DriftJob) {
  const { groups, applications, rules } = job;
  const first = (nth: number) => approvedMembers(job, nth)[0] ?? Number.NaN;
  const movedTo = new Map(numbers(MOVES).map((nth) => [first(nth), groups - 1]));
  const left = new Set(numbers(LEAVES).slice(MOVES).map(first));
  const membersNow = (nth: number) =>
    numbers(applications).filter((one) => !left.has(one) && (movedTo.get(one) ?? one % groups) === nth);
  return {
    groups: numbers(groups).map((nth) => ({
      id: groupId(nth),
      name: nth >= DESCRIBED && nth < RENAMED ? `Renamed ${nth}` : `Group ${nth}`,
      description: nth >= DISABLED && nth < DESCRIBED ? 'Edited in the console' : described(nth),
      enabled: !(nth >= LEAVES && nth < DISABLED),
      applications: membersNow(nth).map(applicationId),
    })),
    applications: numbers(applications).map((nth) => ({
      id: applicationId(nth),
      name: `app-${nth}.acme.example`,
      domainNames: [`app-${nth}.acme.example`],
      tcpPortRanges: ['443', '443'],
    })),
    rules: numbers(rules).map((nth) => ({
      id: ruleId(nth),
      name: `Rule ${nth}`,
      conditions: [{ operands: [{ objectType: 'APP_GROUP', lhs: 'id', rhs: groupId(nth % groups) }] }],
    })),
  };
}

export function driftSeed(jobs: readonly DriftJob[]): SeedInput {
  const { credentials } = LOCAL_SEED;
  const customers = jobs.map((job) => [job.customerId, liveTenant(job)]);
  return { ...(credentials && { credentials }), customers: Object.fromEntries(customers) };
}
