import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import { anyRawChange, parsed, rawCreate, rawDelete, rawUpdate } from '../sample-changes.ts';

const faultsOf = (raw: unknown) => {
  const result = parseChange(raw);
  return result.ok ? [] : result.faults;
};

/** The only fault of a change, in one line. */
function onlyFault(raw: unknown) {
  const faults = faultsOf(raw);
  expect(faults.map((fault) => fault.sentence)).toHaveLength(1);
  return faults[0];
}

const ids = (count: number, from = 1) => Array.from({ length: count }, (_, i) => ({ id: String(from + i) }));

describe('a valid change', () => {
  it('gets its defaults', () => {
    expect(parsed(rawCreate())).toMatchObject({
      enabled: false,
      description: '',
      configSpace: 'DEFAULT',
    });
  });

  it('may use what this version carries out', () => {
    const expectation = { enabled: true, members: { has: [{ name: 'ssh' }], hasNot: [{ id: '9' }] } };
    const changeSet = { id: 'CHG0031337', index: 1, size: 3, onReject: 'continue' };
    const change = rawUpdate({
      applications: { remove: ids(2) },
      leaveUngrouped: true,
      expect: expectation,
      changeSet,
    });
    expect(parsed(change)).toMatchObject({ leaveUngrouped: true, expect: expectation, changeSet });
  });

  it('may empty a group by replacing its list', () => {
    expect(parsed(rawUpdate({ applications: { replace: [] }, set: undefined }))).toMatchObject({
      applications: { replace: [] },
    });
  });

  it('may name 1,000 applications', () => {
    expect(parsed(rawUpdate({ applications: { add: ids(600), remove: ids(400, 5000) } })).action).toBe('update');
  });

  it('reads the same when it is read again', () => {
    fc.assert(
      fc.property(anyRawChange, (raw) => {
        const change = parsed(raw);
        expect(parsed(structuredClone(change))).toEqual(change);
      }),
    );
  });
});

describe('a reference that is none', () => {
  const sentence = (group: unknown) => onlyFault(rawDelete({ group }))?.sentence;

  it('is told what it has instead', () => {
    expect(sentence({})).toBe('"group" must have exactly one of "id" and "name".');
    expect(sentence({ nmae: 'a' })).toBe('"group" must have exactly one of "id" and "name"; it has nmae.');
    expect(sentence({ nmae: 'a', x: 1 })).toBe('"group" must have exactly one of "id" and "name"; it has nmae.x.');
    expect(sentence({ id: '1', name: 'a' })).toBe('"group" must have exactly one of "id" and "name", not both.');
    expect(sentence(null)).toBe('"group" must have exactly one of "id" and "name".');
    expect(sentence(['a'])).toBe('"group" must have exactly one of "id" and "name".');
  });

  it('in a list is told where', () => {
    const fault = onlyFault(rawUpdate({ applications: { add: [{ id: '1' }, { nmae: 'x' }] } }));
    expect(fault).toMatchObject({ path: 'applications.add[1]' });
    const unknown = onlyFault(rawUpdate({ applications: { add: [{ id: '1', nmae: 'x' }] } }));
    expect(unknown).toMatchObject({ path: 'applications.add[0].nmae', remedy: 'Did you mean "name"?' });
  });
});

describe('a membership that is none', () => {
  const fault = (applications: unknown) => onlyFault(rawUpdate({ applications }));

  it('is not both a delta and a whole list', () => {
    for (const both of [
      { replace: [], add: [] },
      { replace: [], remove: [] },
    ]) {
      expect(fault(both)).toMatchObject({ path: 'applications', sentence: expect.stringContaining('not both') });
    }
    expect(fault({ replace: 7 })).toMatchObject({ path: 'applications.replace' });
    expect(fault(null)).toMatchObject({ path: 'applications', sentence: expect.stringContaining('not both') });
  });
});

describe('a number for an id', () => {
  it('is to be quoted; any other number, or anything else for an id, is to be corrected', () => {
    expect(onlyFault(rawDelete({ group: { id: 7 } }))?.remedy).toBe('Write it in quotes: "7".');
    expect(onlyFault(rawDelete({ group: { id: true } }))?.remedy).toBe('Correct it and send the change again.');
    expect(onlyFault(rawUpdate({ set: { name: 7 } }))?.remedy).toBe('Correct it and send the change again.');
  });
});

describe('an expected name', () => {
  const expecting = (group: unknown, name: string) =>
    faultsOf(rawUpdate({ group, set: { enabled: true }, expect: { name } }));

  it('is that by which the group is looked up, or the group is named by its id', () => {
    expect(expecting({ id: '7' }, 'Other')).toEqual([]);
    expect(expecting({ name: 'Web' }, 'Web')).toEqual([]);
    expect(expecting({ name: 'Web' }, 'Other')).toMatchObject([{ path: 'expect.name', value: '"Other"' }]);
  });
});

