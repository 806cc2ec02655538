import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { type Caller, caller, signedIn } from './client.ts';

const MAIN = new URL('../../../local/zpa-simulator/main.ts', import.meta.url).pathname;

describe('a data folder', () => {
  let folder: string;
  const open: { close(): Promise<void> }[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zpa-simulator-'));
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await rm(folder, { recursive: true });
  });
  const start = async (): Promise<{ simulator: Simulator; zpa: Caller }> => {
    const simulator = await startSimulator({ dataFolder: folder });
    const zpa = await signedIn(simulator);
    open.push(zpa, simulator);
    return { simulator, zpa };
  };

  it('survives SIGKILL: every answered write, its log entry, and tokens', async () => {
    const child = spawn(process.execPath, [MAIN, '--port', '0', '--data', folder, '--limits', 'off']);
    const url = await urlOf(child);
    const zpa = await signedIn({ url } as Simulator);
    const statuses: number[] = [];
    for (let index = 0; index < 30; index++) {
      statuses.push((await zpa.call('POST', 'v1/segmentGroup', { name: `Kept ${index}`, enabled: true })).status);
    }
    await zpa.call('DELETE', 'v1/segmentGroup/45096653');
    const token = await tokenOf(url);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await zpa.close();
    expect(statuses).toEqual(Array(30).fill(201));

    const { simulator } = await start();
    expect(simulator.store.groups().filter(({ name }) => name.startsWith('Kept'))).toHaveLength(30);
    expect(simulator.store.group('45096653')).toBeUndefined();
    expect(simulator.log.effects()).toHaveLength(31);
    expect(await statusWith(simulator.url, token)).toBe(200);
  });

  it('goes on with its ids and sequences, and leaves out a line that was cut short', async () => {
    const first = await start();
    const made = await first.zpa.call('POST', 'v1/segmentGroup', { name: 'One', enabled: true });
    first.simulator.store.renameGroup('45096653', 'By hand');
    const token = await tokenOf(first.simulator.url);
    first.simulator.expireTokens();
    for (const one of open.splice(0)) await one.close();
    await appendFile(join(folder, 'journal.jsonl'), '{"effects":[{"customerId":"2161');

    const second = await start();
    expect(second.simulator.store.group('45096653')?.name).toBe('By hand');
    expect(await statusWith(second.simulator.url, token)).toBe(401);
    const next = await second.zpa.call('POST', 'v1/segmentGroup', { name: 'Two', enabled: true });
    expect(BigInt(String(next.json.id))).toBe(BigInt(String(made.json.id)) + 1n);
    const sequences = second.simulator.log.all().map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });

  it('is for one simulator at a time: another is refused and harms nothing', async () => {
    const { simulator, zpa } = await start();
    await zpa.call('POST', 'v1/segmentGroup', { name: 'Before', enabled: true });
    const [another] = await Promise.allSettled([startSimulator({ dataFolder: folder, port: simulator.port })]);
    await zpa.call('POST', 'v1/segmentGroup', { name: 'After', enabled: true });
    for (const one of open.splice(0)) await one.close();

    const names = (await start()).simulator.store.groups().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Before', 'After']));
    expect(another).toMatchObject({ status: 'rejected', reason: { code: 'data-folder-in-use' } });
  });

  it('is free again after a start that found its port taken', async () => {
    const { simulator } = await start();
    const other = await mkdtemp(join(tmpdir(), 'zpa-simulator-'));
    await expect(startSimulator({ dataFolder: other, port: simulator.port })).rejects.toThrow('EADDRINUSE');
    const again = await startSimulator({ dataFolder: other });
    await again.close();
    await rm(other, { recursive: true });
  });

  it('snapshot and restore, reset to the seed', async () => {
    const { simulator, zpa } = await start();
    const before = simulator.snapshot();
    await zpa.call('DELETE', 'v1/segmentGroup/45096653');
    simulator.restore(before);
    expect((await zpa.call('GET', 'v1/segmentGroup/45096653')).status).toBe(200);
    simulator.store.renameGroup('45096653', 'Other');
    simulator.quirks.set('duplicate-name', 'allow');
    simulator.reset();
    expect(simulator.store.group('45096653')?.name).toBe('Staging Apps');
    expect([simulator.quirks.get('duplicate-name'), simulator.log.all()]).toEqual(['refuse', []]);
  });
});

