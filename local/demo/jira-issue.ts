import { z } from 'zod';
import type { Jira } from '../ticket-systems/jira/jira.ts';
import { TICKET_SOURCES } from '../world/configuration/ticket-sources.ts';
import { anything, callAs } from './call-as.ts';
import type { SampleTicket } from './sample-ticket.ts';

const REQUESTER = 'sam.oduya';
const APPROVER = 'priya.nair';
const FORM = {
  project: { key: 'ZPA' },
  summary: 'A group for our partners',
  customfield_10101: { value: 'Create group' },
  customfield_10102: 'Partner Apps',
  customfield_10104: 'For partners',
};

const created = z.object({ key: z.string() });
const issue = z.looseObject({ key: z.string(), fields: z.looseObject({ status: z.object({ name: z.string() }) }) });

/** An issue: created, moved to Waiting for approval, moved to Approved by another person (docs/jira.md). */
export function jiraIssue({ url: address, store }: Jira): SampleTicket {
  const below = `${address}/rest/api/3/issue`;
  const at = (key: string) => callAs(REQUESTER, 'GET', `${below}/${key}`, issue);
  const move = async (person: string, key: string, from: string, id: string) => {
    if ((await at(key)).fields.status.name !== from) return;
    await callAs(person, 'POST', `${below}/${key}/transitions`, anything, { transition: { id } });
  };
  return {
    source: TICKET_SOURCES.jira,
    kind: 'Jira issue',
    answer: 'comment',
    asks: `${FORM.customfield_10101.value}, ${FORM.customfield_10102}`,
    requester: REQUESTER,
    approver: APPROVER,
    async submit() {
      const known = store.all().find(({ fields }) => fields.summary === FORM.summary);
      const { key } = known ?? (await callAs(REQUESTER, 'POST', below, created, { fields: FORM }));
      await move(REQUESTER, key, 'To Do', '11');
      return key;
    },
    approve: (key) => move(APPROVER, key, 'Waiting for approval', '21'),
    /** As Jira's webhook sends it (developer.atlassian.com, "Webhooks", `jira:issue_updated`). */
    async payload(key) {
      const { id, fields } = await at(key);
      const by = store.get(key)?.history.at(-1)?.author;
      return { timestamp: Date.now(), webhookEvent: 'jira:issue_updated', user: by, issue: { id, key, fields } };
    },
  };
}
