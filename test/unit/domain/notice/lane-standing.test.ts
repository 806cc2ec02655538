import { describe, expect, it } from 'vitest';
import { errorText, laneStanding, standingOfChange } from '../../../../shared/domain/notice/lane-standing.ts';
import type { Intent } from '../../../../shared/domain/records/intent.ts';
import { type LaneRecord, newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aFault } from '../../../fakes/memory-zpa.ts';
import { anApplied } from '../../../fakes/records.ts';

const NOW = 1_000_000;
const ref = { lane: 'PRODUCTION:1', tenant: 'acme', source: 'desk', idempotencyKey: 'T-1' };
const trouble = { ref, generation: 1, tries: 3, since: NOW - 9, retryAt: NOW + 5, error: 'forbidden (403): no right' };
const stopped = {
  code: 'sign-in-refused',
  sentence: 'ZPA refused.',
  since: NOW - 7,
  tries: 2,
  probeAt: NOW + 6,
  alarmed: true,
};
const intent: Intent = {
  writeId: 'w-1',
  tenant: 'acme',
  members: [{ ref, generation: 1, sequence: 1, ending: anApplied() }],
  writes: [],
  cursor: 0,
  sendBefore: NOW - 5,
};
const unanswered: Intent = { ...intent, unanswered: 'server-error' };
const UNCONFIRMED =
  'ZPA did not confirm the write of T-1 (server-error); the group is read before anything else is sent';
const standing = (over: Partial<LaneRecord>, open = 1) =>
  laneStanding({ ...newLane('PRODUCTION:1'), ...over }, open, NOW);

describe('the standing of a lane', () => {
  it.each<[string, Partial<LaneRecord>, number, object]>([
    ['is idle without open changes', {}, 0, { state: 'idle', note: '' }],
    ['waits with some', {}, 2, { state: 'waiting', note: '' }],
    ['waits until its messages show again', { hiddenUntil: NOW + 3 }, 2, { state: 'waiting', nextAt: NOW + 3 }],
    [
      'says which write ZPA did not confirm, and when it is looked for',
      { intent: unanswered, hiddenUntil: NOW + 3 },
      2,
      { state: 'retrying', note: UNCONFIRMED, tries: 1, nextAt: NOW + 3 },
    ],
    [
      'says so also while a worker waits for it',
      { intent: unanswered, lease: { owner: 'a', until: NOW + 1 } },
      1,
      { state: 'retrying', note: UNCONFIRMED },
    ],
    ['works under a lease', { lease: { owner: 'a', until: NOW + 1 } }, 1, { state: 'working' }],
    ['does not work under a lease that has ended', { lease: { owner: 'a', until: NOW } }, 1, { state: 'waiting' }],
    [
      'says which change failed, how often, why, and when it is tried again',
      { trouble, lease: { owner: 'a', until: NOW + 1 } },
      1,
      { state: 'retrying', note: 'T-1 failed: forbidden (403): no right', tries: 3, nextAt: NOW + 5, since: NOW - 9 },
    ],
    [
      'says so without the error where an older record has none',
      { trouble: (({ error: _, ...rest }) => rest)(trouble) },
      1,
      { state: 'retrying', note: 'T-1 failed' },
    ],
    ['does not hold against itself a change that has left it', { trouble }, 0, { state: 'idle', note: '' }],
    [
      'works on what is due again',
      { trouble: { ...trouble, retryAt: NOW }, lease: { owner: 'a', until: NOW + 1 } },
      1,
      { state: 'working' },
    ],
    [
      'obeys a 429',
      {
        budget: { reads: [], writes: [], notBefore: NOW + 4 },
        limited: { of: 'T-1', at: '', tries: 2, waitedMs: 9 },
      },
      1,
      { state: 'limited', nextAt: NOW + 4, tries: 2 },
    ],
    [
      'is stopped while its tenant does not answer',
      { stopped: { ...stopped, tenants: ['acme'] }, trouble },
      0,
      { state: 'stopped', note: 'ZPA refused (sign-in-refused for acme)', tries: 2, nextAt: NOW + 6, since: NOW - 7 },
    ],
    [
      'says in words that ZPA gave no answer, where the fault has none',
      { stopped: { ...stopped, code: 'connection-lost', sentence: 'connection-lost' } },
      1,
      { state: 'stopped', note: 'ZPA gave no usable answer (connection-lost)' },
    ],
    [
      'is paused before all',
      { paused: { by: 'lena', reason: 'maintenance', since: 5 }, stopped },
      1,
      { state: 'paused', note: 'Paused by lena: maintenance', since: 5 },
    ],
  ])('%s', (_, over, open, expected) => {
    expect(standing(over, open)).toMatchObject(expected);
  });

  it('of a change is the write of it that ZPA did not confirm', () => {
    const lane = { ...newLane('PRODUCTION:1'), intent: unanswered, hiddenUntil: NOW + 3 };
    expect(standingOfChange(lane, { ref, generation: 1 }, NOW)).toMatchObject({ note: UNCONFIRMED, nextAt: NOW + 3 });
    expect(standingOfChange({ ...lane, intent }, { ref, generation: 1 }, NOW)).toBeUndefined();
  });

  it('of a change is the error that this generation of it met itself, also while it is tried again', () => {
    const lane = { ...newLane('PRODUCTION:1'), trouble: { ...trouble, retryAt: NOW - 5 } };
    expect(standingOfChange(lane, { ref, generation: 1 }, NOW)).toMatchObject({ state: 'retrying', tries: 3 });
    expect(standingOfChange(lane, { ref, generation: 2 }, NOW)).toBeUndefined();
    expect(standingOfChange(lane, { ref: { ...ref, idempotencyKey: 'T-2' }, generation: 1 }, NOW)).toBeUndefined();
  });
});

it('an error is one line of bounded length', () => {
  const fault = aFault({ code: 'forbidden', status: 403, reason: 'x'.repeat(1000) });
  expect(errorText(fault)).toMatch(/^forbidden \(403\): xxx/);
  expect(errorText(fault).length).toBeLessThanOrEqual(210);
});
