import { describe, expect, it } from 'vitest';
import { checkAlarms } from '../../../../functions/ops/checks/alarms.ts';
import { checkDeniedCalls } from '../../../../functions/ops/checks/denied-calls.ts';
import { checkQueues } from '../../../../functions/ops/checks/queues.ts';
import { checkSchedules } from '../../../../functions/ops/checks/schedules.ts';
import { checkTables } from '../../../../functions/ops/checks/tables.ts';
import { AwsCause, AwsError } from '../../../../shared/aws/aws-error.ts';
import type { AlarmState } from '../../../../shared/aws/inspect/alarms.ts';
import { createFakeClock, TEST_START } from '../../../fakes/fake-clock.ts';
import { deniedError } from './denied.ts';

const clock = createFakeClock();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('the queues', () => {
  const depth = (waiting: number, hidden = 0) => ({ depthOf: async () => ({ waiting, hidden }) });
  const failed = { name: 'failures', remedy: 'look' };
  const of = async (over: Partial<Parameters<typeof checkQueues>[0]>) =>
    (await checkQueues({ queues: [{ name: 'changes' }], ...depth(0), ...over })).map(({ result }) => result);

  it('of failures are empty', async () => {
    expect(await of({ queues: [failed] })).toEqual(['ok']);
    expect(await of({ queues: [failed], ...depth(1) })).toEqual(['wrong']);
    expect(await of({ queues: [failed], ...depth(0, 1) })).toEqual(['wrong']);
  });

  it('of work hold nothing that has waited for more than an hour', async () => {
    expect(await of(depth(1000))).toEqual(['ok']);
    expect(await of({ ...depth(3), ageOf: async () => HOUR_MS })).toEqual(['ok']);
    expect(await of({ ...depth(3), ageOf: async () => HOUR_MS + 1 })).toEqual(['wrong']);
    expect(await of({ ...depth(3), ageOf: async () => undefined })).toEqual(['ok']);
  });

  it('are unknown as far as they cannot be asked', async () => {
    expect(await of({ depthOf: () => Promise.reject(deniedError()) })).toEqual(['unknown']);
    expect(await of({ ...depth(3), ageOf: () => Promise.reject(deniedError()) })).toEqual(['ok', 'unknown']);
  });
});

