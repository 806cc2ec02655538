import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Console } from '../../../functions/ops/output/terminal.ts';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

const LANE = 'PRODUCTION:216196257331281920';
const ESCAPE = '\u001B[2J';

let world: World;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-cli-'));
  world = await startWorld({ timeFactor: 20, schedules: false });
  await writeLocalTarget(world, folder);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

type Over = Partial<Console> & { input?: string; answer?: boolean };

/** Runs one command line as a person would in that folder. */
async function zpa(argv: string[], over: Over = {}) {
  const console = createRecordingConsole(over);
  const exit = await run(argv, { console, cwd: folder, env: {} });
  return { exit, out: console.stdout(), err: console.stderr(), asked: console.asked };
}
async function json(argv: string[], over: Over = {}) {
  const { exit, out, err } = await zpa(['--json', ...argv], over);
  return {
    exit,
    document: out === '' ? undefined : JSON.parse(out),
    error: err === '' ? undefined : JSON.parse(err).error,
  };
}

let count = 0;
function change(over: object) {
  count += 1;
  const idempotencyKey = `OPS-${count}`;
  return { schemaVersion: 1, idempotencyKey, tenant: 'acme-prod', action: 'update', ...over };
}
/** A change that is always rejected. */
const hopeless = (name = 'Nowhere at all') => change({ group: { name }, set: { enabled: true } });

async function fail(name?: string): Promise<string> {
  const one = hopeless(name);
  const { exit } = await zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify(one) });
  expect(exit).toBe(1);
  return one.idempotencyKey;
}
const settled = (key: string) => world.awaitSettled(world.refs('ops', [key]));

