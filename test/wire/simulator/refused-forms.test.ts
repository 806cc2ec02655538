import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../local/zpa-simulator/simulator.ts';
import { type Caller, signedIn } from './client.ts';

/** Statuses that Zscaler's reference documents for every operation; their bodies are not recorded. */
let simulator: Simulator;
let zpa: Caller;
beforeAll(async () => {
  simulator = await startSimulator();
  zpa = await signedIn(simulator);
});
afterAll(async () => {
  await zpa.close();
  await simulator.close();
});

it.each([
  ['PATCH', 'v1/segmentGroup/45096653', 'GET, PUT, DELETE'],
  ['POST', 'v1/segmentGroup/45096653', 'GET, PUT, DELETE'],
  ['PUT', 'v1/segmentGroup', 'GET, POST'],
  ['GET', 'v2/segmentGroup/45096653', 'PUT'],
])('a path that knows other methods refuses %s %s with 405', async (method, path, allowed) => {
  const answer = await zpa.call(method, path, method === 'GET' ? undefined : { name: 'x' });
  expect([answer.status, answer.headers.allow, answer.text]).toEqual([405, allowed, '']);
});

it('a body that does not say it is JSON is refused with 415, without effect', async () => {
  const body = JSON.stringify({ name: 'Unsaid', enabled: true });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', '']) {
    const answer = await zpa.raw('POST', 'v1/segmentGroup', body, { 'content-type': type });
    expect([answer.status, answer.text]).toEqual([415, '']);
  }
  expect(simulator.store.group('Unsaid')).toBeUndefined();
  for (const type of ['application/json', 'Application/JSON; charset=UTF-8']) {
    const answer = await zpa.raw('POST', 'v1/segmentGroup', body, { 'content-type': type });
    expect(answer.status).toBe(201);
    await zpa.call('DELETE', `v1/segmentGroup/${answer.json.id}`);
  }
});

it('what carries nothing needs no type: DELETE, and GET with the {} of Python clients', async () => {
  const { json } = await zpa.call('POST', 'v1/segmentGroup', { name: 'Short-lived', enabled: true });
  const at = `v1/segmentGroup/${json.id}`;
  expect((await zpa.raw('GET', at, '{}', { 'content-type': 'text/plain' })).status).toBe(200);
  expect((await zpa.raw('DELETE', at, '{}', { 'content-type': 'text/plain' })).status).toBe(204);
});
