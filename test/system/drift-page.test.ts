import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driftHtml } from '../../shared/domain/drift/render/page/drift-page.ts';
import type { DriftReport } from '../../shared/domain/drift/report.ts';
import { hostileReport } from '../unit/domain/drift/render/hostile-report.ts';
import { findingOf, sampleReport } from '../unit/domain/drift/sample-report.ts';
import { HOSTILE_NAMES } from '../unit/domain/text/hostile-names.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { expectReadable } from './readable.ts';

describe.skipIf(CHROMIUM === undefined)('the page of a drift report in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drift-page-'));
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens the page from a file, and collects what it complains about and asks for. */
  async function open(report: DriftReport, options: BrowserContextOptions = {}, hash = '') {
    const file = join(folder, 'report.html');
    writeFileSync(file, driftHtml(report));
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => requests.push(request.url()));
    const url = pathToFileURL(file).href;
    await page.goto(`${url}${hash}`);
    return { page, complaints, foreign: () => requests.filter((one) => !one.startsWith(url)) };
  }

  const widthOf = (page: Page) => page.locator('html').evaluate((element) => element.scrollWidth);
  const shownOf = (page: Page) => page.locator('details.finding:visible').evaluateAll((all) => all.map(({ id }) => id));

  it('runs nothing of a hostile text, complains of nothing and asks for nothing', async () => {
    const reports = HOSTILE_NAMES.map(hostileReport);
    const { page, complaints, foreign } = await open({
      ...sampleReport(),
      tenants: [...HOSTILE_NAMES],
      findings: reports.flatMap(({ findings }) => findings),
      notChecked: reports.flatMap(({ notChecked }) => notChecked),
      closed: reports.flatMap(({ closed }) => closed),
      unmanaged: reports.flatMap(({ unmanaged }) => unmanaged.slice(0, 3)),
    });
    await page.getByRole('button', { name: 'Unfold all' }).click();
    for (const list of await page.locator('details.list > summary').all()) await list.click();
    await page.locator('.what').first().hover();
    expect(await page.locator('details.finding').count()).toBe(9 * HOSTILE_NAMES.length);
    expect([complaints, foreign()]).toEqual([[], []]);
    expect(await page.locator('img, iframe, main script, main style, [onerror], [onmouseover]').count()).toBe(0);
    await page.close();
  });

  it('has a policy that would stop what escaping let through', async () => {
    const { page, complaints } = await open(sampleReport());
    await page.evaluate(
      `document.querySelector('h1').innerHTML = '<img src=x onerror=alert(1)><b style="color: red">x</b>'`,
    );
    await expect
      .poll(() => complaints.filter((one) => one.includes('Content Security Policy')).length)
      .toBeGreaterThan(1);
    await page.close();
  });

  it.each([320, 390, 1280])('fits into %i pixels, folded and unfolded, with the longest words', async (width) => {
    for (const report of [sampleReport(), hostileReport('W'.repeat(300)), hostileReport('\u202E'.repeat(300))]) {
      const { page } = await open(report, { viewport: { width, height: 900 } });
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
      await page.getByRole('button', { name: 'Unfold all' }).click();
      await page.locator('details.list > summary').click();
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
      await page.close();
    }
  });

  it('filters by words and by state, says how many it shows, and shows all again', async () => {
    const { page } = await open(sampleReport());
    const all = await shownOf(page);
    expect(all).toHaveLength(9);
    await page.getByRole('searchbox').fill('kim console');
    expect(await shownOf(page)).toEqual(['D-0a41c9e2', 'D-91d4e8a7', 'D-5b1e77c0']);
    expect(await page.locator('output').textContent()).toBe('3 of 44 shown');
    expect(await page.getByRole('heading', { name: 'Not checked' }).isVisible()).toBe(false);
    await page.getByRole('combobox').selectOption('still');
    expect(await shownOf(page)).toEqual(['D-91d4e8a7']);
    await page.getByRole('searchbox').fill('');
    expect(await shownOf(page)).toEqual(['D-77f0d318', 'D-91d4e8a7', 'D-e05b9d42']);
    await page.getByRole('combobox').selectOption('all');
    expect(await shownOf(page)).toEqual(all);
    expect(await page.locator('output').textContent()).toBe('');
    // The commands to copy are the same for every finding, so their words find nothing.
    await page.getByRole('searchbox').fill('revert');
    expect(await shownOf(page)).toEqual([]);
    // A folded list unfolds for what is found in it.
    await page.getByRole('searchbox').fill('Project 28');
    expect(await page.getByText('Project 28').isVisible()).toBe(true);
    await page.close();
  });

  it('says while it filters that the page is not all of the report', async () => {
    const findings = Array.from({ length: 3000 }, (_, index) =>
      findingOf({ id: `D-${String(index).padStart(8, '0')}` }),
    );
    const { page } = await open(sampleReport({ findings }));
    await page.getByRole('searchbox').fill('no such word');
    expect(await shownOf(page)).toEqual([]);
    expect(await page.getByText('more findings are not on this page').isVisible()).toBe(true);
    await page.close();
  });

  it('opens the finding that its address names', async () => {
    const { page } = await open(sampleReport(), {}, '#D-91d4e8a7');
    expect(await page.locator('details.finding[open]').evaluateAll((all) => all.map(({ id }) => id))).toEqual([
      'D-91d4e8a7',
    ]);
    await page.close();
  });

  it('copies a command as it stands', async () => {
    const { page } = await open(sampleReport(), { permissions: ['clipboard-read', 'clipboard-write'] }, '#D-0a41c9e2');
    await page.locator('#D-0a41c9e2 .commands li', { hasText: 'Accept' }).getByRole('button').click();
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toBe('zpa-changes drift accept D-0a41c9e2 --ticket TICKET');
    await page.close();
  });

  it('is complete without its script', async () => {
    const { page } = await open(sampleReport(), { javaScriptEnabled: false, viewport: { width: 390, height: 900 } });
    expect(await page.getByRole('searchbox').count()).toBe(0);
    await page.locator('#D-0a41c9e2 > summary').click();
    expect(await page.getByText('zpa-changes drift accept D-0a41c9e2').isVisible()).toBe(true);
    await page.close();
  });

  it('prints everything unfolded, without what only a screen needs', async () => {
    const { page } = await open(sampleReport());
    await page.emulateMedia({ media: 'print' });
    expect(
      await page.getByText('Kim Sandoval (console), 2026-11-30 18:40 UTC of the application segment').isVisible(),
    ).toBe(true);
    expect(await page.getByText('Project 28').isVisible()).toBe(true);
    expect(await page.locator('#filter').isVisible()).toBe(false);
    expect(await page.locator('.commands').first().isVisible()).toBe(false);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  });

  it('is dark where the reader is, and its words stand out from what is behind them', async () => {
    const report = sampleReport({
      findings: [...sampleReport().findings, findingOf({ id: 'D-unseen00', after: 'a\u202Eb' })],
    });
    for (const width of [390, 1280]) {
      const { page } = await open(report, { viewport: { width, height: 900 } });
      await page.getByRole('button', { name: 'Unfold all' }).click();
      await expectReadable(page, `at ${width}`);
      await page.close();
    }
  });

  it('has its headings in order, and a name for every drawing and control', async () => {
    const { page } = await open(sampleReport());
    const levels = await page.locator('h1, h2, h3').evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
    expect([levels[0], Math.max(...levels.slice(1))]).toEqual([1, 2]);
    expect(await page.locator('svg:not([aria-hidden]):not([aria-label])').count()).toBe(0);
    expect(await page.getByRole('searchbox', { name: 'Filter' }).count()).toBe(1);
    expect(await page.getByRole('combobox', { name: 'State' }).count()).toBe(1);
    await page.close();
  });
});
