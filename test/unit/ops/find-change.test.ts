import { expect, it } from 'vitest';
import { findChange, findChanges, findNamed, findTicketChanges } from '../../../functions/ops/session/find-change.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { createMemoryKnownLanes } from '../../fakes/memory-known-lanes.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { aChange, aRef, TEST_LANE } from '../../fakes/records.ts';

/** The commands that take the key of a change, or how it begins. */

const [cloud = '', customerId = ''] = TEST_LANE.split(':');
const configuration = {
  tenants: { 'acme-test': { cloud, customerId } },
  sources: { helpdesk: {} },
} as unknown as Configuration;

/** Changes of tickets, by their keys; the ticket is what stands before the first `/` or `@`. */
async function sessionOf(...keys: string[]) {
  const ledger = createMemoryLedger();
  for (const key of keys) {
    const ticket = { system: 'Helpdesk', id: /^[^/@]*/.exec(key)?.[0] ?? '', approvals: [] };
    await ledger.writeChange(aChange({ ref: aRef(key), ticket }), 0);
  }
  return { ledger, configuration, knownLanes: createMemoryKnownLanes() };
}

const find = async (keys: string[], text: string) =>
  (await findChange(await sessionOf(...keys), text, {})).ref.idempotencyKey;

it.each([
  ['another ticket with a longer number', ['CHG10/1@A'], 'CHG1', 'CHG10/1@A'],
  ['another line with a longer number', ['CHG1/12@A'], 'CHG1/1', 'CHG1/12@A'],
  ['another approval with a longer name', ['CHG1/1@APPR10'], 'CHG1/1@APPR1', 'CHG1/1@APPR10'],
  ['another key of a source that has neither lines nor approvals', ['restart-2'], 'restart', 'restart-2'],
])(
  'a text never chooses %s: it is named as a candidate, though it is the only one',
  async (_, keys, text, candidate) => {
    const refusal = { code: 'which-change', remedy: expect.stringContaining(candidate) };
    await expect(find(keys, text)).rejects.toMatchObject(refusal);
    await expect(findChanges(await sessionOf(...keys), text, {})).rejects.toMatchObject(refusal);
  },
);

it.each([
  ['a ticket', ['CHG1/1@A', 'CHG10/1@A', 'CHG11/1@A'], 'CHG1', 'CHG1/1@A'],
  ['a line of a ticket', ['CHG1/1@A', 'CHG1/12@A'], 'CHG1/1', 'CHG1/1@A'],
  ['a ticket with its separator', ['CHG1/1@A', 'CHG10/1@A'], 'CHG1/', 'CHG1/1@A'],
  ['a line with its separator', ['CHG1/1@A', 'CHG1/12@A'], 'CHG1/1@', 'CHG1/1@A'],
  ['a ticket without lines', ['CHG1@A', 'CHG10@A'], 'CHG1', 'CHG1@A'],
])('the only change of %s is chosen by it, whatever begins so too', async (_, keys, text, chosen) => {
  expect(await find(keys, text)).toBe(chosen);
});

it('a ticket whose keys continue with another character chooses its only change', async () => {
  const session = await sessionOf();
  const ticket = { system: 'Helpdesk', id: 'CHG1', approvals: [] };
  await session.ledger.writeChange(aChange({ ref: aRef('CHG1.1'), ticket }), 0);
  expect((await findChange(session, 'CHG1', {})).ref.idempotencyKey).toBe('CHG1.1');
});

it('several changes of one ticket are named, and none of another', async () => {
  const found = find(['CHG1/1@A', 'CHG1/2@A', 'CHG10/1@A'], 'CHG1');
  await expect(found).rejects.toMatchObject({
    code: 'which-change',
    message: '2 changes have a key that begins with "CHG1".',
    remedy: expect.not.stringContaining('CHG10'),
  });
});

it('a change of a source that was removed from the settings is found as it was before, by its key and by its ticket', async () => {
  const session = { ...(await sessionOf('CHG1/1@A')), configuration: { ...configuration, sources: {} } };
  const sources = [
    { source: 'helpdesk', system: 'Helpdesk' },
    { source: 'helpdesk', system: 'Helpdesk, as it was called' },
  ];
  await session.knownLanes.write({ version: 0, lanes: [], sources }, 0);
  expect((await findChange(session, 'CHG1/1@A', {})).ref.source).toBe('helpdesk');
  expect((await findTicketChanges(session, 'CHG1', {})).records).toHaveLength(1);
  expect(await findNamed(session, 'CHG1', {}, () => undefined)).toHaveLength(1);
});

it('a ticket with letters that mean something to a shell is quoted in the command to copy', async () => {
  await expect(find(['IT$(id) 7/1@A', 'IT$(id) 7/2@A'], 'IT$(id) 7')).rejects.toMatchObject({
    remedy: expect.stringMatching(/zpa-changes status --ticket 'IT\$\(id\) 7'$/),
  });
});
