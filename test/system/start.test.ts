import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ProxyAgent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lackingOpenssl, makeCertificate } from '../witnesses/certificate.ts';

const START = join(import.meta.dirname, '../../local/demo/start.ts');

/** `npm start` in a folder of its own, without npm. */
async function withStart<T>(args: string[], story: (child: ChildProcess, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-start-'));
  try {
    return await withStartIn(folder, args, (child) => story(child, folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function withStartIn<T>(folder: string, args: string[], story: (child: ChildProcess) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [START, '--port', '0', '--time-factor', '20', ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    return await story(child);
  } finally {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  }
}

/** The output until it stays up. */
async function untilUp({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no stdout');
  let out = '';
  // Left open, because a closed stdout would end the process.
  for await (const chunk of stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    out += chunk;
    if (out.includes('Ctrl-C')) return out;
  }
  throw new Error(`it did not stay up: ${out}`);
}

/** Ctrl-C, and what it ends with. */
async function interrupt(child: ChildProcess): Promise<unknown[]> {
  const gone = once(child, 'exit');
  child.kill('SIGINT');
  return gone;
}

/** A start that has to give up: exit code and output. */
async function refusal(folder: string, args: string[]): Promise<[unknown, string]> {
  return withStartIn(folder, args, async (child) => {
    const [err, [exit]] = await Promise.all([outputOf(child.stderr), once(child, 'exit')]);
    return [exit, err];
  });
}

const TARGET = '.zpa-changes/local.json';

const outputOf = (stream: ChildProcess['stdout']) => (stream === null ? Promise.resolve('') : text(stream));

/** A start that ends by itself. */
const runToItsEnd = (args: string[]) =>
  withStart(['--exit', ...args], async (child) => {
    const [out, [exit]] = await Promise.all([outputOf(child.stdout), once(child, 'exit')]);
    return { exit, out };
  });

describe('npm start -- --exit', () => {
  let dataDir = '';
  let first: Awaited<ReturnType<typeof runToItsEnd>>;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'zpa-changes-data-'));
    first = await runToItsEnd(['--data', dataDir]);
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  it('prints what became of every ticket and ends with 0 because all is settled', () => {
    expect(first.exit).toBe(0);
    const lines = first.out.split('\n');
    expect(lines).toContain('  Try    npx zpa-changes status CHG0031337/1');
    expect(lines.find((line) => /^CHG0031337 +create +Management Apps +applied/.test(line))).toBeDefined();
    expect(lines.find((line) => /^ZPA-57 +delete +Development Apps +applied/.test(line))).toBeDefined();
    expect(lines.find((line) => /rejected +group-in-use/.test(line))).toBeDefined();
    expect(lines.find((line) => /^ZPA-66 +rejected/.test(line))).toBeDefined();
  });

  it('shows three kinds of ticket coming in, each with its plan, and three answers going back', () => {
    const [, stories = ''] = first.out.split('Three tickets, from request to result');
    const expected = [
      ['CHG0040001', 'work note', 'Review'],
      ['ZPA-101', 'comment', 'Done'],
      ['REQ-7', 'signed webhook', 'closed'],
    ] as const;
    for (const [ticket, answer, state] of expected) {
      expect(first.out).toMatch(new RegExp(`${ticket}: .*waits for approval \\(202, plan-requested\\)`));
      const story = stories.slice(stories.indexOf(`  ${ticket}  `));
      const [plan, result, page] = ['plan', 'result', 'page'].map(
        (label) => story.match(new RegExp(`${label} +(.*)`))?.[1],
      );
      expect(plan).toBe('Plan of 1 change: 1 would be applied');
      expect(result).toBe(`${answer}: The change is live in ZPA. Ticket state: ${state}.`);
      expect(page).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/#${ticket}$`));
    }
  });

  it('with a data folder knows the tickets of the last time: the same table, nothing done twice', async () => {
    const table = (out: string) => out.split('\n').filter((line) => /^(CHG|ZPA-|45096653|\d{18})/.test(line));
    const again = await runToItsEnd(['--data', dataDir]);
    expect(again.exit).toBe(0);
    expect(table(again.out)).toEqual(table(first.out));
  });
});

describe('npm start', () => {
  it('stays up, and on Ctrl-C stops cleanly and takes the file back that told the CLI where it is', async () => {
    await withStart(['--no-samples'], async (child, folder) => {
      expect(await untilUp(child)).toContain('  Try    npx zpa-changes lanes list\n');
      const target = join(folder, TARGET);
      expect(existsSync(target)).toBe(true);
      expect(await interrupt(child)).toEqual([0, null]);
      expect(existsSync(target)).toBe(false);
    });
  });

  it('on a port or a data folder in use says so with its remedy, and the CLI keeps its world', async () => {
    await withStart(['--no-samples', '--data', 'kept'], async (child, folder) => {
      const port = /Open +http:\/\/127\.0\.0\.1:(\d+)/.exec(await untilUp(child))?.[1] ?? '';
      const target = await readFile(join(folder, TARGET), 'utf8');
      const [portExit, portError] = await refusal(folder, ['--no-samples', '--port', port]);
      expect(await readFile(join(folder, TARGET), 'utf8')).toBe(target);
      expect(portExit).toBe(1);
      expect(portError.split('\n')).toEqual([
        `Port ${port} is in use, perhaps by another start of the same.`,
        'Choose another port with --port N, or 0 for any.',
        '',
      ]);
      const [dataExit, dataError] = await refusal(folder, ['--no-samples', '--data', 'kept']);
      expect(dataExit).toBe(1);
      expect(dataError.split('\n')).toEqual([
        `The data folder ${join(folder, 'kept/aws')} is in use by another process.`,
        'Stop that one, or choose another folder with --data DIR.',
        '',
      ]);
      expect(await readFile(join(folder, TARGET), 'utf8')).toBe(target);
    });
  });

  it('beside a living world leaves it the CLI and says how to use this one; a killed one it replaces', async () => {
    await withStart(['--no-samples'], async (first, folder) => {
      await untilUp(first);
      const target = await readFile(join(folder, TARGET), 'utf8');
      await withStartIn(folder, ['--no-samples'], async (second) => {
        const out = await untilUp(second);
        expect(out).toContain(`in this folder it still uses the demo at ${JSON.parse(target).ingestUrl}`);
        const file = /npx zpa-changes --target (\S+)/.exec(out)?.[1] ?? '';
        const { ingestUrl } = JSON.parse(await readFile(join(folder, file), 'utf8'));
        expect(out).toContain(`${ingestUrl}/webhooks/`);
        expect(await interrupt(second)).toEqual([0, null]);
        expect(existsSync(join(folder, file))).toBe(false);
      });
      expect(await readFile(join(folder, TARGET), 'utf8')).toBe(target);

      const gone = once(first, 'exit');
      first.kill('SIGKILL');
      await gone;
      await withStartIn(folder, ['--no-samples'], async (third) => {
        const { ingestUrl } = JSON.parse(await untilUp(third).then(() => readFile(join(folder, TARGET), 'utf8')));
        expect(ingestUrl).not.toBe(JSON.parse(target).ingestUrl);
        expect(await interrupt(third)).toEqual([0, null]);
        expect(existsSync(join(folder, TARGET))).toBe(false);
      });
    });
  });

  it.skipIf(lackingOpenssl())("with a certificate answers under ZPA's own names too, through CONNECT", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-tls-'));
    const { cert, key } = makeCertificate(folder);
    await withStart(['--no-samples', '--tls-cert', cert, '--tls-key', key], async (child) => {
      const uri = /ZPA +(http:\S+)/.exec(await untilUp(child))?.[1] ?? '';
      const dispatcher = new ProxyAgent({ uri, requestTls: { ca: await readFile(cert, 'utf8') } });
      const secret = 'grant_type=client_credentials&client_id=simulator&client_secret=simulator';
      const answer = await request('https://acme.zslogin.net/oauth2/v1/token', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `${secret}&audience=https://api.zscaler.com`,
        dispatcher,
      });
      expect(await answer.body.json()).toMatchObject({ access_token: expect.any(String) });
      await dispatcher.close();
    });
    await rm(folder, { recursive: true });
  });

  it('refuses half a certificate', async () => {
    await withStart(['--tls-cert', 'cert.pem'], async (child) => {
      const [err, [exit]] = await Promise.all([outputOf(child.stderr), once(child, 'exit')]);
      expect([exit, err]).toEqual([1, '--tls-cert and --tls-key belong together.\n']);
    });
  });

  it('says in one sentence what is wrong with its options', async () => {
    await withStart(['--limits', 'none'], async (child) => {
      const err = outputOf(child.stderr);
      const [exit] = await once(child, 'exit');
      expect([exit, (await err).split('\n')[0]]).toEqual([2, expect.stringContaining('--limits')]);
    });
  });
});
