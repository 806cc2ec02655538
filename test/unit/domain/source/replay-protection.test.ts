import { describe, expect, it } from 'vitest';
import {
  judgeReplay,
  type ReplayRule,
  readDeliveryIdentity,
  replayRuleOf,
  retentionEnd,
  withDeliveryIdentity,
  withoutDeliveryIdentity,
} from '../../../../shared/domain/source/replay-protection.ts';
import { replaySchema, schemeSchema } from '../../../../shared/domain/source/scheme-schema.ts';
import { parseInstant } from '../../../../shared/domain/source/timestamp.ts';
import { aDelivery } from '../../../fakes/records.ts';

const NOW = Date.UTC(2026, 11, 1, 8);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const ruleOf = (scheme: unknown, replay?: unknown) =>
  replayRuleOf(schemeSchema.parse(scheme), replay === undefined ? undefined : replaySchema.parse(replay));

function ruled(scheme: unknown, replay?: unknown): ReplayRule {
  const rule = ruleOf(scheme, replay);
  if (rule === undefined) throw new Error('this source has a rule');
  return rule;
}

describe('the rule of a source', () => {
  const signing = {
    kind: 'hmac',
    header: 'x',
    content: '{id}.{timestamp}.{body}',
    idHeader: 'i',
    timestampHeader: 't',
  };

  it('is none where id and time are signed, unless it is asked for', () => {
    expect(ruleOf('standard-webhooks')).toBeUndefined();
    expect(ruleOf(signing)).toBeUndefined();
    expect(ruleOf(signing, { timestampField: 'at' })).toMatchObject({ id: { header: 'i' }, timestampField: 'at' });
    expect(ruleOf('standard-webhooks', { idField: 'id' })).toMatchObject({ id: { field: 'id' }, idNeeded: true });
  });

  it('is none where the configuration wants none', () => {
    for (const scheme of ['jira', 'github', 'bearer', 'basic']) expect(ruleOf(scheme, 'none')).toBeUndefined();
  });

  it.each<[string, unknown, unknown, ReplayRule]>([
    [
      'Jira’s header, which nobody signs, and the time in its body',
      'jira',
      undefined,
      {
        id: { header: 'x-atlassian-webhook-identifier' },
        timestampField: 'timestamp',
        idNeeded: false,
        retryMs: 3 * HOUR,
      },
    ],
    ['GitHub’s', 'github', undefined, { id: { header: 'x-github-delivery' }, idNeeded: true, retryMs: 3 * DAY }],
    [
      'both in the body of who only shows a secret',
      'bearer',
      undefined,
      { id: { field: 'requestId' }, timestampField: 'timestamp', idNeeded: true, retryMs: HOUR },
    ],
    [
      'as configured',
      'basic',
      { idHeader: 'X-Request-Id', timestampField: 'meta.at', retrySeconds: 120 },
      { id: { header: 'x-request-id' }, timestampField: 'meta.at', idNeeded: true, retryMs: 120_000 },
    ],
    [
      'the header of the generic scheme, where it is not signed',
      { kind: 'hmac', header: 'x', idHeader: 'X-Id' },
      undefined,
      { id: { header: 'x-id' }, idNeeded: false, retryMs: 3 * DAY },
    ],
    ['nothing but the body', { kind: 'hmac', header: 'x' }, undefined, { idNeeded: false, retryMs: 3 * DAY }],
  ])('is %s', (_, scheme, replay, rule) => {
    expect(ruleOf(scheme, replay)).toEqual(rule);
  });
});

describe('marks of a delivery', () => {
  const bearer = ruled('bearer');
  const identityOf = (value: unknown, headers = {}, rule = bearer) =>
    readDeliveryIdentity(rule, { headers, value, now: NOW, toleranceSeconds: 300 });

  it('are read from where the rule says', () => {
    expect(identityOf({ requestId: 'r1', timestamp: NOW })).toEqual({ identity: { id: 'r1', at: NOW } });
    expect(identityOf({ requestId: 7, timestamp: NOW / 1000 })).toEqual({ identity: { id: '7', at: NOW } });
    expect(identityOf(null, { 'x-github-delivery': 'g1' }, ruled('github'))).toEqual({ identity: { id: 'g1' } });
    const nested = ruled('bearer', { idField: 'meta.id', timestampField: 'meta.at' });
    expect(identityOf({ meta: { id: 'r1', at: '2026-12-01T08:00:00Z' } }, {}, nested)).toEqual({
      identity: { id: 'r1', at: NOW },
    });
  });

  it('are empty where Jira leaves its header out', () => {
    expect(identityOf({ timestamp: NOW }, {}, ruled('jira'))).toEqual({ identity: { id: '', at: NOW } });
  });

  it.each([
    ['no id', { timestamp: NOW }],
    ['an empty id', { requestId: '', timestamp: NOW }],
    ['an id of 257 letters', { requestId: 'x'.repeat(257), timestamp: NOW }],
    ['an id that is an object', { requestId: {}, timestamp: NOW }],
    ['an id that is half a character', { requestId: '\uD800', timestamp: NOW }],
    ['no time', { requestId: 'r1' }],
    ['a time without zone', { requestId: 'r1', timestamp: '2026-12-01T08:00:00' }],
    ['no object', []],
    ['marks that objects inherit', JSON.parse('{"__proto__": {"requestId": "r1", "timestamp": 1}}')],
  ])('with %s: refused', (_, value) => {
    expect(identityOf(value)).toMatchObject({ fault: { code: 'delivery-unmarked' } });
  });

  it.each([
    [-HOUR - 300_000, undefined],
    [-HOUR - 300_001, 'timestamp-stale'],
    [300_000, undefined],
    [300_001, 'timestamp-future'],
  ])('made %i ms from now: %s', (ms, code) => {
    const read = identityOf({ requestId: 'r1', timestamp: NOW + ms });
    expect('fault' in read ? read.fault.code : undefined).toBe(code);
  });
});

