import { equal, ok } from 'node:assert/strict';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { servicenowChange } from '../../../local/demo/servicenow-change.ts';
import { BUCKET } from '../../../shared/deployment/resources.ts';
import { secretNames } from '../../../shared/domain/configuration/configuration.ts';
import { awaitTicket, type Deployment, type Story } from '../deployment.ts';
import { until } from '../report/until.ts';

/** A ticket that is filed and approved while no delivery arrives: the scheduled look finds it. */
export const reconcileLostApproval: Story = async (deployment, say) => {
  const { product, outside } = deployment;
  const ticket = servicenowChange(outside.ticketSystems.servicenow.url, {
    short_description: 'Say what Partner Apps is for',
    u_zpa_action: 'Change group',
    u_zpa_group: 'Partner Apps',
    u_zpa_description: 'Found by reconcile',
  });
  const id = await ticket.submit();
  await ticket.approve(id);
  await product.invoke('reconcile');
  const changes = await awaitTicket(deployment, say, id);
  equal(changes.map(({ outcome }) => outcome?.kind).join(), 'applied');
  equal(outside.simulator.store.group('Partner Apps')?.description, 'Found by reconcile');
  return `${id} was found without a delivery and applied`;
};

/** Somebody edits at ZPA's console what a ticket approved: the report says so, and the catalog has the names. */
export const reportDrift: Story = async (deployment, say) => {
  const { product, outside, signal } = deployment;
  outside.simulator.store.editGroup('Intranet', { description: 'Edited by hand' });
  await product.invoke('round');
  const [reports, catalogs] = await until(
    'a report that shows the edit, and two catalogs',
    { say, signal },
    async () => {
      const reported = await objects(deployment, BUCKET.driftPrefix);
      const kept = await objects(deployment, BUCKET.catalogPrefix);
      const isShown = reported.some(({ text }) => text.includes('Edited by hand'));
      return isShown && kept.length === 2 ? ([reported, kept] as const) : undefined;
    },
  );
  const { secrets } = JSON.parse(product.secret(secretNames.catalog(product.configuration.name, 'servicenow')));
  const login = Buffer.from(`servicenow:${secrets[0]}`).toString('base64');
  const answer = await fetch(`${product.url}/catalog?kind=group`, { headers: { authorization: `Basic ${login}` } });
  const text = await answer.text();
  equal(answer.status, 200, text);
  ok(text.includes('Partner Apps'), text);
  return `${reports.length} report objects, ${catalogs.length} catalogs; GET /catalog answers`;
};

async function objects({ clients: { s3 }, product }: Deployment, Prefix: string) {
  const Bucket = product.outputs.ReportsBucket;
  const found: { key: string; text: string }[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
    for (const { Key = '' } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      found.push({ key: Key, text: (await Body?.transformToString()) ?? '' });
    }
  }
  return found;
}

/** The sweeper finds nothing to do, and says how many changes are open. */
export const sweep: Story = async ({ product }) => {
  await product.invoke('sweep');
  const open = (await product.changes()).filter(({ state }) => state !== 'settled');
  equal(open.length, 0);
  return 'nothing is open';
};
