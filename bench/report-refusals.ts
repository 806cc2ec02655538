import { readChanges } from '../shared/accept/changes/read-changes.ts';
import { configurationSchema } from '../shared/domain/configuration/configuration.ts';
import { schemeOf } from '../shared/domain/source/schemes.ts';
import { parseStrictJson } from '../shared/domain/text/strict-json.ts';
import { printTable, round } from './print-table.ts';

const { sources, ...configuration } = configurationSchema.parse({
  name: 'bench',
  tenants: { prod: { customerId: '216196257331281920', vanity: 'acme' } },
  sources: { hooks: { system: 'hooks' } },
});

/** The references of a hundred changes with 900 each: the signed bodies that cost most to refuse. */
const BODIES: Record<string, (index: number) => string> = {
  'an id as a number': () => '{"id":1}',
  'no field': () => '{}',
  'an unknown field': () => '{"x":1}',
  'a number': () => '1',
  'the same one': () => '{"id":"1"}',
  'half of them wrong': (index) => (index % 2 === 0 ? '{}' : `{"id":"${index}"}`),
};

/** CPU of refusing a delivery: proof, JSON, contract. The first of all bodies of a process, then the median. */
export function reportRefusals({ times }: { times: number }) {
  const measured = Object.entries(BODIES).map(([references, toText]) => {
    const body = bodyOf(toText);
    const costs = Array.from({ length: times }, () => costOf(body));
    const median = costs.toSorted((one, other) => one - other)[Math.floor(times / 2)] ?? 0;
    return { references, bytes: body.length, first: costs[0] ?? 0, median };
  });
  printTable(
    ['100 changes × 900 references', 'bytes', 'first, CPU ms', 'median, CPU ms'],
    measured.map(({ references, bytes, first, median }) => [references, String(bytes), round(first), round(median)]),
  );
  return { times, refusals: measured };
}

function bodyOf(toText: (index: number) => string): string {
  const references = Array.from({ length: 900 }, (_, index) => toText(index)).join(',');
  const change = (key: number) =>
    `{"schemaVersion":1,"tenant":"prod","action":"update","idempotencyKey":"k${key}","group":{"id":"1"},"applications":{"add":[${references}]}}`;
  return `{"changes":[${Array.from({ length: 100 }, (_, key) => change(key)).join(',')}]}`;
}

function costOf(body: string): number {
  const { hooks } = sources;
  if (hooks === undefined) throw new Error('the source is configured above');
  const scheme = schemeOf(hooks.scheme);
  const secret = scheme.toSecret(new Uint8Array(32));
  const now = Date.now();
  const headers = scheme.sign(secret, { id: 'msg_1', at: now, body });
  const started = process.cpuUsage();
  const { ok } = scheme.verify({ secrets: [secret], headers, body, now, toleranceSeconds: 300 });
  const json = parseStrictJson(body);
  const read = json.ok && readChanges({ ...configuration, sources }, 'hooks', hooks, json.value);
  const { user, system } = process.cpuUsage(started);
  if (!ok || read === false || !('refusal' in read)) throw new Error('a body that is to be refused was not');
  return (user + system) / 1000;
}
