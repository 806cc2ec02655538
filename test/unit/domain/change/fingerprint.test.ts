import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import { canonicalChange, fingerprint } from '../../../../shared/domain/change/fingerprint.ts';
import { anyRawChange, parsed, rawCreate, rawDelete, rawUpdate } from '../sample-changes.ts';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same value with keys in the opposite order, and lists of references too. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, reversed(part)]),
  );
}

const printOf = (raw: unknown) => fingerprint(parsed(raw));

describe('the fingerprint', () => {
  it('is 64 hex characters', () => {
    expect(printOf(rawCreate())).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not depend on the order of keys and lists, on white space or on defaults that are spelt out', () => {
    fc.assert(
      fc.property(anyRawChange, (raw) => {
        const written = JSON.parse(JSON.stringify(reversed(raw), null, 3));
        expect(printOf(written)).toBe(printOf(raw));
        expect(printOf(structuredClone(parsed(raw)))).toBe(printOf(raw));
      }),
    );
  });

  it('does not depend on the ticket', () => {
    fc.assert(
      fc.property(anyRawChange, fc.stringMatching(/^[A-Z]{1,9}$/), (raw, id) => {
        expect(printOf({ ...raw, ticket: { system: 'servicenow', id, requestedBy: id } })).toBe(printOf(raw));
      }),
    );
  });

  it.each([
    ['composed and decomposed letters', rawCreate({ description: 'Büro' }), rawCreate({ description: 'Bu\u0308ro' })],
    [
      'empty parts',
      rawUpdate({ set: { enabled: true } }),
      rawUpdate({ set: { enabled: true }, applications: { add: [] }, expect: { members: { has: [] } } }),
    ],
  ])('does not depend on %s', (_, one, other) => {
    expect(printOf(one)).toBe(printOf(other));
  });

  it('of an update that empties a group is its own', () => {
    const set = { enabled: true };
    const emptying = rawUpdate({ set, applications: { replace: [] } });
    expect(printOf(emptying)).not.toBe(printOf(rawUpdate({ set })));
    expect(canonicalChange(parsed(emptying))).toContain('"applications":{"replace":[]}');
  });

  it('does not depend on the reader having composed the letters', () => {
    const change = parsed(rawDelete());
    if (change.action !== 'delete') throw new Error('a deletion was parsed');
    const other: ChangeRequest = { ...change, group: { name: 'Bu\u0308ro' } };
    expect(fingerprint(other)).toBe(fingerprint({ ...change, group: { name: 'B\u00fcro' } }));
  });

  it('differs when any single value of a change differs', () => {
    const leaves = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Object.values(value).reduce((sum, part) => sum + leaves(part), 0)
        : 1;
    fc.assert(
      fc.property(anyRawChange, fc.nat(), (raw, pick) => {
        const change = parsed(raw);
        let left = pick % leaves(change);
        const altered = JSON.parse(JSON.stringify(change), (_, value) => {
          if (typeof value === 'object') return value;
          left -= 1;
          if (left !== -1) return value;
          return typeof value === 'boolean' ? !value : `${value}!`;
        });
        expect(fingerprint(altered)).not.toBe(fingerprint(change));
      }),
    );
  });

  const base = rawUpdate({
    set: { name: 'New', description: 'd', enabled: true },
    applications: { add: [{ id: '1' }] },
  });
  it.each<[string, Json]>([
    ['idempotencyKey', { idempotencyKey: 'other' }],
    ['tenant', { tenant: 'other' }],
    ['microtenant', { microtenant: 'berlin' }],
    ['group', { group: { name: 'remote access' } }],
    ['group by id', { group: { id: '1' } }],
    ['set.name', { set: { name: 'Newer', description: 'd', enabled: true } }],
    ['set.description', { set: { name: 'New', description: 'e', enabled: true } }],
    ['set.description emptied', { set: { name: 'New', description: '', enabled: true } }],
    ['set.enabled', { set: { name: 'New', description: 'd', enabled: false } }],
    ['set.enabled not named', { set: { name: 'New', description: 'd' } }],
    ['one application more', { applications: { add: [{ id: '1' }, { id: '2' }] } }],
    ['remove instead of add', { applications: { remove: [{ id: '1' }] } }],
    ['replace instead of add', { applications: { replace: [{ id: '1' }] } }],
    ['an empty replace', { applications: { replace: [] } }],
    ['no applications', { applications: undefined }],
    ['an application by name', { applications: { add: [{ name: '1' }] } }],
    ['leaveUngrouped', { leaveUngrouped: true }],
    ['expect', { expect: { enabled: false } }],
    ['changeSet', { changeSet: { id: 'a', index: 1, size: 1 } }],
  ])('changes with %s', (_, different) => {
    expect(printOf({ ...base, ...different })).not.toBe(printOf(base));
  });

  it('is the hash of a text that stays what it was in earlier releases', () => {
    const text =
      '{"action":"create","applications":[{"id":"10"},{"id":"9"},{"name":"ssh"}],"configSpace":"DEFAULT","description":"",' +
      '"dryRun":false,"enabled":false,"group":{"name":"Web Apps"},"idempotencyKey":"CHG0031337/1@APPR0007",' +
      '"ifExists":"reject","schemaVersion":1,"tenant":"acme-prod"}';
    const change = parsed(rawCreate({ applications: [{ name: 'ssh' }, { id: '9' }, { id: '10' }] }));
    expect(canonicalChange(change)).toBe(text);
    expect(fingerprint(change)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});
