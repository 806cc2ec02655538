import { describe, expect, it } from 'vitest';
import type { ConsoleContext } from '../../../../functions/ops/console/contract.ts';
import { laneView } from '../../../../functions/ops/console/lanes/lane-view.ts';
import { lanesView } from '../../../../functions/ops/console/lanes/lanes-view.ts';
import { laneBudget } from '../../../../functions/ops/console/lanes/read-budget.ts';
import type { LaneNow } from '../../../../functions/ops/console/lanes/read-lanes.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { laneStanding } from '../../../../shared/domain/notice/lane-standing.ts';
import { type LaneRecord, newLane } from '../../../../shared/domain/records/lane-record.ts';
import { TEST_START as NOW } from '../../../fakes/fake-clock.ts';
import { aChange, anUpdate, TEST_LANE } from '../../../fakes/records.ts';

const configuration = configurationSchema.parse({
  name: 'test',
  tenants: { 'acme-test': { cloud: 'BETA', customerId: '72057594037927936', vanity: 'acme' } },
  sources: { helpdesk: { system: 'Helpdesk' } },
});

function laneNow(over: Partial<LaneRecord> = {}, open = 0): LaneNow {
  const record = { ...newLane(TEST_LANE), ...over };
  const tenants = { tenants: ['acme-test'], former: [] };
  return {
    record,
    scheduled: 0,
    shown: { lane: TEST_LANE, ...tenants, open, unreadable: [], ...laneStanding(record, open, NOW) },
    budget: laneBudget({ configuration, record, shared: undefined, now: NOW, budgetWindowMs: 10_000 }),
  };
}

const HOSTILE = '</dd><script>alert(1)</script>\u202E';
const context = { now: () => NOW, whyNot: () => undefined } as unknown as ConsoleContext;
const viewer = { ...context, whyNot: () => 'Needs the role operator.' } as ConsoleContext;

describe('the budget of a lane', () => {
  it('counts what the worker and the readers used in the last window, beside what each may use', () => {
    const record = {
      ...newLane(TEST_LANE),
      budget: { reads: [NOW - 11_000, NOW - 9000, NOW], writes: [NOW - 1000], notBefore: 0 },
    };
    const shared = { lane: TEST_LANE, version: 1, reads: [NOW - 20_000, NOW + 500], notBefore: NOW + 4000 };
    expect(laneBudget({ configuration, record, shared, now: NOW, budgetWindowMs: 10_000 })).toMatchObject({
      reads: 20,
      writes: 10,
      windowSeconds: 10,
      uses: [{ reads: 2, ofReads: 16, writes: 1, ofWrites: 10 }, { reads: 1, ofReads: 2 }, { reads: undefined }],
      silentUntil: NOW + 4000,
    });
  });

  it('allows nothing for a customer that no tenant is configured for any more', () => {
    const record = { ...newLane('BETA:1'), budget: { reads: [], writes: [], notBefore: NOW - 1 } };
    const budget = laneBudget({ configuration, record, shared: undefined, now: NOW, budgetWindowMs: 10_000 });
    expect(budget).toMatchObject({ reads: 0, writes: 0, silentUntil: undefined });
  });
});

describe('the lanes', () => {
  const stop = { code: 'login-failed', sentence: HOSTILE, since: NOW - 7_200_000, tries: 4, probeAt: NOW + 90_000 };

  it('that do not go on come first, with cause, attempts and the next one', () => {
    const { html } = lanesView([laneNow(), laneNow({ stopped: { ...stop, alarmed: true } }, 3)], NOW);
    expect(html.indexOf('<span class="badge bad">stopped</span>')).toBeLessThan(html.indexOf('>idle</span>'));
    expect(html).toMatch(/<dt>Failed attempts<\/dt><dd>4<\/dd>/);
    expect(html).toMatch(/Next attempt<\/dt><dd><time[^>]*>[^<]*<\/time> <small>in 1 min/);
  });

  it('show texts of others as text', () => {
    const paused = { by: HOSTILE, reason: HOSTILE.repeat(500), since: NOW };
    for (const lane of [laneNow({ stopped: { ...stop, alarmed: true } }), laneNow({ paused })]) {
      const change = aChange({
        change: anUpdate({ group: { name: HOSTILE } }),
        ticket: { system: 's', id: HOSTILE, approvals: [] },
      });
      const { html } = laneView(context, { ...lane, changes: [change], next: undefined });
      expect(html).not.toContain('<script');
      expect(html).not.toContain('\u202E');
      expect(html.length).toBeLessThan(20_000);
    }
  });

  it('have buttons for those who may press them', () => {
    const page = { ...laneNow(), changes: [], next: 50 };
    expect(laneView(context, page).html).toContain('action="/lane/pause"');
    expect(laneView(context, page).html).toContain('/lane?lane=BETA%3A72057594037927936&amp;after=50');
    const { html } = laneView(viewer, page);
    expect(html).not.toContain('<form');
    expect(html).toContain('Needs the role operator.');
  });

  it('whose record cannot be read say so, and have no buttons', () => {
    const shown = {
      ...laneNow().shown,
      state: 'unknown',
      note: '',
      unreadable: [{ key: 'lane', why: 'broken' }],
    } as const;
    const { html } = laneView(context, {
      shown: { ...shown, unreadable: [...shown.unreadable] },
      record: undefined,
      scheduled: 0,
      budget: undefined,
      changes: [],
      next: undefined,
    });
    expect(html).toContain('cannot be read');
    expect(html).toContain('<span class="badge bad">unknown</span>');
    expect(html).not.toContain('<form');
  });
});
