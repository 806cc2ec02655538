import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A ticket to try the system with; its delivery, as the webhook takes it, is `local/samples/<name>.json`. */
export type Sample = {
  name: string;
  /** The webhook source that signs and sends it. */
  source: string;
  /** The ticket system's own number. */
  ticket: string;
  title: string;
};

/** In the order in which `npm start` sends them. */
export const SAMPLES: readonly Sample[] = [
  {
    name: 'servicenow-chg0031337',
    source: 'servicenow',
    ticket: 'CHG0031337',
    title: 'Create Management Apps, Web Apps and Remote Access',
  },
  {
    name: 'jira-zpa-42',
    source: 'jira',
    ticket: 'ZPA-42',
    title: 'Rename group 45096653 to Development Apps and enable it',
  },
  {
    name: 'servicenow-chg0031362',
    source: 'servicenow',
    ticket: 'CHG0031362',
    title: 'Five changes that are rejected before anything is written',
  },
  {
    name: 'jira-zpa-57',
    source: 'jira',
    ticket: 'ZPA-57',
    title: 'Delete Development Apps, which is no longer needed',
  },
  {
    name: 'servicenow-chg0031351',
    source: 'servicenow',
    ticket: 'CHG0031351',
    title: 'Add six application segments to Web Apps, one per line',
  },
  { name: 'jira-zpa-66', source: 'jira', ticket: 'ZPA-66', title: 'A group that this source may not change' },
];

const keyed = z.looseObject({ idempotencyKey: z.string() });
const delivery = z.union([
  z.looseObject({ changes: z.array(keyed) }).transform((d) => d.changes),
  keyed.transform((c) => [c]),
]);

/** The changes of a sample: `{"changes": […]}` or one change. */
export async function readSample(name: string): Promise<z.output<typeof keyed>[]> {
  const known = SAMPLES.find((sample) => sample.name === name);
  if (known === undefined) throw new Error(`There is no sample ${name}.`);
  const text = await readFile(new URL(`${known.name}.json`, import.meta.url), 'utf8');
  return delivery.parse(JSON.parse(text));
}

/** The same requests as another ticket would bring them: every key ends in `+<suffix>`. */
export function asNewTicket<Change extends { idempotencyKey: string }>(changes: Change[], suffix: string): Change[] {
  return changes.map((change) => ({ ...change, idempotencyKey: `${change.idempotencyKey}+${suffix}` }));
}
