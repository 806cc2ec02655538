import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESET_NAMES } from '../../../../shared/domain/mapping/table/preset-names.ts';
import { anyRawChange } from '../sample-changes.ts';
import { changesOf, map, samplePayload } from './mapping-samples.ts';

/** The request of a form, by its fields. */
type FormRequest = {
  action: 'create' | 'update' | 'delete';
  group: string;
  newName?: string;
  description?: string;
  enabled?: boolean;
  add: readonly string[];
  remove: readonly string[];
  moveTo?: string;
  notBefore?: number;
};

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ._-]{0,15}[A-Za-z0-9]$/);
const names = fc.uniqueArray(name, { maxLength: 8 });
const sentence = fc.string({ unit: fc.constantFrom('a', 'é', '&', '"', '<', '中', ' '), minLength: 1, maxLength: 20 });
const second = fc.integer({ min: 1_780_000_000, max: 2_000_000_000 });
const common = { group: name, notBefore: second };
const optional = { description: sentence.filter((text) => text.trim() !== ''), enabled: fc.boolean() };

const request: fc.Arbitrary<FormRequest> = fc.oneof(
  fc.record(
    { action: fc.constant('create'), add: names, remove: fc.constant([]), ...common, ...optional },
    { requiredKeys: ['action', 'group', 'add', 'remove'] },
  ),
  fc
    .record(
      { action: fc.constant('update'), all: names, cut: fc.nat(), newName: name, moveTo: name, ...common, ...optional },
      { requiredKeys: ['action', 'group', 'all', 'cut'] },
    )
    .map(({ all, cut, ...rest }) => ({ ...rest, add: all.slice(0, cut % 9), remove: all.slice(cut % 9) })),
  fc.record(
    { action: fc.constant('delete'), add: fc.constant([]), remove: fc.constant([]), moveTo: name, ...common },
    { requiredKeys: ['action', 'group', 'add', 'remove'] },
  ),
);

