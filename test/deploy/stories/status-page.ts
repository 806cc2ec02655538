import { equal, ok } from 'node:assert/strict';
import type { Story } from '../deployment.ts';

type Accepted = { changes: { idempotencyKey: string; statusUrl: string }[] };

/** The link that a delivery is answered with shows the outcome, as a page and as JSON; another link shows nothing. */
export const showStatusPage: Story = async ({ product, site }) => {
  const change = { schemaVersion: 1, idempotencyKey: 'DEPLOY-3', tenant: 'acme-prod', action: 'create' };
  const answer = await product.deliver('ops', { changes: [{ ...change, group: { name: 'Seen' } }] });
  equal(answer.status, 202, JSON.stringify(answer.body));
  const { statusUrl = '' } = (answer.body as Accepted).changes[0] ?? {};
  const at = site.reach(statusUrl);
  const page = await fetch(at, { headers: { accept: 'text/html' } });
  const html = await page.text();
  equal(page.status, 200, html);
  ok(html.includes('Seen'), html);
  const json = await fetch(at, { headers: { accept: 'application/json' } });
  equal(json.status, 200, await json.text());
  const unknown = await fetch(at.replace(/.{4}$/, 'AAAA'));
  equal(unknown.status, 404, await unknown.text());
  return 'page 200, JSON 200, another link 404';
};
