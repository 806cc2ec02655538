import { describe, expect, it } from 'vitest';
import { fieldsRead, readsField } from '../../../../../shared/domain/mapping/fields-read.ts';
import { parsePath, readPath } from '../../../../../shared/domain/mapping/table/field-path.ts';
import { MINIMAL, mapping, minimal } from '../mapping-samples.ts';

const read = (value: unknown, path: string) => readPath(value, parsePath(path)?.parts ?? []);

describe('a field path', () => {
  it.each<[string, unknown, unknown]>([
    ['a.b', { a: { b: 1 } }, 1],
    ['a.b.c', { 'a.b.c': 1 }, 1],
    ['a.b.c', { a: { 'b.c': 1 } }, 1],
    ['a[1].b', { a: [{}, { b: 2 }] }, 2],
    ['a[*].b', { a: [{ b: 1 }, {}, { b: null }, { b: 2 }] }, [1, 2]],
    ['a[*]', { a: ['x', 'y'] }, ['x', 'y']],
    ['["a b"].c', { 'a b': { c: 3 } }, 3],
    ['a["b.c"]', { a: { 'b.c': 4 } }, 4],
    ['$payload', 5, 5],
    ['$payload.a', { a: 6 }, 6],
    ['a', { a: { value: 'x', display_value: 'X' } }, 'x'],
    ['a.display_value', { a: { value: 'x', display_value: 'X' } }, 'X'],
    ['a', { a: [{ value: 'x' }, 'y'] }, ['x', 'y']],
    ['a[0]', { a: { 0: 'no list' } }, undefined],
    ['a.b', { a: 'text' }, undefined],
    ['a', null, undefined],
  ])('%s of %j', (path, value, expected) => expect(read(value, path)).toEqual(expected));

  it('sees own fields only', () => {
    for (const path of ['constructor', 'constructor.name', 'toString', '__proto__', 'a.constructor', 'a.length']) {
      expect(read({ a: ['x'] }, path)).toBeUndefined();
    }
    expect(read(JSON.parse('{"__proto__": {"x": 1}}'), '__proto__.x')).toBe(1);
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[]', 'a[-1]', ' a', 'a["', '$line.', '$lines', '$other.a', 'a[99999]'])(
    'is not %j',
    (text) => expect(parsePath(text)).toBeUndefined(),
  );

  it('is any name that JSON may have, in quotes where need be', () => {
    expect(parsePath('$line')).toEqual({ from: 'line', parts: [] });
    expect(parsePath('$line.a')?.parts).toEqual([{ kind: 'name', name: 'a' }]);
    expect(parsePath('größe-2.x_y')?.parts).toHaveLength(2);
  });
});

describe('the fields that a mapping reads', () => {
  it('are those of its rows and of its list, without what follows a bracket', () => {
    const rows = {
      group: { from: '$line.group', to: 'group' },
      add: { from: ['apps[*].value', 'more.apps'], to: 'applications.add' },
    };
    const table = mapping(minimal(rows, { each: { from: 'tasks' } }));
    expect(fieldsRead(table)).toEqual(['tasks', 'id', 'apps', 'more.apps']);
    const fields = [
      'tasks',
      'tasks[0]',
      'more',
      'more.apps',
      'more.apps.value',
      'apps',
      'application',
      'state',
      'more.x',
    ];
    expect(fields.filter((field) => readsField(table, field))).toEqual(fields.slice(0, 6));
  });

  it('of a preset are its own, but for rows that the configuration took away or turned elsewhere', () => {
    const rows = { group: { from: 'record.u_group' }, microtenant: null };
    const table = mapping({ preset: 'servicenow-change', rows });
    expect(readsField(table, 'record.variables.zpa_action')).toBe(true);
    expect(readsField(table, 'record.start_date')).toBe(true);
    expect(readsField(table, 'record.u_group')).toBe(true);
    expect(readsField(table, 'record.variables.zpa_group')).toBe(false);
    expect(readsField(table, 'record.variables.zpa_microtenant')).toBe(false);
    expect(readsField(table, 'record.variables')).toBe(true);
    expect(readsField(table, 'record.work_notes')).toBe(false);
  });

  it('are all where nobody knows: our own JSON as a whole, and an expression that does not say', () => {
    expect(readsField(mapping({ preset: 'own-json' }), 'anything')).toBe(true);
    expect(fieldsRead(mapping({ jsonata: '$' }))).toBe('every');
    expect(fieldsRead(mapping({ jsonata: '$', reads: ['a.b[0].c', 'd'] }))).toEqual(['a.b', 'd']);
    expect(readsField(mapping(MINIMAL), 'anything')).toBe(false);
  });
});
