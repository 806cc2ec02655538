import { describe, expect, it } from 'vitest';
import type { IngestPorts } from '../../../functions/ingest/ports.ts';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { interrupted, type PortCall } from '../../fakes/interrupted.ts';
import { createMemoryKnownLanes } from '../../fakes/memory-known-lanes.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryQueue } from '../../fakes/memory-queues.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { rawUpdate } from '../domain/sample-changes.ts';
import { CONFIGURATION, createIngestWorld, LANE, read, SECRET } from './ingest-world.ts';

class Crash extends Error {
  readonly code = 'crash';
}

const body = {
  changes: ['CHG1/1', 'CHG1/2', 'CHG1/3'].map((idempotencyKey) =>
    rawUpdate({ set: { enabled: true }, idempotencyKey }),
  ),
};

/** Ports that outlive a function; each of their calls may fail. */
function fragile(at: (call: PortCall) => void) {
  const ledger = createMemoryLedger();
  const queue = createMemoryQueue();
  const secrets = createMemorySecrets({
    'test/source/servicenow': JSON.stringify({ secrets: [SECRET] }),
    'test/status': 'any long random text',
  });
  const counter = { calls: 0 };
  const knownLanes = createMemoryKnownLanes();
  const ports: Partial<IngestPorts> = {
    knownLanes: interrupted(knownLanes, 'knownLanes', at, counter),
    ledger: interrupted(ledger, 'ledger', at, counter),
    queue: interrupted(queue, 'queue', at, counter),
    secrets: interrupted(secrets, 'secrets', at, counter),
    chance: createFakeChance(),
  };
  return { ledger, knownLanes, queue, world: createIngestWorld(ports) };
}

/** Every call of an undisturbed delivery. */
async function callsOfOneDelivery(): Promise<PortCall[]> {
  const calls: PortCall[] = [];
  const { world } = fragile((call) => void (call.phase === 'before' && calls.push(call)));
  expect(read(await world.send(body)).status).toBe(202);
  return calls;
}

const calls = await callsOfOneDelivery();
const points = calls.flatMap((call) => (['before', 'after'] as const).map((phase) => ({ ...call, phase })));

describe('a delivery whose call of a port fails', () => {
  it('touches each of the ports it is to be interrupted at', () => {
    expect(new Set(calls.map((call) => `${call.port}.${call.method}`))).toEqual(
      new Set([
        'secrets.read',
        'ledger.readChange',
        'ledger.openChanges',
        'ledger.readLane',
        'ledger.lastSequence',
        'ledger.takeSequences',
        'ledger.putStatusLink',
        'ledger.readClaim',
        'ledger.claimKey',
        'knownLanes.read',
        'knownLanes.write',
        'ledger.writeChange',
        'queue.send',
      ]),
    );
  });

  it.each(points)(
    '$port.$method, call $index, $phase it took effect: 503, and the resend completes it',
    async ({ index, phase }) => {
      let armed = true;
      const { ledger, knownLanes, queue, world } = fragile((call) => {
        if (!armed || call.index !== index || call.phase !== phase) return;
        armed = false;
        throw new Crash('lost');
      });
      const failed = read(await world.send(body));
      expect(failed).toMatchObject({ status: 503, headers: { 'retry-after': '10' }, body: { code: 'unavailable' } });
      expect(world.log.lines.map((line) => line.level)).toEqual(['error']);

      const { lanes, sources = [] } = await knownLanes.read();
      for (const { ref } of ledger.allChanges()) {
        expect(lanes).toContainEqual({ tenant: ref.tenant, lane: ref.lane });
        expect(sources).toContainEqual({ source: ref.source, system: 'servicenow' });
      }
      const resent = read(await world.send(body));
      expect(resent.status).toBe(202);
      expect(read(await world.send(body))).toEqual(resent);
      expect(resent.body.changes).toMatchObject([{ state: 'queued' }, { state: 'queued' }, { state: 'queued' }]);
      const open = await ledger.openChanges(LANE, 10);
      expect(open.map((one) => one.ref.idempotencyKey)).toEqual(['CHG1/1', 'CHG1/2', 'CHG1/3']);
      expect(open.every((one) => one.state === 'queued' && one.generation === 1)).toBe(true);
      expect(new Set(queue.sent.map((one) => one.ref.idempotencyKey))).toHaveLength(3);
    },
  );

  it('answers a change that the worker settled before it could be marked', async () => {
    const ledger = createMemoryLedger();
    const queue = createMemoryQueue();
    const settling: IngestPorts['queue'] = {
      async send(messages) {
        await queue.send(messages);
        for (const record of ledger.allChanges())
          await ledger.writeChange({ ...record, state: 'settled' }, record.version);
      },
    };
    const world = createIngestWorld({ ledger, queue: settling, configuration: CONFIGURATION });
    expect(read(await world.send(rawUpdate())).body).toMatchObject({ changes: [{ state: 'settled' }] });
    expect(ledger.allChanges()[0]?.state).toBe('settled');
  });
});