describe('a list', () => {
  it('names each application once', () => {
    expect(onlyFault(rawCreate({ applications: [...ids(2), ...ids(1)] }))).toMatchObject({ path: 'applications[2]' });
    expect(onlyFault(rawUpdate({ applications: { replace: [...ids(2), ...ids(1)] } }))).toMatchObject({
      path: 'applications.replace[2]',
    });
    const thrice = faultsOf(rawUpdate({ applications: { add: [...ids(1), ...ids(1), ...ids(1)] } }));
    expect(thrice.map(({ path }) => path)).toEqual(['applications.add[1]', 'applications.add[2]']);
  });
});

describe('many faults', () => {
  it('are told up to fifty', () => {
    const wrong = Object.fromEntries(ids(60).map(({ id }) => [`field${id}`, 1]));
    expect(faultsOf({ ...rawDelete(), ...wrong })).toHaveLength(50);
  });
});

describe('a fault names path, value and remedy', () => {
  it.each([
    ['id as number', rawUpdate({ group: { id: 45096653 } }), 'group.id', '45096653', '"45096653"'],
    ['id beyond 2^53', rawDelete({ group: { id: Number('216196257331404691') } }), 'group.id', '216196', 'rounded'],
    ['id and name', rawDelete({ group: { id: '1', name: 'a' } }), 'group', undefined, 'Keep the "id"'],
    ['neither', rawDelete({ group: {} }), 'group', undefined, '{"name": "Remote Access"}'],
    ['a bare name', rawDelete({ group: 'Remote Access' }), 'group', 'Remote Access', '{"name": "Remote Access"}'],
    ['no group', rawDelete({ group: undefined }), 'group', undefined, 'Add "group"'],
    ['unknown action', { ...rawDelete(), action: 'move' }, 'action', 'move', 'Correct'],
    ['no action', { ...rawDelete(), action: undefined }, 'action', undefined, 'Add "action"'],
    ['misspelt field', rawUpdate({ set: { nmae: 'x' } }), 'set.nmae', undefined, '"name"'],
    ['snake case', rawDelete({ idempotency_key: 'x' }), 'idempotency_key', undefined, '"idempotencyKey"'],
    ['field of another place', rawUpdate({ name: 'x' }), 'name', undefined, '"group.name"'],
    ['300 characters', rawUpdate({ set: { name: 'x'.repeat(300) } }), 'set.name', 'xxx', 'Correct'],
    ['letter that nobody sees', rawCreate({ group: { name: 'Web\u3164' } }), 'group.name', '"Web\\u{3164}"', 'Correct'],
    ['slash in a name', rawCreate({ group: { name: 'Web/Apps' } }), 'group.name', 'Web/Apps', 'Correct'],
    ['control character', rawCreate({ description: 'a\u0007b' }), 'description', 'a\\u{7}b', 'Correct'],
    ['null', rawCreate({ description: null }), 'description', 'null', 'Leave it out'],
    ['text for a boolean', rawCreate({ enabled: 'yes' }), 'enabled', 'yes', 'Correct'],
    ['empty update', rawUpdate({ set: {} }), '', undefined, '"set"'],
    ['rename to its own name', rawUpdate({ set: { name: 'Remote Access' } }), 'set.name', 'Remote', 'new name'],
    [
      'both membership forms',
      rawUpdate({ applications: { replace: [], add: [] } }),
      'applications',
      undefined,
      '"replace"',
    ],
    ['a list where a delta belongs', rawUpdate({ applications: ids(1) }), 'applications', 'a list of 1', '"replace"'],
    [
      'twice in one list',
      rawUpdate({ applications: { add: [...ids(2), ...ids(1)] } }),
      'applications.add[2]',
      'id:1',
      'once',
    ],
    [
      'added and removed',
      rawUpdate({ applications: { add: [{ name: 'ssh' }], remove: [{ id: '1' }, { name: 'ssh' }] } }),
      'applications.remove[1]',
      'name:ssh',
      'one of the two lists',
    ],
    [
      'too many applications',
      rawUpdate({ applications: { add: ids(600), remove: ids(401, 5000) } }),
      '',
      undefined,
      'Split',
    ],
    ['a list too long', rawCreate({ applications: ids(1001) }), 'applications', undefined, 'change.schema.json'],
    ['an expectation of a create', rawCreate({ expect: { enabled: true } }), 'expect', undefined, 'Leave it out'],
    [
      'an expectation nothing can meet',
      rawUpdate({ expect: { members: { has: ids(1), hasNot: ids(1) } }, set: { enabled: true } }),
      'expect.members.hasNot[0]',
      'id:1',
      'one of the two',
    ],
    [
      'a script as ticket link',
      rawDelete({ ticket: { system: 's', id: '1', url: 'javascript:alert(1)' } }),
      'ticket.url',
      'java',
      '',
    ],
    ['line break in a ticket', rawDelete({ ticket: { system: 's', id: 'a\nb' } }), 'ticket.id', 'a\\u{A}b', ''],
    ['index beyond size', rawDelete({ changeSet: { id: 'a', index: 3, size: 2 } }), 'changeSet.index', '3', ''],
    ['another version', { ...rawDelete(), schemaVersion: 2 }, 'schemaVersion', '2', ''],
    ['no object', 'delete it', '', 'delete it', ''],
  ])('%s', (_, raw, path, value, remedy) => {
    const fault = onlyFault(raw);
    expect(fault).toMatchObject({ code: 'invalid-change', path });
    if (value === undefined || fault?.value === undefined)
      expect(fault?.value ?? 'an object').toMatch(/^(an object|$)/);
    else expect(fault.value).toContain(value);
    expect(fault?.remedy).toContain(remedy);
    expect(fault?.sentence).toContain(path === '' ? 'The change' : `"${path}"`);
  });

  it('of every application in a list, not of the list', () => {
    const faults = faultsOf(rawUpdate({ applications: { add: [{ id: 1 }, { id: '2' }, { naem: 'x' }] } }));
    expect(faults.map((fault) => fault.path)).toEqual(['applications.add[0].id', 'applications.add[2]']);
  });

  it('all at once', () => {
    const faults = faultsOf(rawUpdate({ tenant: undefined, set: { enabled: 1 }, extra: true }));
    expect(faults.map((fault) => fault.path).sort()).toEqual(['extra', 'set.enabled', 'tenant']);
  });

  it('and refuses a dry run, which is no part of the contract, by its path', () => {
    expect(onlyFault(rawDelete({ dryRun: false }))).toMatchObject({ code: 'invalid-change', path: 'dryRun' });
  });

  it('but never repeats what stands in an unknown field', () => {
    expect(JSON.stringify(faultsOf(rawDelete({ password: 'hunter2' })))).not.toContain('hunter2');
  });
});

