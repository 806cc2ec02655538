import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalTicketSystems, openTicketSystems } from '../../local/ticket-systems/open.ts';
import { toJiraAdf } from '../../shared/domain/text/jira-adf.ts';
import { toServiceNowJournal } from '../../shared/domain/text/servicenow-journal.ts';
import type { TicketText } from '../../shared/domain/text/ticket-text.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { contrastOf } from './contrast.ts';

const LONG = 'A-name-without-any-space-in-it-that-is-as-long-as-a-name-may-be-'.repeat(3);
const NOTE: TicketText = [
  { kind: 'heading', text: 'Plan of 1 change: 1 would be carried out' },
  { kind: 'table', columns: ['Segment group in acme-prod', 'Change', 'What would happen'], rows: [[LONG, LONG, 'It']] },
];

describe.skipIf(CHROMIUM === undefined)('the pages of the small ticket systems in Chromium', () => {
  let browser: Browser;
  let systems: LocalTicketSystems;
  beforeAll(async () => {
    systems = await openTicketSystems();
    const { servicenow, jira } = systems;
    servicenow.store.change('CHG0031337', { work_notes: toServiceNowJournal(NOTE), u_zpa_group: LONG }, 'zpa.changes');
    const issue = jira.store.get('ZPA-42');
    if (issue !== undefined) jira.store.comment(issue, toJiraAdf(NOTE, 'zpa-changes/marker'), '712020:zpa-changes');
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await systems.close();
  });

  const PAGES = ['/', '/new', '/sending'];
  it.each([390, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => [width, scheme] as const)))(
    'fit into %i pixels, %s, with text that can be read',
    async (width, colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      for (const url of [systems.servicenow.url, systems.jira.url].flatMap((one) => PAGES.map((path) => one + path))) {
        await page.goto(url);
        const root = page.locator('html');
        expect({ url, width: await root.evaluate((element) => element.scrollWidth) }).toEqual({ url, width });
        for (const selector of [
          'h1',
          'a',
          '.pill',
          'dt',
          'button.first',
          'button:not(.first)',
          '.soft',
          'small',
          'label > span',
        ]) {
          if ((await page.locator(selector).count()) === 0) continue;
          expect({ url, selector, ok: (await contrastOf(page, selector)) >= 4.5 }).toEqual({ url, selector, ok: true });
        }
      }
      await page.close();
    },
  );

  it('show a table of a comment as a table, and let somebody approve by keyboard', async () => {
    const page = await browser.newPage();
    await page.goto(systems.servicenow.url);
    expect(await page.locator('#CHG0031337 .entry table th').allTextContents()).toContain('What would happen');
    await page.goto(`${systems.jira.url}/new`);
    await page.getByLabel('Summary').fill('By keyboard');
    await page.getByLabel('ZPA action').selectOption('Enable group');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await page.getByRole('button', { name: 'Ask for approval' }).press('Enter');
    await page.getByRole('button', { name: 'Approve' }).press('Enter');
    await page.locator('#ZPA-101 .pill', { hasText: 'Approved' }).waitFor();
    await page.close();
  });
});