describe('submit', () => {
  it('sends YAML through the webhook as a source of its own and waits for the outcomes', async () => {
    const file = join(folder, 'lab.yaml');
    await writeFile(
      file,
      `schemaVersion: 1
idempotencyKey: LAB-1/1@A
tenant: acme-prod
action: create
group: { name: Lab }
enabled: true
---
schemaVersion: 1
idempotencyKey: LAB-1/2@A
tenant: acme-prod
action: update
group: { name: Nowhere at all }
set: { enabled: true }
`,
    );
    const first = await zpa(['submit', 'lab.yaml', '--wait', '20']);
    expect(first.err).toBe('');
    expect(first.exit).toBe(1);
    expect(first.out).toMatch(/LAB-1\/1@A {2}create "Lab"\napplied, created\n {2}group {7}Lab \(\d+\)/);
    expect(first.out).toContain('rejected group-not-found at group');
    expect(world.simulator.store.group('Lab')?.enabled).toBe(true);

    const sentAgain = await zpa(['submit', 'lab.yaml']);
    expect(sentAgain).toMatchObject({ exit: 0, err: '' });
    expect(sentAgain.out).toMatch(/LAB-1\/1@A +acme-prod +already applied +http/);
    expect(sentAgain.out).toMatch(/LAB-1\/2@A +acme-prod +already rejected +http/);
    const again = await json(['submit', 'lab.yaml', '--wait', '20']);
    expect(again.exit).toBe(1);
    expect(again.document.changes).toMatchObject([
      { idempotencyKey: 'LAB-1/1@A', state: 'settled', outcome: { kind: 'applied' }, statusUrl: expect.any(String) },
      { idempotencyKey: 'LAB-1/2@A', state: 'settled', outcome: { kind: 'rejected' } },
    ]);
    const status = await zpa(['status', 'LAB-1/1@A']);
    expect(status.out.match(/settings version 1/g)).toHaveLength(2);
    expect(status).toMatchObject({ exit: 0, out: expect.stringContaining('acme-prod, from ops') });
  });

  it('takes the example of docs/cli.md, whose ticket has no system, and plans it', async () => {
    const [, example = ''] = /```yaml\n(schemaVersion: 1\n[^`]+)```/.exec(await readFile('docs/cli.md', 'utf8')) ?? [];
    expect(example).toContain('ticket: {');
    const planned = await json(['plan', '-'], { input: example });
    expect(planned.error).toBeUndefined();
    const { exit, document } = await json(['submit', '-'], { input: example });
    expect(exit).toBe(0);
    const status = await zpa(['status', document.changes[0].idempotencyKey]);
    expect(status.out).toContain('CLI CHG0031337');
  });

  it('finds faults before it sends anything, all of them', async () => {
    const bad = [hopeless(), change({ group: { id: 12 }, set: { colour: 'red' } })];
    const { exit, error } = await json(['submit', '-'], { input: JSON.stringify({ changes: bad }) });
    expect(exit).toBe(2);
    expect(error).toMatchObject({ code: 'invalid-change', sentence: expect.stringContaining('change 2: "group.id"') });
    expect((await zpa(['status', bad[0]?.idempotencyKey ?? ''])).exit).toBe(3);
  });

  it.each([
    ['text that is neither', '{', 'not-json'],
    ['broken YAML', 'a: [1', 'not-yaml'],
    ['nothing', '', 'no-changes'],
    ['an unknown tenant', JSON.stringify({ ...hopeless(), tenant: 'umbrella' }), 'invalid-change'],
  ])('refuses %s', async (_, input, code) => {
    expect(await json(['submit', '-'], { input })).toMatchObject({ exit: 2, error: { code } });
  });

  it.each([
    ['Latin-1', Buffer.from('tenant: Büro', 'latin1')],
    ['UTF-16', Buffer.from('\uFEFFtenant: Lab', 'utf16le')],
  ])('refuses a file in %s, whose letters would be read as others', async (_, bytes) => {
    const path = join(folder, 'other-encoding.yaml');
    await writeFile(path, bytes);
    for (const argv of [
      ['plan', path],
      ['settings', 'check', path],
    ]) {
      expect(await json(argv)).toMatchObject({
        exit: 2,
        error: { code: 'not-utf8', sentence: `${path} is not UTF-8.`, remedy: 'Save it as UTF-8.' },
      });
    }
  });

  it('reads a JSON file that an editor began with a byte order mark', async () => {
    const path = join(folder, 'marked.json');
    await writeFile(path, `\uFEFF${JSON.stringify(change({ group: { name: 'Intranet' }, set: { enabled: true } }))}`);
    expect((await json(['plan', path])).error).toBeUndefined();
  });

  it('tells where a YAML file is broken, with the line, and nothing of the library', async () => {
    const { error } = await json(['plan', '-'], { input: 'tenant: acme-prod\ngroup:\n\tname: Web Apps\n' });
    expect(error).toMatchObject({
      sentence: expect.stringMatching(/^Line 3, column \d: lines are indented by spaces.*: "name: Web Apps"\.$/),
    });
  });

  it('says when the webhook is not there', async () => {
    const path = join(folder, 'gone.json');
    const target = JSON.parse(await readFile(join(folder, '.zpa-changes/local.json'), 'utf8'));
    await writeFile(path, JSON.stringify({ ...target, ingestUrl: 'http://127.0.0.1:9' }));
    const { exit, err } = await zpa(['--target', path, 'submit', '-'], { input: JSON.stringify(hopeless()) });
    expect(exit).toBe(4);
    expect(err).toContain('webhook-unreachable');
    expect(err.replaceAll(/\s+/g, ' ')).toContain(`the local demo at http://127.0.0.1:9, which ${path} names`);
    expect(err).not.toContain('whsec_');
  });
});

