import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTried } from '../../../local/world/configuration/tried-configuration.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { parseSettings } from '../../../shared/settings/parse-settings.ts';

/** docs/any-webhook.md signs a delivery with what every machine has. The snippet is run as it stands there. */
const root = join(import.meta.dirname, '../../..');
const page = await readFile(join(root, 'docs/any-webhook.md'), 'utf8');
const fenced = (kind: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, inside = '']) => inside);
const [snippet = ''] = fenced('sh').filter((block) => block.includes('openssl dgst'));
const [request = ''] = fenced('json').filter((block) => block.includes('"ticket": "REQ-7"'));
const [source = ''] = fenced('json').filter((block) => block.includes('"Request tool"'));

const missing = ['curl', 'openssl', 'od'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
const why = missing.length === 0 ? '' : ` (skipped: this machine has no ${missing.join(', no ')})`;

describe.skipIf(missing.length > 0)(`signing with curl and openssl${why}`, () => {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    const example = JSON.parse(await readFile(join(root, 'settings.example.json'), 'utf8'));
    const text = JSON.stringify({ ...example, sources: JSON.parse(source) });
    const { settings } = parseSettings(text, 'the settings of the page');
    world = await startWorld({
      ...{ ticketSystems: true, worker: false, schedules: false },
      configure: (local, addresses) => (addresses === undefined ? local : asTried(settings, local, addresses)),
    });
    folder = await mkdtemp(join(tmpdir(), 'zpa-changes-curl-'));
    await writeFile(join(folder, 'source.txt'), `${await world.sourceSecret('tool')}\n`);
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  async function run(shell: string, body: string, secret?: string) {
    await writeFile(join(folder, 'request.json'), body);
    const address = snippet.replace('https://REPLACE-ME', world.url);
    const script = secret === undefined ? address : address.replace('$(cat source.txt)', secret);
    return (await promisify(execFile)(shell, ['-c', script], { cwd: folder })).stdout;
  }

  it.each(['sh', 'bash'])('is accepted, in %s', async (shell) => {
    const answer = await run(shell, request);
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
    expect(answer).toContain('"REQ-7/1@7-1"');
  });

  it('signs the bytes that it sends, whatever they are', async () => {
    const body = request.replace('sam.oduya', String.raw`R&D %s \"100 %\" \\ ü $HOME`).replace('REQ-7', 'REQ-8');
    expect(await run('sh', body.replace('7-1', '8-1'))).toMatch(/^HTTP\/1\.1 202 /);
  });

  it('is refused with another secret', async () => {
    const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect(await run('sh', request, other)).toMatch(/^HTTP\/1\.1 401 /);
  });
});
