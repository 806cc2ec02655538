import { describe, expect, it } from 'vitest';
import { sysId } from '../../../local/ticket-systems/servicenow/servicenow-store.ts';
import { type ReconcileWorld, startReconcileWorld } from './reconcile-world.ts';

const FORM = { type: 'normal', 'variables.zpa_action': 'enable', 'variables.zpa_group': 'Remote Access' };
const NUMBER = 'CHG0031337';

function addChange({ snow, tick }: ReconcileWorld, fields: Record<string, string> = {}, number = NUMBER): void {
  snow.store.addTicket({ number, title: 'Enable Remote Access', state: '-2', fields: { ...FORM, ...fields } });
  tick();
}

function approve({ snow, tick }: ReconcileWorld, number = NUMBER): string {
  const ref = snow.store.approve(number, 'david.loo');
  tick();
  return ref;
}

function edit({ snow, tick }: ReconcileWorld, fields: Record<string, string>, number = NUMBER): void {
  snow.store.change(number, fields, 'kim.adeyemi');
  tick();
}

const delivery = { table: 'change_request', record: { number: NUMBER } };
const states = async (world: ReconcileWorld, source: string, ticket: string) =>
  (await world.changesOf(source, ticket)).map(({ ref, state, outcome }) => [
    ref.idempotencyKey,
    outcome?.kind ?? state,
  ]);