describe('an answer that is not the webhook’s', () => {
  it.each([
    ['another server’s page', (answer: ServerResponse) => answer.end('<html>'), 'refused'],
    [
      'one that breaks off',
      (answer: ServerResponse) => answer.write('{"changes":', () => answer.destroy()),
      'webhook-unreachable',
    ],
  ])('does not count as an acceptance, and is no fault of the CLI: %s', async (_, reply, code) => {
    const server = createServer((_request, answer) => reply(answer.writeHead(202))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const path = join(folder, 'other.json');
    const target = JSON.parse(await readFile(join(folder, '.zpa-changes/local.json'), 'utf8'));
    const { port } = server.address() as AddressInfo;
    await writeFile(path, JSON.stringify({ ...target, ingestUrl: `http://127.0.0.1:${port}` }));
    const { exit, error } = await json(['--target', path, 'submit', '-'], { input: JSON.stringify(hopeless()) });
    server.close();
    expect({ exit, error }).toMatchObject({ exit: 4, error: { code } });
  });
});

describe('a target whose world runs no more', () => {
  it.each([
    ['nobody answers', { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } }],
    ['its settings are gone', { env: { SETTINGS_TABLE: 'swept-away' } }],
  ])('is named with the file that points there: %s', async (_, { env }) => {
    const path = join(folder, 'no-more.json');
    const target = JSON.parse(await readFile(join(folder, '.zpa-changes/local.json'), 'utf8'));
    await writeFile(path, JSON.stringify({ ...target, env: { ...target.env, ...env } }));
    const { error } = await json(['--target', path, 'status', 'OPS-1']);
    expect(error).toMatchObject({ code: 'settings-unavailable' });
    expect(error.remedy).toContain(`the local demo at ${world.url}, which ${path} names`);
  });
});

describe('plan and groups', () => {
  it('shows what would happen, decided as the worker decides, and writes nothing', async () => {
    const before = world.simulator.log.effects().length;
    const changes = [
      change({ group: { name: 'Intranet' }, set: { description: 'For everybody' } }),
      change({ action: 'create', group: { name: 'Intranet' } }),
      change({ action: 'create', group: { name: 'New one' } }),
    ];
    const { exit, out } = await zpa(['plan', '-'], { input: JSON.stringify(changes), colours: true });
    expect(exit).toBe(1);
    expect(out).toContain('\u001B[32m"For everybody"');
    expect(out).toContain('would be rejected: group-exists');
    expect(out).toContain('+ name: "New one"');
    expect(out).not.toContain('--reach');
    const adding = change({ group: { name: 'Intranet' }, applications: { add: [{ name: 'Unassigned Printer' }] } });
    const unread = await zpa(['plan', '-'], { input: JSON.stringify([adding, adding]) });
    expect(unread.out.match(/not checked: the policy rules were not read/g)).toHaveLength(2);
    expect(unread.out.match(/--reach/g)).toHaveLength(1);
    const members = { add: [{ name: 'Wiki' }, { name: 'Unassigned Printer' }], remove: [{ name: 'Payroll' }] };
    const some = await zpa(['plan', '-'], {
      input: JSON.stringify([
        change({ group: { name: 'Intranet' }, applications: members, leaveUngrouped: true }),
        change({ group: { name: 'Intranet' }, applications: { add: [{ name: 'Wiki' }] } }),
      ]),
    });
    expect(some.out).toMatch(/update "Intranet": \+1 application segment in acme-prod/);
    expect(some.out).toMatch(/= application segment Wiki \(\d+\) is already there/);
    expect(some.out).toMatch(/= application segment Payroll \(\d+\) is already absent/);
    expect(some.out).toMatch(/update "Intranet" in acme-prod\n {4}no change needed.*\n {4}= application segment Wiki/);
    const asJira = await json(['plan', '-', '--source', 'jira'], { input: JSON.stringify(changes[0]) });
    expect(asJira).toMatchObject({ exit: 1, document: { changes: [{ kind: 'rejected', code: 'not-permitted' }] } });
    expect(world.simulator.log.effects()).toHaveLength(before);
  });

  it('lists, finds and shows groups, hostile names made visible', async () => {
    world.simulator.store.createGroup({ name: `Evil${ESCAPE}`, description: 'x\u202Ey' });
    const list = await zpa(['groups', 'list', '--tenant', 'acme-prod']);
    expect(list).toMatchObject({ exit: 0, out: expect.stringContaining('Evil\\u{1B}[2J') });
    expect(list.out).not.toContain(ESCAPE);
    const found = await json(['groups', 'search', 'INTRA', '--tenant', 'acme-prod']);
    expect(found.document.groups).toMatchObject([{ name: 'Intranet' }]);
    const { id } = found.document.groups[0];
    for (const name of ['Intranet', id]) {
      const shown = await json(['groups', 'get', name, '--tenant', 'acme-prod']);
      expect(shown).toMatchObject({ exit: 0, document: { group: { id, name: 'Intranet' } } });
    }
    const near = await zpa(['groups', 'get', 'intranett', '--tenant', 'acme-prod']);
    expect(near).toMatchObject({ exit: 3, err: expect.stringContaining('Did you mean "Intranet"?') });
  });

  it.each(['0', undefined])(
    'says that the time of the last edit is unknown where ZPA answers %s',
    async (modifiedTime) => {
      const { id } = world.simulator.store.createGroup({
        name: `Of ${modifiedTime}`,
        modifiedTime,
        modifiedBy: undefined,
      });
      const { out } = await zpa(['groups', 'get', id, '--tenant', 'acme-prod']);
      expect(out).toMatch(/^modified +unknown$/m);
      const list = await zpa(['groups', 'search', `Of ${modifiedTime}`, '--tenant', 'acme-prod']);
      expect(list.out).toMatch(/ unknown$/m);
      expect(out + list.out).not.toContain('1970');
    },
  );

  it('asks for the tenant where there are several', async () => {
    const { exit, err } = await zpa(['groups', 'list']);
    expect(exit).toBe(2);
    expect(err).toContain('acme-prod, globex-prod');
  });
});

