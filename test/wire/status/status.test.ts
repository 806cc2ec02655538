import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawUpdate } from '../../unit/domain/sample-changes.ts';
import { type FrontWorld, startFrontWorld } from '../ingest/front-world.ts';

let world: FrontWorld;
beforeAll(async () => {
  world = await startFrontWorld();
});
afterAll(() => world.close());

describe('a status address over the wire', () => {
  it('shows the change that the webhook accepted, to programs and to browsers', async () => {
    const location = (await world.deliver(rawUpdate())).headers.get('location');
    const json = await fetch(world.statusAt(location), { headers: { accept: 'application/json' } });
    expect(await json.json()).toMatchObject({
      idempotencyKey: 'CHG0031337/1@APPR0007',
      state: 'queued',
      outcome: null,
    });
    const page = await fetch(world.statusAt(location), { headers: { accept: 'text/html' } });
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(await page.text()).toContain('CHG0031337');
  });

  it('of another token shows nothing', async () => {
    const answer = await fetch(world.statusAt(`https://x.example/changes/${'A'.repeat(43)}`));
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'unknown-status' });
  });

  it('says so when the table cannot be read', async () => {
    const location = (await world.deliver(rawUpdate())).headers.get('location');
    world.aws.faults.fail({ service: 'dynamodb', operation: 'GetItem' }, 400, 20);
    expect((await fetch(world.statusAt(location))).status).toBe(503);
    world.aws.faults.clear();
  });
});
