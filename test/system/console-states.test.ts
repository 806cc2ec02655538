import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { World } from '../../local/world/world.ts';
import { leaveIntent } from '../wire/ops/leave-intent.ts';
import { withConsole } from '../wire/ops/open-console.ts';
import { CHROMIUM, openBrowser } from './browser.ts';
import { expectLooks, onEachScreen } from './each-screen.ts';
import { create, update } from './in-world.ts';
import { type Ops, withCli } from './with-cli.ts';

const LANE = 'PRODUCTION:216196257331281920';
const at = (path: string, query: Record<string, string>) => `${path}?${new URLSearchParams(query)}`;
const named = (key: string) => ({ source: 'ops', tenant: 'acme-prod', key });
const ticket = { ticket: 'CHG0042900' };

/** Makes two groups differ from their tickets in ZPA; answers the ids of the finding that is ignored and of the one that is not. */
async function drift(ops: Ops, world: World): Promise<{ ignored: string; open: string }> {
  const { store } = world.simulator;
  for (const name of ['Ignored', 'Open']) store.editGroup(name, { description: `${name} in ZPA` });
  const findings = await world.until(async () => {
    const answer = await ops('--json', 'drift', '--tenant', 'acme-prod');
    const report = answer.json<{ reports: { findings: { id: string; state: string; group: { name: string } }[] }[] }>();
    const found = report.reports[0]?.findings ?? [];
    return found.length === 2 && found.every(({ state }) => state !== 'in-flight') ? found : undefined;
  });
  const idOf = (name: string) => findings.find(({ group }) => group.name === name)?.id ?? '';
  const until = new Date(Date.now() + 86_400_000).toISOString();
  await ops('drift', 'ignore', idOf('Ignored'), '--until', until, '--reason', 'the printer room moves');
  await world.runDrift();
  return { ignored: idOf('Ignored'), open: idOf('Open') };
}

/** Makes a change of each end, an unconfirmed write and drift; answers the addresses of the pages that show them. */
async function madeStates(ops: Ops, world: World): Promise<string[]> {
  const send = async (...changes: { idempotencyKey: string }[]) => {
    for (const one of changes) await world.deliver('ops', { changes: [one] });
    await world.awaitSettled(
      world.refs(
        'ops',
        changes.map(({ idempotencyKey }) => idempotencyKey),
      ),
    );
  };
  world.simulator.store.createGroup({ name: 'Laptops' });
  await send(create('OLD-1/1', 'Laptops'));
  await send(update('NEW-1/1', { name: 'Laptops' }, { set: { description: 'newer' } }));
  await ops('failures', 'retry', 'OLD-1/1', '--yes');
  await send(update('OFF-1/1', { name: 'Laptops' }, { set: { enabled: true } }));
  await send(update('OFF-2/1', { name: 'Laptops' }, { set: { enabled: true, description: 'newest' } }));
  await send(create('D-1/1', 'Ignored'), create('D-2/1', 'Open'));
  await send(update('BAD-1/1', { name: 'Not there' }, { set: { enabled: true } }));
  const { ignored, open } = await drift(ops, world);
  const other = await leaveIntent(world, 'LOOK-3');
  const failure = { ...named('BAD-1/1'), generation: '1' };
  return [
    at('/change', named('OLD-1/1')),
    at('/change/undo', named('NEW-1/1')),
    at('/change/undo', { ...named('OFF-2/1'), ...ticket }),
    at('/change/undo', { ...named('OFF-1/1'), ...ticket }),
    at('/change/undo', { ...named('BAD-1/1'), ...ticket }),
    at('/failure', failure),
    at('/failure/edit', failure),
    at('/lane', { lane: LANE }),
    at('/lane', { lane: other }),
    at('/drift', { lane: LANE }),
    at('/drift/finding', { lane: LANE, id: ignored }),
    at('/drift/finding', { lane: LANE, id: open }),
  ];
}

/** The widths on which the pages of a role are looked at: those of a steward have all controls, the others hints instead. */
const SCREENS = { viewer: [390], operator: [1280], steward: [390, 1280] };

/** Pages that cannot be shown, by their status. */
const WRONG: [path: string, status: number, way: string][] = [
  ['/nowhere', 404, 'Overview'],
  [at('/change', named('NONE-1/1')), 404, 'All changes'],
  [at('/change/undo', { ...named('NEW-1/1'), ticket: 'CHG 1' }), 400, 'The change'],
  [at('/failure', { ...named('NONE-1/1'), generation: '1' }), 404, 'All failures'],
  [at('/lane', { lane: 'PRODUCTION:1' }), 404, 'All lanes'],
  [at('/lane/release', { lane: LANE }), 404, 'The lane'],
  [at('/drift/finding', { lane: LANE, id: 'D-00000000' }), 404, 'The findings of this lane'],
];

describe.skipIf(CHROMIUM === undefined)('the console in states that are rare', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  async function expectReadableUnfolded(tab: Tab, where: string) {
    await tab.locator('main details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '');
    });
    await expectLooks(tab, where);
  }

  it('can be read on a phone and on a desk, in each role, and says of each button who may press it', async () => {
    await withCli(async (ops, world, folder) => {
      const paths = await madeStates(ops, world);
      for (const role of Object.keys(SCREENS) as (keyof typeof SCREENS)[]) {
        await withConsole(
          folder,
          async (opened) => {
            await onEachScreen(browser, opened, async (tab, width) => {
              for (const path of SCREENS[role].includes(width) ? paths : []) {
                const where = `${path} at ${width} as ${role}`;
                await tab.goto(new URL(path, opened.url).href);
                await expectReadableUnfolded(tab, where);
                expect(await tab.locator('main :disabled').count(), where).toBe(
                  await tab
                    .locator('main :disabled')
                    .evaluateAll(
                      (all) => all.filter((one) => one.closest('form, p, div')?.querySelector('.reason')).length,
                    ),
                );
                if (role === 'viewer')
                  expect(await tab.locator('main form[method=post] button:enabled').count(), where).toBe(0);
              }
            });
          },
          { role },
        );
      }
    });
  });

  it('leads on from each page that cannot be shown', async () => {
    await withCli(async (_ops, world, folder) => {
      await world.deliver('ops', { changes: [create('NEW-1/1', 'Laptops')] });
      await world.awaitSettled(world.refs('ops', ['NEW-1/1']));
      await world.runDrift();
      await withConsole(folder, async ({ entryUrl, url }) => {
        const tab = await browser.newPage({ viewport: { width: 390, height: 900 } });
        await tab.goto(entryUrl);
        for (const [path, status, way] of WRONG) {
          expect([path, (await tab.goto(new URL(path, url).href))?.status()]).toEqual([path, status]);
          await expectLooks(tab, path);
          await tab.getByRole('main').getByRole('link', { name: way, exact: true }).click();
          await tab.locator('h1').waitFor();
          expect(await tab.locator('main .error').count(), path).toBe(0);
        }
        await tab.close();
      });
    });
  });
});
