import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { usualHabits } from '../../../local/ticket-systems/servicenow/table-answers.ts';
import { allOk, findingsOf, STEPS, secretFolder, UNCONNECTED } from './connect-walk.ts';
import { useScene } from './use-scene.ts';

const scene = useScene(UNCONNECTED);
const { zpa } = scene;
const system = () => {
  const found = scene.world.ticketSystems;
  if (found === undefined) throw new Error('the world has ticket systems');
  return found.servicenow;
};

const TEST = { u_zpa_action: 'Rename group', u_zpa_group: 'zpa-changes connection test' };
/** Runs the command for a test ticket, and answers the findings of its steps. */
const stepsFor = (ticket: string, wait = '0') =>
  findingsOf(zpa(['--json', 'connect', 'snow', '--ticket', ticket, '--wait', wait]));

const refusal = {
  status: 403,
  json: { error: { message: 'Operation Failed', detail: 'ACL Exception Update Failed' }, status: 'failure' },
};

let filed = 0;
/** A test change as an admin files it, sent by the business rule. */
async function file(over: Record<string, string> = {}): Promise<string> {
  filed += 1;
  const number = `CHG00410${String(filed).padStart(2, '0')}`;
  system().store.addTicket({
    number,
    title: 'Connection test',
    state: '-4',
    fields: { type: 'normal', approval: 'requested', ...TEST, ...over },
  });
  return number;
}
/** Lena approves it, and Kim moves it to Implement. */
async function approve(number: string): Promise<void> {
  system().store.approve(number, 'lena.brandt');
  for (const state of ['-3', '-2', '-1']) system().store.change(number, { state }, 'kim.adeyemi');
}
const ring = (ticket: string) => scene.world.deliver('snow', { ticket });

/** Rings for a ticket that waits, until the plan is on it: after that nothing but the command calls ServiceNow. */
async function plan(number: string): Promise<void> {
  await ring(number);
  await scene.world.until(async () =>
    system()
      .notes(number)
      .find((note) => note.startsWith('Plan: ')),
  );
}

