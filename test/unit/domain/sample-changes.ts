import fc from 'fast-check';
import type { ChangeRequest } from '../../../shared/domain/change/change.ts';
import { parseChange } from '../../../shared/domain/change/parse-change.ts';

type Raw = Record<string, unknown>;

/** A valid update as a ticket sends it; the argument is what a test is about. */
export function rawUpdate(asked: Raw = { set: { enabled: true } }): Raw {
  return { ...common, action: 'update', group: { name: 'Remote Access' }, ...asked };
}

export function rawCreate(asked: Raw = {}): Raw {
  return { ...common, action: 'create', group: { name: 'Web Apps' }, ...asked };
}

export function rawDelete(asked: Raw = {}): Raw {
  return { ...common, action: 'delete', group: { id: '216196257331404691' }, ...asked };
}

export const rawAccept = (state: unknown, group: Raw = { id: '216196257331404691' }): Raw => ({
  ...common,
  action: 'accept',
  group,
  ...(state === undefined ? {} : { state }),
});

const common = { schemaVersion: 1, idempotencyKey: 'CHG0031337/1@APPR0007', tenant: 'acme-prod' };

/** The parsed change; fails the test that hands in something else. */
export function parsed(raw: unknown): ChangeRequest {
  const result = parseChange(raw);
  if (!result.ok) throw new Error(result.faults.map((fault) => fault.sentence).join(' '));
  return result.change;
}

const zpaId = fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String);
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ._-]{0,20}[A-Za-z0-9]$/);
const reference = fc.oneof(fc.record({ id: zpaId }), fc.record({ name }));
const references = (most = 6) => fc.uniqueArray(reference, { maxLength: most, selector: (one) => JSON.stringify(one) });
const description = fc.string({ unit: fc.constantFrom('a', 'é', '&', '"', ' ', '中'), maxLength: 20 });

/** Add and remove share nothing. */
const delta = references(8).chain((all) =>
  fc.nat({ max: all.length }).map((cut) => ({ add: all.slice(0, cut), remove: all.slice(cut) })),
);

const someFields = fc
  .record({ description, enabled: fc.boolean() }, { requiredKeys: [] })
  .filter((set) => Object.keys(set).length > 0);

/** Any valid change as a ticket could send it, optional parts present or not. */
export const anyRawChange: fc.Arbitrary<Raw> = fc.oneof(
  fc
    .record({ description, enabled: fc.boolean(), applications: references() }, { requiredKeys: [] })
    .map((asked) => rawCreate(asked)),
  fc
    .record({ group: reference, set: someFields, applications: delta }, { requiredKeys: ['group', 'set'] })
    .map((asked) => rawUpdate(asked)),
  references().map((replace) => rawUpdate({ applications: { replace } })),
  reference.map((group) => rawDelete({ group })),
);
