import { describe, expect, it } from 'vitest';
import { sendSamples } from '../../local/demo/send-samples.ts';
import { readSample, SAMPLES } from '../../local/samples/samples.ts';
import { zpaWrites } from '../../local/world/snapshot/zpa-writes.ts';
import { refKey } from '../../shared/domain/lane/change-ref.ts';
import { inWorld } from './in-world.ts';

/** The ending of each sample ticket, in the words of its page. */
const ENDINGS: Record<string, string> = {
  'CHG0031337/1@APPR0007': 'applied',
  'CHG0031337/2@APPR0007': 'applied',
  'CHG0031337/3@APPR0007': 'applied',
  'ZPA-42@10417': 'applied',
  'CHG0031351/1@APPR0011': 'applied',
  'CHG0031351/2@APPR0011': 'applied',
  'CHG0031351/3@APPR0011': 'applied',
  'CHG0031351/4@APPR0011': 'applied',
  'CHG0031351/5@APPR0011': 'applied',
  'CHG0031351/6@APPR0011': 'applied',
  'CHG0031362/1@APPR0013': 'application-not-found',
  'CHG0031362/2@APPR0013': 'application-in-other-group',
  'CHG0031362/3@APPR0013': 'group-in-use',
  'CHG0031362/4@APPR0013': 'group-read-only',
  'CHG0031362/5@APPR0013': 'precondition-failed',
  'ZPA-57@10466': 'applied',
};

const never = new AbortController().signal;
const quiet = () => {};

describe('the sample tickets', () => {
  it('end as their pages say, in ZPA as the guide to segment groups says, each in the ledger, topic and dead letters once', async () => {
    await inWorld({}, async (world) => {
      const sent = await sendSamples(world, quiet, never);
      expect(sent.map(({ ticket, status }) => [ticket, status])).toEqual([
        ['CHG0031337', 202],
        ['ZPA-42', 202],
        ['CHG0031362', 202],
        ['ZPA-57', 202],
        ['CHG0031351', 202],
        ['ZPA-66', 403],
      ]);

      const changes = await world.changes();
      const ended = changes.map(({ ref, outcome }) => [
        ref.idempotencyKey,
        outcome?.kind === 'rejected' ? outcome.code : outcome?.kind,
      ]);
      expect(Object.fromEntries(ended)).toEqual(ENDINGS);

      const [tenant] = (await world.snapshot()).tenants;
      const group = (name: string) => tenant?.groups.find((one) => one.name === name);
      expect(group('Management Apps')).toMatchObject({ enabled: false, applications: [] });
      expect(group('Web Apps')).toMatchObject({ enabled: true });
      expect(
        group('Web Apps')
          ?.applications.map((one) => one.name)
          .sort(),
      ).toEqual(['Learning Portal', 'Phone Book', 'Room Booking', 'Ticket Desk', 'Time Tracking', 'Travel Booking']);
      expect(group('Remote Access')).toMatchObject({ enabled: true, description: 'Remote Access Applications' });
      expect(
        group('Remote Access')
          ?.applications.map((one) => one.id)
          .sort(),
      ).toEqual(['926196382959075422', '926196382959075423', '926196382959075424']);
      expect(tenant?.groups.map((one) => one.id)).not.toContain('45096653');

      const noticed = world.outcomes().map((notice) => `${refKey(notice.ref)} ${notice.generation}`);
      expect(noticed.toSorted()).toEqual(changes.map((one) => `${refKey(one.ref)} 1`).toSorted());
      const dead = world.failures().map((failure) => failure.ref?.idempotencyKey);
      expect(dead.toSorted()).toEqual(Object.keys(ENDINGS).filter((key) => key.startsWith('CHG0031362')));
    });
  });

  it('changes ZPA once each: the six additions share writes, and resent tickets change nothing and get the same answer', async () => {
    await inWorld({}, async (world) => {
      await sendSamples(world, quiet, never);
      const written = zpaWrites(world.simulator).map((write) => `${write.method} ${write.status}`);
      // Three creates, the rename, the delete, and the six additions in at most as many writes as they came in batches.
      expect(written.filter((one) => one.startsWith('POST'))).toHaveLength(3);
      expect(written.filter((one) => one.startsWith('DELETE'))).toHaveLength(1);
      expect(written.filter((one) => one.startsWith('PUT')).length).toBeLessThan(7);

      for (const { name, source } of SAMPLES.filter((sample) => sample.ticket !== 'ZPA-66')) {
        const body = { changes: await readSample(name) };
        const [first, second] = [await world.deliver(source, body), await world.deliver(source, body)];
        expect(first.status).toBe(202);
        expect(second.body).toEqual(first.body);
      }
      expect(zpaWrites(world.simulator)).toHaveLength(written.length);
    });
  });

  it('leave no drift: what tickets approved is what ZPA holds', async () => {
    await inWorld({}, async (world) => {
      await sendSamples(world, quiet, never);
      await world.runDrift();
      const published = world.endpoint.published(1_000_000).map(({ message }) => JSON.parse(message));
      const reports = published.flatMap(({ sqs }) => (sqs === undefined ? [] : [JSON.parse(sqs)]));
      const drift = reports.filter(({ kind }) => kind === 'drift-report');
      expect(drift).toHaveLength(2);
      for (const { complete, findings } of drift) {
        expect(complete).toBe(true);
        expect({ ...findings, unmanaged: 0 }).toEqual(
          Object.fromEntries(Object.keys(findings).map((kind) => [kind, 0])),
        );
      }
    });
  });
});
