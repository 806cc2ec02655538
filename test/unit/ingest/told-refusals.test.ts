import { describe, expect, it } from 'vitest';
import type { IngestPorts } from '../../../functions/ingest/ports.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { toTerminal } from '../../../shared/domain/text/terminal.ts';
import { accessTo, createMemoryTickets } from '../../fakes/memory-tickets.ts';
import { rawUpdate } from '../domain/sample-changes.ts';
import { CONFIGURATION, createIngestWorld, PREVIOUS, read, type SendOptions } from './ingest-world.ts';

const { jira, servicenow } = CONFIGURATION.sources;
const tickets = { kind: 'jira', url: 'https://acme.atlassian.example' };
const configuration = configurationSchema.parse({
  ...CONFIGURATION,
  sources: { jira: { ...jira, tickets }, servicenow },
});

/** Changes are delivered by a source that may update groups of the name `Remote…` and no other. */
function createToldWorld(overrides: Partial<IngestPorts> = {}) {
  const system = createMemoryTickets();
  for (const id of ['ZPA-7', 'ZPA-8']) {
    system.tickets.set(id, {
      id,
      payload: {},
      requesters: [],
      approvals: [],
      history: { kind: 'complete', value: [] },
    });
  }
  const access = accessTo({ jira: system, servicenow: system });
  const world = createIngestWorld({ configuration, tickets: access, ...overrides });
  const send = async (body: unknown, source = 'jira', options: SendOptions = {}) =>
    read(await world.send(body, { source, ...options })).status;
  const said = () => system.comments.map(({ id, text }) => [id, ...toTerminal(text).split('\n')]);
  return { ...world, system, deliver: send, said };
}

const change = (over: object = {}) =>
  rawUpdate({ idempotencyKey: 'ZPA-7/1', group: { name: 'Web' }, set: { enabled: true }, ...over });

describe('a delivery of changes that is refused', () => {
  it('for want of a grant is told on its ticket, with a next step for the requester', async () => {
    const world = createToldWorld();
    expect(await world.deliver(change())).toBe(403);
    expect(world.said()).toEqual([
      [
        'ZPA-7',
        'Not applied',
        '- This source may not touch segment group "Web". Ask the ZPA team to allow this change for tickets of this kind.',
      ],
    ]);
  });

  it('is told once, however often it is sent, and again when it is refused for another reason', async () => {
    const world = createToldWorld();
    for (let time = 0; time < 3; time += 1) await world.deliver(change());
    expect(world.said()).toHaveLength(1);
    await world.deliver(change({ group: { name: 'Other' } }));
    expect(world.said()).toHaveLength(2);
  });

  it('is told on each of its tickets what is wrong with its own changes', async () => {
    const world = createToldWorld();
    const changes = [
      change(),
      change({ idempotencyKey: 'any', ticket: { id: 'ZPA-8' }, group: { name: 'Mail' } }),
      change({ idempotencyKey: 'ZPA-7/2', group: { name: 'Remote' } }),
    ];
    expect(await world.deliver({ changes })).toBe(403);
    expect(world.said().map(([id, , ...points]) => [id, points.length, points[0]?.includes('Mail')])).toEqual([
      ['ZPA-7', 1, false],
      ['ZPA-8', 1, true],
    ]);
  });

  it('for a fault in a field is told too', async () => {
    const world = createToldWorld();
    expect(await world.deliver(change({ group: { name: 'Remote' }, colour: 'red' }))).toBe(422);
    expect(world.said()[0]?.join()).toContain('"colour" is not a field of a change.');
  });

  it('is told on five tickets at most', async () => {
    const world = createToldWorld();
    const ids = Array.from({ length: 9 }, (_, n) => `ZPA-${20 + n}`);
    for (const id of ids) world.system.tickets.set(id, { ...world.system.tickets.get('ZPA-7'), id } as never);
    await world.deliver({ changes: ids.map((id) => change({ idempotencyKey: `${id}/1` })) });
    expect(world.said().map(([id]) => id)).toEqual(ids.slice(0, 5));
  });

  it.each([
    ['of a source without a ticket system', change({ tenant: 'secret' }), 'servicenow'],
    ['that names no ticket', { changes: 'none' }, 'jira'],
    ['whose ticket is no text', change({ ticket: { id: { a: 1 } } }), 'jira'],
  ])('%s is told nowhere', async (_, body, source) => {
    const world = createToldWorld();
    expect(await world.deliver(body, source)).toBeGreaterThanOrEqual(400);
    expect(world.said()).toEqual([]);
  });

  it('gets its answer although the ticket system fails, or does not answer', async () => {
    const world = createToldWorld();
    world.system.trouble = new Error('away');
    expect(await world.deliver(change())).toBe(403);
    expect(world.log.text()).toContain('a ticket was not told');
    world.system.trouble = 'hang';
    const answered = world.deliver(change());
    await world.clock.advance(3000);
    expect(await answered).toBe(403);
  });

  it('was accepted before: its resend is no refusal where the grant is gone by now, and nothing is told', async () => {
    const before = createToldWorld();
    const accepted = change({ group: { name: 'Remote' } });
    expect(await before.deliver(accepted)).toBe(202);
    const { ledger, queue, knownLanes } = before;
    const ungranted = configurationSchema.parse({
      ...CONFIGURATION,
      sources: { jira: { ...jira, tickets, grants: [] }, servicenow },
    });
    const now = createToldWorld({ ledger, queue, knownLanes, configuration: ungranted });
    expect(await now.deliver(accepted)).toBe(202);
    expect(now.said()).toEqual([]);
    expect(await now.deliver(change({ idempotencyKey: 'ZPA-7/2', group: { name: 'Remote' } }))).toBe(403);
    expect(now.said()).toHaveLength(1);
  });

  it('is told nowhere if its sender did not prove itself', async () => {
    const world = createToldWorld();
    expect(await world.deliver(change(), 'jira', { secret: PREVIOUS })).toBe(401);
    expect(await world.deliver(change(), 'jira', { seconds: -3600 })).toBe(401);
    expect(world.said()).toEqual([]);
  });
});
