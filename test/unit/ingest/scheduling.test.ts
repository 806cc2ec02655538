import { describe, expect, it } from 'vitest';
import type { Freeze } from '../../../shared/domain/configuration/freeze.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { rawUpdate } from '../domain/sample-changes.ts';
import { CONFIGURATION, createIngestWorld, LANE, read } from './ingest-world.ts';

const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();
const keyed = (idempotencyKey: string, asked = {}) => rawUpdate({ set: { enabled: true }, idempotencyKey, ...asked });

function frozen(...freezes: Freeze[]) {
  const tenant = CONFIGURATION.tenants['acme-prod'];
  if (tenant === undefined) throw new Error('acme-prod is configured');
  const configuration = {
    ...CONFIGURATION,
    tenants: { ...CONFIGURATION.tenants, 'acme-prod': { ...tenant, freezes } },
  };
  return createIngestWorld({ configuration });
}

describe('a change that may not start yet', () => {
  it('is accepted as scheduled, with its key and status link, and not sent', async () => {
    const world = createIngestWorld();
    const notBefore = iso(TEST_START + HOUR);
    const answer = read(await world.send(keyed('CHG1/1', { notBefore })));
    expect(answer).toMatchObject({ status: 202, headers: { location: expect.stringContaining('/changes/') } });
    expect(answer.body).toMatchObject({ changes: [{ state: 'scheduled', scheduledFor: notBefore }] });
    expect(world.queue.sent).toEqual([]);
    expect(world.ledger.allChanges()).toMatchObject([
      { state: 'scheduled', scheduledFor: TEST_START + HOUR, sentAt: 0, acceptedAt: TEST_START },
    ]);
    expect(read(await world.send(keyed('CHG1/1', { notBefore })))).toEqual(answer);
    expect(read(await world.send(keyed('CHG1/1'))).status).toBe(409);
    expect(world.queue.sent).toEqual([]);
  });

  it('goes beside those of its delivery that may', async () => {
    const world = createIngestWorld();
    const changes = [
      keyed('CHG1/1', { notBefore: iso(TEST_START + 1) }),
      keyed('CHG1/2', { notBefore: iso(TEST_START) }),
    ];
    expect(read(await world.send({ changes })).body).toMatchObject({
      changes: [{ state: 'scheduled' }, { state: 'queued' }],
    });
    const open = await world.ledger.openChanges(LANE, 10);
    expect(open.map((one) => one.ref.idempotencyKey)).toEqual(['CHG1/2', 'CHG1/1']);
  });

  it('because its tenant is frozen is scheduled for the end of that; others are not', async () => {
    const world = frozen({ from: iso(TEST_START), until: iso(TEST_START + HOUR) });
    expect(read(await world.send(keyed('CHG1/1'))).body).toMatchObject({
      changes: [{ state: 'scheduled', scheduledFor: iso(TEST_START + HOUR) }],
    });
    const other = keyed('CHG1/2', { tenant: 'acme-beta', microtenant: 'berlin' });
    expect(read(await world.send(other)).body).toMatchObject({ changes: [{ state: 'queued' }] });
  });

  it('because of a freeze without an end in sight says no time', async () => {
    const halves: Freeze[] = [
      { from: 'mon 00:00', until: 'thu 00:00', timeZone: 'UTC' },
      { from: 'thu 00:00', until: 'mon 00:00', timeZone: 'UTC' },
    ];
    const answer = read(await frozen(...halves).send(keyed('CHG1/1')));
    expect(answer.body).toMatchObject({ changes: [{ state: 'scheduled' }] });
    expect(answer.text).not.toContain('scheduledFor');
  });

  it('is not in the way of the limit for those before the worker, and has one of its own', async () => {
    const world = createIngestWorld();
    await world.send(keyed('CHG1/1', { notBefore: iso(TEST_START + HOUR) }));
    await world.ledger.takeSequences(LANE, 20_000);
    expect(read(await world.send(keyed('CHG1/2'))).status).toBe(202);
    // The span is wide, so the open changes are counted: there is one.
    expect(read(await world.send(keyed('CHG1/3', { notBefore: iso(TEST_START + HOUR) }))).status).toBe(202);
  });
});
