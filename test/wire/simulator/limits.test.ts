import { describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { type Caller, signedIn } from './client.ts';
import { HEADERS, namesOf } from './recorded-shapes.ts';

async function withLimits(
  limits: 'documented' | 'per-url' | 'off',
  use: (parts: { zpa: Caller; simulator: Simulator; pass: (ms: number) => void }) => Promise<void>,
): Promise<void> {
  let now = 1_800_000_000_000;
  const simulator = await startSimulator({ limits, now: () => now });
  const zpa = await signedIn(simulator);
  try {
    await use({ zpa, simulator, pass: (ms) => (now += ms) });
  } finally {
    await zpa.close();
    await simulator.close();
  }
}

const statuses = async (count: number, call: (index: number) => Promise<{ status: number }>): Promise<number[]> => {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) seen.push((await call(index)).status);
  return seen;
};
const READS = ['v1/segmentGroup', 'v1/application', 'v1/microtenants', 'v1/policySet/policyType/ACCESS_POLICY'];

describe('rate limits', () => {
  it('documented: 20 reads in 10 s over all URLs; the window starts at its first call', () =>
    withLimits('documented', async ({ zpa, pass }) => {
      const read = (index: number) => zpa.call('GET', READS[index % READS.length] ?? '');
      expect(new Set(await statuses(19, read))).toEqual(new Set([200]));
      pass(6500);
      expect((await read(0)).status).toBe(200);
      const refused = await read(1);
      expect([refused.status, refused.headers['retry-after'], namesOf(refused.headers)]).toEqual([
        429,
        '4s',
        HEADERS.limited,
      ]);
      expect(refused.text).toBe(
        '{\n  "exception" : "invalid.toomanyrequests",\n  "id" : "invalid.toomanyrequests",\n  "reason" : "Exceeded the number of requests allowed."\n}',
      );
      expect(Number(refused.headers['x-ratelimit-remaining'])).toBeGreaterThan(4900);
      pass(3500);
      expect((await read(2)).status).toBe(200);
    }));

  it('documented: writes count apart, 10 of them', () =>
    withLimits('documented', async ({ zpa, simulator }) => {
      const write = (index: number) => zpa.call('POST', 'v1/segmentGroup', { name: `G ${index}`, enabled: true });
      expect(await statuses(11, write)).toEqual([...Array(10).fill(201), 429]);
      expect((await zpa.call('GET', 'v1/segmentGroup')).status).toBe(200);
      expect(simulator.log.effects()).toHaveLength(10);
    }));

  it('per-url: the 21st read of one URL, but any number of URLs', () =>
    withLimits('per-url', async ({ zpa }) => {
      expect(await statuses(40, (index) => zpa.call('GET', READS[index % 2] ?? ''))).toEqual(Array(40).fill(200));
      expect((await zpa.call('GET', READS[0] ?? '')).status).toBe(429);
      expect((await zpa.call('GET', READS[2] ?? '')).status).toBe(200);
    }));

  it('off: none', () =>
    withLimits('off', async ({ zpa }) => {
      expect(await statuses(45, () => zpa.call('GET', 'v1/microtenants'))).toEqual(Array(45).fill(200));
    }));
});
