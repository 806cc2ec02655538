import { expect, it } from 'vitest';
import { nextSteps } from '../../../../functions/ops/console/change/next-steps.ts';
import { type StepFacts, stepsOf } from '../../../../functions/ops/console/change/steps.ts';
import type { RejectionCode } from '../../../../shared/domain/change/rejection-codes.ts';
import { laneStanding, standingOfChange } from '../../../../shared/domain/notice/lane-standing.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../../shared/domain/records/intent.ts';
import { type LaneRecord, newLane } from '../../../../shared/domain/records/lane-record.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { aChange, anApplied, anUpdate, aRef, aRejected, TEST_LANE } from '../../../fakes/records.ts';

/** The steps of a change, and what is to be done about it. */

const QUEUED: Partial<ChangeRecord> = { state: 'queued', sentAt: TEST_START + 500, settingsVersion: 3 };
const member = { ref: aRef(), generation: 1, sequence: 1 };

function steps(over: Partial<ChangeRecord>, lane: Partial<LaneRecord> = {}, told?: boolean): string[] {
  const record = aChange(over);
  const whole = { ...newLane(TEST_LANE), ...lane };
  const standing = standingOfChange(whole, record, TEST_START) ?? laneStanding(whole, 1, TEST_START);
  const facts: StepFacts = { lane: whole, standing: record.state === 'settled' ? undefined : standing, told };
  return stepsOf(record, facts).map(({ title, at, text }) =>
    [title, at === undefined ? '' : `+${at - TEST_START}`, text ?? ''].filter((part) => part !== '').join(' | '),
  );
}

const intent = (over: Partial<Intent>): Intent => ({
  writeId: 'w',
  tenant: 'acme-test',
  members: [{ ...member, ending: { ...anApplied() } }],
  writes: [
    { write: { kind: 'delete', groupId: '1', microtenantId: '0' }, before: null },
    { write: { kind: 'delete', groupId: '2', microtenantId: '0' }, before: null },
  ],
  cursor: 0,
  sendBefore: 0,
  ...over,
});

it('go from the approval to the answer on the ticket, each with its time', () => {
  const approvals = [{ by: 'max', at: new Date(TEST_START - 9000).toISOString(), ref: 'APPR1' }];
  const ticket = { system: 'Helpdesk', id: 'CHG1', approvals };
  const settled = {
    ...QUEUED,
    ticket,
    state: 'settled' as const,
    outcome: anApplied({ at: TEST_START + 2000, settingsVersion: 4 }),
  };
  expect(steps(settled, {}, true)).toEqual([
    'Approved | +-9000 | by max (APPR1)',
    'Accepted | +0 | from helpdesk, settings version 3',
    `Queued | +500 | in lane ${TEST_LANE}, sequence 1`,
    'Live | +2000 | Written to ZPA and read back. 1 attempt, settings version 4',
    'Ticket answered | the outcome is on the ticket',
  ]);
  expect(steps(settled, {}, false).at(-1)).toMatch(/^Ticket not answered yet/);
  expect(steps({ ...settled, pending: ['desired', 'sns'] }, {}, false).at(-1)).toBe(
    'Notifications pending | the record of what was approved, the notification of the outcome',
  );
});

it.each<[string, Partial<LaneRecord>, RegExp]>([
  ['it waits for its turn', {}, /^Waits for its turn$/],
  ['it is worked on', { working: { members: [member], strikes: 0, since: TEST_START + 600 } }, /^In progress \| \+600/],
  [
    'another is worked on',
    { working: { members: [{ ...member, generation: 2 }], strikes: 0, since: 0 } },
    /^Waits for its turn/,
  ],
  [
    'it is written',
    { intent: intent({ cursor: 1 }), lease: { owner: 'w', until: TEST_START + 1 } },
    /^Writing to ZPA \| .*write 2 of 2$/,
  ],
  [
    'it is read back',
    { answered: [intent({ answeredAt: TEST_START })], lease: { owner: 'w', until: TEST_START + 1 } },
    /^Reading back/,
  ],
  [
    'its write is in doubt',
    { intent: intent({ unanswered: 'timeout' }), lease: { owner: 'w', until: TEST_START + 1 } },
    /ZPA did not confirm the write of \S+ \(timeout\)/,
  ],
  [
    'its lane is paused',
    { paused: { by: 'lena', reason: 'noon', since: 1 } },
    /^Waits: its lane is paused \| Paused by lena: noon\.$/,
  ],
  [
    'its lane is stopped',
    {
      stopped: {
        code: 'auth-failed',
        sentence: 'No.',
        since: 1,
        tries: 4,
        probeAt: TEST_START + 60_000,
        alarmed: true,
      },
    },
    /^Waits: its lane is stopped \| No \(auth-failed\)\. 4 attempts failed in a row\. Next attempt 2026-12-01 08:01:00 UTC\.$/,
  ],
  [
    'an attempt that failed once',
    { stopped: { code: 'auth-failed', sentence: 'No.', since: 1, tries: 1, probeAt: TEST_START, alarmed: true } },
    /\(auth-failed\)\. 1 attempt failed\. Next attempt/,
  ],
])('say what goes on at last: %s', (_, lane, last) => {
  expect(steps(QUEUED, lane).at(-1)).toMatch(last);
});

