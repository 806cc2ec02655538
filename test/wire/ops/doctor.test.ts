import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NamedFinding } from '../../../functions/ops/checks/finding.ts';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

let world: World;
let folder: string;
let broken: World;
let brokenFolder: string;

const INIT = ['--tenant', 'acme', '--customer-id', '216196257331281920', '--vanity', 'acme', '--source', 'servicenow'];

/** Text of a secret that no output may hold. */
const HIDDEN = 'hunter2-hunter2';

beforeAll(async () => {
  [folder, brokenFolder] = [await newFolder(), await newFolder()];
  world = await startWorld({ timeFactor: 20, worker: false, schedules: false });
  broken = await startWorld({
    timeFactor: 20,
    worker: false,
    schedules: false,
    secrets: ({ 'zpa-changes/zpa/acme-prod/write': _, ...made }) => ({
      ...made,
      'zpa-changes/zpa/acme-prod/read': JSON.stringify({ clientId: 'simulator-read', clientSecret: HIDDEN }),
      'zpa-changes/zpa/globex-prod/read': JSON.stringify({ clientId: HIDDEN }),
    }),
  });
  await writeLocalTarget(world, folder);
  await writeLocalTarget(broken, brokenFolder);
});
afterAll(async () => {
  await Promise.all([world.close(), broken.close()]);
  for (const one of [folder, brokenFolder]) await rm(one, { recursive: true });
});

const newFolder = () => mkdtemp(join(tmpdir(), 'zpa-changes-doctor-'));

async function zpa(argv: string[], cwd: string) {
  const console = createRecordingConsole();
  const exit = await run(argv, { console, cwd, env: {} });
  return { exit, out: console.stdout(), err: console.stderr() };
}

async function findingsIn(cwd: string, ...argv: string[]): Promise<NamedFinding[]> {
  return JSON.parse((await zpa([...argv, '--json', 'doctor'], cwd)).out).findings;
}

