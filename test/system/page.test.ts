import { request } from 'node:http';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Browser, Page as Tab } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createPageWorld } from '../../local/page/page-world.ts';
import { type Page, startPage } from '../../local/page/server.ts';
import { readSample, SAMPLES } from '../../local/samples/samples.ts';
import type { World } from '../../local/world/world.ts';
import { clientOptions } from '../../shared/aws/clients.ts';
import { keys } from '../../shared/aws/ledger/table/ledger-items.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { create, endings, inWorld, OTHER_TENANT } from './in-world.ts';

const TOKEN = 'a-token-of-this-test-only';
const TICKETS = { system: 'ServiceNow', url: 'http://127.0.0.1:1' };
const ABOUT = { timeFactor: 10, limits: 'off', dataDir: undefined, ticketSystems: [TICKETS] };

async function withPage(story: (page: Page, world: World) => Promise<void>): Promise<void> {
  await inWorld({}, async (world) => {
    const page = await startPage({ world: createPageWorld(world), samples: SAMPLES, about: ABOUT, token: TOKEN });
    try {
      await story(page, world);
    } finally {
      await page.close();
    }
  });
}

type Asked = { method?: string; path?: string; headers?: Record<string, string>; body?: string };
type Answered = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

/** A request with headers as given; `fetch` would put Host and Origin right. */
function ask(page: Page, { method = 'GET', path = '/', headers = {}, body = '' }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, page.url), { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    asked.on('error', reject).end(body);
  });
}

const session = (page: Page) => `zpa-changes-${new URL(page.url).port}=${TOKEN}`;

describe('the door of the local page', () => {
  it('lets in who came by the printed link, and takes the token out of the address', async () => {
    await withPage(async (page) => {
      const entered = await ask(page, { path: `/?token=${TOKEN}` });
      expect([entered.status, entered.headers.location]).toEqual([303, '/']);
      expect(String(entered.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
      const shown = await ask(page, { headers: { cookie: session(page) } });
      expect(shown.status).toBe(200);
      expect(shown.headers['content-security-policy']).toContain("default-src 'none'");
      expect(shown.body).toContain(`<a href="${TICKETS.url}" target="_blank" rel="noreferrer">${TICKETS.system}</a>`);
    });
  });

  it('turns everybody else away: no session, a wrong token, another host, another origin, a form from nowhere', async () => {
    await withPage(async (page, world) => {
      const cookie = session(page);
      const post = { method: 'POST', path: '/samples/jira-zpa-42', body: 'as=same' };
      const refused: [string, Asked, number][] = [
        ['no session', {}, 403],
        ['a wrong token', { path: '/?token=guess' }, 403],
        ['another host', { headers: { cookie, host: 'evil.example' } }, 421],
        ['another host with the token', { path: `/?token=${TOKEN}`, headers: { host: 'evil.example' } }, 421],
        ['another origin', { ...post, headers: { cookie, origin: 'https://evil.example' } }, 403],
        ['a form from nowhere', { ...post, headers: { cookie } }, 403],
        ['a form without session', { ...post, headers: { origin: new URL(page.url).origin } }, 403],
        ['events without session', { path: '/events' }, 403],
      ];
      for (const [who, asked, status] of refused) expect([who, (await ask(page, asked)).status]).toEqual([who, status]);
      expect(await world.changes()).toEqual([]);
      const own = { cookie, origin: new URL(page.url).origin };
      expect((await ask(page, { ...post, headers: own })).status).toBe(303);
      expect(await world.changes()).toHaveLength(1);
    });
  });

  it('shows the others where a change and a lane cannot be read, and names these', async () => {
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
      const shown = await ask(page, { headers: { cookie: session(page) } });
      expect(shown.status).toBe(200);
      expect(shown.body).toContain('Plain');
      expect(shown.body).toContain(keys.change(ref).sk);
      expect(shown.body).toContain(lane);
      expect(shown.body.match(/cannot be read/g)).toHaveLength(2);
    });
  });

  it('escapes what tickets and ZPA say', async () => {
    await withPage(async (page, world) => {
      const description = '<img src=x onerror=alert(1)>';
      await world.deliver('ops', create('K1', 'Plain', { description }));
      await endings(world, ['K1']);
      const shown = await ask(page, { headers: { cookie: session(page) } });
      expect(shown.body).toContain('&lt;img src=x');
      expect(shown.body).not.toContain('<img');
    });
  });
});

if (CHROMIUM === undefined) process.stderr.write('No Chromium on this machine: the page is not looked at.\n');

describe.skipIf(CHROMIUM === undefined)('the local page in a browser', () => {
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
      await tab.locator('.change[data-outcome=applied]').nth(2).waitFor();
      await tab.locator('.group', { hasText: 'Remote Access' }).getByText('VNC Consoles').waitFor();
    });
  });

  it('edits behind its back, runs drift, and opens the report, which has no origin and still runs its script', async () => {
    await inTab(async (tab, world) => {
      await tab.getByRole('button', { name: 'Edit behind its back' }).click();
      await tab.getByText('Send CHG0031337 first').waitFor();
      const keys = ['CHG0031337/1@APPR0007', 'CHG0031337/2@APPR0007', 'CHG0031337/3@APPR0007'];
      await tab.getByRole('button', { name: 'Resend CHG0031337, same keys' }).click();
      await tab.getByText('CHG0031337: 3 changes accepted (202).').waitFor();
      expect(await endings(world, keys, 'servicenow')).toEqual(['applied', 'applied', 'applied']);
      await tab.getByRole('button', { name: 'Edit behind its back' }).click();
      await tab.getByText('a new group, Web Shop').waitFor();
      await tab.getByRole('button', { name: 'Run drift' }).click();
      await tab.getByText('Each lane has a new drift report').waitFor();
      const opened = tab.waitForEvent('popup');
      await tab.locator('.lane', { hasText: 'acme-prod' }).getByRole('link', { name: 'Drift report' }).click();
      const report = await opened;
      const complaints: string[] = [];
      report.on('console', (message) => complaints.push(message.text()));
      await report.getByText('3 new').first().waitFor();
      await report.getByRole('searchbox').fill('Remote Access');
      await report.getByText('2 of ', { exact: false }).first().waitFor();
      expect(await report.evaluate('self.origin')).toBe('null');
      expect(complaints).toEqual([]);
      await report.close();
    });
  });

  it('retries a failure by its button once its cause is fixed', async () => {
    await inTab(async (tab, world) => {
      const [, , deletion] = await readSample('servicenow-chg0031362');
      await world.deliver('servicenow', { changes: [deletion] });
      const failure = tab.locator('.failure', { hasText: 'group-in-use' });
      await failure.getByText('What to do:').waitFor();
      world.simulator.store.deleteRule('Field engineers');
      await failure.getByRole('button').click();
      await tab.getByText('is queued again (retry 1)').waitFor();
      await tab.locator('.change[data-outcome=applied]').waitFor();
      expect(await failure.count()).toBe(0);
    });
  });
});
