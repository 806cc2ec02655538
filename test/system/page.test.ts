import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Browser, Page as Tab } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ConsoleServer } from '../../functions/ops/console/server/server.ts';
import { openPage } from '../../local/page/open-page.ts';
import { readSample, SAMPLES } from '../../local/samples/samples.ts';
import type { World } from '../../local/world/world.ts';
import { clientOptions } from '../../shared/aws/clients.ts';
import { keys } from '../../shared/aws/ledger/table/ledger-items.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { topsOf } from './each-screen.ts';
import { create, endings, inWorld, OTHER_TENANT } from './in-world.ts';

const TICKETS = { system: 'ServiceNow', url: 'http://127.0.0.1:1' };
const ABOUT = { timeFactor: 10, limits: 'off', dataDir: undefined, ticketSystems: [TICKETS] };

async function withPage(story: (page: ConsoleServer, world: World) => Promise<void>): Promise<void> {
  await inWorld({}, async (world) => {
    const end = new AbortController();
    const page = await openPage(world, { samples: SAMPLES, about: ABOUT, port: 0, signal: end.signal });
    try {
      await story(page, world);
    } finally {
      end.abort();
      await page.close();
    }
  });
}

/** The page of the demo as its owner's browser gets it. */
async function readDemo(page: ConsoleServer): Promise<string> {
  const entered = await fetch(page.entryUrl, { redirect: 'manual' });
  expect([entered.status, entered.headers.get('location')]).toEqual([303, '/demo']);
  const cookie = String(entered.headers.get('set-cookie')).split(';')[0] ?? '';
  const shown = await fetch(new URL('/demo', page.url), { headers: { cookie } });
  expect(shown.status).toBe(200);
  return shown.text();
}

describe('the page of the demo', () => {
  it('is the first page of the console, and not of one that the command opens', async () => {
    await withPage(async (page) => {
      const shown = await readDemo(page);
      expect(shown).toContain('<a href="/demo" aria-current="page">Demo</a>');
      expect(shown).toContain('<a href="/">Overview</a>');
      expect(shown).toContain(`<a href="${TICKETS.url}" target="_blank" rel="noreferrer">${TICKETS.system}</a>`);
      const stranger = await fetch(new URL('/demo', page.url));
      expect(stranger.status).toBe(403);
      expect(await stranger.text()).toContain('npm start');
    });
  });

  it('shows the others where a change cannot be read, and names it', async () => {
    await withPage(async (page, world) => {
      await world.deliver('ops', create('K1', 'Plain'));
      await world.deliver('ops', create('K2', 'Spoilt'));
      await endings(world, ['K1', 'K2']);
      const [ref] = world.refs('ops', ['K2']);
      if (ref === undefined) throw new Error('it was accepted');
      const client = new DynamoDBClient(clientOptions(world.environment));
      const [tableName, other] = [world.environment.TABLE_NAME ?? '', world.refs('ops', ['K9'], OTHER_TENANT)[0]];
      const lane = other?.lane ?? '';
      for (const key of [keys.change(ref), keys.lane(lane)]) {
        await client.send(new PutItemCommand({ TableName: tableName, Item: { pk: { S: key.pk }, sk: { S: key.sk } } }));
      }
      client.destroy();
      const shown = await readDemo(page);
      expect(shown).toContain('Plain');
      expect(shown).toContain(keys.change(ref).sk);
      expect(shown).toContain(lane);
      expect(shown.match(/cannot be read/g)).toHaveLength(2);
    });
  });

  it('escapes what tickets and ZPA say', async () => {
    await withPage(async (page, world) => {
      await world.deliver('ops', create('K1', 'Plain', { description: '<img src=x onerror=alert(1)>' }));
      await endings(world, ['K1']);
      const shown = await readDemo(page);
      expect(shown).toContain('&lt;img src=x');
      expect(shown).not.toContain('<img');
    });
  });
});

if (CHROMIUM === undefined) process.stderr.write('No Chromium on this machine: the page is not looked at.\n');

describe.skipIf(CHROMIUM === undefined)('the page of the demo in a browser', () => {
  async function inTab(story: (tab: Tab, world: World) => Promise<void>): Promise<void> {
    const browser: Browser = await openBrowser();
    try {
      await withPage(async (page, world) => {
        const tab = await browser.newPage();
        // On a busy machine the worker may run out of its time once and take the change up again later.
        tab.setDefaultTimeout(90_000);
        const faults: string[] = [];
        tab.on('pageerror', (error) => faults.push(error.message));
        tab.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
        await tab.goto(page.entryUrl);
        await tab.waitForSelector('#live[data-live=yes]');
        await story(tab, world);
        expect(faults).toEqual([]);
      });
    } finally {
      await browser.close();
    }
  }

  it('sends a sample ticket by its button and shows its changes settle without reloading', async () => {
    await inTab(async (tab) => {
      await tab.getByRole('button', { name: 'Resend CHG0031337, same keys' }).click();
      await tab.getByText('CHG0031337: 3 changes accepted (202).').waitFor();
      await tab.locator('[data-outcome=applied]').nth(2).waitFor();
      await tab.locator('tr', { hasText: 'Remote Access' }).getByText('VNC Consoles').waitFor();
    });
  });

  it('keeps the two buttons of a sample ticket in one row on a phone', async () => {
    await inTab(async (tab) => {
      await tab.setViewportSize({ width: 390, height: 900 });
      expect(await topsOf(tab, /CHG0031337/)).toHaveLength(1);
    });
  });

  it('edits behind its back, runs drift, and the overview tells what is new', async () => {
    await inTab(async (tab, world) => {
      await tab.getByRole('button', { name: 'Edit behind its back' }).click();
      await tab.getByText('Send CHG0031337 first').waitFor();
      const sent = ['CHG0031337/1@APPR0007', 'CHG0031337/2@APPR0007', 'CHG0031337/3@APPR0007'];
      await tab.getByRole('button', { name: 'Resend CHG0031337, same keys' }).click();
      await tab.getByText('CHG0031337: 3 changes accepted (202).').waitFor();
      expect(await endings(world, sent, 'servicenow')).toEqual(['applied', 'applied', 'applied']);
      await tab.getByRole('button', { name: 'Edit behind its back' }).click();
      await tab.getByText('a new group, Web Shop').waitFor();
      await tab.getByRole('button', { name: 'Run drift' }).click();
      await tab.getByText('Each lane has a new drift report').waitFor();
      await tab.getByRole('link', { name: 'Overview' }).click();
      await tab.getByText('3 new findings').waitFor();
    });
  });

  it('retries a failure once its cause is fixed', async () => {
    await inTab(async (tab, world) => {
      const [, , deletion] = await readSample('servicenow-chg0031362');
      await world.deliver('servicenow', { changes: [deletion] });
      await tab.locator('tr', { hasText: 'group-in-use' }).waitFor();
      world.simulator.store.deleteRule('Field engineers');
      await tab.getByRole('link', { name: 'Failures' }).click();
      await tab.getByRole('link', { name: 'Field Service' }).click();
      await tab.getByRole('button', { name: /^Retry/ }).click();
      await tab.getByRole('link', { name: 'Demo' }).click();
      await tab.locator('[data-outcome=applied]').waitFor();
    });
  });
});