describe('failures', () => {
  it('lists, shows, redrives at exactly the generation shown, and takes the message off the queue', async () => {
    const key = await fail('Not yet');
    await world.until(async () => (world.failures().some((one) => one.ref?.idempotencyKey === key) ? true : undefined));
    const listed = await json(['failures', 'list', '--code', 'group-not-found', '--newer-than', '1h']);
    expect(listed.document.failures.map((one: { ref: object }) => one.ref)).toContainEqual(world.refs('ops', [key])[0]);
    expect((await json(['failures', 'list', '--older-than', '1h'])).document).toMatchObject({ total: 0 });
    expect(await zpa(['failures', 'show', key])).toMatchObject({ exit: 0, out: expect.stringContaining('remedy') });

    const script = await zpa(['failures', 'retry', key]);
    expect(script).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
    const no = await zpa(['failures', 'redrive', key], { interactive: true, answer: false });
    expect(no).toMatchObject({ exit: 130, asked: ['Retry this change?'] });

    world.simulator.store.createGroup({ name: 'Not yet', enabled: false });
    expect(await json(['failures', 'retry', key, '--yes'])).toMatchObject({
      exit: 0,
      document: { preview: false, changes: [{ generation: 1, result: 'reopen' }] },
    });
    expect(await settled(key)).toMatchObject([
      { generation: 2, outcome: { kind: 'applied' }, history: [{ generation: 1 }] },
    ]);
    expect(world.failures().filter((one) => one.ref?.idempotencyKey === key)).toEqual([]);
    const again = await json(['failures', 'retry', key, '--yes']);
    expect(again).toMatchObject({
      exit: 1,
      document: { changes: [{ result: 'refused', refusal: { code: 'not-rejected' } }] },
    });
  });

  it('ends a stale one as replaced for good, and re-opens another that is told to', async () => {
    const store = world.simulator.store;
    const create = change({ action: 'create', group: { name: 'Taken' } });
    store.createGroup({ name: 'Taken' });
    const other = change({ action: 'create', group: { name: 'Taken' } });
    for (const one of [create, other]) await zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify(one) });
    const newer = change({ group: { name: 'Taken' }, set: { description: 'newer' } });
    await zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify(newer) });
    const key = create.idempotencyKey;
    const dry = await json(['failures', 'redrive', key, '--dry-run']);
    expect(dry.document).toMatchObject({
      preview: true,
      changes: [{ result: 'supersede', staleness: { by: newer.idempotencyKey } }],
    });
    await zpa(['failures', 'retry', key, '--yes']);
    expect((await zpa(['status', key])).out).toContain('replaced by');
    expect((await json(['failures', 'redrive', key, '--accept-stale', '--yes'])).document).toMatchObject({
      changes: [{ result: 'refused', refusal: { code: 'not-rejected' } }],
    });
    const otherKey = other.idempotencyKey;
    expect((await json(['failures', 'redrive', otherKey, '--accept-stale', '--yes'])).document).toMatchObject({
      changes: [{ generation: 1, result: 'reopen' }],
    });
    const again = { generation: 2, acceptStale: true, outcome: { code: 'group-exists' } };
    expect(await settled(otherKey)).toMatchObject([again]);
  });

  it('are dismissed with a reason and a name only: those of the flags, or the reason a person is asked for', async () => {
    const key = await fail();
    const argv = ['failures', 'dismiss', key];
    expect(await json([...argv, '--yes'])).toMatchObject({ exit: 2, error: { code: 'reason-missing' } });
    for (const blank of ['', ' \t', 'x'.repeat(501)]) {
      const { exit, err } = await zpa([...argv, '--reason', blank, '--yes']);
      expect([exit, err]).toEqual([2, expect.stringContaining('--reason')]);
      const unnamed = await zpa([...argv, '--reason', 'not needed', '--by', blank, '--yes']);
      expect([unnamed.exit, unnamed.err]).toEqual([2, expect.stringContaining('--by')]);
    }
    expect(await zpa(['failures', 'list', '--ticket', key])).toMatchObject({ out: expect.stringContaining(key) });
    const asked: string[] = [];
    const askText: Console['askText'] = async ({ message, fault }) => {
      expect([fault(' '), fault('not needed')]).toEqual([expect.any(String), undefined]);
      asked.push(message);
      return ' not needed ';
    };
    expect(await zpa(argv, { interactive: true, askText })).toMatchObject({ exit: 0 });
    expect(asked).toEqual([expect.stringMatching(/why/i)]);
    expect((await json(['status', key])).document).toMatchObject({ discarded: { reason: 'not needed' } });
  });

  it('discards by filter, after a preview, once', async () => {
    const key = await fail();
    expect(await zpa(['failures', 'discard'])).toMatchObject({ exit: 2 });
    const found = ['failures', 'discard', '--ticket', key, '--by', 'lena'];
    const argv = [...found, '--reason', 'sent anew'];
    expect((await json([...found, '--dry-run'])).document).toMatchObject({
      discarded: [],
      wouldDiscard: [{ generation: 1 }],
    });
    expect((await json([...argv, '--yes'])).document.discarded).toMatchObject([{ idempotencyKey: key }]);
    expect((await json([...argv, '--yes'])).document).toEqual({ failures: [] });
    expect(await zpa(['failures', 'dismiss', key, '--yes'])).toMatchObject({
      exit: 3,
      out: expect.stringContaining(`${key} is not a failure: already dismissed by lena: sent anew.`),
    });
    expect(await zpa(['failures', 'dismiss', '--code', 'nosuchcode', '--yes'])).toMatchObject({
      exit: 3,
      err: expect.stringContaining('group-in-use'),
    });
    expect((await zpa(['status', key])).out).toMatch(/dismissed {3}by lena, \S+: sent anew/);
    expect((await zpa(['changes', 'list', '--ticket', key])).out).toContain('dismissed by lena: sent anew');
    expect((await json(['failures', 'retry', key, '--yes'])).document).toMatchObject({
      changes: [{ refusal: { code: 'discarded' } }],
    });
  });
});

