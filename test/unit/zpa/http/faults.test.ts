import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parsedOrUnreadableItem } from '../../../../shared/zpa/api/list-item.ts';
import { answerError } from '../../../../shared/zpa/http/answer-fault.ts';
import { FAULTS, findFaultRow } from '../../../../shared/zpa/http/faults.ts';

const NOW = 1_700_000_000_000;
type On = 'read' | 'write';

const faultOf = (status: number, body: unknown, on: On = 'write', headers: Record<string, string> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
  return answerError({ status, headers, text }, NOW, { on, call: 'PUT /v2/segmentGroup/{id}' }).fault;
};
const summary = (fault: { code: string; class: string; scope: string; effect: string }) =>
  `${fault.code} ${fault.class} ${fault.scope} ${fault.effect}`;

describe('an answer that is nested thousands deep', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

  it('is a fault like another', () => {
    const fault = faultOf(400, `{"id":"resource.not.found","params":["a",${deep}]}`);
    expect(summary(fault)).toBe('not-found permanent change none');
    expect(fault.params).toEqual(['a', '(nested too deeply)']);
  });

  it('is an object of a list that cannot be read', () => {
    const read = parsedOrUnreadableItem(z.object({ id: z.string() })).parse(JSON.parse(deep));
    expect(read).toMatchObject({ key: '(nested too deeply)', unreadable: { why: expect.any(String) } });
  });
});

