import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { type Caller, signedIn } from './client.ts';
import { HEADERS, namesOf } from './recorded-shapes.ts';

describe('scripted faults', () => {
  let simulator: Simulator;
  let zpa: Caller;
  beforeEach(async () => {
    simulator = await startSimulator();
    zpa = await signedIn(simulator);
  });
  afterEach(async () => {
    await zpa.close();
    await simulator.close();
  });
  const group = 'v1/segmentGroup/45096653';
  const rename = (name: string) => zpa.call('PUT', group, { name });
  const nameNow = () => simulator.store.group('45096653')?.name;

  it('429 as recorded, as often as told, then through', async () => {
    simulator.faults.script({ method: 'PUT' }, { kind: 'rate-limited' }, 2);
    for (const _ of [1, 2]) {
      const got = await rename('Held back');
      expect([got.status, got.headers['retry-after'], got.json.id]).toEqual([429, '4s', 'invalid.toomanyrequests']);
      expect(nameNow()).toBe('Staging Apps');
    }
    expect((await rename('Held back')).status).toBe(204);
    expect(nameNow()).toBe('Held back');
  });

  it('5xx: the documented 503, or any error and any text, without effect', async () => {
    simulator.faults.script({ path: 'segmentGroup' }, { kind: 'error' });
    simulator.faults.script({ path: 'segmentGroup' }, { kind: 'error', status: 500, id: 'x.y', params: ['p'] });
    simulator.faults.script({ path: 'segmentGroup' }, { kind: 'error', status: 502, text: '<html>Bad</html>' });
    const busy = await rename('A');
    expect([busy.status, busy.headers['retry-after'], busy.json.id]).toEqual([503, '10s', 'retryable.server.error']);
    const broken = await rename('A');
    expect([broken.status, broken.json]).toMatchObject([500, { id: 'x.y', params: ['p'] }]);
    const proxy = await rename('A');
    expect([proxy.status, proxy.text]).toEqual([502, '<html>Bad</html>']);
    expect(nameNow()).toBe('Staging Apps');
  });

  it('expired token, by script and by command', async () => {
    simulator.faults.script({}, { kind: 'expired-token' });
    const refused = await rename('A');
    expect([refused.json.detail, namesOf(refused.headers)]).toEqual(['unauthorized', HEADERS.unauthorized]);
    expect((await rename('A')).status).toBe(204);
    simulator.expireTokens();
    expect((await rename('B')).status).toBe(401);
    const again = await signedIn(simulator);
    expect((await again.call('PUT', group, { name: 'B' })).status).toBe(204);
    await again.close();
  });

  it('reset: no effect; effect without answer: the effect all the same', async () => {
    simulator.faults.script({ method: 'PUT' }, { kind: 'reset' });
    await expect(rename('Lost')).rejects.toThrow();
    expect(nameNow()).toBe('Staging Apps');
    simulator.faults.script({ method: 'PUT' }, { kind: 'effect-without-answer' });
    await expect(rename('Done unseen')).rejects.toThrow();
    expect(nameNow()).toBe('Done unseen');
    const last = simulator.log.all().at(-1);
    expect(last).toMatchObject({ status: 204, delivery: 'unanswered', fault: 'effect-without-answer' });
    expect(last?.effects).toHaveLength(1);
  });

  it('truncated: half an answer after the effect, of a body and of a bodiless one', async () => {
    simulator.faults.script({}, { kind: 'truncated' }, 2);
    await expect(zpa.call('GET', group)).rejects.toThrow();
    await expect(rename('Cut')).rejects.toThrow();
    expect(nameNow()).toBe('Cut');
  });

  it('slow: effect at once, answer later', async () => {
    simulator.faults.script({ method: 'PUT' }, { kind: 'slow', delayMs: 60 });
    const answer = rename('Slow');
    await simulator.log.wait((call) => call.fault === 'slow');
    expect(nameNow()).toBe('Slow');
    expect((await answer).status).toBe(204);
  });

  it('effect after the timeout: nothing while the caller waits, the effect after it has gone', async () => {
    simulator.faults.script({ method: 'PUT' }, { kind: 'effect-after-timeout', delayMs: 300 });
    const patience = new AbortController();
    const path = '/zpa/mgmtconfig/v1/admin/customers/216196257331281920/segmentGroup/45096653';
    const answer = fetch(`${simulator.url}${path}`, {
      method: 'PUT',
      body: '{"name":"Late"}',
      headers: { authorization: await bearer(simulator), 'content-type': 'application/json' },
      signal: patience.signal,
    });
    const gaveUp = expect(answer).rejects.toThrow();
    await vi.waitFor(() => expect(simulator.faults.pending()).toEqual([]));
    patience.abort();
    await gaveUp;
    expect(nameNow()).toBe('Staging Apps');
    const late = await simulator.log.wait((call) => call.fault === 'effect-after-timeout');
    expect([late.delivery, late.status, nameNow()]).toEqual(['unanswered', 204, 'Late']);
  });

  it('passes calls that do not match, and as many as told before it strikes', async () => {
    simulator.faults.script({ method: 'PUT', path: 'segmentGroup/*', after: 1 }, { kind: 'rate-limited' });
    expect((await zpa.call('GET', group)).status).toBe(200);
    expect((await rename('First')).status).toBe(204);
    expect((await rename('Second')).status).toBe(429);
    expect(simulator.faults.pending()).toEqual([]);
  });

  it('no answer: closing the simulator ends it', async () => {
    simulator.faults.script({}, { kind: 'no-answer' });
    const unanswered = expect(zpa.call('GET', group)).rejects.toThrow();
    await simulator.log.wait((call) => call.fault === 'no-answer');
    await simulator.close();
    await unanswered;
    simulator = await startSimulator();
  });
});

async function bearer(simulator: Simulator): Promise<string> {
  const form = { grant_type: 'client_credentials', audience: 'https://api.zscaler.com' };
  const secret = { client_id: 'simulator', client_secret: 'simulator' };
  const answer = await fetch(`${simulator.url}/oauth2/v1/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, ...secret }),
  });
  const { access_token } = (await answer.json()) as { access_token: string };
  return `Bearer ${access_token}`;
}
