import { describe, expect, it } from 'vitest';
import { changesOf, faultsOf, MINIMAL, map, minimal, UPDATE } from './mapping-samples.ts';

const ticket = { id: 'T-1', group: 'Web Apps' };
const add = { from: 'apps', transform: ['lines'], to: 'applications.add' };

describe('rows', () => {
  it('of several fields the first that is filled in counts', async () => {
    const rows = { group: { from: ['other', 'group'], to: 'group' }, enabled: { value: true, to: 'enabled' } };
    expect(await changesOf(minimal(rows), { ...ticket, other: '  ' })).toMatchObject([{ group: { name: 'Web Apps' } }]);
    expect(await changesOf(minimal(rows), { ...ticket, other: 'Finance' })).toMatchObject([
      { group: { name: 'Finance' } },
    ]);
  });

  it('a default stands where nothing is filled in, and a value always', async () => {
    const rows = { text: { from: 'text', default: 'by ticket', to: 'description' } };
    expect(await changesOf(minimal(rows), ticket)).toMatchObject([{ set: { description: 'by ticket' } }]);
    expect(await changesOf(minimal(rows), { ...ticket, text: 'x' })).toMatchObject([{ set: { description: 'x' } }]);
  });

  it('say whether they bring names or ids; a number that lost no digits is an id too', async () => {
    const rows = {
      group: { from: 'groupId', as: 'id', to: 'group' },
      add: { from: 'apps', as: 'id', to: 'applications.add' },
    };
    const payload = { ...ticket, groupId: 45096653, apps: ['216196257331372610'] };
    expect(await changesOf(minimal(rows), payload)).toEqual([
      { ...UPDATE, group: { id: '45096653' }, applications: { add: [{ id: '216196257331372610' }] } },
    ]);
    expect(await faultsOf(minimal(rows), { ...payload, groupId: 216196257331372610 })).toEqual([
      'Source "desk", row "group": groupId = 216196257331372600, as "group.id", must be a string of digits: ZPA ids exceed ' +
        '2^53 and a JSON number would be rounded. Write it in quotes, with the digits ZPA shows; as a number it has been rounded already.',
    ]);
  });

  it('count for the actions they name only', async () => {
    const rows = {
      action: { from: 'action', to: 'action' },
      text: { value: 'made by a ticket', to: 'description', only: ['create'] },
      enabled: { from: 'on', transform: ['yesNo'], to: 'enabled' },
    };
    const payload = { ...ticket, on: 'yes' };
    expect(await changesOf(minimal(rows), { ...payload, action: 'create' })).toMatchObject([
      { description: 'made by a ticket', enabled: true },
    ]);
    expect(await changesOf(minimal(rows), { ...payload, action: 'update' })).toMatchObject([
      { set: { enabled: true } },
    ]);
  });

  it('of lists of applications are put together', async () => {
    const more = { from: 'chosen', transform: [{ split: ',' }], to: 'applications.add' };
    const payload = { ...ticket, apps: 'wiki\n\n crm ', chosen: 'mail, dns' };
    expect(await changesOf(minimal({ add, more }), payload)).toMatchObject([
      { applications: { add: [{ name: 'wiki' }, { name: 'crm' }, { name: 'mail' }, { name: 'dns' }] } },
    ]);
  });

  it('may empty a description, by a word for it: a blank field asks for nothing', async () => {
    const text = { from: 'text', transform: [{ lookup: { none: '' } }], to: 'description' };
    expect(await changesOf(minimal({ text }), { ...ticket, text: '(none)' }).catch(String)).toContain(
      'not in the lookup',
    );
    expect(await changesOf(minimal({ text }), { ...ticket, text: 'None' })).toMatchObject([
      { set: { description: '' } },
    ]);
    expect(await faultsOf(minimal({ text }), { ...ticket, text: ' ' })).toEqual([
      'Source "desk": The change is an update that changes nothing. State a new name, a description, whether it is enabled ("set"), or application segments to add or remove ("applications").',
    ]);
  });

  it('for which the action has no place are a fault', async () => {
    const rows = { action: { value: 'delete', to: 'action' }, name: { from: 'name', to: 'name' } };
    expect(await faultsOf(minimal(rows), { ...ticket, name: 'New' })).toEqual([
      'Source "desk", row "name": name = "New" has no place in a change with action "delete", as "name". ' +
        'Leave the field blank for this action, or state with "only" for which actions the row counts.',
    ]);
  });
});

