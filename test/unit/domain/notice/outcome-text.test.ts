import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutcomeNotice } from '../../../../shared/domain/ledger/message.ts';
import { outcomeSubject, outcomeText } from '../../../../shared/domain/notice/outcome-text.ts';
import { anApplied, anApproved, aRef, aRejected } from '../../../fakes/records.ts';
import { largestApplied, largestNotice, largestRejection } from '../../../fakes/worst-case.ts';

const aNotice = (overrides: Partial<OutcomeNotice> = {}): OutcomeNotice => ({
  schemaVersion: 1,
  ref: aRef(),
  generation: 1,
  action: 'update',
  ticket: { system: 'Helpdesk', id: 'CHG0000001', url: 'https://tickets.example/CHG0000001', approvals: [] },
  outcome: aRejected(),
  correlationId: 'correlation-1',
  ...overrides,
});

/** The requirements of SNS (AWS: Publish, Subject). */
const SUBJECT = /^[\x21-\x7e][\x20-\x7e]{0,98}$/;

describe('the subject', () => {
  it('says which ticket, what came of it, and where', () => {
    expect(outcomeSubject(aNotice({ outcome: anApplied() }))).toBe('CHG0000001 applied: update in acme-test');
  });

  it('is ASCII of fewer than a hundred characters, whatever the ticket is called', () => {
    expect(outcomeSubject(aNotice({ ticket: { system: 's', id: 'Änderung 7', approvals: [] } }))).toMatch(
      /^Anderung 7 /,
    );
    // A lone accent decomposes into a space and a mark; a lone mark is removed.
    for (const id of ['\u00b4', '\u0301', '\u00b4 7']) {
      expect(outcomeSubject(aNotice({ ticket: { system: 's', id, approvals: [] } }))).toMatch(SUBJECT);
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (id) => {
        expect(outcomeSubject(aNotice({ ticket: { system: 's', id, approvals: [] } }))).toMatch(SUBJECT);
      }),
    );
    expect(outcomeSubject(aNotice({ ticket: null }))).toMatch(/^CHG0000001\/1@A1 /);
  });
});

describe('the text', () => {
  it('of an accept says that it was recorded and nothing was written', () => {
    const { writeId: _, overtaken: __, ...same } = anApplied();
    const text = (action: OutcomeNotice['action']) =>
      outcomeText(aNotice({ action, outcome: { ...same, kind: 'unchanged' } }));
    expect(text('accept')).toContain(
      'Recorded as approved: the segment group is as the ticket states. Nothing was written.',
    );
    expect(text('accept')).not.toContain('policy rules');
    expect(text('update')).toContain('Unchanged: the segment group was already as approved.');
  });

  it('of a rejection has reason, remedy, field, and what ZPA said', () => {
    const zpaError = {
      code: 'refused',
      class: 'permanent',
      scope: 'change',
      effect: 'none',
      reason: 'No\nway',
    } as const;
    expect(outcomeText(aNotice({ outcome: aRejected({ path: 'group.name', zpaError }) })).split('\n')).toEqual([
      'Change CHG0000001/1@A1 from helpdesk',
      'Tenant acme-test, action update',
      'Ticket CHG0000001 (Helpdesk) https://tickets.example/CHG0000001',
      '',
      'Rejected (group-not-found): There is no segment group "Printers" in acme-test.',
      'What to do: Correct the group in the ticket.',
      'Field: group.name',
      'ZPA said: No way',
      '',
      'Ended 2026-12-01T08:00:01.000Z, correlation id correlation-1',
    ]);
  });

  it('of an applied change says what is different now', () => {
    const before = { name: 'Printers', description: '', enabled: false, applicationCount: 2 };
    const after = { name: 'All Printers', description: 'new', enabled: true, applicationCount: 3 };
    const effect = { groupId: '9', before, after, added: ['1', '2'], removed: ['3'] };
    const overtaken = [{ field: 'description', expected: 'new', found: 'newer' }];
    const text = outcomeText(aNotice({ outcome: anApplied({ effect, overtaken, generation: 2 }) }));
    expect(text).toContain('from helpdesk, retry 1');
    for (const line of [
      'Segment group "Printers" (id 9):',
      '- renamed to "All Printers"',
      '- now enabled',
      '- description now "new"',
      '- application segments added: 1, 2',
      '- application segments removed: 3',
      'Edited by somebody else meanwhile, and left so: description is now "newer"',
      'Policy impact: not checked: rules are not read yet',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  it('tells creations, deletions and the other endings apart', () => {
    const group = { name: 'Printers', description: '', enabled: true, applicationCount: 0 };
    const of = (before: typeof group | null, after: typeof group | null) =>
      outcomeText(aNotice({ outcome: anApplied({ effect: { groupId: '9', before, after, added: [], removed: [] } }) }));
    expect(of(null, group)).toContain('Created "Printers" (id 9), enabled.');
    expect(of(group, null)).toContain('Deleted "Printers" (id 9).');
    const ended = { generation: 1, at: 0, attempts: 1 };
    const by = { ...ended, by: 'ada', reason: 'not needed' };
    expect(outcomeText(aNotice({ outcome: { kind: 'cancelled', ...by } }))).toContain('Cancelled by ada: Not needed.');
    expect(outcomeText(aNotice({ outcome: { kind: 'superseded', ...by } }))).toContain('Replaced by ada: Not needed.');
    const { effect, reach } = anApplied();
    const unchanged = { kind: 'unchanged' as const, ...ended, effect, approved: anApproved(), reach };
    expect(outcomeText(aNotice({ outcome: unchanged }))).toContain('Unchanged: ');
  });

  it('stays within 8 KiB', () => {
    for (const outcome of [largestRejection(), largestApplied()]) {
      expect(Buffer.byteLength(outcomeText(largestNotice(outcome)))).toBeLessThanOrEqual(8 * 1024);
    }
  });
});
