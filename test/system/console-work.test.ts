import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { World } from '../../local/world/world.ts';
import { leaveIntent } from '../wire/ops/leave-intent.ts';
import { withConsole } from '../wire/ops/open-console.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { expectLooks, onEachScreen, topsOf } from './each-screen.ts';
import { walkByKeyboard } from './walk-by-keyboard.ts';
import { type Ops, withCli } from './with-cli.ts';

const LANE = 'PRODUCTION:216196257331281920';
const at = (path: string, query: Record<string, string>) => `${path}?${new URLSearchParams(query)}`;
const failure = { source: 'ops', tenant: 'acme-prod', key: 'LOOK-1', generation: '1' };

/** A failure, an open write that nobody confirmed, and a finding of drift; answers the addresses of pages that show them. */
async function madeWork(ops: Ops, world: World): Promise<string[]> {
  const change = { schemaVersion: 1, tenant: 'acme-prod' };
  const nowhere = {
    ...change,
    idempotencyKey: 'LOOK-1',
    action: 'update',
    group: { name: 'Nowhere' },
    set: { enabled: true },
  };
  const made = {
    ...change,
    idempotencyKey: 'LOOK-2',
    action: 'create',
    group: { name: 'Drifting' },
    description: 'approved',
  };
  for (const one of [nowhere, made]) await world.deliver('ops', { changes: [one] });
  const all = () => world.changes();
  await world.until(async () =>
    (await all()).filter(({ state }) => state === 'settled').length > 1 ? true : undefined,
  );
  const { store } = world.simulator;
  store.editGroup(store.group('Drifting')?.id ?? '', { description: 'edited in ZPA '.repeat(20) });
  const lane = await leaveIntent(world, 'LOOK-3');
  await world.runDrift();
  const report = await ops('--json', 'drift', '--tenant', 'acme-prod');
  const id = report.json<{ reports: { findings: { id: string }[] }[] }>().reports[0]?.findings[0]?.id ?? '';
  return [
    '/',
    '/failures',
    at('/change', failure),
    at('/failure', { ...failure, plan: '1' }),
    at('/failure/edit', failure),
    '/lanes',
    at('/lane', { lane: LANE }),
    at('/lane', { lane }),
    at('/lane/release', { lane }),
    '/drift',
    at('/drift', { lane: LANE }),
    at('/drift/finding', { lane: LANE, id }),
  ];
}

describe.skipIf(CHROMIUM === undefined)('the pages of an operator', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('fit a phone and a desk, and stand out in light and dark', async () => {
    await withCli(async (ops, world, folder) => {
      const paths = await madeWork(ops, world);
      await withConsole(folder, async (opened) => {
        await onEachScreen(browser, opened, async (tab, width) => {
          for (const path of paths) await expectUsable(tab, new URL(path, opened.url).href, `${path} at ${width}`);
        });
      });
    });
  });

  async function expectUsable(tab: Tab, href: string, where: string) {
    await tab.goto(href);
    expect(await tab.locator('.error').count(), where).toBe(0);
    await expectLooks(tab, where);
    // A fold that opens leaves the list, which is therefore read anew for each.
    const folds = tab.locator('main details:not([open]) > summary');
    while ((await folds.count()) > 0) await folds.first().click();
    await expectLooks(tab, `${where}, unfolded`);
    await tab.emulateMedia({ media: 'print' });
    expect(await tab.locator('nav, form, .act').filter({ visible: true }).count(), `printed: ${where}`).toBe(0);
    await tab.emulateMedia({ media: 'screen' });
  }

  it('can be walked with the keyboard alone, from the link to the content to the last control', async () => {
    await withCli(async (ops, world, folder) => {
      const paths = await madeWork(ops, world);
      await withConsole(folder, async (opened) => {
        await onEachScreen(browser, opened, async (tab, width) => {
          // Every second page on a phone and the others at a desk: a page takes seconds.
          for (const path of paths.filter((_, index) => (index % 2 === 0) === width < 600)) {
            await tab.goto(new URL(path, opened.url).href);
            await walkByKeyboard(tab, `${path} at ${width}`);
          }
        });
      });
    });
  });

  it('keep buttons that belong together in one row on a phone', async () => {
    await withCli(async (ops, world, folder) => {
      const finding = (await madeWork(ops, world)).at(-1) ?? '';
      await withConsole(folder, async ({ entryUrl, url }) => {
        const tab = await browser.newPage({ viewport: { width: 390, height: 900 } });
        await tab.goto(entryUrl);
        await tab.goto(new URL(finding, url).href);
        expect(await topsOf(tab, /^(Accept|Revert) …$/)).toHaveLength(1);
        await tab.close();
      });
    });
  });

  it('keep a text that is too long also without a script, when one goes back', async () => {
    await withCli(async (ops, world, folder) => {
      await madeWork(ops, world);
      await withConsole(folder, async ({ entryUrl, url }) => {
        const context = await browser.newContext({ javaScriptEnabled: false });
        const tab = await context.newPage();
        await tab.goto(entryUrl);
        await tab.goto(new URL(at('/failure/edit', failure), url).href);
        const long = `# ${'x'.repeat(1024 * 1024)}`;
        await tab.locator('textarea').fill(long);
        await tab.getByLabel('Ticket that approves').fill('CHG0031400');
        await tab.getByRole('button', { name: 'Check and show the plan' }).click();
        await tab.getByText('This form is longer than 1 MiB').waitFor();
        await tab.goBack();
        expect((await tab.locator('textarea').inputValue()) === long).toBe(true);
        expect(await tab.getByLabel('Ticket that approves').inputValue()).toBe('CHG0031400');
        await context.close();
      });
    });
  });

  it('work with the keyboard alone: a lane is paused, and a mistake in an edited change is found', async () => {
    await withCli(async (ops, world, folder) => {
      await madeWork(ops, world);
      await withConsole(folder, async ({ entryUrl, url }) => {
        const tab = await browser.newPage();
        await tab.goto(entryUrl);
        await tab.goto(new URL(at('/lane', { lane: LANE }), url).href);
        await tab.locator('summary').first().focus();
        await tab.keyboard.press('Enter');
        await tab.keyboard.press('Tab');
        await tab.keyboard.type('maintenance');
        await tab.keyboard.press('Enter');
        await tab.locator('#notice p').waitFor();
        expect(await tab.locator('#notice').textContent()).toContain('is paused: maintenance');

        await tab.goto(new URL(at('/failure/edit', failure), url).href);
        await tab.locator('textarea').focus();
        await tab.keyboard.press('Control+End');
        await tab.keyboard.type('tenant: twice');
        await tab.keyboard.press('Tab');
        await tab.keyboard.type('CHG0031400');
        await tab.keyboard.press('Enter');
        await tab.getByRole('alert').waitFor();
        expect(await tab.getByRole('alert').textContent()).toMatch(/Line \d+, column 1: This field is stated twice/);
        expect(await tab.locator('textarea').inputValue()).toContain('tenant: twice');
        await tab.close();
      });
    });
  });
});