describe('connect, ServiceNow', () => {
  let secrets: string;
  beforeAll(async () => {
    secrets = await secretFolder({ 'tickets.txt': { user: 'zpa.changes', password: 'local' } });
  });

  it('names every flag that is missing, and writes nothing', async () => {
    const { exit, err } = await zpa(['connect', 'snow', '--system', 'servicenow']);
    expect(exit).toBe(2);
    for (const flag of ['--tenant', '--url']) expect(err).toContain(`${flag}: is missing`);
    expect((await zpa(['sources', 'list'])).out).not.toContain('snow');
  });

  it('writes the source, stores the secrets and prints the forms with their values', async () => {
    const flags = ['--system', 'servicenow', '--tenant', 'acme-prod', '--url', system().url, '--secrets', secrets];
    const { exit, out, err } = await zpa(['connect', 'snow', ...flags, '--credential-id', '3f'.repeat(16), '--yes']);
    expect(err).not.toContain('whsec_');
    const value = (await readFile(join(secrets, 'source.txt'), 'utf8')).trim();
    expect(value).toMatch(/^whsec_/);
    expect(out).not.toContain(value);
    expect(exit).toBe(6);
    const script = await readFile(join(scene.folder, '.zpa-changes/snow-business-rule.js'), 'utf8');
    expect(script).toContain(`var ADDRESS = '${scene.world.url}/webhooks/snow';`);
    expect(script).toContain(`var CREDENTIAL = '${'3f'.repeat(16)}';`);
    expect(script).toContain("var INTEGRATION_USER = 'zpa.changes';");
    for (const text of ['sysapproval_approver', 'sys_audit', 'async', 'is not empty', 'source/snow is stored'])
      expect(out).toContain(text);
  });

  it('goes on where it was: nothing is asked or written again', async () => {
    const { exit, out } = await zpa(['connect', 'snow']);
    expect(exit).toBe(6);
    expect(out).toContain('The settings have this source');
    expect(out).not.toMatch(/is stored|pushed version/);
  });

  it('ticks off every step of a whole walk, and moves the test change on', async () => {
    const number = await file();
    const first = await stepsFor(number);
    expect(first).toMatchObject({
      exit: 6,
      steps: {
        ...allOk('webhook', 'ticket', 'comment'),
        delivery: { result: 'unknown', says: `nothing of ${number} has arrived yet` },
        approval: { result: 'unknown', says: 'nobody has approved it yet' },
      },
    });
    await ring(number);
    expect((await stepsFor(number)).steps.delivery?.says).toMatch(/^arrived and was proved at \d{4}-/);
    await approve(number);
    expect(await ring(number)).toMatchObject({ status: 422 });
    expect(await stepsFor(number)).toMatchObject({ exit: 0, steps: allOk(...STEPS) });
    expect(system().store.ticket(number)).toMatchObject({ state: '0', close_code: 'successful' });
    expect(await scene.world.changes()).toEqual([]);
    const again = await stepsFor(number);
    expect(again.steps.transition?.says).toBe('the account moved the ticket to Review before');
    expect(again.exit).toBe(0);
  });

  it('does not take a change that a person moved to Review for one that it moved', async () => {
    const number = await file();
    await ring(number);
    await approve(number);
    const review = { state: '0', close_code: 'successful', close_notes: 'by hand' };
    system().store.change(number, review, 'kim.adeyemi');
    const { exit, steps } = await stepsFor(number);
    expect({ exit, ...steps.ticket }).toMatchObject({
      exit: 1,
      result: 'wrong',
      says: 'the ticket is already in Review, and its history does not show that zpa-changes moved it there',
      remedy: 'Move it back to Implement, or use another test ticket.',
    });
  });

  it('waits, and ticks off what comes meanwhile', async () => {
    const number = await file();
    const walking = stepsFor(number, '60');
    await scene.world.until(async () => system().notes(number)[0]);
    await ring(number);
    await approve(number);
    expect(await walking).toMatchObject({ exit: 0, steps: allOk(...STEPS) });
  });

  it('does not move a test change that became a real request while it waited', async () => {
    const number = await file();
    await plan(number);
    const walking = stepsFor(number, '5');
    await scene.world.until(async () =>
      system()
        .notes(number)
        .find((note) => note.includes('Connection test')),
    );
    system().store.change(number, { u_zpa_new_name: 'Another name' }, 'kim.adeyemi');
    await approve(number);
    const { exit, steps } = await walking;
    expect({ exit, transition: steps.transition }).toMatchObject({ exit: 1, transition: { result: 'wrong' } });
    expect(steps.transition?.says).toContain('is a real request');
    expect(system().store.ticket(number).state).toBe('-1');
  });

  it('reverts nothing that somebody else pushed while its questions were answered', async () => {
    const grants = [{ tenants: ['acme-prod'], actions: ['delete'], groups: ['*'], applications: ['*'] }];
    const pushed: number[] = [];
    const flags = ['--system', 'webhook', '--tenant', 'acme-prod', '--secrets', secrets, '--yes'];
    const { exit, err } = await zpa(['connect', 'tool', ...flags], {
      interactive: true,
      async askText({ preset = '' }) {
        if (pushed.length > 0) return preset;
        const settings = JSON.parse((await zpa(['settings', 'show'])).out);
        settings.tenants['acme-prod'].guards = { ...settings.tenants['acme-prod'].guards, deletes: 'refused' };
        settings.sources.tool = { system: 'Tool', scheme: 'standard-webhooks', grants };
        const push = await zpa(['settings', 'push', '-', '--yes'], { input: JSON.stringify(settings) });
        pushed.push(push.exit);
        return preset;
      },
    });
    expect(pushed).toEqual([0]);
    expect(exit).toBe(6);
    const { sources, tenants } = JSON.parse((await zpa(['settings', 'show'])).out);
    expect(err).toContain('tool has grants already. They stay as they are');
    expect(sources.tool.grants).toMatchObject(grants);
    expect(sources.tool.mapping.preset).toBe('flat-json');
    expect(tenants['acme-prod'].guards.deletes).toBe('refused');
  });

  it('writes nothing on a ticket of which a change could be made', async () => {
    const number = await file({ u_zpa_new_name: 'Another name' });
    await ring(number);
    await approve(number);
    const { exit, steps } = await stepsFor(number);
    expect({ exit, ticket: steps.ticket }).toMatchObject({ exit: 1, ticket: { result: 'wrong' } });
    expect(steps.ticket?.says).toBe(`${number} is a real request: 1 change could be made of it`);
    expect(steps.transition).toMatchObject({ result: 'unknown', says: 'waits for the step "ticket"' });
    expect(system().notes(number).join()).not.toContain('Connection test');
    expect(system().store.ticket(number).state).toBe('-1');
  });
});