describe('doctor', () => {
  it('finds nothing wrong in a local world, and leaves out what makes no sense there', async () => {
    const { exit, out, err } = await zpa(['doctor'], folder);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('accepts a delivery signed by "ops"');
    expect(out).toMatch(/– alarms/);
    expect(out).toMatch(/0 failed, 0 not checked/);
    expect((await findingsIn(folder)).filter(({ result }) => result === 'ok').length).toBeGreaterThan(10);
  });

  it('says which secrets are missing, malformed or refused, and nothing that they hold', async () => {
    const { exit, out, err } = await zpa(['doctor'], brokenFolder);
    expect(exit).toBe(1);
    expect(out + err).not.toContain(HIDDEN);
    const findings = await findingsIn(brokenFolder);
    expect(findings).toContainEqual(
      expect.objectContaining({ result: 'wrong', subject: 'zpa-changes/zpa/acme-prod/write', says: 'is missing' }),
    );
    const malformed = findings.find(({ subject }) => subject === 'zpa-changes/zpa/globex-prod/read');
    expect(malformed).toMatchObject({ result: 'wrong', says: expect.stringContaining('lacks "clientSecret"') });
    const [refused, unread] = findings.filter(({ check }) => check === 'tenants');
    expect(refused).toMatchObject({ result: 'wrong', subject: 'acme-prod', says: expect.stringContaining('rejects') });
    expect(unread).toMatchObject({ result: 'unknown', subject: 'globex-prod' });
  });

  it('tries memberships on two groups of its own after a yes, and leaves nothing behind', async () => {
    const asked: string[] = [];
    const groups = async () =>
      JSON.parse((await zpa(['--json', 'groups', 'list', '--tenant', 'acme-prod'], folder)).out);
    const before = await groups();
    const refused = await zpa(['doctor', '--probe', 'acme-prod'], folder);
    expect(refused).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
    const console = createRecordingConsole({
      interactive: true,
      ask: async (question) => asked.push(question) > 0,
    });
    const exit = await run(['doctor', '--probe', 'acme-prod'], { console, cwd: folder, env: {} });
    expect({ exit, asked: asked.length }).toEqual({ exit: 0, asked: 1 });
    expect(asked[0]).toMatch(/creates the empty, disabled segment groups "zpa-changes doctor \w+ A" and/);
    expect(console.stdout()).toContain('takes memberships through v2');
    expect(console.stdout()).toContain('the read credential may not write');
    expect((await groups()).groups).toEqual(before.groups);
  });

  it('tries nothing where somebody paused the lane before the yes', async () => {
    const pause = () => zpa(['lanes', 'pause', 'acme-prod', '--reason', 'maintenance'], folder);
    const console = createRecordingConsole({
      interactive: true,
      ask: async () => (await pause()).exit === 0,
    });
    await run(['doctor', '--probe', 'acme-prod'], { console, cwd: folder, env: {} });
    expect(console.stdout()).toContain('not tested: its lane is paused');
    await zpa(['lanes', 'resume', 'acme-prod'], folder);
  });

  it('counts what it cannot reach as not checked, and never as in order', async () => {
    const target = JSON.parse(await readFile(join(folder, '.zpa-changes/local.json'), 'utf8'));
    await writeFile(join(folder, 'elsewhere.json'), JSON.stringify({ ...target, ingestUrl: 'http://127.0.0.1:9' }));
    const withEnv = (env: object) => JSON.stringify({ ...target, env: { ...target.env, ...env } });
    await writeFile(join(folder, 'blind.json'), withEnv({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }));
    await writeFile(join(folder, 'empty.json'), withEnv({ SETTINGS_TABLE: 'not-there' }));
    const elsewhere = await findingsIn(folder, '--target', 'elsewhere.json');
    expect(elsewhere).toContainEqual(
      expect.objectContaining({ check: 'webhook', result: 'wrong', says: expect.stringContaining('does not respond') }),
    );
    const blind = await findingsIn(folder, '--target', 'blind.json');
    expect(blind).toContainEqual(expect.objectContaining({ check: 'settings', result: 'unknown' }));
    expect(blind).toContainEqual(expect.objectContaining({ check: 'secrets', result: 'unknown' }));
    expect(blind.filter(({ check, result }) => result === 'ok' && check !== 'version' && check !== 'webhook')).toEqual(
      [],
    );
    expect((await zpa(['--target', 'blind.json', 'doctor'], folder)).exit).toBe(4);
    const empty = await findingsIn(folder, '--target', 'empty.json');
    expect(empty).toContainEqual(expect.objectContaining({ check: 'settings', result: 'wrong' }));
  });

  it('says once that AWS does not accept the credentials, and takes nothing for checked', async () => {
    const expired = '<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code></Error></ErrorResponse>';
    const aws = createServer((_, outgoing) => outgoing.writeHead(403, { 'content-type': 'text/xml' }).end(expired));
    await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
    const target = JSON.parse(await readFile(join(folder, '.zpa-changes/local.json'), 'utf8'));
    const env = { ...target.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}` };
    await writeFile(join(folder, 'expired.json'), JSON.stringify({ ...target, kind: 'aws', env }));
    const findings = await findingsIn(folder, '--target', 'expired.json');
    expect(findings.find(({ check }) => check === 'credentials')).toMatchObject({ result: 'wrong' });
    const rest = findings.filter(({ check }) => !['credentials', 'version', 'webhook', 'clock'].includes(check));
    expect(new Set(rest.map(({ result }) => result))).toEqual(new Set(['unknown']));
    aws.closeAllConnections();
    await new Promise((resolve) => aws.close(resolve));
  });
});

describe('doctor before the first deployment', () => {
  const IDENTITY =
    '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/ada</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>';
  const ABSENT =
    '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id CDKToolkit does not exist</Message></Error></ErrorResponse>';
  const TOOLKIT =
    '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>CDKToolkit</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-01T00:00:00Z</CreationTime></member></Stacks></DescribeStacksResult></DescribeStacksResponse>';

  let account: Server;
  let cwd: string;
  let isBootstrapped: boolean;
  beforeEach(async () => {
    isBootstrapped = true;
    cwd = await newFolder();
    account = createServer(async (request, response) => {
      const asksForStack = (await text(request)).includes('DescribeStacks');
      const isAbsent = asksForStack && !isBootstrapped;
      response.writeHead(isAbsent ? 400 : 200, { 'content-type': 'text/xml' });
      response.end(isAbsent ? ABSENT : asksForStack ? TOOLKIT : IDENTITY);
    });
    await new Promise<void>((resolve) => account.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    account.closeAllConnections();
    account.close();
    await rm(cwd, { recursive: true });
  });

  async function doctorHere(...argv: string[]) {
    const console = createRecordingConsole();
    const { port } = account.address() as AddressInfo;
    const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'eu-central-1' };
    const exit = await run(['--json', ...argv], { console, cwd, env });
    const findings: NamedFinding[] = JSON.parse(console.stdout()).findings;
    const of = (name: string) => findings.filter(({ check }) => check === name);
    return { exit, of, findings };
  }
  const named = ['--target', '.zpa-changes/prod.json', 'doctor'];

  it('checks what there is: Node, credentials, account and both files; the rest is not checked', async () => {
    await run(['init', ...INIT], { console: createRecordingConsole(), cwd, env: {} });
    const { exit, of, findings } = await doctorHere(...named);
    expect(of('credentials')).toMatchObject([{ result: 'ok', says: 'you are arn:aws:iam::111122223333:user/ada' }]);
    expect(of('account')).toMatchObject([{ result: 'ok' }]);
    expect(of('files')).toMatchObject([
      { result: 'ok', subject: 'zpa-changes.config.ts' },
      { result: 'ok', subject: 'settings.json' },
    ]);
    expect(of('stack')).toMatchObject([{ result: 'unknown', remedy: expect.stringContaining('npm run deploy') }]);
    expect(findings.filter(({ result }) => result !== 'ok')).toHaveLength(1);
    expect(exit).toBe(4);
  });

  it('says what is missing or wrong, with its remedy', async () => {
    isBootstrapped = false;
    await writeFile(join(cwd, 'settings.json'), '{"tenants": {"acme": {}}}');
    const { exit, of } = await doctorHere(...named);
    expect(of('account')).toMatchObject([
      { result: 'wrong', remedy: 'npx cdk bootstrap aws://111122223333/eu-central-1' },
    ]);
    expect(of('files')).toMatchObject([
      { result: 'wrong', subject: 'zpa-changes.config.ts', remedy: 'npx zpa-changes init' },
      { result: 'wrong', subject: 'settings.json', remedy: 'npx zpa-changes settings check settings.json' },
    ]);
    expect(exit).toBe(1);
  });

  it('does the same where nobody names a target', async () => {
    const { of } = await doctorHere('doctor');
    expect(of('credentials')).toMatchObject([{ result: 'ok' }]);
    expect(of('stack')).toMatchObject([{ result: 'unknown', remedy: expect.stringContaining('npm start') }]);
  });

  it('takes a target that is there and cannot be read for a mistake, and probes nothing', async () => {
    await writeFile(join(cwd, 'odd.json'), '{}');
    const refused = async (...argv: string[]) => {
      const console = createRecordingConsole();
      return { exit: await run(argv, { console, cwd, env: {} }), err: console.stderr() };
    };
    expect(await refused('--target', 'odd.json', 'doctor')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/^bad-target/),
    });
    expect(await refused(...named, '--probe', 'acme')).toMatchObject({
      exit: 2,
      err: expect.stringMatching(/^no-target/),
    });
  });
});