describe('reconciling with ServiceNow', () => {
  it('takes what never arrived, once; the delivery that arrives after all is answered as ever', async () => {
    await using world = await startReconcileWorld();
    addChange(world);
    expect(await world.run()).toMatchObject({ sources: 2, found: 0, failed: 0 });
    const ref = approve(world);
    expect(await world.run()).toMatchObject({ tickets: 1, found: 1, failed: 0 });
    expect(await world.run()).toMatchObject({ tickets: 1, found: 0, failed: 0 });
    expect(world.queued()).toHaveLength(1);
    const [record] = await world.changesOf('snow', NUMBER);
    expect(record).toMatchObject({
      state: 'queued',
      ref: { idempotencyKey: `${NUMBER}/1@${ref}` },
      change: { group: { name: 'Remote Access' }, set: { enabled: true } },
      ticket: { requestedBy: 'kim.adeyemi', approvals: [{ by: 'david.loo', ref }] },
    });
    const answer = await world.deliver('snow', delivery);
    expect(answer).toMatchObject({ status: 202, body: { changes: [{ idempotencyKey: `${NUMBER}/1@${ref}` }] } });
    expect(world.queued()).toHaveLength(1);
  });

  it.each([
    ['task', 'servicenow-task', 'CTASK0010001', NUMBER],
    ['item', 'servicenow-request', 'RITM0010001', 'RITM0010001'],
  ] as const)('takes an approved %s that never arrived, once', async (_, preset, number, approved) => {
    await using world = await startReconcileWorld(preset);
    addChange(world);
    const fields = { ...FORM, change_request: preset === 'servicenow-task' ? sysId(NUMBER) : '' };
    world.snow.store.addTicket({ number, title: 'Enable Remote Access', state: '1', fields });
    world.tick();
    approve(world, approved);
    expect(await world.run()).toMatchObject({ found: 1, failed: 0 });
    expect(await world.run()).toMatchObject({ found: 0, failed: 0 });
    expect(await world.changesOf('snow', number)).toHaveLength(1);
  });

  it('refuses what was edited after its approval, says so once, and takes it when it is approved again', async () => {
    await using world = await startReconcileWorld();
    addChange(world);
    approve(world);
    edit(world, { 'variables.zpa_group': 'Everything' });
    for (let time = 0; time < 2; time += 1) expect(await world.run()).toMatchObject({ found: 0, refused: 1 });
    expect(await world.deliver('snow', delivery)).toMatchObject({
      status: 200,
      body: { result: 'refused', reason: 'approval-stale' },
    });
    expect(world.snow.notes(NUMBER)).toHaveLength(1);
    expect(world.snow.notes(NUMBER)[0]).toContain('Not applied');
    const again = approve(world);
    expect(await world.run()).toMatchObject({ found: 1, refused: 0 });
    expect(await states(world, 'snow', NUMBER)).toEqual([[`${NUMBER}/1@${again}`, 'queued']]);
  });

  it('supersedes an earlier approval, and cancels under a withdrawal that nobody delivered', async () => {
    await using world = await startReconcileWorld();
    const later = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
    addChange(world, { start_date: later });
    const first = approve(world);
    await world.run();
    edit(world, { 'variables.zpa_group': 'Other Group' });
    const second = approve(world);
    await world.run();
    const sorted = async () => new Map((await states(world, 'snow', NUMBER)) as [string, string][]);
    expect(await sorted()).toEqual(
      new Map([
        [`${NUMBER}/1@${first}`, 'superseded'],
        [`${NUMBER}/1@${second}`, 'scheduled'],
      ]),
    );
    edit(world, { approval: 'rejected' });
    await world.run();
    expect((await sorted()).get(`${NUMBER}/1@${second}`)).toBe('cancelled');
  });

  it('takes a standard change made from a template, which nobody has to approve', async () => {
    await using world = await startReconcileWorld();
    addChange(world, { type: 'standard' });
    edit(world, { approval: 'approved' });
    expect(await world.run()).toMatchObject({ found: 0, refused: 1 });
    const template = { std_change_producer_version: 'f0e1d2c3b4a59687f0e1d2c3b4a59687' };
    edit(world, template);
    expect(await world.run()).toMatchObject({ found: 0, refused: 1 });
    addChange(world, { type: 'standard', ...template }, 'CHG0000002');
    edit(world, { approval: 'approved' }, 'CHG0000002');
    expect(await world.run()).toMatchObject({ found: 1 });
    const [record] = await world.changesOf('snow', 'CHG0000002');
    expect(record?.ref.idempotencyKey).toMatch(/^CHG0000002\/1@preapproved-\d{14,17}$/);
  });

  it('leaves tickets alone that are about something else', async () => {
    await using world = await startReconcileWorld();
    world.snow.store.addTicket({
      number: 'CHG0000002',
      title: 'Paint the door',
      state: '-2',
      fields: { type: 'normal' },
    });
    approve(world, 'CHG0000002');
    expect(await world.run()).toMatchObject({ tickets: 1, found: 0, refused: 0, failed: 0 });
    expect(world.snow.notes('CHG0000002')).toEqual([]);
  });

  it('cancels nothing because of a page, an error or an empty list in place of the approvals', async () => {
    await using world = await startReconcileWorld();
    const later = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');
    addChange(world, { start_date: later });
    const key = `${NUMBER}/1@${approve(world)}`;
    await world.run();
    // Review is no approved state, so the change rests on its approval alone.
    edit(world, { state: '-1' });
    edit(world, { state: '0' });
    const table = 'sysapproval_approver';
    const page = { status: 404, html: '<html>Page not found</html>' };
    world.snow.faults.push({ method: 'GET', path: /sysapproval_approver$/, kind: 'answer', answer: page });
    expect(await world.run()).toMatchObject({ failed: 1 });
    world.snow.habits.cancelsAfter[table] = 0;
    expect(await world.run()).toMatchObject({ failed: 1 });
    world.snow.habits.cancelsAfter = {};
    world.snow.habits.hides = (of) => of === table;
    expect(await world.run()).toMatchObject({ failed: 0 });
    expect(await states(world, 'snow', NUMBER)).toEqual([[key, 'scheduled']]);
    const approval = world.snow.store.rowsOf(table)?.[0] ?? {};
    world.snow.habits.hides = () => false;
    world.snow.store.edit(table, approval, { state: 'requested' }, 'david.loo');
    await world.run();
    expect(await states(world, 'snow', NUMBER)).toEqual([[key, 'cancelled']]);
  });

  it('refuses a number that finds two records, and goes on with the others', async () => {
    await using world = await startReconcileWorld();
    addChange(world);
    approve(world);
    const twin = { number: NUMBER, sysId: '1'.repeat(32), title: 'A twin', state: '-2', fields: FORM };
    world.snow.store.addTicket(twin);
    addChange(world, {}, 'CHG0000002');
    approve(world, 'CHG0000002');
    expect(await world.run()).toMatchObject({ found: 1 });
    const answer = await world.deliver('snow', delivery);
    expect(answer).toMatchObject({ status: 200, body: { result: 'ignored', reason: 'ticket-ambiguous' } });
    expect(await states(world, 'snow', NUMBER)).toEqual([]);
  });
});

