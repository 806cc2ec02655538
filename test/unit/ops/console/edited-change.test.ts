import { describe, expect, it } from 'vitest';
import { editableText, readEdited } from '../../../../functions/ops/console/edit/edited-change.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { aChange, anUpdate } from '../../../fakes/records.ts';

const { sources } = configurationSchema.parse({
  name: 'test',
  tenants: { 'acme-test': { cloud: 'BETA', customerId: '72057594037927936', vanity: 'acme' } },
  sources: { ops: { system: 'CLI' } },
});
const source = sources.ops;
if (source === undefined) throw new Error('it is configured');

const record = aChange({
  change: anUpdate({
    changeSet: { id: 'S', index: 1, size: 2, onReject: 'stop' },
    set: { description: 'a: "b" # c' },
  }),
  ticket: { system: 'Helpdesk', id: 'CHG0000001', approvals: [{ by: 'rita', at: '2026-11-01T08:00:00Z', ref: 'A1' }] },
});
const read = (text: string, ticket = 'CHG9') => readEdited(text, record, ticket, source);

describe('an edited change', () => {
  it('begins as the change was, without its key, its set, its ticket and its approvals', () => {
    const text = editableText(record);
    expect(text).not.toMatch(/idempotencyKey|changeSet|ticket|rita/);
    const edited = read(text);
    expect(edited).toMatchObject({
      ok: true,
      request: { set: { description: 'a: "b" # c' }, ticket: { id: 'CHG9' } },
    });
    expect(JSON.stringify(edited)).not.toContain('rita');
  });

  it('has a key of its own, which depends on the ticket, the failure and what was edited, and on nothing else', () => {
    const keyOf = (edited: ReturnType<typeof read>) => (edited.ok ? edited.request.idempotencyKey : 'none');
    const text = editableText(record);
    const key = keyOf(read(text));
    expect(key).toMatch(/^CHG9\/edit-[0-9a-f]{12}$/);
    expect(keyOf(read(`# a comment\n${text}`))).toBe(key);
    const others = [
      read(text, 'CHG8'),
      read(text.replace('Printers', 'Plotters')),
      readEdited(text, { ...record, generation: 2 }, 'CHG9', source),
    ];
    expect(new Set([key, ...others.map(keyOf)]).size).toBe(4);
  });

  it.each<[string, string, object]>([
    ['nothing', '', { line: 1, column: 1 }],
    ['a list', '- a\n', { sentence: 'The text is not a change.' }],
    ['a quote that is open', 'tenant: acme\ngroup: "A\n', { sentence: expect.stringContaining('missing') }],
    ['a bracket that is open', 'group: { name: A\nset: {}\n', { line: 2 }],
    ['a tab', 'group:\n\tname: A\n', { line: 2, sentence: 'A tab indents this line.' }],
    ['an indentation that does not fit', 'group:\n   name: A\n  id: "1"\n', { line: expect.any(Number) }],
    ['a second change', 'tenant: a\n---\ntenant: b\n', { line: 2, sentence: 'A second change begins here.' }],
    ['aliases that grow', bomb(), { sentence: 'The aliases (*name) repeat each other too often.' }],
    [
      'a name that begins with *',
      'tenant: a\ngroup: { name: *Wiki }\n',
      { line: 2, remedy: expect.stringContaining('quotes') },
    ],
    ['its own key', 'idempotencyKey: K\n', { line: 1, sentence: '"idempotencyKey" is not edited here.' }],
  ])('tells where %s is, in our words', (_, text, fault) => {
    const edited = read(text);
    expect(edited).toMatchObject({ ok: false, faults: [expect.objectContaining(fault)] });
  });

  it('tells all faults of the contract at once, in the order of the lines', () => {
    const edited = read(
      'schemaVersion: 1\ntenant: acme-test\naction: update\ngroup: { id: 12 }\nset: { enabled: perhaps }\napplications:\n  add:\n    - { name: wiki }\n    - { id: 7, name: x }\n',
    );
    expect(edited.ok ? [] : edited.faults.map(({ line }) => line)).toEqual([4, 5, 9]);
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let index = 1; index < 8; index += 1) {
    const before = `*a${index - 1}`;
    lines.push(`a${index}: &a${index} [${Array.from({ length: 10 }, () => before).join(', ')}]`);
  }
  return `${lines.join('\n')}\n`;
}
