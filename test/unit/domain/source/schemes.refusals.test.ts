import { describe, expect, it } from 'vitest';
import { BODY, bytes, judge, NOW, scheme } from './sample-schemes.ts';

/** Each row is one reason for a refusal. It begins with a genuine delivery and spoils one part. */
type Row = [title: string, spoiled: Record<string, string | undefined>, code: string];

const KEY = 'a secret of sixteen letters and more';
const SECRETS = [KEY];

/** The genuine headers of a scheme, overwritten by those of the row. */
function spoiled(settings: unknown, secret: string, over: Row[1], at = NOW) {
  return { ...scheme(settings).sign(secret, { id: 'msg', at, body: BODY }), ...over };
}

const genuine = (settings: unknown, secret: string, name: string) => spoiled(settings, secret, {})[name] ?? '';

describe.each([
  ['jira', 'x-hub-signature'],
  ['github', 'x-hub-signature-256'],
])('%s', (kind, header) => {
  const value = genuine(kind, KEY, header);
  it.each<Row>([
    ['no signature', { [header]: undefined }, 'signature-missing'],
    ['an empty signature', { [header]: '' }, 'signature-missing'],
    ['one without its prefix', { [header]: value.slice('sha256='.length) }, 'signature-malformed'],
    ['one that claims SHA-1', { [header]: value.replace('sha256', 'sha1') }, 'signature-malformed'],
    ['one in capitals', { [header]: value.replace(/[a-f]/g, (letter) => letter.toUpperCase()) }, 'signature-malformed'],
    ['one cut short', { [header]: value.slice(0, -2) }, 'signature-malformed'],
    ['one with a space behind it', { [header]: `${value} ` }, 'signature-malformed'],
    ['two of them', { [header]: `${value},${value}` }, 'signature-malformed'],
    ['one of the body and more', spoiledBody(kind), 'signature-wrong'],
    ['one of nothing', { [header]: `sha256=${'0'.repeat(64)}` }, 'signature-wrong'],
  ])('with %s is refused', (_, over, code) => {
    expect(judge(scheme(kind), { secrets: SECRETS, headers: spoiled(kind, KEY, over) })).toEqual({ ok: false, code });
  });
});

function spoiledBody(kind: string) {
  return scheme(kind).sign(KEY, { id: 'msg', at: NOW, body: `${BODY}\n` });
}

it('jira does not take the header of GitHub, nor GitHub that of Jira', () => {
  for (const [one, other] of [
    ['jira', 'github'],
    ['github', 'jira'],
  ] as const) {
    const headers = scheme(other).sign(KEY, { id: 'msg', at: NOW, body: BODY });
    expect(judge(scheme(one), { secrets: SECRETS, headers })).toEqual({ ok: false, code: 'signature-missing' });
  }
});

