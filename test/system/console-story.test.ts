import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeAddress } from '../../functions/ops/console/view/change-address.ts';
import { readSample } from '../../local/samples/samples.ts';
import { withConsole } from '../wire/ops/open-console.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { withCli } from './with-cli.ts';

const KEY = 'CHG1/1@A';
const address = (path: string) =>
  `${path}?${new URLSearchParams({ source: 'servicenow', tenant: 'acme-prod', key: KEY })}`;
const DESCRIPTION = `<b>${'longword'.repeat(60)}`;

describe.skipIf(CHROMIUM === undefined)('the pages of changes in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('show the steps of a change as they happen, without a reload, and fit a phone', async () => {
    await withCli(async (ops, world, folder) => {
      await withConsole(folder, async ({ entryUrl, url }) => {
        await ops('lanes', 'pause', 'acme-prod', '--reason', 'noon', '--by', 'lena');
        const change = { action: 'update', group: { name: 'Intranet' }, set: { description: DESCRIPTION } };
        const sent = { schemaVersion: 1, idempotencyKey: KEY, tenant: 'acme-prod', ticket: { id: 'CHG1' }, ...change };
        expect((await world.deliver('servicenow', sent)).status).toBe(202);
        const tab = await browser.newPage({ viewport: { width: 390, height: 800 } });
        const faults: string[] = [];
        tab.on('pageerror', (error) => faults.push(error.message));
        await tab.goto(entryUrl);
        await tab.goto(`${url}${address('change')}`);
        await tab.evaluate('window.stays = true');
        await tab.locator('.steps >> text=Waits: its lane is paused').waitFor();
        await ops('lanes', 'resume', 'acme-prod');
        await tab.locator('.steps b >> text=Live').waitFor();
        await tab.locator('h2 >> text=What changed').waitFor();
        expect(await tab.evaluate('window.stays')).toBe(true);
        for (const path of [
          address('change'),
          'changes',
          address('change/json'),
          `${address('change/undo')}&ticket=CHG2`,
        ]) {
          await tab.goto(`${url}${path}`);
          const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
          expect([path, await tab.evaluate(wider)]).toEqual([path, 0]);
        }
        const download = tab.waitForEvent('download');
        await tab.locator('a[download]').click();
        expect((await download).suggestedFilename()).toBe('undo-CHG2.yaml');
        expect(faults).toEqual([]);
        await tab.close();
      });
    });
  });
});

describe('the page of a change whose ticket system is answered', () => {
  it('ends with the answer on the ticket, and is not read again after it', async () => {
    const story: Parameters<typeof withCli>[0] = async (_ops, world, folder) => {
      const changes = await readSample('servicenow-chg0031337');
      await world.deliver('servicenow', { changes });
      const [record] = await world.awaitSettled(
        world.refs(
          'servicenow',
          changes.map((one) => one.idempotencyKey),
        ),
      );
      if (record === undefined) throw new Error('the sample has changes');
      await world.awaitAnswered();
      await withConsole(folder, async ({ get }) => {
        const { body } = await get(changeAddress(record.ref));
        expect(body).toContain('<b>Ticket answered</b>');
        expect(body).toContain('1 of 3 on this ticket');
        expect(body).toContain('data-refresh-ms=""');
      });
    };
    await withCli(story, { ticketSystems: true });
  });
});
