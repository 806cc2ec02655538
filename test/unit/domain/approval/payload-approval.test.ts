import { expect, it } from 'vitest';
import { approvalSchema } from '../../../../shared/domain/approval/approval-schema.ts';
import { payloadApproval } from '../../../../shared/domain/approval/payload-approval.ts';

const NOW = Date.UTC(2026, 11, 1);
const stated = (granted: object | undefined, payload: object) =>
  payloadApproval(
    approvalSchema.parse({
      gate: { preset: 'jira-issue' },
      ...(granted && { trustPayload: true, selfApproval: true, granted }),
    }),
    payload,
    { system: 'Tool', now: NOW },
  );
const ALL = { ref: 'id', by: 'who', at: 'when' };

it.each([
  ['2026-12-01T07:00:00+01:00', '2026-12-01T06:00:00.000Z'],
  ['2026-12-01T07:00:00.000+0100', '2026-12-01T06:00:00.000Z'],
  ['2026-12-01T07:00:00Z', '2026-12-01T07:00:00.000Z'],
  ['2026-12-01 07:00:00', '2026-12-01T07:00:00.000Z'],
  ['1764547200000', '2025-12-01T00:00:00.000Z'],
  // Without its zone nobody knows when it was.
  ['2026-12-01T07:00:00', undefined],
  ['on 2026-12-01 07:00:00', undefined],
  ['2026-12-01 07:00:00 CET', undefined],
  ['+010001 year', undefined],
  ['99999999999999999', undefined],
  ['1764547200', undefined],
  ['1764547200000 ms', undefined],
  ['at 1764547200000', undefined],
])('an approval stated for %s was at %s', (when, at) => {
  const expected = at === undefined ? undefined : { by: 'kim', at, ref: 'A1' };
  expect(stated(ALL, { id: 'A1', who: 'kim', when })).toEqual(expected);
});

it.each<[string, object | undefined, object, object | undefined]>([
  ['nothing that would state one', undefined, { id: 'A1' }, undefined],
  ['its id alone: the system approved it, now', { ref: 'id' }, { id: 'A1' }, { by: 'Tool', ref: 'A1' }],
  ['an approver who is missing', { ref: 'id', by: 'who' }, { id: 'A1' }, undefined],
  ['a time that is missing', { ref: 'id', at: 'when' }, { id: 'A1' }, undefined],
  ['an id that is missing', { ref: 'id' }, {}, undefined],
])('a payload states its approval with %s', (_, granted, payload, expected) => {
  expect(stated(granted, payload)).toEqual(expected && { at: '2026-12-01T00:00:00.000Z', ...expected });
});
