import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answersOn } from '../../../local/ticket-systems/answers.ts';
import { type Jira, startJira } from '../../../local/ticket-systems/jira/jira.ts';
import { openTicketSystems } from '../../../local/ticket-systems/open.ts';
import { type ServiceNow, startServiceNow } from '../../../local/ticket-systems/servicenow/servicenow.ts';

let servicenow: ServiceNow;
let jira: Jira;

beforeEach(async () => {
  servicenow = await startServiceNow();
  jira = await startJira();
});
afterEach(async () => {
  await servicenow.close();
  await jira.close();
});

async function ask(who: string, method: string, address: string, body?: unknown) {
  const answer = await fetch(address, {
    method,
    headers: { authorization: `Basic ${btoa(who)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const content = await answer.text();
  return { status: answer.status, json: content === '' ? undefined : JSON.parse(content) };
}

describe('people in the simulated ServiceNow', () => {
  const table = (name: string) => `${servicenow.url}/api/now/table/${name}`;

  it('file a change, ask for approval, approve: it is scheduled, approved by whoever did', async () => {
    const { status, json } = await ask('kim:local', 'POST', table('change_request'), { u_zpa_action: 'create' });
    expect(status).toBe(201);
    const { sys_id: id, number } = json.result;
    expect(json.result).toMatchObject({ number: 'CHG0040001', state: '-5', 'requested_by.user_name': 'kim' });
    await ask('kim:local', 'PATCH', `${table('change_request')}/${id}`, { state: '-4' });
    expect(servicenow.store.ticket(number)).toMatchObject({ state: '-4', approval: 'requested' });
    const asked = await ask(
      'lena.brandt:local',
      'GET',
      `${table('sysapproval_approver')}?sysparm_query=sysapproval=${id}`,
    );
    const [approval] = asked.json.result;
    await ask('lena.brandt:local', 'PATCH', `${table('sysapproval_approver')}/${approval.sys_id}`, {
      state: 'approved',
    });
    expect(servicenow.store.ticket(number)).toMatchObject({ state: '-2', approval: 'approved' });
    const next = await ask('kim:local', 'POST', table('change_request'), {});
    expect(next.json.result.number).toBe('CHG0040002');
  });

  it('order an item and open a task, each in its own table, with its own states', async () => {
    const item = (await ask('kim:local', 'POST', table('sc_req_item'), { short_description: 'Item' })).json.result;
    expect(item).toMatchObject({ number: 'RITM0010001', sys_class_name: 'sc_req_item', state: '1' });
    expect(item).not.toHaveProperty('start_date');
    const task = (await ask('kim:local', 'POST', table('change_task'), {})).json.result;
    expect(task).toMatchObject({ number: 'CTASK0010001', sys_class_name: 'change_task', approval: 'not requested' });
    const odd = await ask('kim:local', 'POST', table('change_request'), { number: 'RITM0010009' });
    expect(odd.json.result).toMatchObject({ sys_class_name: 'change_request', state: '-5' });

    const act = (id: string, name: string) =>
      fetch(`${servicenow.url}/act`, {
        method: 'POST',
        body: new URLSearchParams({ id, act: name }),
        redirect: 'manual',
      });
    const articleOf = async (id: string) => {
      const page = await (await fetch(servicenow.url)).text();
      return page.split(`<article id="${id}">`)[1]?.split('</article>')[0] ?? '';
    };
    const asked = await articleOf(item.number);
    for (const text of ['Requested item', 'Open', 'Approve <small>as lena.brandt', 'Start work'])
      expect(asked).toContain(text);
    expect(asked).not.toMatch(/Request Approval|Implement/);
    const [, approve = ''] = /value="(approved [0-9a-f]{32})"/.exec(asked) ?? [];
    await act(item.number, approve);
    await act(item.number, 'state 2');
    expect(servicenow.store.ticket(item.number)).toMatchObject({ state: '2', approval: 'approved' });
    const audited = servicenow.store.rowsOf('sys_audit')?.filter(({ documentkey }) => documentkey === item.sys_id);
    expect(new Set(audited?.map(({ tablename }) => tablename))).toEqual(new Set(['sc_req_item']));
    const open = await articleOf(task.number);
    expect(open).toContain('Change task');
    expect(open).not.toContain('Approve');
  });

  it('have their item sent as one by the business rule', async () => {
    servicenow.store.addTicket({ number: 'RITM0010001', title: 'An item', state: '1' });
    const sent: string[] = [];
    const hook = createServer(async (request, response) => {
      sent.push(await text(request));
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const { port } = hook.address() as AddressInfo;
    const form = (path: string, fields: Record<string, string>) =>
      fetch(servicenow.url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
    const secret = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`;
    await form('/sending', { address: `http://127.0.0.1:${port}/`, secret });
    await form('/act', { id: 'RITM0010001', act: 'state 2' });
    hook.close();
    expect(sent.map((body) => JSON.parse(body))).toMatchObject([
      { table: 'sc_req_item', record: { state: { value: '2', display_value: 'Work in Progress' } } },
    ]);
  });

  it('are let in by the password alone', async () => {
    expect((await ask('kim:other', 'POST', table('change_request'), {})).status).toBe(401);
  });
});

describe('people in the simulated Jira', () => {
  const issue = (path = '') => `${jira.url}/rest/api/3/issue${path}`;

  it('create, edit and move an issue, each as themselves', async () => {
    const fields = { project: { key: 'ZPA' }, summary: 'One', customfield_10102: 'Field Service' };
    const made = await ask('sam@acme.example:local', 'POST', issue(), { fields });
    expect(made).toMatchObject({ status: 201, json: { key: 'ZPA-101' } });
    const edit = await ask('sam@acme.example:local', 'PUT', issue('/ZPA-101'), {
      fields: { customfield_10102: 'Finance' },
    });
    expect(edit.status).toBe(204);
    await ask('priya@acme.example:local', 'POST', issue('/ZPA-101/transitions'), { transition: { id: '11' } });
    const { history, fields: now } = jira.store.get('ZPA-101') ?? {};
    expect(now).toMatchObject({ status: { name: 'Waiting for approval' }, reporter: { accountId: '712020:sam' } });
    expect(history).toMatchObject([
      { author: { accountId: '712020:sam' }, items: [{ fieldId: 'customfield_10102', toString: 'Finance' }] },
      { author: { accountId: '712020:priya' }, items: [{ toString: 'Waiting for approval' }] },
    ]);
  });

  it('are told what a new issue lacks', async () => {
    expect((await ask('sam@acme.example:local', 'POST', issue(), { fields: {} })).status).toBe(400);
  });
});

it('the ticket systems have the tickets of the samples only where the samples are', async () => {
  const tickets = async (samples: boolean) => {
    const systems = await openTicketSystems({ samples });
    const found = answersOn(systems).map(({ ticket }) => ticket);
    await systems.close();
    return found;
  };
  expect(await tickets(true)).toEqual(expect.arrayContaining(['CHG0031337', 'ZPA-42']));
  expect(await tickets(false)).toEqual([]);
});
