import { describe, expect, it } from 'vitest';
import { QUIRKS } from '../../../local/zpa-simulator/behaviour/quirks.ts';
import { contentOf, expectedOf } from '../../unit/histories/own-model.ts';
import { pairsOf, pairwise, type Row } from './pairwise.ts';
import { LEAVING, TAKEN } from './quirk-changes.ts';
import { RULED, startQuirkScene } from './quirk-scene.ts';
import { runRow } from './run-row.ts';

/** A few rows that take the worker down its rarer ways; `npm run quirks` plays all pairs. */
const ROWS: Record<string, Row> = {
  'nothing unusual': {},
  'v2 ignores membership deltas': { 'v2-delta': 'ignored', escape: 'wide', 'list-order': 'modified' },
  'no v2 at all': { 'v2-put': 'not-found', 'v1-payload-limit': '100', 'empty-result': 'no-list-key', auth: 'legacy' },
  'refusals instead of effects': {
    ...{ 'foreign-application': 'refuse', 'v2-unknown-added': 'skip', 'v2-stranger-deleted': 'refuse-all' },
    ...{ 'delete-missing': '404', 'read-only-refusal': '403', 'name-max-length': '64', escape: 'twice' },
  },
  'late to see a write': { 'read-lag': '1', 'v2-omitted-fields': 'reset', 'rule-blocks-delete': 'dangling' },
  'as documentation samples show it': {
    totals: 'pages',
    'default-microtenant': 'no-id',
    'page-beyond-end': 'no-list-key',
  },
  'replicas that disagree': { 'read-lag': '3', 'read-lag-order': 'backwards', 'list-moves': 'once' },
  'objects that lag by chance': { 'read-lag': '1', 'read-lag-order': 'drawn', 'post-readonly-keys': 'absent' },
  'only searches lag': { 'read-lag': '10', 'read-lag-of': 'search' },
  'nobody can sign in': { auth: 'legacy', legacy: 'only-oneapi' },
};

describe('whatever ZPA does', () => {
  it.each(Object.entries(ROWS))('no lie, no lost edit, nothing twice: %s', async (_name, row) => {
    const { breaches, outcomes } = await runRow(row);
    expect(breaches).toEqual([]);
    if (row.legacy === undefined) expect(outcomes.filter((one) => one === 'applied').length).toBeGreaterThan(10);
  });
});

describe('a tenant that is set to v2 by mistake', () => {
  it.each([
    ['v2-delta', 'ignored', 'membership-ignored'],
    ['v2-put', 'not-found', 'no-such-route'],
  ])('stops the lane until it is set to v1, and every change ends as it should: %s=%s', async (name, value, code) => {
    const scene = await startQuirkScene({ [name]: value });
    scene.tenant.membership = 'v2';
    const before = scene.state();
    const accepted = [await scene.accept('M-1', TAKEN), await scene.accept('M-2', LEAVING)];
    expect((await scene.settle(accepted)).map((record) => record?.outcome)).toEqual([undefined, undefined]);
    expect(await scene.stopped()).toMatchObject({ code, sentence: expect.stringContaining('acme-prod.membership') });
    expect(contentOf(scene.state())).toBe(contentOf(before));
    scene.tenant.membership = 'v1';
    const [first, second] = await scene.settle(accepted);
    expect([first?.outcome?.kind, second?.outcome?.kind]).toEqual(['applied', 'applied']);
    const expected = accepted.reduce((state, { change }) => expectedOf(state, change, RULED).after, before);
    expect(contentOf(scene.state())).toBe(contentOf(expected));
    expect(scene.sent.filter(({ effective }) => effective).map(({ via }) => via)).toEqual(['v1', 'v1', 'v1']);
    await scene.close();
  });
});

it('rows hold every pair of two quirks', () => {
  const factors = Object.fromEntries(Object.entries(QUIRKS).map(([name, { values }]) => [name, values]));
  const rows = pairwise(factors);
  const held = new Set(rows.flatMap(pairsOf));
  const sizes = Object.values(factors).map((values) => values.length);
  const sum = sizes.reduce((total, size) => total + size, 0);
  const pairs = (sum ** 2 - sizes.reduce((total, size) => total + size ** 2, 0)) / 2;
  expect(held.size).toBe(pairs);
  expect(rows.length).toBeLessThan(60);
});