describe('reconciling with Jira', () => {
  const fields = { customfield_10101: 'enable', customfield_10102: 'Remote Access' };

  it('takes what entered an approved status, and follows it out again', async () => {
    await using world = await startReconcileWorld();
    world.jira.store.addIssue({ key: 'ZPA-42', title: 'Enable', status: 'Waiting for approval', fields });
    world.tick();
    const ref = world.jira.store.move('ZPA-42', 'Approved', 'david');
    world.tick();
    expect(await world.run()).toMatchObject({ found: 1, failed: 0 });
    expect(await states(world, 'jira', 'ZPA-42')).toEqual([[`ZPA-42/1@${ref}`, 'queued']]);
    world.jira.store.move('ZPA-42', 'To Do', 'beth');
    await world.run();
    expect(await states(world, 'jira', 'ZPA-42')).toEqual([[`ZPA-42/1@${ref}`, 'cancelled']]);
  });

  it.each([
    [
      'was moved to another project',
      (world: ReconcileWorld) => world.jira.store.moveToProject('ZPA-42', 'OPS-7', 'beth'),
    ],
    ['was deleted', (world: ReconcileWorld) => world.jira.store.deleteIssue('ZPA-42')],
  ])('cancels what waits for an issue that %s, and takes nothing in its place', async (_, change) => {
    await using world = await startReconcileWorld();
    world.jira.store.addIssue({ key: 'ZPA-42', title: 'Enable', status: 'Waiting for approval', fields });
    world.tick();
    const ref = world.jira.store.move('ZPA-42', 'Approved', 'david');
    world.tick();
    await world.run();
    change(world);
    world.tick();
    expect(await world.run()).toMatchObject({ found: 0, failed: 0 });
    expect(await states(world, 'jira', 'ZPA-42')).toEqual([[`ZPA-42/1@${ref}`, 'cancelled']]);
    expect(await states(world, 'jira', 'OPS-7')).toEqual([]);
  });

  it('a dead token is a failed source, and ends nothing', async () => {
    await using world = await startReconcileWorld();
    world.jira.store.addIssue({ key: 'ZPA-42', title: 'Enable', status: 'Waiting for approval', fields });
    world.tick();
    const ref = world.jira.store.move('ZPA-42', 'Approved', 'david');
    world.tick();
    await world.run();
    world.jira.ways.signIn = 'anonymous';
    expect(await world.run()).toMatchObject({ sources: 2, failed: 1 });
    expect(await states(world, 'jira', 'ZPA-42')).toEqual([[`ZPA-42/1@${ref}`, 'queued']]);
  });

  it('refuses what its reporter approved', async () => {
    await using world = await startReconcileWorld();
    world.jira.store.addIssue({ key: 'ZPA-42', title: 'Enable', status: 'To Do', reporter: 'beth', fields });
    world.tick();
    world.jira.store.move('ZPA-42', 'Approved', 'beth');
    world.tick();
    expect(await world.run()).toMatchObject({ found: 0, refused: 1 });
    expect(world.jira.notes('ZPA-42').join()).toContain('Its requester is the only one who approved it');
  });
});

describe('a ticket system in trouble', () => {
  it('leaves the other to be asked, and is asked again the next time', async () => {
    await using world = await startReconcileWorld();
    addChange(world);
    approve(world);
    world.jira.faults.push({ kind: 'answer', answer: { status: 503, json: {} } });
    expect(await world.run()).toMatchObject({ sources: 2, found: 1, failed: 1 });
    expect(await world.run()).toMatchObject({ sources: 2, found: 0, failed: 0 });
  });

  it('that loses an answer in the middle has it asked again, and nothing is taken twice', async () => {
    await using world = await startReconcileWorld();
    for (const number of ['CHG0000001', 'CHG0000002', 'CHG0000003']) {
      addChange(world, {}, number);
      approve(world, number);
    }
    world.snow.faults.push({ kind: 'lose-answer', path: /sys_audit/ });
    const first = await world.run();
    expect(first).toMatchObject({ failed: 1 });
    const second = await world.run();
    expect(second.failed).toBe(0);
    expect(first.found + second.found).toBe(3);
    expect(world.queued()).toHaveLength(3);
  });

  it('is the sender’s 503 with Retry-After, and reconciling takes the ticket', async () => {
    await using world = await startReconcileWorld();
    addChange(world);
    approve(world);
    world.snow.faults.push({ kind: 'answer', answer: { status: 503, json: {} } });
    const answer = await world.deliver('snow', delivery);
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await world.run()).toMatchObject({ found: 1 });
  });
});