describe('several changes of one ticket', () => {
  const rows = {
    group: { from: '$line.group', to: 'group' },
    enabled: { from: ['$line.on', 'on'], transform: ['yesNo'], to: 'enabled' },
  };

  it('are the entries of a list; what an entry leaves blank the ticket may say', async () => {
    const each = { from: 'tasks' };
    const payload = { id: 'T-1', on: 'yes', tasks: [{ group: 'A' }, { group: 'B', on: 'no' }] };
    const set = { id: 'T-1', size: 2, onReject: 'stop' };
    expect(await changesOf(minimal(rows, { each, onReject: 'stop' }), payload)).toEqual([
      { ...UPDATE, group: { name: 'A' }, set: { enabled: true }, changeSet: { ...set, index: 1 } },
      {
        ...UPDATE,
        idempotencyKey: 'T-1/2',
        group: { name: 'B' },
        set: { enabled: false },
        changeSet: { ...set, index: 2 },
      },
    ]);
  });

  it('are the lines of a text, with columns', async () => {
    const each = { from: 'text', transform: ['lines', { columns: ['group', 'on'], by: ';' }] };
    const payload = { id: 'T-1', text: 'A; yes\r\nB;no\n' };
    expect(await changesOf(minimal(rows, { each }), payload)).toMatchObject([
      { group: { name: 'A' }, set: { enabled: true } },
      { group: { name: 'B' }, set: { enabled: false } },
    ]);
    expect(await faultsOf(minimal(rows, { each }), { id: 'T-1', text: 'A;yes;what' })).toContain(
      'Source "desk", row "each": text = "A;yes;what" has 3 columns, and 2 are known: group, on. ' +
        'Write one change per line, its columns separated by ";".',
    );
  });

  it('are what a list collector holds', async () => {
    const each = { from: 'groups.display_value', transform: [{ split: ',' }] };
    const payload = { id: 'T-1', on: '1', groups: { value: 'aa,bb', display_value: 'A, B' } };
    const group = { from: '$line', to: 'group' };
    expect(await changesOf(minimal({ ...rows, group }, { each }), payload)).toMatchObject([
      { group: { name: 'A' } },
      { group: { name: 'B' } },
    ]);
  });

  it('faults say in which entry, and what all entries share is said once', async () => {
    const each = { from: 'tasks' };
    const payload = { id: 'T-1', on: 'perhaps', tasks: [{ group: 'A' }, { group: 'B/C', on: 'yes' }, { group: 'D' }] };
    const faults = await faultsOf(minimal(rows, { each }), payload);
    expect(faults.filter((one) => one.includes('row "enabled"'))).toHaveLength(1);
    expect(
      faults.filter((one) => one.startsWith('Source "desk", row "group": tasks[1].group = "B/C", as')),
    ).toHaveLength(1);
  });

  it('a ticket with none of them is one change; more than 100 are refused', async () => {
    const group = { from: ['$line.group', 'group'], to: 'group' };
    const each = { from: 'tasks' };
    const table = minimal({ ...rows, group }, { each });
    expect(await changesOf(table, { ...ticket, on: 'yes', tasks: [] })).toHaveLength(1);
    const tasks = Array.from({ length: 101 }, (_, i) => ({ group: `G${i}` }));
    expect((await faultsOf(table, { ...ticket, on: 'yes', tasks }))[0]).toContain('holds 101 changes');
    expect((await faultsOf(table, { ...ticket, on: 'yes', tasks: [7, [8]] }))[0]).toContain('tasks[1] = a list of 1');
  });
});