describe('lanes', () => {
  it('pauses a lane and lets it go on', async () => {
    expect((await zpa(['lanes', 'pause', 'acme-prod', '--reason', 'maintenance', '--by', 'lena'])).exit).toBe(0);
    await zpa(['lanes', 'pause', LANE, '--reason', 'too late', '--by', 'max']);
    const paused = await json(['lanes', 'list']);
    const note = expect.stringMatching(/^Paused by lena: maintenance$/);
    expect(paused.document.lanes[0]).toMatchObject({ lane: LANE, tenants: ['acme-prod'], state: 'paused', note });
    expect((await zpa(['lanes', 'resume', LANE])).exit).toBe(0);
    expect((await json(['lanes', 'list'])).document.lanes[0]).toMatchObject({ state: 'idle', open: 0 });
    expect(await zpa(['lanes', 'resume', 'nowhere'])).toMatchObject({ exit: 3 });
  });

  it('names the tenants for which a lane is stopped', async () => {
    const lane = await world.ledger.readLane(LANE);
    const probe = { since: 0, tries: 1, probeAt: 0, alarmed: true };
    const stopped = { ...probe, code: 'secret-missing', sentence: 'No secret.', tenants: ['acme-prod'] };
    await world.ledger.writeLane({ ...lane, stopped }, lane.version);
    const note = expect.stringMatching(/^No secret \(secret-missing for acme-prod\)/);
    expect((await json(['lanes', 'list'])).document.lanes[0]).toMatchObject({ state: 'stopped', note });
    await world.ledger.writeLane({ ...lane }, lane.version + 1);
  });
});

