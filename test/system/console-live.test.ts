import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleAct, ConsolePage } from '../../functions/ops/console/contract.ts';
import { actForm } from '../../functions/ops/console/view/act-form.ts';
import { html } from '../../shared/domain/html/html.ts';
import { withConsole } from '../wire/ops/open-console.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { withCli } from './with-cli.ts';

const act: ConsoleAct = {
  path: '/rows/keep',
  role: 'operator',
  run: async (_context, form) => ({
    result: 'done',
    sentence: `${form.get('row')}: ${form.get('reason')}`,
    to: '/rows',
  }),
};

/** A page whose rows and numbers a test changes while it is open. */
function livePage() {
  const state = { rows: ['a', 'b'], count: 0, fault: '' };
  const page: ConsolePage = {
    path: '/rows',
    label: 'Rows',
    render: async (context) => {
      if (state.fault !== '') throw new Error(state.fault);
      const inputs = html`<label>Reason <input name="reason"></label><label>Text <textarea name="text"></textarea></label>`;
      const rows = state.rows.map(
        (row) => html`<li><b>${row} ${state.count}</b>
${actForm(context, { act, fields: { row }, label: 'Keep', of: row, inputs })}</li>`,
      );
      const body = html`<p id="count">${state.count}</p>${Array.from({ length: 90 }, () => html`<p>line</p>`)}<ul>${rows}</ul>`;
      return { title: 'Rows', body, refreshMs: 40 };
    },
  };
  return { state, page };
}

