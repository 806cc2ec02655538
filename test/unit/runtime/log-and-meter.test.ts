import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../../../shared/runtime/log.ts';
import { createMeter } from '../../../shared/runtime/meter.ts';

/** Both write to the streams of the process, which Lambda reads. */
let written: string[];
beforeEach(() => {
  written = [];
  const keep = (chunk: string | Uint8Array) => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const lines = () =>
  written
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('the log', () => {
  it('writes one JSON line with service, level, message and fields', () => {
    createLog('apply').info('took the lane', { lane: 'BETA:1', open: 3 });
    expect(lines()).toMatchObject([
      { service: 'apply', level: 'INFO', message: 'took the lane', lane: 'BETA:1', open: 3 },
    ]);
  });

  it('writes errors with code and cause, and no secret', () => {
    const error = Object.assign(new Error('refused'), { code: 'send-failed', body: 'hush' });
    createLog('apply').error('Bearer aGVsbG8 did not do', { error, clientSecret: 'hush' });
    expect(lines()).toMatchObject([{ level: 'ERROR', error: { code: 'send-failed', message: 'refused' } }]);
    expect(written.join('')).not.toMatch(/hush|aGVsbG8/);
  });

  it('is as loud as POWERTOOLS_LOG_LEVEL says', () => {
    const log = createLog('apply', { POWERTOOLS_LOG_LEVEL: 'warn' });
    log.info('not this');
    log.warn('this');
    createLog('apply', { POWERTOOLS_LOG_LEVEL: 'SILENT' }).error('nor this');
    expect(lines().map((line) => line.message)).toEqual(['this']);
  });
});

describe('the meter', () => {
  it('writes sums per name and dimensions, with and without the dimensions', () => {
    const meter = createMeter('apply');
    meter.count('Settled', 1, { kind: 'applied', lane: 'BETA:1' });
    meter.count('Settled', 2, { lane: 'BETA:1', kind: 'applied' });
    meter.count('Deferred', 5);
    expect(written).toEqual([]);
    meter.flush();
    const [settled, deferred] = lines();
    expect(settled).toMatchObject({ Settled: 3, kind: 'applied', lane: 'BETA:1', service: 'apply' });
    expect(settled._aws.CloudWatchMetrics).toEqual([
      { Namespace: 'zpa-changes', Dimensions: [[], ['kind', 'lane']], Metrics: [{ Name: 'Settled', Unit: 'Count' }] },
    ]);
    expect(deferred).toMatchObject({ Deferred: 5 });
    expect(deferred._aws.CloudWatchMetrics[0].Dimensions).toEqual([[]]);
  });

  it('writes to the namespace of its stack, so that no alarm of another one in the account sees it', () => {
    const meter = createMeter('apply', { STACK_NAME: 'harbour' });
    meter.count('Settled', 1);
    meter.flush();
    expect(lines()[0]._aws.CloudWatchMetrics[0].Namespace).toBe('harbour');
  });

  it('forgets what it wrote, and writes nothing where metrics are off', () => {
    const meter = createMeter('apply');
    meter.count('Settled', 1);
    meter.flush();
    meter.flush();
    expect(lines()).toHaveLength(1);
    const silent = createMeter('apply', { POWERTOOLS_METRICS_DISABLED: 'true' });
    silent.count('Settled', 1);
    silent.flush();
    expect(lines()).toHaveLength(1);
  });
});
