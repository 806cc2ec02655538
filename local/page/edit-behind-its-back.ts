import type { World } from '../world/world.ts';

type Tenant = World['simulator']['store'];

/** An edit in ZPA's console of the groups that the sample ticket CHG0031337 makes, once they are there. */
type ConsoleEdit = { says: string; group: string; edit(tenant: Tenant): void };

const EDITS: readonly ConsoleEdit[] = [
  {
    says: 'the description of Management Apps',
    group: 'Management Apps',
    edit: (tenant) => tenant.editGroup('Management Apps', { description: 'Edited in the console' }),
  },
  {
    says: 'Remote Access, which is disabled now',
    group: 'Remote Access',
    edit: (tenant) => tenant.editGroup('Remote Access', { enabled: false }),
  },
  {
    says: 'VNC Consoles, which is in Web Apps now',
    group: 'Web Apps',
    edit: (tenant) => tenant.moveApplication('VNC Consoles', 'Web Apps'),
  },
];

/** The group that nobody asked for by a ticket. */
const NEW_GROUP = 'Web Shop';

/** Does in ZPA's console, without a ticket, what the drift report then tells. Answers a sentence about it. */
export function editBehindItsBack(tenant: Tenant): string {
  const possible = EDITS.filter(({ group }) => tenant.group(group) !== undefined);
  if (possible.length < EDITS.length) return 'Send CHG0031337 first: it makes the groups that are edited then.';
  for (const { edit } of possible) edit(tenant);
  if (tenant.group(NEW_GROUP) === undefined)
    tenant.createGroup({ name: NEW_GROUP, applications: ['Unassigned Printer'] });
  return `In ZPA's console, without a ticket: ${possible.map(({ says }) => says).join('; ')}; and a new group, ${NEW_GROUP}.`;
}
