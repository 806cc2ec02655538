import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toConditions } from '../../../../shared/zpa/api/rule-conditions.ts';

const GROUP = '216196257331404691';
const APP = '926196382959075422';
const v1 = (rhs: string, objectType = 'APP_GROUP') => ({ objectType, lhs: 'id', rhs });
const groupsOf = (conditions: unknown) => toConditions(conditions).flatMap((one) => one.groupIds);

describe('a group is named', () => {
  it.each<[string, unknown, boolean]>([
    ['v1', [{ operands: [v1(GROUP)] }], true],
    ['v2', [{ operands: [{ objectType: 'APP_GROUP', values: ['1', GROUP] }] }], true],
    ['v2 entries', [{ operands: [{ objectType: 'APP_GROUP', entryValues: [{ lhs: 'id', rhs: GROUP }] }] }], true],
    ['nested', { all: [{ conditions: [{ operands: [v1(GROUP)] }] }] }, true],
    ['without a condition around it', [v1(GROUP)], true],
    ['another group', [{ operands: [v1('216196257331404692')] }], false],
    ['an application', [{ operands: [v1(GROUP, 'APP')] }], false],
    [
      'by the operand’s own id',
      [{ operands: [{ ...v1('1'), id: GROUP, conditionId: GROUP, modifiedBy: GROUP }] }],
      false,
    ],
    ['nothing', undefined, false],
  ])('%s', (_, conditions, expected) => {
    expect(groupsOf(conditions).includes(GROUP)).toBe(expected);
  });
});

describe('a condition', () => {
  const one = (condition: unknown) => toConditions([condition])[0];

  it('as the console makes it is plain', () => {
    const recorded = { id: '41632506', operator: 'OR', negated: false, operands: [v1(GROUP), v1(APP, 'APP')] };
    expect(one(recorded)).toEqual({
      operator: 'OR',
      negated: false,
      groupIds: [GROUP],
      applicationIds: [APP],
      others: false,
      plain: true,
    });
  });

  it('about people only has no criterion about applications', () => {
    const operands = [{ objectType: 'SCIM_GROUP', lhs: '216196257331285825', rhs: '3227281' }];
    expect(one({ operator: 'OR', operands })).toMatchObject({ groupIds: [], applicationIds: [], others: true });
  });

  it.each<[string, unknown]>([
    ['criteria stand deeper than operands', { operands: [{ objectType: 'ANY', operands: [v1(GROUP)] }] }],
    ['an operand names nothing', { operands: [{ objectType: 'APP_GROUP', lhs: 'id', rhs: '' }] }],
    ['an operand is negated by itself', { operands: [{ ...v1(GROUP), negated: true }] }],
    ['operands are no list', { operands: { first: v1(GROUP) } }],
  ])('is not plain when %s', (_, condition) => {
    expect(one(condition)?.plain).toBe(false);
  });

  it.each([
    [true, true],
    ['true', true],
    ['1', true],
    [false, false],
    ['0', false],
    [undefined, false],
  ])('negated: %s', (negated, expected) => {
    expect(one({ negated, operands: [v1(GROUP)] })?.negated).toBe(expected);
  });
});

describe('no criterion is ever lost', () => {
  const id = fc.bigInt({ min: 1n, max: 10n ** 19n }).map(String);
  const operand = fc
    .record({ objectType: fc.constantFrom('APP_GROUP', 'APP', 'SCIM'), id })
    .chain((said) =>
      fc.constantFrom(
        { said, raw: { objectType: said.objectType, lhs: 'id', rhs: said.id } as unknown },
        { said, raw: { objectType: said.objectType, values: [said.id] } },
        { said, raw: { objectType: said.objectType, entryValues: [{ lhs: 'id', rhs: said.id }] } },
        { said, raw: { wrapped: { objectType: said.objectType, lhs: 'id', rhs: said.id } } },
      ),
    );
  const condition = fc.array(operand, { maxLength: 5 });

  it('whatever the form, at whatever depth', () => {
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 4 }), (list) => {
        const parsed = toConditions(list.map((operands) => ({ operands: operands.map(({ raw }) => raw) })));
        list.forEach((operands, index) => {
          const ids = (type: string) => operands.flatMap(({ said }) => (said.objectType === type ? [said.id] : []));
          expect(new Set(parsed[index]?.groupIds)).toEqual(new Set(ids('APP_GROUP')));
          expect(new Set(parsed[index]?.applicationIds)).toEqual(new Set(ids('APP')));
          expect(parsed[index]?.others).toBe(ids('SCIM').length > 0);
        });
      }),
    );
  });
});
