import { describe, expect, it } from 'vitest';
import { deliver } from '../../local/world/deliver.ts';
import type { World } from '../../local/world/world.ts';
import { create, endings, inWorld, update } from './in-world.ts';

type Problem = { code: string; errors?: { path: string; remedy: string }[] };

/** The fault in a change → status and code of the answer, and the path that it names. */
const REFUSED: [string, Record<string, unknown>, number, string, string][] = [
  ['unknown tenant', create('K1', 'A', { tenant: 'nowhere' }), 422, 'invalid-change', 'tenant'],
  ['unknown action', create('K2', 'A', { action: 'rename' }), 422, 'invalid-change', 'action'],
  ['unknown field', create('K3', 'A', { colour: 'red' }), 422, 'invalid-change', 'colour'],
  [
    'id as number',
    { ...update('K4', {}, { set: { enabled: true } }), group: { id: 42 } },
    422,
    'invalid-change',
    'group.id',
  ],
  ['empty update', update('K5', { name: 'Intranet' }, {}), 422, 'invalid-change', ''],
  ['300-character name', create('K6', 'x'.repeat(300)), 422, 'invalid-change', 'group.name'],
  ['forbidden characters', create('K7', 'A<script>'), 422, 'invalid-change', 'group.name'],
  [
    'application twice in add and remove',
    update('K8', { name: 'Intranet' }, { applications: { add: [{ name: 'Wiki' }], remove: [{ name: 'Wiki' }] } }),
    422,
    'invalid-change',
    'applications',
  ],
  ['a field the contract does not know', create('K9', 'A', { dryRun: true }), 422, 'invalid-change', 'dryRun'],
];

describe('what is refused at the door', () => {
  it('gets a code, the path and a remedy, and leaves nothing behind', async () => {
    await inWorld({}, async (world) => {
      for (const [what, body, status, code, path] of REFUSED) {
        const answer = await world.deliver('ops', body);
        const problem = answer.body as Problem;
        expect([what, answer.status, problem.code]).toEqual([what, status, code]);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(problem.errors?.map((one) => one.path).join(' '), what).toContain(path);
        expect(problem.errors?.every((one) => one.remedy.length > 0)).toBe(true);
      }
      expect(await world.changes()).toEqual([]);
    });
  });

  it('names a source without grant, and takes nothing of a delivery of which one change is refused', async () => {
    await inWorld({}, async (world) => {
      const answer = await world.deliver('jira', {
        changes: [create('K1', 'Web Shop'), create('K2', 'Finance Extra')],
      });
      expect([answer.status, (answer.body as Problem).code]).toEqual([403, 'not-permitted']);
      expect(await world.changes()).toEqual([]);
    });
  });

  it('does not believe a wrong signature, an old or a future timestamp', async () => {
    await inWorld({}, async (world) => {
      const body = create('K1', 'A');
      const tooOld = await world.deliver('ops', body, { at: Date.now() - 301_000 });
      const tooNew = await world.deliver('ops', body, { at: Date.now() + 301_000 });
      const forged = await sendForged(world, body);
      const statuses = [tooOld, tooNew].map((answer) => [answer.status, (answer.body as Problem).code]);
      expect(statuses).toEqual([
        [401, 'timestamp-stale'],
        [401, 'timestamp-future'],
      ]);
      expect(forged).toEqual([401, 'signature-wrong']);
      expect(await world.changes()).toEqual([]);
    });
  });

  it('answers 409 to another payload under a key that was accepted, and carries out the first', async () => {
    await inWorld({}, async (world) => {
      expect((await world.deliver('ops', create('K1', 'First'))).status).toBe(202);
      const other = await world.deliver('ops', create('K1', 'Second'));
      expect([other.status, (other.body as Problem).code]).toEqual([409, 'key-conflict']);
      expect(await endings(world, ['K1'])).toEqual(['applied']);
      expect((await world.changes()).map((one) => one.change.group)).toEqual([{ name: 'First' }]);
    });
  });
});

/** Signed with the secret of another source. */
async function sendForged(world: World, body: unknown): Promise<unknown[]> {
  const answer = await deliver(`${world.url}/webhooks/ops`, await world.sourceSecret('jira'), body);
  return [answer.status, (answer.body as Problem).code];
}
