import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { anyRawChange, rawDelete, rawUpdate } from '../unit/domain/sample-changes.ts';
import { snowPayload } from '../unit/ingest/ticket-world.ts';
import { jiraPayload } from './sample-payloads.ts';

/** Stands in values that no log line, metric or answer to a stranger may show. */
export const CANARY = 'c4n4ry-7Qz';

const secretText = fc.string({ maxLength: 12 }).map((text) => `${CANARY}${text}`);

const hostileText = fc.constantFrom(
  '',
  '\u0000',
  '\u202Egnp.exe',
  '\uFEFF',
  '\uD800',
  '<script>alert(1)</script>',
  '__proto__',
  'jndi:ldap://x',
  "' OR 1=1 --",
  '../../etc/passwd',
  '=cmd|x',
  '\r\nset-cookie: a=b',
  'x'.repeat(5000),
  '2026-99-99T99:99:99Z',
  '1e999',
  'true',
  '216196257331404691',
);

const hostileNumber = fc.constantFrom(
  0,
  -0,
  -1,
  0.1,
  1e21,
  1e308,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_VALUE,
  2 ** 53,
  1_796_112_000,
  1_796_112_000_000,
);

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON', ''];

const leaf = fc.oneof(
  { weight: 3, arbitrary: secretText },
  { weight: 2, arbitrary: hostileText },
  { weight: 1, arbitrary: hostileNumber },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `${CANARY}${text}`) },
);

/** Own keys only, `__proto__` among them: `JSON.parse` makes such objects, a literal does not. */
const objectOf = (entries: (readonly [string, unknown])[]): unknown => Object.fromEntries(entries);

const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), secretText), tie('value')), { maxLength: 3 }).map(objectOf),
  ),
}));

/** One field of a good payload replaced, one taken away, or one put in, anywhere. What names tickets and keys stays. */
function spoiled(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(good, fc.nat(), anyValue, fc.constantFrom('replace', 'remove', 'add', 'keep'), fc.constantFrom(...NAMES))
    .map(([value, place, other, how, name]) => {
      if (how === 'keep') return value;
      const spots = spotsOf(value);
      const spot = spots[place % Math.max(1, spots.length)];
      return spot === undefined ? value : rebuild(value, spot, how, name, other);
    });
}

/** Logged by design: they say which change or ticket a line is about. */
const NAMED = new Set(['idempotencyKey', 'number', 'key', 'tenant', 'ticket', 'id']);

type Spot = readonly string[];

function spotsOf(value: unknown, at: Spot = []): Spot[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, below]) =>
    NAMED.has(name) ? [] : [[...at, name], ...spotsOf(below, [...at, name])],
  );
}

function rebuild(value: unknown, [first, ...rest]: Spot, how: string, name: string, other: unknown): unknown {
  if (value === null || typeof value !== 'object' || first === undefined) return value;
  const entries = Object.entries(value).flatMap(([key, below]): [string, unknown][] => {
    if (key !== first) return [[key, below]];
    if (rest.length > 0) return [[key, rebuild(below, rest, how, name, other)]];
    if (how === 'remove') return [];
    return how === 'replace'
      ? [[key, other]]
      : [
          [key, below],
          [name, other],
        ];
  });
  return Array.isArray(value) ? entries.map(([, below]) => below) : objectOf(entries);
}

const reason = fc.oneof(secretText, hostileText);
const cancelling = reason.map((text) => ({
  cancel: [{ idempotencyKey: 'CHG0031337/1@APPR0007', tenant: 'acme-prod', reason: text }],
}));
const described = secretText.map((description) => rawUpdate({ set: { description } }));
const changes = fc.oneof(anyRawChange, described, fc.constant(rawDelete()));

/** Payloads of sources, valid and corrupted. */
const payloads = fc.oneof(
  { weight: 3, arbitrary: spoiled(changes) },
  { weight: 1, arbitrary: spoiled(fc.array(changes, { maxLength: 3 }).map((list) => ({ changes: list }))) },
  { weight: 1, arbitrary: spoiled(cancelling) },
  { weight: 3, arbitrary: spoiled(fc.constant(snowPayload({ short_description: CANARY }))) },
  { weight: 3, arbitrary: spoiled(fc.constant(jiraPayload(CANARY))) },
  { weight: 1, arbitrary: anyValue },
);

/** JSON that is none, or means two things, or is more than it seems. */
const oddTexts = fc.oneof(
  payloads.map((value) => `\uFEFF${JSON.stringify(value)}`),
  payloads.map((value) => JSON.stringify(value).slice(0, -1)),
  payloads.map((value) => `${JSON.stringify(value)} ${JSON.stringify(value)}`),
  fc
    .tuple(payloads, payloads)
    .map(([one, other]) => `{"changes":${JSON.stringify(one)},"changes":${JSON.stringify(other)}}`),
  secretText.map((text) => `{"set":"${text}","\\u0073et":"${text}"}`),
  fc.constantFrom(1, 31, 32, 33, 3000).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`),
  fc.constantFrom(1, 33, 3000).map((depth) => '{"a":'.repeat(depth)),
  fc.constantFrom(
    '',
    ' ',
    'null',
    '[]',
    '""',
    '1e999',
    '-',
    '{"a":1e400}',
    `{"n":${'9'.repeat(400)}}`,
    '{"a":01}',
    '"\\uD800"',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  payloads.map((value) => new Uint8Array(gzipSync(JSON.stringify(value)))),
  payloads.map((value) => new Uint8Array([...Buffer.from(JSON.stringify(value)), 0xff])),
  fc.constantFrom(new Uint8Array([0xc0, 0x80]), new Uint8Array([0xed, 0xa0, 0x80]), new Uint8Array([0xf5])),
);

export type HostileBody = string | Uint8Array;

export const bodies: fc.Arbitrary<HostileBody> = fc.oneof(
  { weight: 8, arbitrary: payloads.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: oddTexts },
  { weight: 1, arbitrary: bytes },
);
