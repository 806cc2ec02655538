import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalTicketSystems, openTicketSystems } from '../../local/ticket-systems/open.ts';
import { toJiraAdf } from '../../shared/domain/text/jira-adf.ts';
import { toServiceNowJournal } from '../../shared/domain/text/servicenow-journal.ts';
import type { TicketText } from '../../shared/domain/text/ticket-text.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { expectReadable } from './readable.ts';

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

  const PAGES = ['/', '/new', '/sending', '/edit?id=CHG0031337'];
  it.each([390, 1280])('fit into %i pixels, with text and fields that can be read in light and dark', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const urls = [systems.servicenow.url, systems.jira.url].flatMap((one) => PAGES.map((path) => one + path));
    for (const url of [...urls, systems.receiver.url]) {
      await page.goto(url);
      await expectReadable(page, `${url} at ${width}`);
    }
    await page.close();
  });

  it('show a new comment by themselves, and leave the keyboard where it is', async () => {
    const page = await browser.newPage();
    await page.goto(systems.servicenow.url);
    const edit = page.locator('#CHG0031351').getByRole('link', { name: 'Edit' });
    await edit.focus();
    systems.servicenow.store.change('CHG0031351', { work_notes: 'While somebody is here' }, 'zpa.changes');
    await page.locator('#CHG0031351', { hasText: 'While somebody is here' }).waitFor();
    expect(await edit.evaluate((one) => one.matches(':focus'))).toBe(true);
    await page.close();
  });

  it('keep their tickets where an answer is none of theirs', async () => {
    const page = await browser.newPage();
    await page.goto(systems.servicenow.url);
    await page.route('**/*', (route) => route.fulfill({ status: 500, contentType: 'text/plain', body: 'broken' }));
    // The script asks again when it has dealt with the answer before.
    for (const _ of [1, 2]) await page.waitForResponse((answer) => answer.status() === 500);
    expect(await page.locator('#CHG0031351').count()).toBe(1);
    await page.close();
  });

  it('keep the rows of a text table in one line each, on a phone too, and scroll them', async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 900 } });
    const text = `The change is live.\nSegment group in acme-prod  Change\n${LONG.slice(0, 80)}  Enable\nDone.`;
    const data = { ticket: { id: 'REQ-9' }, text };
    const body = JSON.stringify({ type: 'ticket.comment', timestamp: '2026-12-01T08:00:00Z', data });
    await fetch(systems.receiver.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await page.goto(systems.receiver.url);
    const rows = page.getByRole('region', { name: 'Table' });
    expect(await rows.evaluate((one) => one.clientHeight < 60 && one.scrollWidth > one.clientWidth)).toBe(true);
    await expectReadable(page, 'another tool at 390');
    await page.close();
  });

  it('show when somebody approved on a phone too, beside the longest name of an account', async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 900 } });
    await page.goto(systems.jira.url);
    const cut = await page
      .locator('h3:text("Approvals") + .wide')
      .evaluateAll((all) => all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
    expect(cut.length).toBeGreaterThan(0);
    expect(Math.max(...cut)).toBe(0);
    await page.close();
  });

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
