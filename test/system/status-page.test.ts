import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusPage } from '../../functions/status/page/status-page.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { viewOf } from '../../shared/domain/story/view.ts';
import { applied, recordOf, rejected } from '../unit/status/status-world.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { expectReadable } from './readable.ts';

const LONG = `${'W'.repeat(200)}\u202Eun ${'schäuble-'.repeat(20)}`;
const group = { name: LONG, description: LONG, enabled: true, applicationCount: 1000 };
const ids = Array.from({ length: 40 }, (_, i) => `2161962573314${String(i).padStart(5, '0')}`);
const RECORDS: Record<string, Partial<ChangeRecord>> = {
  applied: {
    state: 'settled',
    outcome: {
      ...applied,
      effect: {
        ...applied.effect,
        before: { ...group, enabled: false },
        after: { ...group, name: `${LONG} 2` },
        added: ids,
        moves: [{ from: { id: ids[0] ?? '', name: LONG }, to: { id: ids[1] ?? '', name: LONG }, applicationIds: ids }],
      },
    },
  },
  rejected: {
    state: 'settled',
    outcome: {
      ...rejected,
      sentence: LONG,
      details: {
        candidates: [{ id: ids[0], name: LONG }],
        names: [{ kind: 'group', name: LONG, planned: ids[0], now: ids[1] }],
        rules: [{ policyType: 'ACCESS_POLICY', ruleId: ids[2], ruleName: LONG, applications: ids }],
      },
    },
  },
  queued: { attempts: 9, ticket: { ...recordOf().ticket, id: LONG, requestedBy: LONG } },
};

describe.skipIf(CHROMIUM === undefined)('the status page in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it.each(
    Object.entries(RECORDS).flatMap(([name, part]) => [320, 375, 1100].map((width) => [name, width, part] as const)),
  )('%s fits into %i pixels, loads nothing and reads as a page', async (_, width, part) => {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.setContent(statusPage(viewOf(recordOf(part))));
    const root = page.locator('html');
    expect(await root.evaluate((element) => element.scrollWidth)).toBeLessThanOrEqual(width);
    expect(requests).toEqual([]);
    const levels = await page.locator('h1, h2, h3').evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level, index) => index > 0 && level - (levels[index - 1] ?? 1) > 1)).toEqual([]);
    await page.close();
  });

  it('can be read in light and in dark, on a phone and on a desk', async () => {
    for (const width of [390, 1100]) {
      const page = await browser.newPage({ viewport: { width, height: 800 } });
      for (const [name, part] of Object.entries(RECORDS)) {
        await page.setContent(statusPage(viewOf(recordOf(part))));
        await expectReadable(page, `${name} at ${width}`);
      }
      await page.close();
    }
  });
});