describe('the tables', () => {
  const active = { status: 'ACTIVE', isProtected: true };
  const of = async (over: Partial<Parameters<typeof checkTables>[0]>) =>
    (await checkTables({ names: ['ledger'], stateOf: async () => active, ...over })).map(({ result }) => result);

  it('work, and in AWS are protected and can be restored', async () => {
    expect(await of({})).toEqual(['ok']);
    expect(await of({ isRestorable: async () => true })).toEqual(['ok', 'ok']);
    expect(await of({ isRestorable: async () => false })).toEqual(['ok', 'wrong']);
    expect(
      await of({ stateOf: async () => ({ status: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS', isProtected: true }) }),
    ).toEqual(['wrong']);
    for (const status of ['CREATING', 'UPDATING']) {
      expect(await of({ stateOf: async () => ({ status, isProtected: true }) })).toEqual(['unknown']);
    }
    const open = async () => ({ status: 'ACTIVE', isProtected: false });
    expect(await of({ stateOf: open, isRestorable: async () => true })).toEqual(['wrong', 'ok']);
    const denied = () => Promise.reject(deniedError());
    expect(await of({ stateOf: denied, isRestorable: denied })).toEqual(['unknown', 'unknown']);
  });

  it('that lost their protection are told how to get it back: a deployment changes only what its template changes', async () => {
    const stateOf = async () => ({ status: 'ACTIVE', isProtected: false });
    const found = await checkTables({ names: ['ledger'], stateOf, isRestorable: async () => false });
    expect(found.map(({ remedy }) => remedy)).toEqual([
      'aws dynamodb update-table --table-name ledger --deletion-protection-enabled',
      'aws dynamodb update-continuous-backups --table-name ledger --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=35',
    ]);
  });
});

describe('a table that somebody deleted', () => {
  it('is sought in its backup, since a deployment does not make it again', async () => {
    const absent = new AwsCause(Object.assign(new Error('no table'), { name: 'ResourceNotFoundException' }));
    const stateOf = () => Promise.reject(new AwsError('inspection-failed', 'Looking failed', absent));
    const [found] = await checkTables({ names: ['ledger'], stateOf });
    expect(found).toMatchObject({ result: 'wrong', remedy: expect.stringContaining('docs/restore.md') });
  });
});

describe('the schedules', () => {
  const alarm: AlarmState = { name: 'sweep-silent', state: 'OK', since: 0, quietMs: 15 * MINUTE_MS };
  const of = async (agoMs: number | undefined, alarms = [alarm]) => {
    const lastGoodRun = async () => (agoMs === undefined ? undefined : TEST_START - agoMs);
    const [found] = await checkSchedules({ names: ['sweep'], alarms: async () => alarms, lastGoodRun, clock });
    return found?.result;
  };

  it('ran as lately as their alarm asks for', async () => {
    expect(await of(5 * MINUTE_MS)).toBe('ok');
    expect(await of(25 * MINUTE_MS)).toBe('ok');
    expect(await of(26 * MINUTE_MS)).toBe('wrong');
    expect(await of(undefined)).toBe('wrong');
    expect(await of(5 * MINUTE_MS, [])).toBe('unknown');
  });

  it('have no run to show yet in a stack that is younger than the time between two', async () => {
    const lastGoodRun = async () => undefined;
    const madeAgo = async (ms: number | undefined) => {
      const madeAt = async () => (ms === undefined ? undefined : TEST_START - ms);
      const [found] = await checkSchedules({
        names: ['sweep'],
        alarms: async () => [alarm],
        lastGoodRun,
        madeAt,
        clock,
      });
      return found;
    };
    expect(await madeAgo(2 * MINUTE_MS)).toMatchObject({
      result: 'skipped',
      says: 'no run yet: the stack is 2 minutes old; expected at least every 15 minutes',
    });
    expect(await madeAgo(26 * MINUTE_MS)).toMatchObject({
      result: 'wrong',
      says: 'no successful run since the stack was created',
    });
    expect(await madeAgo(30 * 24 * HOUR_MS)).toMatchObject({ result: 'wrong', says: 'no successful run for a week' });
    expect(await madeAgo(undefined)).toMatchObject({ result: 'wrong', says: 'no successful run for a week' });
  });

  it('are unknown if their runs may not be read', async () => {
    const lastGoodRun = () => Promise.reject(deniedError());
    const [found] = await checkSchedules({ names: ['sweep'], alarms: async () => [alarm], lastGoodRun, clock });
    expect(found).toMatchObject({ result: 'unknown', subject: 'sweep' });
  });
});

describe('the alarms', () => {
  it('are there, and none stands', async () => {
    const alarm = { since: TEST_START - HOUR_MS, quietMs: 0 };
    const of = (...states: AlarmState['state'][]) =>
      checkAlarms({ alarms: async () => states.map((state) => ({ ...alarm, name: `a-${state}`, state })), clock });
    expect(await of('OK', 'INSUFFICIENT_DATA')).toMatchObject([{ result: 'ok' }]);
    expect(await of('OK', 'ALARM')).toMatchObject([
      { result: 'wrong', subject: 'a-ALARM', says: 'in ALARM since 1 hour' },
    ]);
    expect(await of()).toMatchObject([{ result: 'wrong' }]);
  });
});

describe('calls that AWS denied', () => {
  const call = { action: 'sqs:SendMessage', at: TEST_START - MINUTE_MS };
  const of = (found: { calls: (typeof call)[]; complete: boolean }) =>
    checkDeniedCalls({ functions: ['apply'], deniedCalls: async () => found, clock });

  it('are wrong, one finding for each action', async () => {
    const found = await of({ calls: [call, { ...call, at: 0 }, { ...call, action: 'sns:Publish' }], complete: false });
    const says = 'access to sqs:SendMessage was denied 2 times, last 1 minute ago';
    expect(found).toMatchObject([{ result: 'wrong', says }, { result: 'wrong' }]);
  });

  it('are absent only from a log that was searched to its end', async () => {
    expect(await of({ calls: [], complete: true })).toMatchObject([{ result: 'ok' }]);
    expect(await of({ calls: [], complete: false })).toMatchObject([{ result: 'unknown' }]);
    const deniedCalls = () => Promise.reject(deniedError());
    expect(await checkDeniedCalls({ functions: ['apply'], deniedCalls, clock })).toMatchObject([{ result: 'unknown' }]);
  });
});