describe.skipIf(CHROMIUM === undefined)('a page of the console that is read again', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  async function inTab(
    story: (tab: Tab, state: ReturnType<typeof livePage>['state']) => Promise<void>,
    options: Parameters<Browser['newPage']>[0] = {},
  ) {
    const { state, page } = livePage();
    await withCli(async (_ops, _world, folder) => {
      await withConsole(
        folder,
        async ({ entryUrl, url }) => {
          const tab = await browser.newPage(options);
          const faults: string[] = [];
          tab.on('pageerror', (error) => faults.push(error.message));
          await tab.goto(entryUrl);
          await tab.goto(`${url}rows`);
          await story(tab, state);
          expect(faults).toEqual([]);
          await tab.close();
        },
        { pages: [page], acts: [act] },
      );
    });
  }

  it('keeps what is filled in with its row, open details, focus and scroll position', async () => {
    await inTab(async (tab, state) => {
      const row = tab.locator('li', { hasText: 'b 0' });
      await row.locator('summary').click();
      await row.getByLabel('Reason').fill('half of');
      const scrolled = await tab.evaluate<number>('scrollY');
      expect(scrolled).toBeGreaterThan(0);
      state.rows = ['new', 'b', 'a'];
      state.count = 1;
      const moved = tab.locator('li', { hasText: 'b 1' });
      await moved.waitFor();
      await tab.keyboard.type(' it');
      expect(await moved.getByLabel('Reason').inputValue()).toBe('half of it');
      expect(await tab.evaluate<number>('scrollY')).toBeGreaterThanOrEqual(scrolled);
      await tab.keyboard.press('Enter');
      await tab.getByText('b: half of it').waitFor();
    });
  });

  it('does not remove an entry, and says so', async () => {
    await inTab(async (tab, state) => {
      await tab.locator('li', { hasText: 'b 0' }).locator('summary').click();
      await tab.locator('li', { hasText: 'b 0' }).getByLabel('Reason').fill('mine');
      state.rows = ['a'];
      await tab.getByText('because it would remove your entry').waitFor();
      expect(await tab.locator('li', { hasText: 'b 0' }).getByLabel('Reason').inputValue()).toBe('mine');
    });
  });

  it('says why it could not be read, keeps what it shows, and goes on by itself', async () => {
    await inTab(async (tab, state) => {
      state.fault = 'The ledger is away.';
      await tab.getByText('The ledger is away.').waitFor();
      expect(await tab.locator('#count').textContent()).toBe('0');
      state.fault = '';
      state.count = 5;
      await tab.getByText('b 5').waitFor();
      expect(await tab.getByText('The ledger is away.').count()).toBe(0);
    });
  });

  it('does not remove the form in which the focus is', async () => {
    await inTab(async (tab, state) => {
      await tab.locator('li', { hasText: 'b 0' }).locator('summary').click();
      await tab.keyboard.press('Tab');
      state.rows = ['a'];
      await tab.getByText('because it would remove your entry').waitFor();
      await tab.keyboard.type('mine');
      expect(await tab.locator('li', { hasText: 'b 0' }).getByLabel('Reason').inputValue()).toBe('mine');
    });
  });

  it('closes an opened form by Escape and gives the focus back, and keeps what is filled in', async () => {
    await inTab(async (tab) => {
      const row = tab.locator('li', { hasText: 'b 0' });
      await row.locator('summary').focus();
      await tab.keyboard.press('Enter');
      await tab.keyboard.press('Tab');
      await tab.keyboard.type('half of');
      await tab.keyboard.press('Escape');
      expect(await row.locator('details').getAttribute('open')).toBeNull();
      expect(await row.locator('summary').evaluate((one) => one.matches(':focus-visible'))).toBe(true);
      await tab.keyboard.press('Enter');
      expect(await row.getByLabel('Reason').inputValue()).toBe('half of');
    });
  });

  it('has the focus on the result of a button, so that it is read aloud and the keyboard goes on from there', async () => {
    await inTab(async (tab) => {
      await tab.locator('li', { hasText: 'b 0' }).locator('summary').click();
      await tab.getByRole('button', { name: 'Keep b' }).press('Enter');
      await tab.getByText('b:', { exact: true }).waitFor();
      // The text of a page is there before its script runs.
      await tab.waitForFunction('document.activeElement.closest("#notice") !== null');
    });
  });

  it.each([
    ['one line', 'x'.repeat(1024 * 1024), ''],
    // Shorter than the limit by itself; a browser sends each end of a line as two characters.
    ['many lines', 'x'.repeat(1024 * 1024 - 1500), '\n'.repeat(400)],
  ])('does not send a form that is too long, says so, and keeps the text: %s', async (_name, long, lines) => {
    await inTab(async (tab) => {
      const row = tab.locator('li', { hasText: 'b 0' });
      const [reason, text] = [row.getByLabel('Reason'), row.getByLabel('Text')];
      await row.locator('summary').click();
      await reason.fill(long);
      await text.fill(lines);
      await tab.getByRole('button', { name: 'Keep b' }).click();
      await tab.getByText('Nothing was sent. Shorten the text').waitFor();
      expect([(await reason.inputValue()) === long, (await text.inputValue()) === lines]).toEqual([true, true]);
      await reason.fill('short');
      await tab.getByRole('button', { name: 'Keep b' }).click();
      await tab.getByText('b: short').waitFor();
    });
  });

  it('sends a form once, also where the page is read again before the answer comes', async () => {
    await inTab(async (tab, state) => {
      let sent = 0;
      const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      await tab.route('**/rows', async (route) => {
        asked.resolve();
        await answered.promise;
        await route.continue();
      });
      // An answer without content leaves the page as it is, as one that is still to come does.
      await tab.route('**/rows/keep', async (route) => {
        sent += 1;
        await route.fulfill({ status: 204 });
      });
      const row = tab.locator('li', { hasText: 'b ' });
      await row.locator('summary').click();
      await asked.promise;
      const press = () => row.getByRole('button', { name: 'Keep b' }).evaluate((one) => one.click());
      await press();
      state.count = 1;
      answered.resolve();
      await tab.locator('li', { hasText: 'b 1' }).waitFor();
      expect(await row.locator('form').getAttribute('data-sent')).toBe('yes');
      expect(await row.locator('button').getAttribute('aria-busy')).toBe('true');
      expect(sent).toBe(1);
    });
  });

  it('works without a script', async () => {
    await inTab(
      async (tab, state) => {
        state.count = 7;
        await tab.getByRole('link', { name: 'Refresh' }).click();
        await tab.getByText('b 7').waitFor();
        await tab.locator('li', { hasText: 'b 7' }).locator('summary').click();
        await tab.locator('li', { hasText: 'b 7' }).getByLabel('Reason').fill('by hand');
        await tab.getByRole('button', { name: 'Keep b' }).click();
        await tab.getByText('b: by hand').waitFor();
      },
      { javaScriptEnabled: false },
    );
  });

  it('goes to the content and to the search by the keyboard', async () => {
    await inTab(async (tab) => {
      await tab.keyboard.press('Tab');
      await tab.keyboard.press('Enter');
      await tab.waitForFunction('document.activeElement.id === "main"');
      await tab.keyboard.press('/');
      await tab.keyboard.type('CHG1');
      expect(await tab.getByRole('searchbox').inputValue()).toBe('CHG1');
    });
  });
});
