import { expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { createTicketSystems } from '../../../shared/tickets/ticket-systems.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';

const configuration = configurationSchema.parse({
  name: 'here',
  tenants: {},
  sources: { jira: { system: 'Jira', tickets: { kind: 'jira', url: 'https://jira.example.org' } } },
});

/** The code of the clients, which the first `failures` loads do not find. */
function systemsThatFail(failures: number) {
  let loads = 0;
  const importClients = async () => {
    loads += 1;
    if (loads <= failures) throw new Error('too many open files');
    return import('../../../shared/tickets/ticket-clients.ts');
  };
  const secrets = createMemorySecrets({});
  const systems = createTicketSystems({ configuration, secrets, clock: createFakeClock() }, importClients);
  const said = () => systems.writerOf('jira')?.comment('ZPA-1', [], 'marker-0001');
  return { systems, said, loads: () => loads };
}

it('loads the clients once, and again if that failed', async () => {
  const { systems, said, loads } = systemsThatFail(1);
  await expect(Promise.all([said(), said()])).rejects.toThrow('too many open files');
  await expect(said()).rejects.toThrow('here/status is missing');
  await expect(said()).rejects.toThrow('here/status is missing');
  expect(loads()).toBe(2);
  await systems.close();
});

it('closes while a load fails, and without any load', async () => {
  const { systems, said, loads } = systemsThatFail(1);
  await systems.close();
  expect(loads()).toBe(0);
  const failed = expect(said()).rejects.toThrow('too many open files');
  await expect(systems.close()).resolves.toBeUndefined();
  await failed;
});
