import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { createZpaPool } from '../../../shared/zpa/api/pool.ts';
import { createZpa } from '../../../shared/zpa/client.ts';
import { createMemorySeenLists } from '../../fakes/memory-seen-lists.ts';
import { ROWS } from './pyzscaler-rows.ts';
import { CUSTOMER, startScriptedZpa, systemClock } from './scripted-zpa.ts';
import { smallTenant, TENANT } from './small-tenant.ts';

const PAGE = new URL('../../../docs/pyzscaler.md', import.meta.url);

/** The first cells of the page's tables, without heads and rulers. */
const documented = readFileSync(PAGE, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => (line.split(' | ')[0] ?? '').slice(2).replaceAll('`', ''))
  .filter((cell) => cell !== 'pyZscaler' && cell !== 'wanted');

let closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

async function scripted(): Promise<Zpa> {
  const server = await startScriptedZpa(smallTenant());
  closing = [() => server.close()];
  return server.zpa();
}

async function simulated(auth: 'oneapi' | 'legacy', quirks: Record<string, string> = {}): Promise<Zpa> {
  const simulator = await startSimulator({ seed: TENANT, quirks });
  const pool = createZpaPool({ clock: systemClock });
  closing = [() => pool.close(), () => simulator.close()];
  return createZpa({
    tenant: { cloud: 'PRODUCTION', auth, customerId: CUSTOMER, endpoint: simulator.url },
    readSecret: async () => JSON.stringify({ clientId: 'simulator', clientSecret: 'simulator' }),
    limiter: { take: async () => () => undefined, obey: () => undefined },
    clock: systemClock,
    seenLists: createMemorySeenLists(),
    pool,
  });
}

/** A second plausible ZPA that differs in every field a reader reads. */
const QUIRKS = {
  escape: 'wide',
  'list-order': 'modified',
  'empty-result': 'no-list-key',
  'page-beyond-end': '400',
  'search-case': 'ignore',
  'list-moves': 'once',
};

describe('docs/pyzscaler.md', () => {
  it('has a test for each row, and a row for each test', () => {
    expect(documented).toEqual(Object.keys(ROWS));
  });

  describe.each<[string, () => Promise<Zpa>]>([
    ['a ZPA scripted after the recordings', scripted],
    ['the simulator, OneAPI', () => simulated('oneapi')],
    ['the simulator, legacy', () => simulated('legacy')],
    ['the simulator that escapes twice', () => simulated('oneapi', { escape: 'twice' })],
    ['the simulator under other quirks', () => simulated('oneapi', QUIRKS)],
  ])('against %s', (_, start) => {
    it.each(documented)('%s', async (row) => {
      const walk = ROWS[row];
      await (walk ?? expect.unreachable('no test for this row'))(await start());
    });
  });
});
