import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAGES } from '../../functions/ops/console/server/pages.ts';
import { readSample, SAMPLES } from '../../local/samples/samples.ts';
import { withConsole } from '../wire/ops/open-console.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { expectLooks, onEachScreen } from './each-screen.ts';
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
      await withConsole(folder, async (opened) => {
        await onEachScreen(browser, opened, async (tab, width) => {
          for (const { path, label } of NAMED) {
            await tab.goto(new URL(path, opened.url).href);
            const where = `${path} at ${width}`;
            await expectLooks(tab, where);
            expect(
              await tab
                .getByRole('navigation', { name: 'Pages', exact: true })
                .getByRole('link', { name: label ?? '', exact: true })
                .getAttribute('aria-current'),
            ).toBe('page');
          }
        });
      });
    });
  });
});