describe('the ticket', () => {
  it.each(['CHG 1', '../x', 'T-1/2', 'T@1', 'x'.repeat(101), 'é'])('is not %j', async (id) => {
    const [fault] = await faultsOf(minimal({ enabled: { value: true, to: 'enabled' } }), { ...ticket, id });
    expect(fault).toContain('is not a ticket number');
  });

  it('is missing: the fault names where it should stand', async () => {
    const table = minimal({ enabled: { value: true, to: 'enabled' } });
    for (const id of [undefined, null, '', ['T-1'], { a: 1 }]) {
      expect(await faultsOf(table, { ...ticket, id })).toEqual([
        'Source "desk", row "ticket": id is not filled in, and it names the ticket. Let the payload hold id, or let the row read another field.',
      ]);
    }
  });
});

it('keeps what was read, before it was transformed, by path', async () => {
  const mapped = await map(minimal({ add }), { ...ticket, apps: ' wiki\n', secret: 'x' });
  expect(mapped.kind === 'mapped' ? [...mapped.mapped] : mapped).toEqual([
    ['id', 'T-1'],
    ['group', 'Web Apps'],
    ['apps', ' wiki\n'],
  ]);
});

it('a required field that is blank is said once, with its remedy', async () => {
  const rows = { group: { from: 'group', to: 'group', required: true }, enabled: { value: true, to: 'enabled' } };
  expect(await faultsOf(minimal(rows), { id: 'T-1' })).toEqual([
    'Source "desk", row "group": group is not filled in. Fill in group on the ticket, or give the row a default.',
  ]);
  expect(await faultsOf({ rows: { ...MINIMAL.rows, enabled: rows.enabled } }, { id: 'T-1' })).toEqual([
    'Source "desk", row "group": group is not filled in, and a change needs it. ' +
      'Fill in group on the ticket, or give row "group" a default.',
  ]);
});

describe('a choice below a choice', () => {
  const cascade = { value: 'EMEA', id: '1', child: { value: 'Staging Apps', id: '2' } };
  const enabled = { value: true, to: 'enabled' };
  const group = (from: string) => minimal({ group: { from, transform: ['trim'], to: 'group' }, enabled });

  it.each(['area', 'area.value'])('that no row reads is a fault of %s and not dropped', async (from) => {
    expect(await faultsOf(group(from), { id: 'T-1', area: cascade })).toEqual([
      `Source "desk", row "group": ${from} = "EMEA" holds a choice below it, which no row reads. Let a row read area.child.value.`,
    ]);
  });

  it('is a fault in a list and in a line too', async () => {
    const listed = minimal({ add: { from: 'areas[*]', to: 'applications.add' }, enabled });
    expect(await faultsOf(listed, { ...ticket, areas: ['wiki', cascade] })).toEqual([
      expect.stringContaining('areas[*] = a list of 2 holds a choice below it'),
    ]);
    const each = { each: { from: 'lines' }, ...group('$line.area') };
    expect(await faultsOf(each, { id: 'T-1', lines: [{ area: cascade }] })).toEqual([
      expect.stringContaining('lines[0].area = "EMEA" holds a choice below it'),
    ]);
  });

  it('is read by its own path, and then the one above it may be read by itself', async () => {
    const both = minimal({
      group: { from: 'area.child.value', to: 'group' },
      text: { from: 'area', to: 'description' },
    });
    expect(await changesOf(both, { id: 'T-1', area: cascade })).toMatchObject([
      { group: { name: 'Staging Apps' }, set: { description: 'EMEA' } },
    ]);
  });

  it('may be absent', async () => {
    const area = { value: 'EMEA', child: null };
    expect(await changesOf(group('area'), { id: 'T-1', area })).toMatchObject([{ group: { name: 'EMEA' } }]);
  });
});
