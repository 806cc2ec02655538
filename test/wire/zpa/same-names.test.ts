import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createZpaOverlay } from '../../../functions/plan/zpa-overlay.ts';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import type { ChangeRequest } from '../../../shared/domain/change/change.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { planChange } from '../../../shared/reading/plan-for-source.ts';
import { createZpaPool, type ZpaPool } from '../../../shared/zpa/api/pool.ts';
import { createZpa } from '../../../shared/zpa/client.ts';
import { createMemorySeenLists } from '../../fakes/memory-seen-lists.ts';
import { parsed, rawCreate, rawUpdate } from '../../unit/domain/sample-changes.ts';
import { systemClock } from './scripted-zpa.ts';

/** A name is one name in each Unicode form: ZPA holds the decomposed form, a ticket arrives in the composed one. */
const COMPOSED = 'Zürich Ärzte';
const DECOMPOSED = COMPOSED.normalize('NFD');
const APPLICATIONS = ['Zürich 1', 'Zürich 2', 'Zürich 3', 'Zürich 4', 'Zürich 5'];

const { tenants: TENANTS } = configurationSchema.parse({
  name: 'test',
  tenants: { main: { vanity: 'acme', customerId: '216196257331281920' } },
  sources: { helpdesk: { system: 'Helpdesk' } },
});

let simulator: Simulator;
let pool: ZpaPool;
let group: string;
beforeEach(async () => {
  simulator = await startSimulator({});
  pool = createZpaPool({ clock: systemClock });
  for (const name of APPLICATIONS) simulator.store.createApplication({ name: name.normalize('NFD') });
  group = simulator.store.createGroup({ name: DECOMPOSED, enabled: true }).id;
  simulator.store.createGroup({ name: 'Other' });
});
afterEach(async () => {
  await pool.close();
  await simulator.close();
});

const client = (): Zpa =>
  createZpa({
    tenant: { cloud: 'PRODUCTION', auth: 'oneapi', customerId: '216196257331281920', endpoint: simulator.url },
    readSecret: async () => JSON.stringify({ clientId: 'simulator', clientSecret: 'simulator' }),
    limiter: { take: async () => () => undefined, obey: () => undefined },
    clock: systemClock,
    seenLists: createMemorySeenLists(),
    pool,
  });

const CLIENTS: [string, () => Zpa][] = [
  ['the client', client],
  ['a plan that searches', () => createZpaOverlay(client(), { groups: false, applications: false })],
  ['a plan that lists', () => createZpaOverlay(client(), { groups: true, applications: true })],
];

const renaming = (of: object, set: object) => parsed(rawUpdate({ group: of, set }));

describe.each(CLIENTS)('%s', (_, zpa) => {
  const decide = async (change: ChangeRequest) => {
    const { main: tenant } = TENANTS;
    if (tenant === undefined) throw new Error('there is no tenant');
    const planned = await planChange(zpa(), change, {
      microtenantId: '0',
      signal: new AbortController().signal,
      permit: () => undefined,
      tenant,
      ticket: { system: 'Helpdesk', id: 'CHG1', approvals: [] },
      clock: systemClock,
      rules: async () => ({ status: 'unread', reason: 'of no interest here' }),
    });
    return planned.decision;
  };

  it('creates no group that looks like one that exists', async () => {
    expect(await decide(parsed(rawCreate({ group: { name: COMPOSED } })))).toMatchObject({
      kind: 'rejected',
      code: 'group-exists',
      details: { candidates: [{ id: group }] },
    });
  });

  it('finds group and applications, few or many, and sends the name as it is stored', async () => {
    for (const names of [APPLICATIONS.slice(0, 1), APPLICATIONS]) {
      const add = names.map((name) => ({ name }));
      const set = { enabled: false, description: 'new' };
      const expected = { group: { name: COMPOSED }, expect: { name: COMPOSED }, set };
      const decision = await decide(parsed(rawUpdate({ ...expected, applications: { add } })));
      expect(decision).toMatchObject({ kind: 'write', effect: { groupId: group, after: { name: DECOMPOSED } } });
      expect(decision).toMatchObject({ effect: { added: { length: names.length } } });
    }
  });

  it('renames no group to a name that looks taken, and not to its own', async () => {
    expect(await decide(renaming({ name: 'Other' }, { name: COMPOSED }))).toMatchObject({
      kind: 'rejected',
      code: 'group-exists',
    });
    expect(await decide(renaming({ id: group }, { name: COMPOSED }))).toMatchObject({
      kind: 'unchanged',
    });
    const both = { name: COMPOSED, description: 'new' };
    expect(await decide(renaming({ id: group }, both))).toMatchObject({
      kind: 'write',
      transitions: [{ after: { name: DECOMPOSED, description: 'new' } }],
    });
  });
});