describe('the generic scheme', () => {
  const settings = {
    kind: 'hmac',
    header: 'X-Signature',
    content: '{id}:{timestamp}:{body}',
    idHeader: 'X-Id',
    timestampHeader: 'X-At',
  };
  it.each<Row>([
    ['no id', { 'x-id': undefined }, 'signature-missing'],
    ['no timestamp', { 'x-at': undefined }, 'signature-missing'],
    ['another id', { 'x-id': 'other' }, 'signature-wrong'],
    ['an id that holds the mark between the parts', { 'x-id': 'm:1' }, 'signature-malformed'],
    ['an id with a space', { 'x-id': 'm 1' }, 'signature-malformed'],
    ['an id of 257 letters', { 'x-id': 'm'.repeat(257) }, 'signature-malformed'],
    ['another timestamp', { 'x-at': String(NOW / 1000 + 1) }, 'signature-wrong'],
    ['a timestamp in milliseconds', { 'x-at': String(NOW) }, 'signature-malformed'],
    ['a timestamp with letters', { 'x-at': `${NOW / 1000}x` }, 'signature-malformed'],
    ['a timestamp with a zero in front', { 'x-at': `0${NOW / 1000}` }, 'signature-malformed'],
  ])('with %s is refused', (_, over, code) => {
    const headers = spoiled(settings, KEY, over);
    expect(judge(scheme(settings), { secrets: SECRETS, headers })).toEqual({ ok: false, code });
  });

  it.each([
    [-300, true],
    [-301, 'timestamp-stale'],
    [300, true],
    [301, 'timestamp-future'],
  ])('made %i seconds from now: %s', (seconds, verdict) => {
    const headers = spoiled(settings, KEY, {}, NOW + seconds * 1000);
    const judged = judge(scheme(settings), { secrets: SECRETS, headers });
    expect(judged.ok ? true : judged.code).toBe(verdict);
  });

  it('tells a wrong signature before a stale one: who cannot sign learns nothing of clocks', () => {
    const headers = spoiled(settings, 'another secret of more than 16', {}, NOW - 3_600_000);
    expect(judge(scheme(settings), { secrets: SECRETS, headers })).toEqual({ ok: false, code: 'signature-wrong' });
  });

  it('wants ISO 8601 in UTC where that is the unit', () => {
    const iso = { ...settings, timestampUnit: 'iso-8601' };
    const at = (text: string) => judge(scheme(iso), { secrets: SECRETS, headers: spoiled(iso, KEY, { 'x-at': text }) });
    expect(judge(scheme(iso), { secrets: SECRETS, headers: spoiled(iso, KEY, {}) })).toEqual({ ok: true });
    for (const text of ['2026-12-01T08:00:00+00:00', '2026-12-01T08:00:00', '2026-12-01', '2026-13-01T08:00:00Z', '']) {
      expect(at(text).ok).toBe(false);
    }
    expect(at('2026-12-01T08:00:00+00:00')).toEqual({ ok: false, code: 'signature-malformed' });
  });

  it('lends no letters from one part to the next', () => {
    const body = `x:${NOW / 1000}:{"evil":true}`;
    const headers = scheme(settings).sign(KEY, { id: 'msg', at: NOW, body });
    const moved = { ...headers, 'x-id': `msg:${NOW / 1000}:x` };
    expect(judge(scheme(settings), { secrets: SECRETS, headers: moved, body: '{"evil":true}' }).ok).toBe(false);
  });
});

describe('a bearer', () => {
  it.each<Row>([
    ['no header', { authorization: undefined }, 'signature-missing'],
    ['the secret alone', { authorization: KEY.replaceAll(' ', '-') }, 'signature-malformed'],
    ['another kind', { authorization: 'Basic x' }, 'signature-malformed'],
    ['nothing behind it', { authorization: 'Bearer ' }, 'signature-wrong'],
    ['a part of it', { authorization: 'Bearer a-secret' }, 'signature-wrong'],
    ['more behind it', { authorization: `Bearer ${KEY.replaceAll(' ', '-')}x` }, 'signature-wrong'],
  ])('with %s is refused', (_, headers, code) => {
    const secrets = [KEY.replaceAll(' ', '-')];
    expect(judge(scheme('bearer'), { secrets, headers })).toEqual({ ok: false, code });
    expect(judge(scheme('bearer'), { secrets, headers: { authorization: `bearer ${secrets[0]}` } })).toEqual({
      ok: true,
    });
  });

  it('in a header of its own has no prefix unless it is told one', () => {
    const secrets = [scheme('bearer').toSecret(bytes(5))];
    const plain = scheme({ kind: 'bearer', header: 'X-Api-Key' });
    const named = scheme({ kind: 'bearer', header: 'X-Api-Key', prefix: 'Key ' });
    expect(judge(plain, { secrets, headers: { 'x-api-key': secrets[0] } })).toEqual({ ok: true });
    expect(judge(named, { secrets, headers: { 'x-api-key': `Key ${secrets[0]}` } })).toEqual({ ok: true });
    expect(judge(named, { secrets, headers: { 'x-api-key': secrets[0] } })).toMatchObject({ ok: false });
    expect(judge(plain, { secrets, headers: { authorization: `Bearer ${secrets[0]}` } })).toMatchObject({ ok: false });
  });
});

