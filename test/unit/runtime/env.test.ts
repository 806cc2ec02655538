import { describe, expect, it } from 'vitest';
import { TIMING, timingFaults } from '../../../shared/domain/ledger/timing.ts';
import { EnvironmentError, environmentSchema, readEnvironment } from '../../../shared/runtime/env.ts';
import { timingFor } from '../../../shared/runtime/timing-from-env.ts';

const schema = environmentSchema('TABLE_NAME', 'CHANGES_QUEUE_URL', 'OUTCOMES_TOPIC_ARN');
const complete = {
  TABLE_NAME: 'ledger',
  CHANGES_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/changes.fifo',
  OUTCOMES_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:outcomes',
};

describe('readEnvironment', () => {
  it('reads what the function names, and the optional ones as far as they are set', () => {
    expect(readEnvironment(schema, { ...complete, PATH: '/bin' })).toEqual(complete);
    const local = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', PUBLIC_URL: 'http://127.0.0.1:80', TIME_FACTOR: '60' };
    expect(readEnvironment(schema, { ...complete, ...local })).toEqual({ ...complete, ...local, TIME_FACTOR: 60 });
  });

  it('reports every fault at once, by name and without values', () => {
    const env = { CHANGES_QUEUE_URL: 'hush', OUTCOMES_TOPIC_ARN: 'hush', TABLE_NAME: '', TIME_FACTOR: 'hush' };
    const error = thrownBy(() => readEnvironment(environmentSchema('REPORTS_BUCKET', ...names), env));
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error).toMatchObject({ code: 'bad-environment' });
    const { faults, message } = error as EnvironmentError;
    expect([...faults].sort()).toEqual([
      'CHANGES_QUEUE_URL must be a URL',
      'OUTCOMES_TOPIC_ARN must be the ARN of an SNS topic',
      'REPORTS_BUCKET is missing',
      'TABLE_NAME is empty',
      'TIME_FACTOR must be a number',
    ]);
    for (const fault of faults) expect(message).toContain(fault);
    expect(message).not.toContain('hush');
  });
});

describe('timingFor', () => {
  it('divides all times by TIME_FACTOR, and leaves them alone without one', () => {
    expect(timingFor({})).toBe(TIMING);
    const fast = timingFor(readEnvironment(environmentSchema(), { TIME_FACTOR: '100' }));
    expect(fast.quietPeriodMs).toBe(TIMING.quietPeriodMs / 100);
    expect(fast.maxReceiveCount).toBe(TIMING.maxReceiveCount);
    expect(timingFaults(fast)).toEqual([]);
  });

  it('takes no factor that would stop or turn time', () => {
    for (const factor of ['0', '-1', 'Infinity', '1e9', '']) {
      expect(() => readEnvironment(environmentSchema(), { TIME_FACTOR: factor })).toThrow(/TIME_FACTOR/);
    }
  });
});

const names = ['TABLE_NAME', 'CHANGES_QUEUE_URL', 'OUTCOMES_TOPIC_ARN'] as const;

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
