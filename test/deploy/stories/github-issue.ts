import { deepEqual, equal } from 'node:assert/strict';
import { awaitTicket, type Story } from '../deployment.ts';

const NUMBER = 7;

/** An issue of GitHub, whose signature is the approval; the same with another signature is refused. */
export const approveGithubIssue: Story = async (deployment, say) => {
  const { product, outside } = deployment;
  const issue = {
    action: 'labeled',
    label: { name: 'zpa-approved' },
    issue: {
      number: NUMBER,
      state: 'open',
      updated_at: new Date().toISOString(),
      user: { login: 'sam-oduya' },
      body: 'Add applications; Field Service; Ticket Desk, Phone Book',
    },
    sender: { login: 'priya-nair' },
  };
  const forged = await fetch(`${product.url}/webhooks/github`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
    body: JSON.stringify(issue),
  });
  equal(forged.status, 401, await forged.text());
  const answer = await product.deliver('github', issue);
  equal(answer.status, 202, JSON.stringify(answer.body));
  const changes = await awaitTicket(deployment, say, String(NUMBER));
  equal(changes.map(({ outcome }) => outcome?.kind).join(), 'applied');
  const members = outside.simulator.store.members('Field Service');
  deepEqual(members, ['216196257331373001', '216196257331373004']);
  return `issue ${NUMBER}: ${members.length} applications in the group; a forged signature: 401`;
};
