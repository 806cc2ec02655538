import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { WRITE_CLIENT } from '../../local/world/configuration/seed.ts';
import type { World } from '../../local/world/world.ts';
import { clientOptions } from '../../shared/aws/clients.ts';
import { type Configuration, secretNames } from '../../shared/domain/configuration/configuration.ts';
import { laneName } from '../../shared/domain/lane/change-ref.ts';
import { create, endings, groupNames, inWorld, OTHER_TENANT, update } from './in-world.ts';
import { openRelay } from './relay.ts';

const SECRET = secretNames.zpa('zpa-changes', 'acme-prod', 'write');
const HEALTHY = JSON.stringify(WRITE_CLIENT);

async function mendSecret(world: World, how: 'create' | 'replace'): Promise<void> {
  const client = new SecretsManagerClient(clientOptions(world.environment));
  const create = new CreateSecretCommand({ Name: SECRET, SecretString: HEALTHY });
  const replace = new PutSecretValueCommand({ SecretId: SECRET, SecretString: HEALTHY });
  await (how === 'create' ? client.send(create) : client.send(replace));
  client.destroy();
}

/** Waits until the tenant's lane stands still, and answers why. */
function stoppedBy(world: World, tenant = 'acme-prod'): Promise<string> {
  const configured = world.configuration.tenants[tenant];
  if (configured === undefined) throw new Error(`no tenant ${tenant}`);
  return world.until(async () => (await world.ledger.readLane(laneName(configured))).stopped?.code);
}

/** From now on 503 with a `Retry-After` in real time: for the worker of a world that is twenty times as fast, 80 s. */
const askForSilence = ({ simulator }: World) =>
  simulator.faults.script(
    { path: '/customers/216196257331281920/' },
    { kind: 'error', status: 503, headers: { 'retry-after': '4s' } },
    Infinity,
  );

type Trouble = {
  what: string;
  secrets?: (secrets: Record<string, string>) => Record<string, string>;
  begin?: (world: World) => void;
  code: string;
  mend: (world: World) => Promise<void> | void;
};

const TROUBLES: Trouble[] = [
  {
    what: 'a tenant without secret',
    secrets: ({ [SECRET]: _, ...others }) => others,
    code: 'secret-missing',
    mend: (world) => mendSecret(world, 'create'),
  },
  {
    what: 'a secret that is not JSON',
    secrets: (secrets) => ({ ...secrets, [SECRET]: 'simulator:simulator' }),
    code: 'secret-malformed',
    mend: (world) => mendSecret(world, 'replace'),
  },
  {
    what: 'a ZPA that breaks every connection off',
    begin: (world) =>
      world.simulator.faults.script({ path: '/customers/216196257331281920/' }, { kind: 'reset' }, Infinity),
    code: 'connection-lost',
    mend: (world) => world.simulator.faults.clear(),
  },
  {
    what: 'a ZPA that asks for a longer silence than an invocation lasts',
    begin: (world) => askForSilence(world),
    code: 'server-busy',
    mend: (world) => world.simulator.faults.clear(),
  },
  {
    what: 'an API client whose sign-in is refused',
    secrets: (secrets) => ({ ...secrets, [SECRET]: JSON.stringify({ clientId: 'nobody', clientSecret: 'wrong' }) }),
    code: 'sign-in-refused',
    mend: (world) => mendSecret(world, 'replace'),
  },
];

describe('a lane that cannot go on', () => {
  it.each(TROUBLES)(
    '$what: it stops, rejects nothing, holds no other lane up, and settles everything once mended',
    async (trouble) => {
      await inWorld({ timeFactor: 20, ...(trouble.secrets && { secrets: trouble.secrets }) }, async (world) => {
        trouble.begin?.(world);
        const first = await world.deliver('ops', {
          changes: [create('K1', 'First'), create('K2', 'Second'), create('K3', 'Third', { tenant: OTHER_TENANT })],
        });
        expect(first.status).toBe(202);

        expect(await stoppedBy(world)).toBe(trouble.code);
        expect(await endings(world, ['K3'], 'ops', OTHER_TENANT)).toEqual(['applied']);
        const open = await world.ledger.openChanges('PRODUCTION:216196257331281920', 10);
        expect(open.map((one) => [one.ref.idempotencyKey, one.outcome])).toEqual([
          ['K1', undefined],
          ['K2', undefined],
        ]);
        expect(world.failures()).toEqual([]);
        const later = await world.deliver('ops', create('K4', 'Fourth'));
        expect(later.status).toBe(202);

        await trouble.mend(world);
        expect(await endings(world, ['K1', 'K2', 'K4'])).toEqual(['applied', 'applied', 'applied']);
        expect(await groupNames(world)).toEqual(expect.arrayContaining(['First', 'Second', 'Fourth']));
        expect(world.failures()).toEqual([]);
        expect((await world.snapshot()).lanes.map((lane) => lane.state)).not.toContain('stopped');
      });
    },
  );

  it('stops also under a write without an answer, and judges it once ZPA is back', async () => {
    await inWorld({ timeFactor: 20 }, async (world) => {
      await world.deliver('ops', create('K1', 'Before'));
      expect(await endings(world, ['K1'])).toEqual(['applied']);
      world.simulator.faults.script({ method: 'PUT' }, { kind: 'effect-without-answer' });
      await world.deliver('ops', update('K2', { name: 'Before' }, { set: { description: 'south' } }));
      await world.until(async () => world.simulator.log.all().find(({ method }) => method === 'PUT'));
      askForSilence(world);
      expect(await stoppedBy(world)).toBe('server-busy');
      world.simulator.faults.clear();
      expect(await endings(world, ['K2'])).toEqual(['applied']);
    });
  });

  it('waits for a ZPA that refuses connections, and goes on where it was when ZPA is back', async () => {
    const relay = await openRelay();
    const throughRelay = (configuration: Configuration): Configuration => {
      const { 'acme-prod': acme, ...others } = configuration.tenants;
      if (acme?.endpoint === undefined) throw new Error('acme-prod has no endpoint');
      relay.lead(acme.endpoint);
      return { ...configuration, tenants: { ...others, 'acme-prod': { ...acme, endpoint: relay.url } } };
    };
    try {
      await inWorld({ timeFactor: 20, configure: throughRelay }, async (world) => {
        await world.deliver('ops', create('K1', 'Before'));
        expect(await endings(world, ['K1'])).toEqual(['applied']);
        await relay.cut();
        await world.deliver('ops', { changes: [create('K2', 'Meanwhile'), create('K3', 'Before')] });
        expect(await stoppedBy(world)).toBe('unreachable');
        expect(world.failures()).toEqual([]);
        await relay.mend();
        expect(await endings(world, ['K2', 'K3'])).toEqual(['applied', 'group-exists']);
      });
    } finally {
      await relay.cut();
    }
  });
});
