import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Jira, startJira } from '../../../local/ticket-systems/jira/jira.ts';
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
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
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
