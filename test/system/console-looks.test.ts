import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGES } from '../../functions/ops/console/server/pages.ts';
import { readSample, SAMPLES } from '../../local/samples/samples.ts';
import { withConsole } from '../wire/ops/open-console.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { contrastOf } from './contrast.ts';
import { withCli } from './with-cli.ts';

/** Those of the navigation; others need a change, a lane or a failure. */
const NAMED = PAGES.filter(({ label }) => label !== undefined);

describe.skipIf(CHROMIUM === undefined)('the pages of the console', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('fit a phone and a desk, stand out in light and dark, load nothing from elsewhere, and can be read aloud', async () => {
    await withCli(async (_ops, world, folder) => {
      for (const { name, source } of SAMPLES) await world.deliver(source, { changes: await readSample(name) });
      await world.until(async () => ((await world.changes()).some(({ failed }) => failed) ? true : undefined));
      await withConsole(folder, async ({ entryUrl, url }) => {
        for (const [width, colorScheme] of [[390, 'dark'] as const, [1280, 'light'] as const]) {
          const tab = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
          const faults: string[] = [];
          tab.on('pageerror', (error) => faults.push(error.message));
          tab.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
          tab.on('request', (request) => request.url().startsWith(url) || faults.push(request.url()));
          await tab.goto(entryUrl);
          for (const { path, label } of NAMED) {
            await tab.goto(new URL(path, url).href);
            const where = `${path} at ${width}`;
            expect(await tab.evaluate('document.documentElement.scrollWidth'), where).toBeLessThanOrEqual(width);
            expect(
              await tab
                .getByRole('navigation', { name: 'Pages', exact: true })
                .getByRole('link', { name: label ?? '', exact: true })
                .getAttribute('aria-current'),
            ).toBe('page');
            const levels = await tab
              .locator('h1, h2, h3, h4')
              .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
            expect(levels[0], where).toBe(1);
            expect(
              levels.filter((level, at) => level - (levels[at - 1] ?? 1) > 1),
              where,
            ).toEqual([]);
            for (const words of ['h1', '.about dt', 'nav a', 'nav a[aria-current]', '#live', '.hint']) {
              if ((await tab.locator(words).count()) === 0) continue;
              expect(await contrastOf(tab, words), `${words} of ${where}`).toBeGreaterThanOrEqual(4.5);
            }
          }
          expect(faults).toEqual([]);
          await tab.close();
        }
      });
    });
  });
});