/** Leaves out fields without effect. */
const filled = (record: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(record).filter(([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0)),
  );
const references = (all: readonly string[]) => all.map((one) => ({ name: one }));
const named = (one: string | undefined) => (one === undefined ? undefined : { name: one });

/** The change that a form requests, in the contract's shape. */
function changeOf({ action, group, add, remove, moveTo, notBefore, ...rest }: FormRequest, line: number, size: number) {
  const set = filled({ name: rest.newName, description: rest.description?.trim(), enabled: rest.enabled });
  const membership = filled({ add: references(add), remove: references(remove) });
  const some = (value: object) => (Object.keys(value).length === 0 ? undefined : value);
  const own = {
    create: { ...set, applications: references(add) },
    update: { set: some(set), applications: some(membership), moveTo: named(moveTo) },
    delete: { moveApplicationsTo: named(moveTo) },
  };
  return filled({
    schemaVersion: 1,
    idempotencyKey: `T-1/${line}`,
    tenant: 'acme-prod',
    action,
    group: { name: group },
    ...own[action],
    notBefore: notBefore === undefined ? undefined : instant(notBefore),
    changeSet: size > 1 ? { id: 'T-1', index: line, size, onReject: 'continue' } : undefined,
  });
}

const instant = (at: number) => new Date(at * 1000).toISOString().replace('.000Z', 'Z');

/** The text as people type it: spaces around, other line ends, blank lines. */
const typed = (text: string | undefined) => (text === undefined ? '' : `  ${text} `);
const listed = (all: readonly string[]) => all.map((one) => ` ${one}\r\n`).join('\n');

function formOf({ action, group, newName, description, enabled, add, remove, moveTo }: FormRequest) {
  return {
    action: typed(action.toUpperCase()),
    group: typed(group),
    newName: typed(newName),
    description: typed(description),
    enabled: enabled === undefined ? null : enabled ? 'Yes' : 'no',
    applicationsToAdd: listed(add),
    applicationsToRemove: listed(remove),
    moveTo: typed(moveTo),
  };
}

const COLUMNS = {
  action: 'zpa_action',
  group: 'zpa_group',
  newName: 'zpa_new_name',
  description: 'zpa_description',
  enabled: 'zpa_enabled',
  applicationsToAdd: 'zpa_applications_to_add',
  applicationsToRemove: 'zpa_applications_to_remove',
  moveTo: 'zpa_move_to',
} as const;
const columnOf = (field: string) => Object.entries(COLUMNS).find(([one]) => one === field)?.[1] ?? field;
const columns = (form: object) => Object.entries(form).map(([field, value]) => [columnOf(field), value ?? ''] as const);

/** An empty update requests nothing. */
const changesSomething = (one: FormRequest) => {
  const { newName, description, enabled, add, remove, group } = one;
  if (one.action !== 'update') return true;
  const set = [newName, description, enabled].some((value) => value !== undefined);
  return (set || add.length + remove.length > 0) && newName !== group;
};

describe('whatever a form asks for, the mapping gives back', () => {
  it('as a ServiceNow change, its time as it is stored', async () => {
    await fc.assert(
      fc.asyncProperty(request.filter(changesSomething), async (one) => {
        const variables = columns(formOf(one)).map(([key, value]) => [key, { value, display_value: `shown ${value}` }]);
        const stored = one.notBefore === undefined ? '' : instant(one.notBefore).replace('T', ' ').replace('Z', '');
        const record = {
          number: { value: 'T-1', display_value: 'T-1' },
          start_date: { value: stored, display_value: '01.01.1990 12:00' },
          variables: { ...Object.fromEntries(variables), zpa_tenant: 'acme-prod' },
        };
        expect(await changesOf({ preset: 'servicenow-change' }, { record })).toEqual([changeOf(one, 1, 1)]);
      }),
    );
  });

  it('as lines of a multi-row variable set', async () => {
    const forms = fc.array(
      request.filter(changesSomething).map(({ notBefore: _, ...rest }) => rest),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(forms, async (all) => {
        const rows = all.map((one) => Object.fromEntries(columns(formOf(one))));
        const variables = { zpa_tenant: 'acme-prod', zpa_changes: { value: JSON.stringify(rows), display_value: '' } };
        const changes = await changesOf({ preset: 'servicenow-request' }, { record: { number: 'T-1', variables } });
        expect(changes).toEqual(all.map((one, index) => changeOf(one, index + 1, all.length)));
      }),
    );
  });

  it('as flat JSON, with lists as lists', async () => {
    await fc.assert(
      fc.asyncProperty(request.filter(changesSomething), async (one) => {
        const lists = { applicationsToAdd: one.add, applicationsToRemove: one.remove };
        const notBefore = one.notBefore === undefined ? null : instant(one.notBefore);
        const payload = { ticket: 'T-1', tenant: 'acme-prod', ...formOf(one), ...lists, notBefore };
        expect(await changesOf({ preset: 'flat-json' }, payload)).toEqual([changeOf(one, 1, 1)]);
      }),
    );
  });

  it('as our own JSON, any change of the contract', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRawChange, { minLength: 1, maxLength: 4 }), async (changes) => {
        const mapped = await map({ preset: 'own-json' }, { ticket: { id: 'T-1' }, changes });
        // The contract refuses an update that changes nothing, here as everywhere.
        if (mapped.kind === 'faults')
          expect(mapped.faults.map((one) => one.sentence).join()).toContain('changes nothing');
        else expect(mapped.changes.map(({ ticket: _, changeSet: __, ...rest }) => rest)).toEqual(changes);
      }),
    );
  });
});

const SAMPLES: [string, (typeof PRESET_NAMES)[number]][] = [
  ['servicenow-normal-change', 'servicenow-change'],
  ['servicenow-emergency-change', 'servicenow-change'],
  ['servicenow-requested-item', 'servicenow-request'],
  ['servicenow-change-task', 'servicenow-task'],
  ['jira-issue-updated', 'jira-issue'],
  ['jira-automation', 'flat-json'],
];