describe('a time window', () => {
  it('is read in any offset', () => {
    const window = { notBefore: '2026-12-01T22:00:00+01:00', notAfter: '2026-12-01T21:00:00.001Z' };
    expect(parseChange(rawDelete(window))).toMatchObject({ ok: true, change: window });
  });

  it('that is empty or turned round is a fault', () => {
    for (const notAfter of ['2026-12-01T21:00:00Z', '2026-12-01T20:59:59Z']) {
      const fault = onlyFault(rawDelete({ notBefore: '2026-12-01T22:00:00+01:00', notAfter }));
      expect(fault).toMatchObject({ code: 'invalid-change', path: 'notAfter', value: `"${notAfter}"` });
    }
  });
});

describe('whatever comes in', () => {
  const nested = (depth: number) => {
    let value: unknown = 'x';
    for (let i = 0; i < depth; i++) value = { value };
    return value;
  };

  it('deep nesting is one fault', () => {
    expect(onlyFault(rawUpdate({ set: nested(200_000) }))?.sentence).toContain('nested');
  });

  it('a circle is one fault', () => {
    const circle: Record<string, unknown> = rawDelete();
    circle.ticket = circle;
    expect(onlyFault(circle)?.sentence).toContain('nested');
  });

  it('64 KiB are the most', () => {
    const approvals = Array.from({ length: 50 }, () => ({
      by: 'é'.repeat(320),
      at: '2026-12-01T22:00:00Z',
      ref: 'é'.repeat(200),
    }));
    const names = Array.from({ length: 400 }, (_, i) => ({ name: `${'x'.repeat(60)}${i}` }));
    const large = rawCreate({ applications: names, ticket: { system: 's', id: 'i', approvals } });
    expect(onlyFault(large)?.sentence).toContain('65536 bytes');
  });

  it('64 KiB are counted with the defaults filled in', () => {
    const padded = (bytes: number) => {
      const names = Array.from({ length: 900 }, (_, i) => ({ name: `${'x'.repeat(55)}${1000 + i}` }));
      const missing = bytes - JSON.stringify(parsed(rawCreate({ applications: names }))).length;
      return rawCreate({ applications: names, description: 'd'.repeat(missing) });
    };
    expect(JSON.stringify(padded(65_537)).length).toBeLessThan(65_536);
    expect(faultsOf(padded(65_536))).toEqual([]);
    expect(onlyFault(padded(65_537))?.sentence).toContain('is 65537 bytes');
  });

  it('keys of the prototype are unknown fields', () => {
    const raw: unknown = JSON.parse(
      JSON.stringify(rawDelete()).replace('{', '{"__proto__":{"dryRun":true},"constructor":1,'),
    );
    expect(
      faultsOf(raw)
        .map((fault) => fault.path)
        .sort(),
    ).toEqual(['__proto__', 'constructor']);
  });

  it('a million entries cost no more than their count', () => {
    expect(onlyFault(rawCreate({ applications: new Array(1_000_000).fill(1) }))?.path).toBe('applications');
  });

  it('is answered with a change or with faults, never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.tuple(anyRawChange, fc.string(), fc.anything()).map(([raw, key, value]) => ({ ...raw, [key]: value })),
        ),
        (raw) => {
          const result = parseChange(raw);
          if (result.ok) return;
          expect(result.faults.length).toBeGreaterThan(0);
          for (const fault of result.faults) {
            expect(fault.sentence.length).toBeLessThan(700);
            expect(fault.remedy).not.toBe('');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
