import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { useScene } from './use-scene.ts';

const SCHEMES = ['standard-webhooks', 'jira', 'github', 'bearer', 'basic'] as const;

const scene = useScene({
  worker: false,
  schedules: false,
  configure: (plain) => {
    const grants = plain.sources.ops?.grants ?? [];
    const sources = SCHEMES.map((scheme) => [scheme, { system: scheme, scheme: { kind: scheme }, grants }]);
    return configurationSchema.parse({ ...plain, sources: { ...plain.sources, ...Object.fromEntries(sources) } });
  },
});
const { zpa } = scene;

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
      const first = await zpa(['--json', 'sources', 'sign', scheme, '-'], { input: payload });
      expect(first).toMatchObject({ exit: 0, err: '' });
      const { status, id, answer } = JSON.parse(first.out);
      expect({ status, answer }).toMatchObject({
        status: 202,
        answer: { changes: [{ idempotencyKey: `${scheme}/1` }] },
      });
      const [ref] = scene.world.refs(scheme, [`${scheme}/1`]);
      expect(ref && (await scene.world.ledger.readChange(ref))).toMatchObject({ state: 'queued' });
      const file = join(scene.folder, 'payload.json');
      await writeFile(file, payload);
      expect(await zpa(['sources', 'sign', scheme, file, '--id', id])).toMatchObject({ exit: 0, err: '' });
    },
  );

  it('says what the webhook holds against it', async () => {
    const { exit, err } = await zpa(['sources', 'sign', 'github', '-'], { input: change('bad/1', { action: 'move' }) });
    expect(exit).toBe(2);
    expect(err).toContain('invalid-change: ');
    expect(err).toContain('"action"');
  });

  it('names the sources there are', async () => {
    const { exit, err } = await zpa(['sources', 'sign', 'nobody', '-'], { input: '{}' });
    expect(exit).toBe(3);
    expect(err).toMatch(/which-source: There is no source "nobody"\.\nName one of: .*github/);
  });

  it('submits as any source, by its scheme', async () => {
    const { exit, out } = await zpa(['--json', 'submit', '-', '--source', 'bearer'], { input: change('submitted/1') });
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
    expect(sources.map(({ name }: { name: string }) => name)).toEqual(Object.keys(scene.world.configuration.sources));
  });
});
