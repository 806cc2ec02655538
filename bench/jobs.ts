import { CUSTOMER, LOCAL_SEED } from '../local/world/configuration/seed.ts';
import type { SeedInput } from '../local/zpa-simulator/tenant/seed.ts';
import type { Delivered } from './deliver-all.ts';

/** One piece of work in ZPA, whichever client does it. */
export type Job = {
  name: string;
  groups: { id: string; name: string; description: string }[];
  applications: { id: string; name: string }[];
  steps: Step[];
};
export type Step = { groupId: string; description: string } | { groupId: string; applicationId: string };

const groupId = (index: number) => String(216196257331400000n + BigInt(index));
const applicationId = (index: number) => String(216196257331500000n + BigInt(index));

const groupsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: groupId(index), name: `Bench ${index}`, description: 'before' }));
const applicationsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: applicationId(index), name: `Bench ${index}` }));

/** A new description for each of so many groups: nothing that could be put together. */
export function updatesJob(count: number): Job {
  const groups = groupsOf(count);
  const steps = groups.map(({ id }) => ({ groupId: id, description: 'after' }));
  return { name: `${count} updates of ${count} groups`, groups, applications: [], steps };
}

export type Order = 'in runs' | 'round-robin';

/**
 * An application into one of five groups with each change: a fifth to the first, then a fifth to the second …, or in
 * turn.
 */
export function addsJob(count: number, order: Order): Job {
  const groups = groupsOf(5);
  const applications = applicationsOf(count);
  const run = Math.ceil(count / groups.length);
  const steps = applications.map(({ id }, index) => ({
    groupId: groupId(order === 'in runs' ? Math.floor(index / run) : index % groups.length),
    applicationId: id,
  }));
  return { name: `${count} adds to ${groups.length} groups, ${order}`, groups, applications, steps };
}

/** A tenant with the job's objects and nothing else. */
export function seedFor({ groups, applications }: Job): SeedInput {
  const { credentials } = LOCAL_SEED;
  return { ...(credentials && { credentials }), customerId: CUSTOMER, groups, applications, rules: [] };
}

export type Reference = 'by id' | 'by name';

/** The job as changes, in its order. `key` separates the changes of one run from those of another. */
export function changesOf(job: Job, key: string, reference: Reference = 'by id'): Delivered[] {
  const names = new Map(job.groups.map(({ id, name }) => [id, name]));
  return job.steps.map((step, index) => ({
    schemaVersion: 1,
    tenant: 'acme-prod',
    idempotencyKey: `${key}-${index}@1`,
    action: 'update',
    group: reference === 'by id' ? { id: step.groupId } : { name: names.get(step.groupId) },
    ...('applicationId' in step
      ? { applications: { add: [{ id: step.applicationId }] } }
      : { set: { description: step.description } }),
  }));
}

/** Round robin: the first step to the first process, the second to the second … */
export const dealt = <T>(all: readonly T[], hands: number): T[][] =>
  Array.from({ length: hands }, (_, hand) => all.filter((_one, index) => index % hands === hand));