describe('HTTP Basic', () => {
  const secrets = ['servicenow:a long password of it'];
  const encoded = Buffer.from(secrets[0] ?? '').toString('base64');
  it.each<Row>([
    ['no header', { authorization: undefined }, 'signature-missing'],
    ['a bearer', { authorization: `Bearer ${encoded}` }, 'signature-malformed'],
    ['no base64', { authorization: `Basic ${secrets[0]}` }, 'signature-malformed'],
    ['twice the same', { authorization: `Basic ${encoded},Basic ${encoded}` }, 'signature-malformed'],
    ['another user', { authorization: basic('someone:a long password of it') }, 'signature-wrong'],
    ['another password', { authorization: basic('servicenow:a long password of ours') }, 'signature-wrong'],
    ['the same bytes spelled otherwise', { authorization: `Basic ${encoded}=` }, 'signature-wrong'],
  ])('with %s is refused', (_, headers, code) => {
    expect(judge(scheme('basic'), { secrets, headers })).toEqual({ ok: false, code });
    expect(judge(scheme('basic'), { secrets, headers: { authorization: `basic  ${encoded}` } })).toEqual({ ok: true });
  });
});

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('Standard Webhooks under the names of Svix', () => {
  const secret = scheme('standard-webhooks').toSecret(bytes(7));
  const ours = scheme('standard-webhooks').sign(secret, { id: 'msg', at: NOW, body: BODY });
  const theirs = Object.fromEntries(
    Object.entries(ours).map(([name, value]) => [name.replace('webhook', 'svix'), value]),
  );
  const judged = (headers: Record<string, string | undefined>) =>
    judge(scheme('standard-webhooks'), { secrets: [secret], headers });

  it('is the same, and one family is not completed from the other', () => {
    expect(judged(theirs)).toEqual({ ok: true });
    const mixed = { ...theirs, 'svix-id': undefined, 'webhook-id': 'msg' };
    expect(judged(mixed)).toEqual({ ok: false, code: 'signature-missing' });
  });

  it('is not looked at where the other names are whole', () => {
    expect(judged({ ...theirs, ...ours, 'webhook-signature': 'v1,x' })).toEqual({ ok: false, code: 'signature-wrong' });
  });
});

describe('a secret of', () => {
  it.each<[string, unknown, string, boolean]>([
    ['a keyed hash: 15 letters', 'github', 'x'.repeat(15), false],
    ['a keyed hash: 16 letters', 'github', 'x'.repeat(16), true],
    ['a keyed hash: a line break', 'github', `${'x'.repeat(16)}\n`, false],
    ['a key in hex', { kind: 'hmac', header: 'x', keyEncoding: 'hex' }, 'ab'.repeat(16), true],
    ['a key in hex: half a byte', { kind: 'hmac', header: 'x', keyEncoding: 'hex' }, `${'ab'.repeat(16)}c`, false],
    ['a key in hex: no hex', { kind: 'hmac', header: 'x', keyEncoding: 'hex' }, 'xy'.repeat(16), false],
    ['a key in base64: 15 bytes', { kind: 'hmac', header: 'x', keyEncoding: 'base64' }, 'A'.repeat(20), false],
    ['a bearer: 19 letters', 'bearer', 'x'.repeat(19), false],
    ['a bearer: a space', 'bearer', 'x x'.repeat(10), false],
    ['Basic: no user', 'basic', `:${'x'.repeat(20)}`, false],
    ['Basic: a short password', 'basic', 'user:short', false],
    ['Basic: a colon in the password', 'basic', `user:${'x:'.repeat(10)}`, true],
  ])('%s: %s', (_, settings, text, usable) => {
    expect(scheme(settings).isSecret(text)).toBe(usable);
  });
});
