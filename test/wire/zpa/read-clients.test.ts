import { afterEach, expect, it } from 'vitest';
import { startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { configurationSchema, secretNames } from '../../../shared/domain/configuration/configuration.ts';
import type { Lane } from '../../../shared/domain/lane/change-ref.ts';
import { READS_PER_SIDE } from '../../../shared/domain/ledger/shared-read-budget.ts';
import type { RateLimiter } from '../../../shared/ports/ports.ts';
import { createReadClients } from '../../../shared/zpa/read-clients.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { createMemorySeenLists } from '../../fakes/memory-seen-lists.ts';
import { startScriptedZpa } from './scripted-zpa.ts';

const CUSTOMER = '72057594037927936';
const SECRET = '{"clientId":"simulator","clientSecret":"simulator"}';
const WINDOW_MS = 10_000;
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** The console composes its clients anew every half minute, to read with the newest settings. */
it('keep to the reads that are free, though they are made anew by the same process', async () => {
  const clock = createFakeClock();
  const simulator = await startSimulator({ now: () => clock.now(), seed: { customers: { [CUSTOMER]: {} } } });
  opened.push(simulator);
  const configuration = configurationSchema.parse({
    name: 'test',
    tenants: { main: { vanity: 'acme', endpoint: simulator.url, customerId: CUSTOMER } },
    sources: { helpdesk: { system: 'Helpdesk' } },
  });
  const secrets = createMemorySecrets({ [secretNames.zpa('test', 'main', 'read')]: SECRET });
  const timing = { budgetWindowMs: WINDOW_MS, requestTimeoutMs: 2000 };
  const limiters = new Map<Lane, RateLimiter>();
  const read = async (times: number) => {
    const clients = createReadClients({
      ...{ configuration, secrets, clock, timing, limiters },
      seenLists: createMemorySeenLists(),
    });
    opened.push(clients);
    for (let time = 0; time < times; time += 1)
      await clients.zpaOf('main').findGroups('Nowhere', { microtenantId: '0' });
  };
  await read(READS_PER_SIDE);
  expect(clock.slept.filter((ms) => ms > 0)).toEqual([]);
  await read(1);
  const [waited = 0] = clock.slept.filter((ms) => ms > 0);
  expect(waited).toBeGreaterThanOrEqual(WINDOW_MS);
});

it('keep their connection while they wait for their budget', async () => {
  const clock = createFakeClock();
  const server = await startScriptedZpa(() => ({ status: 200, body: { totalPages: '0' } }));
  opened.push(server);
  const configuration = configurationSchema.parse({
    name: 'test',
    tenants: { main: { vanity: 'acme', endpoint: server.url, customerId: CUSTOMER } },
    sources: { helpdesk: { system: 'Helpdesk' } },
  });
  const clients = createReadClients({
    ...{ configuration, secrets: createMemorySecrets({ [secretNames.zpa('test', 'main', 'read')]: SECRET }), clock },
    ...{ timing: { budgetWindowMs: WINDOW_MS, requestTimeoutMs: 2000 }, seenLists: createMemorySeenLists() },
  });
  opened.push(clients);
  const read = async (times: number) => {
    for (let time = 0; time < times; time += 1)
      await clients.zpaOf('main').findGroups('Nowhere', { microtenantId: '0' });
    return server.connections();
  };
  const before = await read(READS_PER_SIDE);
  const from = clock.now();
  expect(await read(READS_PER_SIDE)).toBe(before);
  expect(clock.now() - from).toBeGreaterThanOrEqual(WINDOW_MS);
});