describe('the control endpoint', () => {
  let simulator: Simulator;
  let control: Caller;
  beforeEach(async () => {
    simulator = await startSimulator();
    control = caller(simulator.url);
  });
  afterEach(async () => {
    await control.close();
    await simulator.close();
  });
  const call = (method: string, path: string, body?: unknown) => control.call(method, `/__simulator${path}`, body);

  it('offers what the methods do', async () => {
    expect((await call('GET', '/')).text).toMatch(/expire-tokens/);
    expect((await call('PUT', '/quirks', { 'foreign-application': 'refuse' })).json).toMatchObject({
      'foreign-application': 'refuse',
    });
    const fault = { match: { method: 'GET' }, fault: { kind: 'rate-limited' }, times: 1 };
    expect((await call('POST', '/faults', fault)).status).toBe(204);
    const zpa = await signedIn(simulator);
    expect((await zpa.call('GET', 'v1/microtenants')).status).toBe(429);
    expect((await call('POST', '/console', { edit: 'renameGroup', args: ['45096653', 'X'] })).status).toBe(200);
    expect((await zpa.call('GET', 'v1/segmentGroup/45096653')).json.name).toBe('X');
    await zpa.call('PUT', 'v1/segmentGroup/45096653', { name: 'Y' });
    const log = JSON.parse((await call('GET', '/log?effects=1')).text);
    expect(log).toMatchObject([{ kind: 'write', status: 204, client: 'simulator', body: { name: 'Y' } }]);
    expect((await call('PUT', '/limits', { mode: 'documented' })).status).toBe(204);
    expect(simulator.limits.mode).toBe('documented');
    const snapshot = (await call('GET', '/snapshot')).json;
    expect((await call('POST', '/reset')).status).toBe(204);
    expect((await call('PUT', '/snapshot', snapshot)).status).toBe(204);
    expect(simulator.store.group('45096653')?.name).toBe('Y');
    await call('POST', '/credentials', { clientId: 'new', clientSecret: 'secret of the new one' });
    expect((await control.form('/signin', { client_id: 'new', client_secret: 'secret of the new one' })).status).toBe(
      200,
    );
    expect(JSON.stringify(simulator.log.all())).not.toContain('secret of the new one');
    await call('POST', '/expire-tokens');
    expect((await zpa.call('GET', 'v1/microtenants')).status).toBe(401);
    await zpa.close();
  });

  it('says what is wrong with a request, and answers nobody under another name', async () => {
    const wrong = await call('PUT', '/quirks', { 'duplicate-name': 'maybe' });
    expect([wrong.status, wrong.json.error]).toEqual([
      400,
      'quirk duplicate-name cannot be "maybe"; it can be: refuse, conflict, allow',
    ]);
    expect((await call('POST', '/console', { edit: 'nothing' })).json.error).toMatch(/renameGroup/);
    expect((await call('GET', '/nowhere')).status).toBe(404);
    const rebound = await control.call('GET', '/__simulator/log', undefined, { host: 'evil.example' });
    expect(rebound.status).toBe(403);
  });
});

async function urlOf(child: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error(`the simulator did not start: ${text}`);
}

async function tokenOf(url: string): Promise<string> {
  const body = new URLSearchParams({ client_id: 'simulator', client_secret: 'simulator' });
  const answer = await fetch(`${url}/signin`, { method: 'POST', body, headers: { connection: 'close' } });
  const { access_token } = (await answer.json()) as { access_token: string };
  return access_token;
}

async function statusWith(url: string, token: string): Promise<number> {
  const path = '/mgmtconfig/v1/admin/customers/216196257331281920/microtenants';
  const headers = { authorization: `Bearer ${token}`, connection: 'close' };
  const answer = await fetch(`${url}${path}`, { headers });
  await answer.arrayBuffer();
  return answer.status;
}
