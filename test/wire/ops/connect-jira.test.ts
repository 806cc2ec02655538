import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allOk, findingsOf, STEPS, secretFolder, UNCONNECTED } from './connect-walk.ts';
import { useScene } from './use-scene.ts';

const scene = useScene(UNCONNECTED);
const { zpa } = scene;
const system = () => {
  const found = scene.world.ticketSystems;
  if (found === undefined) throw new Error('the world has ticket systems');
  return found.jira;
};

const FORM = {
  customfield_10101: { value: 'Rename group' },
  customfield_10102: 'zpa-changes connection test',
};
const [SAM, PRIYA] = ['712020:sam.oduya', '712020:priya.nair'];
const JIRA = ['--system', 'jira', '--tenant', 'acme-prod', '--projects', 'ZPA'];
const ACCOUNT = ['--email', 'zpa-changes@acme.example'];

let filed = 200;
/** A test issue that Sam asks approval for. */
function file(): string {
  filed += 1;
  const key = `ZPA-${filed}`;
  system().store.addIssue({ key, title: 'Connection test', status: 'To Do', reporter: SAM, fields: FORM });
  system().store.move(key, 'Waiting for approval', SAM);
  return key;
}
const ring = (ticket: string) => zpa(['sources', 'sign', 'desk', '-'], { input: JSON.stringify({ ticket }) });
const stepsFor = (key: string) => findingsOf(zpa(['--json', 'connect', 'desk', '--ticket', key, '--wait', '0']));

