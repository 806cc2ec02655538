import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

const SCHEMES = ['standard-webhooks', 'jira', 'github', 'bearer', 'basic'] as const;

let world: World;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-sign-'));
  world = await startWorld({
    worker: false,
    schedules: false,
    configure: (plain) => {
      const grants = plain.sources.ops?.grants ?? [];
      const sources = SCHEMES.map((scheme) => [scheme, { system: scheme, scheme: { kind: scheme }, grants }]);
      return configurationSchema.parse({ ...plain, sources: { ...plain.sources, ...Object.fromEntries(sources) } });
    },
  });
  await writeLocalTarget(world, folder);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function zpa(argv: string[], input = '') {
  const console = createRecordingConsole({ input });
  const exit = await run(argv, { console, cwd: folder, env: {} });
  return { exit, out: console.stdout(), err: console.stderr() };
}

const change = (idempotencyKey: string, over = {}) =>
  JSON.stringify({
    schemaVersion: 1,
    idempotencyKey,
    tenant: 'acme-prod',
    action: 'create',
    group: { name: `Signed ${idempotencyKey.replaceAll('/', ' ')}` },
    ...over,
  });

describe('sources sign', () => {
  it.each(SCHEMES)(
    'sends a sample that the webhook takes as %s’s own, also the same delivery again',
    async (scheme) => {
      const payload = change(`${scheme}/1`);
      const first = await zpa(['--json', 'sources', 'sign', scheme, '-'], payload);
      expect(first).toMatchObject({ exit: 0, err: '' });
      const { status, id, answer } = JSON.parse(first.out);
      expect({ status, answer }).toMatchObject({
        status: 202,
        answer: { changes: [{ idempotencyKey: `${scheme}/1` }] },
      });
      const [ref] = world.refs(scheme, [`${scheme}/1`]);
      expect(ref && (await world.ledger.readChange(ref))).toMatchObject({ state: 'queued' });
      const file = join(folder, 'payload.json');
      await writeFile(file, payload);
      expect(await zpa(['sources', 'sign', scheme, file, '--id', id])).toMatchObject({ exit: 0, err: '' });
    },
  );

  it('says what the webhook holds against it', async () => {
    const { exit, err } = await zpa(['sources', 'sign', 'github', '-'], change('bad/1', { action: 'move' }));
    expect(exit).toBe(2);
    expect(err).toContain('invalid-change: ');
    expect(err).toContain('"action"');
  });

  it('names the sources there are', async () => {
    const { exit, err } = await zpa(['sources', 'sign', 'nobody', '-'], '{}');
    expect(exit).toBe(2);
    expect(err).toMatch(/which-source: There is no source "nobody"\.\nName one of: .*github/);
  });

  it('submits as any source, by its scheme', async () => {
    const { exit, out } = await zpa(['--json', 'submit', '-', '--source', 'bearer'], change('submitted/1'));
    expect(exit).toBe(0);
    expect(JSON.parse(out).changes).toMatchObject([{ idempotencyKey: 'submitted/1', state: 'queued' }]);
  });
});

describe('sources list', () => {
  it('lists every source of the settings', async () => {
    const { exit, out } = await zpa(['sources', 'list']);
    expect(exit).toBe(0);
    expect(out).toMatch(/^github +github +github +1$/m);
    const { sources } = JSON.parse((await zpa(['sources', 'list', '--json'])).out);
    expect(sources.map(({ name }: { name: string }) => name)).toEqual(Object.keys(world.configuration.sources));
  });
});