describe('usage', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['explode']],
    ['an unknown option', ['status', 'x', '--loud']],
    ['a missing argument', ['status']],
    ['a target that is not there', ['--target', 'nowhere.json', 'status', 'x']],
    ['an age that is none', ['failures', 'list', '--newer-than', 'yesterday']],
  ])('%s exits 2', async (_, argv) => {
    expect((await zpa(argv)).exit).toBe(2);
  });

  it.each<[string, string[], number, string]>([
    ['a day', ['audit', 'export', '--from', 'x', '--to', 'y'], 2, '--from x is not a day.'],
    ['a tenant of failures', ['failures', 'list', '--tenant', 'nope'], 3, 'There is no tenant "nope".'],
    ['a tenant of changes', ['changes', 'list', '--tenant', 'nope'], 3, 'There is no tenant "nope".'],
    ['a tenant of groups', ['groups', 'list', '--tenant', 'nope'], 3, 'There is no tenant "nope".'],
    ['a tenant of drift', ['drift', '--tenant', 'nope'], 3, 'There is no tenant "nope".'],
    ['a tenant to probe', ['doctor', '--probe', 'nope'], 3, 'There is no tenant "nope".'],
    ['no tenant of several', ['groups', 'list'], 2, 'Several tenants are configured.'],
    [
      'a microtenant',
      ['groups', 'list', '--tenant', 'acme-prod', '--microtenant', 'nope'],
      3,
      'There is no microtenant "nope".',
    ],
    ['a source of a plan', ['plan', '-', '--source', 'nope'], 3, 'There is no source "nope".'],
    ['a source to sign as', ['sources', 'sign', 'nope', '-'], 3, 'There is no source "nope".'],
    ['a source to test', ['sources', 'test', 'nope', '-'], 3, 'There is no source "nope".'],
    ['a source of failures', ['failures', 'list', '--source', 'nope'], 0, 'The settings have no source "nope".'],
    ['a source of changes', ['changes', 'list', '--source', 'nope'], 0, 'The settings have no source "nope".'],
    [
      'a group',
      ['groups', 'get', 'nope', '--tenant', 'acme-prod'],
      3,
      'List the groups: zpa-changes groups list --tenant acme-prod.',
    ],
    ['the end of a file', ['plan', '-'], 2, 'the text ends, and a bracket or quote above is not closed.'],
  ])('%s that is wrong is named, with what to do', async (_, argv, exit, says) => {
    expect(await zpa(argv, { input: 'a: [\n' })).toMatchObject({ exit, err: expect.stringContaining(says) });
  });

  it('a lane that is not paused is not said to be resumed', async () => {
    expect(await zpa(['lanes', 'resume', 'acme-prod'])).toMatchObject({
      exit: 0,
      out: 'The lane of acme-prod was not paused.\n',
    });
  });

  it('is told as JSON where JSON is asked for', async () => {
    expect(await json(['explode'])).toMatchObject({ exit: 2, error: { code: 'usage', exit: 2 } });
  });

  it('help teaches, and exits 0', async () => {
    const { exit, out } = await zpa(['submit', '--help']);
    expect(exit).toBe(0);
    expect(out).toContain('zpa-changes submit change.yaml --wait');
    expect((await zpa(['--help'])).out).toContain('7 drift found');
  });

  it('without a local world says how to get one', async () => {
    const console = createRecordingConsole();
    expect(await run(['status', 'x'], { console, cwd: tmpdir(), env: {} })).toBe(4);
    expect(console.stderr()).toContain('npm start');
  });
});