describe('what ZPA answers', () => {
  it.each<[string, number, unknown, string]>([
    ['a missing object', 400, { id: 'resource.not.found', reason: 'No resource' }, 'not-found permanent change none'],
    ['the same with 404', 404, { id: 'resource.not.found' }, 'not-found permanent change none'],
    ['404 without words', 404, '', 'not-found permanent change none'],
    ['404 of the gateway', 404, '404 Not Found', 'no-such-route unknown change none'],
    ['404 as a page', 404, '<html>gone</html>', 'no-such-route unknown change none'],
    ['405', 405, '', 'no-such-route unknown change none'],
    ['in use', 400, { id: 'resource.referenced' }, 'referenced permanent change none'],
    ['a bad field', 400, { id: 'invalid.resource.argument' }, 'invalid-argument permanent change none'],
    ['a duplicate', 400, { id: 'resource.already.exist' }, 'already-exists permanent change none'],
    ['too large', 400, { id: 'payload.size.exceeded' }, 'payload-too-large permanent change none'],
    ['413', 413, '', 'payload-too-large permanent change none'],
    ['a bad search', 400, { id: 'filtering.input.invalid.operand' }, 'search-refused permanent change none'],
    ['clash 409', 409, { id: 'api.concurrent.access.error' }, 'concurrent-change transient change none'],
    ['clash 400', 400, { id: 'api.concurrent.access.error' }, 'concurrent-change transient change none'],
    ['clash in the database', 400, { id: 'db.simultaneous.request' }, 'concurrent-change transient change none'],
    [
      'other microtenant',
      400,
      { id: 'domains.already.exists.in.other.microtenant' },
      'in-other-microtenant permanent change none',
    ],
    [
      'entity authorisation',
      400,
      { id: 'non.restricted.entity.authorization.failed' },
      'entity-not-authorized unknown change none',
    ],
    ['plain 409', 409, {}, 'conflict unknown change none'],
    ['403', 403, '', 'forbidden unknown change none'],
    ['401', 401, { detail: 'unauthorized', status: '' }, 'sign-in-refused transient tenant none'],
    ['401 access denied', 401, { id: 'access.denied' }, 'sign-in-refused transient tenant none'],
    ['401 for load', 401, 'Resource Access Blocked', 'overloaded transient tenant none'],
    [
      '401 for a feature',
      401,
      { id: 'authz.featureflag.permission.denied', reason: 'Feature flag ui.waf disabled', params: ['ui.waf'] },
      'feature-disabled permanent change none',
    ],
    ['a moved tenant', 403, 'API access only through Zscaler OneAPI', 'oneapi-only transient tenant none'],
    ['too many', 429, { id: 'invalid.toomanyrequests' }, 'rate-limited transient tenant none'],
    ['an unknown id', 400, { id: 'never.seen.before' }, 'refused unknown change none'],
    ['an unknown status', 418, '', 'refused unknown change none'],
    ['a redirect', 302, '', 'unexpected-answer unknown change unknown'],
    ['408', 408, '', 'timeout transient tenant unknown'],
    ['500', 500, {}, 'server-error unknown change unknown'],
    ['502', 502, '<html>', 'gateway-error transient tenant unknown'],
    ['503 busy', 503, { id: 'retryable.server.error' }, 'server-busy transient tenant unknown'],
    ['504', 504, '', 'gateway-error transient tenant unknown'],
  ])('%s on a write', (_, status, body, expected) => {
    expect(summary(faultOf(status, body))).toBe(expected);
  });

  it.each(['Resource Access Blocked', 'API access only through Zscaler OneAPI'])(
    'a group named %s, which ZPA repeats in its refusal, is the change’s own and no fault of the tenant',
    (name) => {
      const reason = `Resource already exists with the given name :${name}`;
      expect(faultOf(400, { id: 'resource.already.exist', reason }).code).toBe('already-exists');
      expect(faultOf(409, { id: 'api.concurrent.access.error', reason }).code).toBe('concurrent-change');
      expect(faultOf(404, { id: 'resource.not.found', reason }).code).toBe('not-found');
      expect(faultOf(400, { id: 'never.seen.before', reason }).code).toBe('refused');
      expect(faultOf(500, { reason })).toMatchObject({ code: 'server-error', effect: 'unknown' });
    },
  );

  it.each([500, 502, 503, 504, 429])('%d on a read is the tenant, without effect', (status) => {
    expect(faultOf(status, '', 'read')).toMatchObject({ class: 'transient', scope: 'tenant', effect: 'none' });
  });

  it.each([
    ['ECONNREFUSED', 'unreachable transient tenant none'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable transient tenant none'],
    ['ENOTFOUND', 'name-not-resolved transient tenant none'],
    ['EAI_AGAIN', 'name-not-resolved transient tenant none'],
    ['ECONNRESET', 'connection-lost transient tenant unknown'],
    ['UND_ERR_SOCKET', 'connection-lost transient tenant unknown'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout transient tenant unknown'],
    ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'answer-too-large unknown change unknown'],
    ['CERT_HAS_EXPIRED', 'certificate-refused transient tenant none'],
    ['ENEVERSEEN', 'network-error unknown change unknown'],
    [undefined, 'network-error unknown change unknown'],
  ])('network condition %s', (networkCode, expected) => {
    expect(summary(findFaultRow({ on: 'write', networkCode }))).toBe(expected);
  });

  it('waits as long as a 429 says, and a window where it says nothing', () => {
    const headers = { 'retry-after': '4s', 'x-ratelimit-reset': '48' };
    expect(faultOf(429, {}, 'read', headers).retryAfterMs).toBe(4_000);
    expect(faultOf(429, {}, 'read', { 'x-ratelimit-reset': '48' }).retryAfterMs).toBe(10_000);
    const exhausted = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '48' };
    expect(faultOf(429, {}, 'read', exhausted).retryAfterMs).toBe(48_000);
    expect(faultOf(429, {}, 'read', { ...exhausted, 'retry-after': '4s' }).retryAfterMs).toBe(4_000);
    expect(faultOf(429, {}, 'read', { ...exhausted, 'x-ratelimit-reset': '-1' }).retryAfterMs).toBe(10_000);
    expect(faultOf(429, {}, 'read', { ...exhausted, 'x-ratelimit-reset': '0' }).retryAfterMs).toBe(10_000);
    expect(faultOf(429, {}, 'read', { ...exhausted, 'retry-after': '0s' }).retryAfterMs).toBe(48_000);
    expect(faultOf(503, {}, 'read', exhausted).retryAfterMs).toBeUndefined();
    expect(faultOf(503, {}, 'read', { 'retry-after': '10s' }).retryAfterMs).toBe(10_000);
    expect(faultOf(500, {}, 'read').retryAfterMs).toBeUndefined();
  });

  it('keeps a bounded part of what was said', () => {
    const params = [...Array.from({ length: 30 }, () => 'p'.repeat(500)), { deep: ['x'] }];
    const fault = faultOf(400, { id: 'resource.referenced', reason: 'r'.repeat(5000), params });
    expect(fault.reason).toHaveLength(2000);
    expect(fault.params).toHaveLength(20);
    expect(fault.params?.[0]).toHaveLength(200);
    expect(JSON.stringify(fault).length).toBeLessThan(8_000);
  });

  it.each([null, [], 7, '"text"', '{"id":', '', '<html></html>', { id: 7, reason: {}, params: 'x' }])(
    'a body like %j never throws',
    (body) => {
      expect(faultOf(400, body)).toMatchObject({ code: 'refused', class: 'unknown', effect: 'none' });
    },
  );
});

describe('the table', () => {
  it('holds nothing wider than a change for permanent: only change scope rejects', () => {
    expect(FAULTS.filter((row) => row.class === 'permanent' && row.scope !== 'change')).toEqual([]);
  });

  it('answers every status, and claims no effect only for refusals', () => {
    for (let status = 100; status < 600; status += 1) {
      const row = findFaultRow({ on: 'write', status, text: '' });
      expect(row.code, String(status)).not.toBe('network-error');
      if (row.effect === 'none') expect(status >= 400 && status < 500, String(status)).toBe(true);
    }
  });
});
