import { z } from 'zod';
import { TICKET_SOURCES } from '../world/configuration/ticket-sources.ts';
import { anything, callAs } from './call-as.ts';
import type { SampleTicket } from './sample-ticket.ts';

const REQUESTER = 'kim.adeyemi';
const APPROVER = 'lena.brandt';
const FORM = {
  short_description: 'Describe the group Intranet',
  u_zpa_action: 'Change group',
  u_zpa_group: 'Intranet',
  u_zpa_description: 'Wiki and intranet, for every employee',
};

type Form = typeof FORM;

const row = z.object({ sys_id: z.string(), number: z.string(), state: z.string() });
const one = z.object({ result: row });
const list = z.object({ result: z.array(row) });
const approvals = z.object({ result: z.array(z.object({ sys_id: z.string(), state: z.string() })) });
const record = z.object({ result: z.record(z.string(), z.unknown()) });

/** A change request: filed, submitted, approved by another person, moved to Implement (docs/servicenow.md). */
export function servicenowChange(address: string, form: Form = FORM): SampleTicket {
  const table = `${address}/api/now/table`;
  const find = async (query: string) =>
    (await callAs(REQUESTER, 'GET', `${table}/change_request?sysparm_query=${encodeURIComponent(query)}`, list)).result;
  const at = async (number: string) => {
    const [found] = await find(`number=${number}`);
    if (found === undefined) throw new Error(`There is no change ${number}.`);
    return found;
  };
  const move = (id: string, state: string) =>
    callAs(REQUESTER, 'PATCH', `${table}/change_request/${id}`, anything, { state });
  return {
    source: TICKET_SOURCES.servicenow,
    kind: 'ServiceNow change',
    answer: 'work note',
    asks: `${form.u_zpa_action}, ${form.u_zpa_group}: description “${form.u_zpa_description}”`,
    requester: REQUESTER,
    approver: APPROVER,
    async submit() {
      const [known] = await find(`short_description=${form.short_description}`);
      const filed = known ?? (await callAs(REQUESTER, 'POST', `${table}/change_request`, one, form)).result;
      if (filed.state === '-5') await move(filed.sys_id, '-4');
      return filed.number;
    },
    async approve(number) {
      const { sys_id } = await at(number);
      const query = `${table}/sysapproval_approver?sysparm_query=sysapproval=${sys_id}`;
      const { result } = await callAs(APPROVER, 'GET', query, approvals);
      for (const approval of result.filter(({ state }) => state === 'requested')) {
        const state = 'approved';
        await callAs(APPROVER, 'PATCH', `${table}/sysapproval_approver/${approval.sys_id}`, anything, { state });
      }
      if ((await at(number)).state === '-2') await move(sys_id, '-1');
    },
    /** As docs/servicenow/business-rule.js sends it. */
    async payload(number) {
      const { sys_id } = await at(number);
      const shown = `${table}/change_request/${sys_id}?sysparm_display_value=all`;
      return { table: 'change_request', record: (await callAs(REQUESTER, 'GET', shown, record)).result };
    },
  };
}