it('count the attempts that failed, with the last error and the next try', () => {
  const trouble = { ...member, tries: 3, since: 1, retryAt: TEST_START + 30_000, error: 'server-error (500)' };
  expect(steps({ ...QUEUED, attempts: 3 }, { trouble }).slice(-2)).toEqual([
    'Attempts 1 to 3 failed | The last one: CHG0000001/1@A1 failed: server-error (500).',
    'Waits for the next attempt | CHG0000001/1@A1 failed: server-error (500). 3 attempts failed in a row. Next attempt 2026-12-01 08:00:30 UTC.',
  ]);
});

it('keep the retries, the request to cancel, and the dismissal in the order of time', () => {
  const history = [aRejected({ at: TEST_START - 5000 })];
  const cancelRequest = { generation: 2, by: 'lena', reason: 'no more', at: TEST_START + 700 };
  const outcome = aRejected({ at: TEST_START + 900, generation: 2 });
  const shown = steps({
    ...QUEUED,
    generation: 2,
    history,
    cancelRequest,
    outcome,
    state: 'settled',
    discarded: { by: 'lena', reason: 'sent anew', at: TEST_START + 1000 },
  });
  expect(shown.map((step) => step.split(' | ')[0])).toEqual([
    'Rejected',
    'Retry 1 accepted',
    'Queued',
    'Cancellation requested',
    'Rejected',
    'Dismissed',
    'Notified',
  ]);
});

it('say for when it is scheduled', () => {
  const change = anUpdate({ notBefore: '2099-01-01T00:00:00Z' });
  const scheduledFor = Date.parse('2099-01-01T00:00:00Z');
  expect(steps({ state: 'scheduled', change, scheduledFor }).at(-1)).toContain(
    'Scheduled | for 2099-01-01 00:00:00 UTC',
  );
  expect(steps({ state: 'scheduled' }).at(-1)).toBe('Scheduled | for the end of a freeze without an end date');
});

const next = (over: Partial<ChangeRecord>, lane: Partial<LaneRecord> = {}) => {
  const [step] = nextSteps(aChange(over), laneStanding({ ...newLane(TEST_LANE), ...lane }, 1, TEST_START));
  return `${step?.who}: ${step?.link?.to ?? ''}`;
};

const FAILURE = '/failure?source=helpdesk&tenant=acme-test&key=CHG0000001%2F1%40A1&generation=1';
const failedWith = (code: RejectionCode): Partial<ChangeRecord> => ({
  state: 'settled',
  failed: true,
  outcome: aRejected({ code }),
});

it('says that a change which was not attempted needs no correction itself', () => {
  const [step] = nextSteps(aChange(failedWith('not-attempted')), undefined);
  expect(step?.text).toContain('This change needs no correction');
});

it.each<[string, Partial<ChangeRecord>, Partial<LaneRecord>, string]>([
  ['open', QUEUED, {}, 'Nobody: '],
  [
    'in a paused lane',
    QUEUED,
    { paused: { by: 'l', reason: 'r', since: 1 } },
    `Operator: /lane?lane=${encodeURIComponent(TEST_LANE)}`,
  ],
  ['scheduled', { state: 'scheduled' }, {}, 'Nobody: '],
  [
    'scheduled in a paused lane',
    { state: 'scheduled' },
    { paused: { by: 'l', reason: 'r', since: 1 } },
    `Operator: /lane?lane=${encodeURIComponent(TEST_LANE)}`,
  ],
  ['of unknown outcome', failedWith('outcome-unknown'), {}, `Operator: ${FAILURE}`],
  ['outside the grants', failedWith('not-permitted'), {}, `Ticket admin: ${FAILURE}`],
  ['wrong in its ticket', failedWith('group-in-use'), {}, `Requester: ${FAILURE}`],
  [
    'rejected and dismissed, by an earlier version',
    { state: 'settled', outcome: aRejected(), discarded: { by: 'l', at: 1 } },
    {},
    'Nobody: ',
  ],
  ['rejected, its approval over', { state: 'settled', outcome: aRejected() }, {}, 'Requester: '],
  [
    'live',
    { state: 'settled', outcome: anApplied() },
    {},
    'Nobody: /change/undo?source=helpdesk&tenant=acme-test&key=CHG0000001%2F1%40A1',
  ],
])('tells who acts next on one that is %s, and where', (_, record, lane, who) => {
  expect(next(record, lane)).toBe(who);
});