describe('a time in a body', () => {
  it.each([
    [1_796_112_000, 1_796_112_000_000],
    [1_796_112_000_123, 1_796_112_000_123],
    ['1796112000', 1_796_112_000_000],
    ['2026-12-01T08:00:00.000Z', Date.UTC(2026, 11, 1, 8)],
    ['2026-12-01T09:00:00.000+0100', Date.UTC(2026, 11, 1, 8)],
    ['2026-12-01T08:00:00.0+0000', Date.UTC(2026, 11, 1, 8)],
    ['2026-12-01T09:00:00+01:00', Date.UTC(2026, 11, 1, 8)],
    ['2026-12-01 08:00:00', undefined],
    ['2026-12-01', undefined],
    ['2026-02-30T08:00:00X', undefined],
    [0, undefined],
    [-1, undefined],
    [1e15, undefined],
    [Number.NaN, undefined],
    [null, undefined],
    [true, undefined],
  ])('%s is %s', (value, at) => {
    expect(parseInstant(value)).toBe(at);
  });
});

describe('the contents of a delivery', () => {
  const bearer = ruled('bearer');
  it('are what is left without its marks, and a sample gets those it lacks', () => {
    expect(withoutDeliveryIdentity(bearer, { requestId: 'r', timestamp: 1, changes: [] })).toEqual({ changes: [] });
    expect(withDeliveryIdentity(bearer, { changes: [] }, { id: 'r', at: 1 })).toEqual({
      changes: [],
      requestId: 'r',
      timestamp: 1,
    });
    expect(withDeliveryIdentity(bearer, { requestId: 'own' }, { id: 'r', at: 1 })).toEqual({
      requestId: 'own',
      timestamp: 1,
    });
  });

  it('keep what lies deeper, what is no object, and everything where the marks are headers', () => {
    const deeper = ruled('bearer', { idField: 'meta.id', timestampField: 'meta.at' });
    for (const value of [{ meta: { id: 1 }, 'meta.id': 2 }, [], 'text', null]) {
      expect(withoutDeliveryIdentity(deeper, value)).toEqual(value);
      expect(withDeliveryIdentity(deeper, value, { id: 'r', at: 1 })).toEqual(value);
    }
    const value = { 'x-github-delivery': 1 };
    expect(withoutDeliveryIdentity(ruled('github'), value)).toEqual(value);
  });
});

describe('a body that was there before', () => {
  const before = aDelivery({ id: 'd1', at: NOW });
  it.each([
    ['d1', 0, 'resumed'],
    ['d1', 3 * DAY, 'resumed'],
    ['d1', 3 * DAY + 1, 'too-late'],
    ['d2', 0, 'other-id'],
    ['', 0, 'other-id'],
    ['d2', 4 * DAY, 'other-id'],
  ])('under the id "%s" %i ms later: %s', (id, later, verdict) => {
    expect(judgeReplay(ruled('github'), before, id, NOW + later)).toBe(verdict);
  });

  it('is remembered for longer than it passes for fresh', () => {
    const jira = ruled('jira');
    const stale = NOW + 3 * HOUR + 300_001;
    expect(
      readDeliveryIdentity(jira, { headers: {}, value: { timestamp: NOW }, now: stale, toleranceSeconds: 300 }),
    ).toMatchObject({
      fault: { code: 'timestamp-stale' },
    });
    for (const came of [NOW - 300_000, NOW, NOW + 3 * HOUR]) {
      expect(retentionEnd(jira, { id: '', at: NOW }, came, 300)).toBeGreaterThan(stale);
    }
    expect(retentionEnd(ruled('github'), { id: 'd1' }, NOW, 300)).toBe(NOW + 33 * DAY);
  });
});
