import { expect, it } from 'vitest';
import type { Story } from '../../../../functions/ops/console/change/read-story.ts';
import { storyView } from '../../../../functions/ops/console/change/story-view.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { aChange, anApplied, anUpdate, aRef, aRejected, TEST_LANE } from '../../../fakes/records.ts';

/** The page of one change as a person sees it. */

const EVIL = `<script>alert('1')</script>\u202e"${'x'.repeat(10_000)}`;
const MAY = { whyNot: () => undefined };

const storyOf = (over: Partial<Story>): Story => ({
  record: aChange(),
  set: undefined,
  lane: newLane(TEST_LANE),
  standing: undefined,
  told: undefined,
  trail: undefined,
  ...over,
});

it('shows whatever others wrote as text: names, tickets, reasons, errors, keys of the trail', () => {
  const group = { name: EVIL, description: EVIL, enabled: true, applicationCount: 1 };
  const effect = {
    groupId: EVIL,
    before: group,
    after: { ...group, name: `${EVIL}2` },
    added: [EVIL],
    removed: [EVIL],
  };
  const ticket = {
    system: EVIL,
    id: EVIL,
    url: `javascript:alert('1')//${EVIL}`,
    requestedBy: EVIL,
    approvals: [{ by: EVIL, at: '2026-11-01T08:00:00Z', ref: EVIL }],
  };
  const record = aChange({
    ref: aRef('CHG1/1@"><script>'),
    change: anUpdate({ group: { name: EVIL }, changeSet: { id: 'CHG1', index: 1, size: 2, onReject: 'continue' } }),
    ticket,
    state: 'settled',
    outcome: anApplied({ effect, overtaken: [{ field: EVIL, expected: EVIL, found: EVIL }] }),
    history: [aRejected({ sentence: EVIL, remedy: EVIL })],
    discarded: { by: EVIL, at: TEST_START },
  });
  const outcomes = [{ generation: 1, key: EVIL, state: 'written' as const }];
  const line = {
    at: '2026-11-01T08:00:00Z',
    act: EVIL,
    phase: 'ended',
    principal: EVIL,
    result: 'failed',
    error: EVIL,
  };
  const trail = { readable: true as const, outcomes, acts: { lines: [line as never], unreadable: 1 } };
  const shown = storyView(MAY, storyOf({ record, set: { size: 2, members: [record] }, trail })).html;
  expect(/<script|\u202e|href="javascript/.exec(shown)).toBeNull();
  expect(shown).toContain('&lt;script&gt;');
});

it('says why a person may not cancel, and lets one who may do so with a reason', () => {
  const story = storyOf({ record: aChange({ state: 'queued' }) });
  const may = storyView(MAY, story).html;
  expect(may).toContain('action="/change/cancel"');
  expect(may).toContain('name="reason" required');
  const mayNot = storyView({ whyNot: () => 'The role operator may.' }, story).html;
  expect(mayNot).not.toContain('action="/change/cancel"');
  expect(mayNot).toContain('The role operator may.');
});

it('says what of the audit trail is written, missing, or not readable', () => {
  const record = aChange({ state: 'settled', outcome: anApplied(), generation: 2, history: [aRejected()] });
  const outcomes = [
    { generation: 1, key: 'outcomes/1', state: 'written' as const },
    { generation: 2, key: 'outcomes/2', state: 'missing' as const },
  ];
  const shown = storyView(MAY, storyOf({ record, trail: { readable: true, outcomes, acts: undefined } })).html;
  expect(shown).toContain('The line of the outcome is written.');
  expect(shown).toContain('The line of the outcome of retry 1 is not written yet.');
  expect(shown).toContain('key=CHG0000001%2F1%40A1&amp;acts=1');
  const refused = storyView(MAY, storyOf({ record, trail: { readable: false, why: 'access denied' } })).html;
  expect(refused).toContain('Not readable: <bdi>Access denied.</bdi>');
});
