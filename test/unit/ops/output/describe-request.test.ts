import { expect, it } from 'vitest';
import { describeRecord, describeRequest } from '../../../../functions/ops/output/describe-request.ts';
import { aChange, anApplied, anUpdate } from '../../../fakes/records.ts';
import { parsed, rawAccept, rawCreate } from '../../domain/sample-changes.ts';

it('says of a create whether it may become an update', () => {
  const applications = [{ id: '11' }];
  expect(describeRequest(parsed(rawCreate({ applications })))).toBe('create "Web Apps": 1 application segment');
  expect(describeRequest(parsed(rawCreate({ applications, ifExists: 'update' })))).toBe(
    'create or update "Web Apps": 1 application segment',
  );
});

it('calls a group that the change names by its id by the name that it had, and by the bare id where that is not known', () => {
  const change = anUpdate({ group: { id: '72057594037931001' } });
  expect(describeRecord(aChange({ change }))).toBe('update 72057594037931001: enabled');
  const { writeId: _, overtaken: __, ...same } = anApplied();
  for (const outcome of [anApplied(), { ...same, kind: 'unchanged' as const }])
    expect(describeRecord(aChange({ change, outcome, state: 'settled' }))).toBe('update "Printers": enabled');
});

it.each([
  ['absent', 'accept 7: absent'],
  [{ name: 'Web', applications: { exactly: [{ id: '1' }] } }, 'accept 7: name, exactly 1 application segment'],
  [
    { enabled: true, applications: { has: [{ id: '1' }, { id: '2' }], hasNot: [{ id: '3' }] } },
    'accept 7: enabled, with 2 application segments, without 1 application segment',
  ],
])('says what an accept states', (state, says) => {
  expect(describeRequest(parsed(rawAccept(state, { id: '7' })))).toBe(says);
});