describe('connect, Jira', () => {
  let secrets: string;
  beforeAll(async () => {
    const account = (email: string) => ({ email, apiToken: 'local' });
    secrets = await secretFolder({
      'tickets.txt': account('zpa-changes@acme.example'),
      'tickets-read.txt': account('zpa-reader@acme.example'),
    });
  });
  const connect = (...more: string[]) =>
    zpa(['connect', 'desk', ...JIRA, ...ACCOUNT, '--url', system().url, '--secrets', secrets, '--yes', ...more]);

  it('says what is missing in Jira before anything is written', async () => {
    const { exit, err } = await connect('--done-status', 'Finished');
    expect(exit).toBe(1);
    expect(err).toContain('There is no status "Finished"');
    expect((await zpa(['sources', 'list'])).out).not.toContain('desk');
  });

  it('says that a project is not there, or not shown, before anything is written', async () => {
    const { exit, err } = await connect('--projects', 'ZPA,XYZ');
    expect(exit).toBe(1);
    expect(err).toContain('This account is shown no project "XYZ".');
    expect(err).not.toContain('"ZPA"');
    expect((await zpa(['sources', 'list'])).out).not.toContain('desk');
  });

  it('says that the credential is not accepted before anything is written', async () => {
    const dead = await secretFolder({ 'tickets.txt': { email: 'zpa-changes@acme.example', apiToken: 'gone' } });
    const { exit, out, err } = await connect('--secrets', dead);
    expect({ exit, err }).toEqual({ exit: 4, err: expect.stringMatching(/^jira-unreachable: .*not accepted/) });
    expect(out + err).not.toContain('gone');
  });

  it('looks again where Jira gives no answer, and takes that for no fault of the credential', async () => {
    const away = { status: 503, json: {} };
    system().faults.push({ method: 'GET', path: /myself/, kind: 'answer', answer: away });
    const unattended = await connect();
    expect(unattended).toMatchObject({ exit: 4, err: expect.stringContaining('gave no complete answer') });
    expect(unattended.err).not.toContain('token');
    system().faults.push({ method: 'GET', path: /myself/, kind: 'answer', answer: away });
    const asked: string[] = [];
    // Without --yes and with nobody who confirms it ends after the second look, before anything is written.
    const account = [...JIRA, ...ACCOUNT, '--url', system().url, '--secrets', secrets];
    const { err } = await zpa(['connect', 'desk', ...account], {
      interactive: true,
      ask: async () => false,
      async askText({ message, preset = '' }) {
        asked.push(message);
        return preset;
      },
    });
    expect(asked).toContain('Press Enter to check again');
    expect(err).not.toContain('jira-unreachable');
    expect((await zpa(['sources', 'list'])).out).not.toContain('desk');
  });

  it('looks up the numbers of the fields and the account, and fills in JQL and address', async () => {
    const { exit, out } = await connect('--reader', 'zpa-reader@acme.example');
    expect(exit).toBe(6);
    expect(out).toContain('project in (ZPA) AND cf[10101] is not EMPTY');
    expect(out).toContain(`${scene.world.url}/webhooks/desk`);
    const { sources } = JSON.parse((await zpa(['settings', 'show'])).out);
    expect(sources.desk.approval.integrationUser).toBe('712020:zpa-changes');
    expect(sources.desk.mapping.rows.group).toEqual({ from: 'issue.fields.customfield_10102' });
    expect(await readFile(join(secrets, 'source.txt'), 'utf8')).toMatch(/^[\w-]{43}\n$/);
  });

  it('ticks off every step of a whole walk, and moves the test issue on', async () => {
    const key = file();
    expect(await stepsFor(key)).toMatchObject({
      exit: 6,
      steps: { ...allOk('webhook', 'ticket', 'comment'), delivery: { result: 'unknown' } },
    });
    await ring(key);
    system().store.move(key, 'Approved', PRIYA);
    expect(await stepsFor(key)).toMatchObject({ exit: 0, steps: allOk(...STEPS) });
    expect(system().store.get(key)?.fields).toMatchObject({ status: { name: 'Done' }, resolution: { name: 'Done' } });
    expect(await scene.world.changes()).toEqual([]);
  });

  it('an issue that somebody else moved to its last status proves no transition; one that the account moved does', async () => {
    const key = file();
    await ring(key);
    system().store.move(key, 'Approved', PRIYA);
    system().store.move(key, 'Done', SAM);
    const { exit, steps } = await stepsFor(key);
    expect({ exit, ...steps.ticket }).toMatchObject({
      exit: 1,
      result: 'wrong',
      says: 'the ticket is already in Done, and its history does not show that zpa-changes moved it there',
      remedy: 'Move it back to Approved, or use another test ticket.',
    });
    system().store.move(key, 'Approved', PRIYA);
    expect(await stepsFor(key)).toMatchObject({ exit: 0, steps: allOk(...STEPS) });
    expect(await stepsFor(key)).toMatchObject({
      exit: 6,
      steps: { ...allOk('ticket'), approval: { says: 'the account moved it on, and its approval is over' } },
    });
  });

  it('an approval that no person gave', async () => {
    filed += 1;
    const key = `ZPA-${filed}`;
    system().store.addIssue({ key, title: 'Connection test', reporter: SAM, fields: FORM });
    const { steps } = await stepsFor(key);
    expect(steps.approval).toMatchObject({
      result: 'wrong',
      remedy: expect.stringContaining('A person has to move it'),
    });
  });

  it('a transition that the workflow does not have', async () => {
    const key = file();
    await ring(key);
    system().store.move(key, 'Approved', PRIYA);
    system().faults.push({
      ...{ method: 'GET', path: /transitions$/, kind: 'answer' as const },
      answer: { status: 200, json: { transitions: [] } },
    });
    const { exit, steps } = await stepsFor(key);
    expect({ exit, ...steps.transition }).toMatchObject({
      ...{ exit: 1, result: 'wrong', says: 'no transition leads from Approved to Done' },
      remedy: expect.stringContaining('Transition issues'),
    });
    expect(await stepsFor(key)).toMatchObject({ exit: 0 });
  });

  it('a comment that is refused, and a dead token of the reader', async () => {
    const key = file();
    system().faults.push({
      ...{ method: 'POST', path: /comment$/, kind: 'answer' as const },
      answer: { status: 403, json: { errorMessages: ['You do not have the permission to comment.'], errors: {} } },
    });
    expect((await stepsFor(key)).steps.comment).toMatchObject({
      result: 'wrong',
      remedy: expect.stringContaining('Add comments'),
    });
    const store = (apiToken: string) =>
      zpa(['secrets', 'set', 'tickets-read/desk', '--yes'], {
        input: JSON.stringify({ email: 'zpa-reader@acme.example', apiToken }),
      });
    await store('gone');
    const { steps } = await stepsFor(key);
    await store('local');
    expect(steps.ticket).toMatchObject({
      result: 'wrong',
      remedy: expect.stringContaining('zpa-changes secrets set tickets-read/desk'),
    });
  });
});
