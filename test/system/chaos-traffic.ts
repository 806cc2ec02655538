import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { deliver } from '../../local/world/deliver.ts';
import { parseChange } from '../../shared/domain/change/parse-change.ts';
import { asked } from '../unit/histories/requested-changes.ts';
import { GROUP_IDS, NEW_NAMES } from '../unit/histories/small-tenant.ts';
import type { Processes } from './chaos-processes.ts';
import { TENANT } from './chaos-scene.ts';

export type Body = Record<string, unknown>;

/** So many changes of a sender: the same for the same seed. */
export function changesOf(sender: string, count: number, seed: number): Body[] {
  const possible = asked.filter((one) => keepsNames(one) && parseChange({ ...one, ...frame('K') }).ok);
  return fc
    .sample(possible, { numRuns: count, seed })
    .map((one, index) => ({ ...(index % 3 === 2 ? described(index) : one), ...frame(`${sender}-${index + 1}`) }));
}

/** The first groups stay and keep their names, so that thousands of changes find something to change. */
function keepsNames({ action, group, set }: Body): boolean {
  const renames = typeof set === 'object' && set !== null && 'name' in set;
  return (action !== 'delete' && !renames) || NEW_NAMES.some((name) => JSON.stringify(group).includes(name));
}

/** A change that always has an effect. */
const described = (index: number): Body => ({
  action: 'update',
  group: { id: GROUP_IDS[index % GROUP_IDS.length] },
  set: { description: `number ${index}` },
});

const frame = (idempotencyKey: string) => ({ schemaVersion: 1, idempotencyKey, tenant: TENANT });

const RETRY_MS = 50;

/**
 * Delivers changes a few at a time, each delivery again and again until it is answered with 202, through every kill,
 * and sometimes although it was answered already.
 */
export async function sendAll(processes: Processes, sender: string, changes: readonly Body[], random: () => number) {
  for (let start = 0; start < changes.length; ) {
    const size = 1 + Math.floor(random() * 5);
    const some = changes.slice(start, start + size);
    while (!(await taken(processes, sender, some))) await pause(RETRY_MS);
    if (random() < 0.1) await taken(processes, sender, some);
    start += size;
  }
}

async function taken(processes: Processes, sender: string, changes: readonly Body[]): Promise<boolean> {
  const { url, secrets } = processes.address();
  const answer = await deliver(`${url}/webhooks/${sender}`, secrets[sender] ?? '', { changes }).catch(() => undefined);
  if (answer !== undefined && answer.status >= 400 && answer.status < 500) {
    throw new Error(`a delivery was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return answer?.status === 202;
}