const hostileKey = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'value', 'length', '$line', '');
const key = fc.oneof(hostileKey, fc.string({ maxLength: 8 }));
/** Any JSON, with the keys that reach prototypes as its own fields, as `JSON.parse` makes them. */
const anyJson = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null), fc.maxSafeInteger()),
    fc.array(tie('node'), { maxLength: 4 }),
    fc
      .array(fc.tuple(key, tie('node')), { maxLength: 4 })
      .map((entries) => `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${text(v)}`).join()}}`)
      .map((json): unknown => JSON.parse(json)),
  ),
})).node;
const text = (value: unknown) => JSON.stringify(value) ?? 'null';

/** The payload with one field, anywhere, replaced. */
function withField(value: unknown, choose: () => number, put: unknown): unknown {
  if (value === null || typeof value !== 'object') return put;
  const keys = Object.keys(value);
  const chosen = keys[choose() % Math.max(keys.length, 1)];
  if (chosen === undefined || choose() % 4 === 0) return put;
  const inner: unknown = withField(Reflect.get(value, chosen), choose, put);
  if (Array.isArray(value)) return value.map((one: unknown, index) => (String(index) === chosen ? inner : one));
  return { ...value, [chosen]: inner };
}

function deepFrozen<T>(value: T): T {
  if (value !== null && typeof value === 'object') for (const one of Object.values(value)) deepFrozen(one);
  return Object.freeze(value);
}

describe('hostile payloads', () => {
  it('any JSON: answered, never thrown at; the payload stays as it is, and so does every prototype', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PRESET_NAMES), anyJson, async (preset, payload) => {
        const before = text(payload);
        const mapped = await map({ preset }, deepFrozen(payload));
        expect(text(payload)).toBe(before);
        expect(mapped.kind === 'mapped' || mapped.faults.length > 0).toBe(true);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('a ticket with any JSON in any of its fields: the same, and every fault is readable', async () => {
    const anyNumbers = fc.infiniteStream(fc.nat());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SAMPLES), anyNumbers, anyJson, async ([sample, preset], numbers, put) => {
        const payload = deepFrozen(withField(samplePayload(sample), () => numbers.next().value ?? 0, put));
        const mapped = await map({ preset }, payload);
        for (const fault of mapped.kind === 'faults' ? mapped.faults : []) {
          expect(fault.sentence).toMatch(/^Source "desk"/);
          expect(fault.sentence).not.toMatch(/[\p{Cc}\p{Cs}\u202E]/u);
          expect(fault.sentence.length).toBeLessThan(600);
          expect(fault.remedy).not.toBe('');
        }
        expect(Reflect.get(Object.prototype, 'polluted')).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('fields that the mapping does not name are ignored', async () => {
    const extra = fc.dictionary(fc.stringMatching(/^x_[a-z]{1,8}$/), anyJson, { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SAMPLES), extra, async ([sample, preset], more) => {
        const payload = samplePayload(sample);
        const changes = await changesOf({ preset }, payload);
        expect(await changesOf({ preset }, { ...more, ...payload })).toEqual(changes);
        const record = Reflect.get(payload, 'record');
        if (record === undefined) return;
        const variables = { ...more, ...Object(record).variables };
        expect(await changesOf({ preset }, { ...payload, record: { ...more, ...Object(record), variables } })).toEqual(
          changes,
        );
      }),
    );
  });

  it('deeper than a stack is, wherever it stands', async () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const nested: unknown = JSON.parse(`${'{"value":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
    for (const preset of PRESET_NAMES) {
      for (const value of [deep, nested]) {
        for (const payload of [
          value,
          { record: value },
          { changes: value, ticket: 'T-1' },
          { record: { number: value } },
        ]) {
          expect((await map({ preset }, payload)).kind).toBe('faults');
        }
        const variables = { zpa_tenant: value, zpa_action: value, zpa_group: value, zpa_changes: value };
        expect((await map({ preset }, { record: { number: 'T-1', variables } })).kind).toBe('faults');
      }
      const json = { zpa_changes: '['.repeat(100_000), zpa_group: 'x' };
      expect((await map({ preset }, { record: { number: 'T-1', variables: json } })).kind).toBe('faults');
    }
  });
});