describe('connect, ServiceNow, where a step fails', () => {
  const { hides } = usualHabits();
  afterEach(() => {
    system().habits.hides = hides;
    system().faults.length = 0;
  });

  /** A test change that is ready for every step. */
  async function ready(): Promise<string> {
    const number = await file();
    await plan(number);
    await approve(number);
    return number;
  }

  it('a missing role: the ticket is not to be seen', async () => {
    const number = await ready();
    system().habits.hides = (table, row) => table === 'change_request' && row.number === number;
    expect((await stepsFor(number)).steps.ticket).toMatchObject({
      ...{ result: 'wrong', says: `${number} is not to be seen` },
      remedy: expect.stringContaining('give it the role itil'),
    });
  });

  it('a dead credential: names the account and the secret to store', async () => {
    const number = await ready();
    const store = (password: string) =>
      zpa(['secrets', 'set', 'tickets-read/snow', '--yes'], {
        input: JSON.stringify({ user: 'zpa.changes', password }),
      });
    await store('gone');
    const { exit, steps } = await stepsFor(number);
    await store('local');
    expect(exit).toBe(1);
    expect(steps.ticket?.says).toContain('401');
    expect(steps.ticket?.remedy).toContain('zpa-changes secrets set tickets-read/snow');
    expect(JSON.stringify(steps)).not.toContain('gone');
  });

  it('an empty approver table: the approval is not shown', async () => {
    const number = await ready();
    system().habits.hides = (table) => table === 'sysapproval_approver';
    const { steps } = await stepsFor(number);
    expect(steps.approval).toMatchObject({ result: 'wrong', says: 'it is approved, but no approval is shown' });
    expect(steps.approval?.remedy).toContain('sysapproval_approver');
  });

  it('an approver table that is refused', async () => {
    const number = await ready();
    system().faults.push({ method: 'GET', path: /sysapproval_approver/, kind: 'answer', answer: refusal });
    const { steps } = await stepsFor(number);
    expect(steps.ticket).toMatchObject({ result: 'wrong', remedy: expect.stringContaining('sysapproval_approver') });
  });

  it('an audit that is not shown', async () => {
    const number = await ready();
    system().habits.hides = (table) => table === 'sys_audit';
    const { steps } = await stepsFor(number);
    expect(steps.history).toMatchObject({ result: 'wrong', remedy: expect.stringContaining('sys_audit') });
    expect(steps.transition?.says).toBe('waits for the step "history"');
  });

  it('a work note that is refused', async () => {
    const number = await ready();
    system().faults.push({ method: 'PATCH', kind: 'answer', answer: refusal });
    const { steps } = await stepsFor(number);
    expect(steps.comment).toMatchObject({ result: 'wrong', remedy: expect.stringContaining('work notes') });
  });

  it('a forbidden transition: says what ServiceNow said, and the next run goes on', async () => {
    const number = await file();
    await plan(number);
    await stepsFor(number);
    await approve(number);
    system().faults.push({ method: 'PATCH', kind: 'answer', answer: refusal });
    const { exit, steps } = await stepsFor(number);
    expect({ exit, ...steps.transition }).toMatchObject({ exit: 1, result: 'wrong' });
    expect(steps.transition?.says).toContain('Operation Failed');
    expect(steps.transition?.remedy).toContain('from Implement to Review');
    expect(await stepsFor(number)).toMatchObject({ exit: 0, steps: allOk(...STEPS) });
  });
});
