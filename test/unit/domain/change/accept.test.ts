import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../../../shared/domain/change/fingerprint.ts';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import { parsed, rawAccept, rawCreate, rawUpdate } from '../sample-changes.ts';

const ids = (count: number, from = 1) => Array.from({ length: count }, (_, i) => ({ id: String(from + i) }));

function faultsOf(raw: unknown): string[] {
  const result = parseChange(raw);
  return result.ok ? [] : result.faults.map(({ sentence }) => sentence);
}

describe('an accept', () => {
  it('states any part of a group, or that there is none', () => {
    const states = [
      'absent',
      { name: 'Web' },
      { description: '' },
      { enabled: false },
      { applications: { exactly: [] } },
      { applications: { has: ids(2), hasNot: ids(1, 9) } },
      { name: 'Web', description: 'all', enabled: true, applications: { exactly: ids(3) } },
    ];
    for (const state of states) expect(parsed(rawAccept(state))).toMatchObject({ action: 'accept', state });
  });

  it('may state names and descriptions that only other clients can have written', () => {
    expect(faultsOf(rawAccept({ name: 'R&D / "Payroll"', description: 'two\nlines\tand a tab' }))).toEqual([]);
  });

  it('holds a thousand applications, within the size of a change', () => {
    const long = ids(1000).map((_, index) => ({ id: String(9_000_000_000_000_000_000n + BigInt(index)) }));
    expect(faultsOf(rawAccept({ name: 'Web', applications: { exactly: long } }))).toEqual([]);
    expect(faultsOf(rawAccept({ applications: { has: ids(600), hasNot: ids(401, 5000) } }))).toEqual([
      'The change names 1001 applications in all its lists; the most is 1000.',
    ]);
  });

  it('names its group and applications by id alone', () => {
    expect(faultsOf({ ...rawAccept('absent'), group: { name: 'Web' } })).not.toEqual([]);
    expect(faultsOf(rawAccept({ applications: { has: [{ name: 'Wiki' }] } }))).not.toEqual([]);
  });

  it('states something', () => {
    const nothing = ['"state" accepts nothing.'];
    for (const state of [{}, { applications: {} }, { applications: { has: [], hasNot: [] } }])
      expect(faultsOf(rawAccept(state))).toEqual(nothing);
    const words = 'must be "absent", or an object with name, description, enabled or applications';
    expect(faultsOf(rawAccept('gone'))).toEqual([`"state" ${words}.`]);
    expect(faultsOf(rawAccept(undefined))).toEqual([`"state" is missing; it ${words}.`]);
    expect(faultsOf(rawAccept({ enabled: 'yes' }))).toEqual(['"state.enabled" must be true or false.']);
  });

  it('helps with a field that is none', () => {
    const result = parseChange(rawAccept({ enable: true }));
    expect(result).toMatchObject({ faults: [{ path: 'state.enable', remedy: 'Did you mean "enabled"?' }] });
  });

  it('does not contradict itself', () => {
    const twice = { applications: { has: ids(1), hasNot: ids(1) } };
    expect(faultsOf(rawAccept(twice))).toEqual([
      '"state.applications.hasNot[0]" names the same application as state.applications.has[0]: it cannot be a member and none.',
    ]);
    expect(faultsOf(rawAccept({ applications: { exactly: [...ids(1), ...ids(1)] } }))).toEqual([
      '"state.applications.exactly[1]" names the same application as state.applications.exactly[0].',
    ]);
    const alone = 'is the complete membership, so "has" and "hasNot" have no place beside it.';
    expect(faultsOf(rawAccept({ applications: { exactly: ids(1), has: ids(1) } }))).toEqual([
      `"state.applications.exactly" ${alone}`,
    ]);
    expect(
      faultsOf(rawUpdate({ set: { enabled: true }, expect: { members: { exactly: [], hasNot: ids(1) } } })),
    ).toEqual([`"expect.members.exactly" ${alone}`]);
  });

  it('has no expectation besides its state', () => {
    expect(faultsOf({ ...rawAccept('absent'), expect: { enabled: true } })).toEqual([
      '"expect" has no place in an accept: its state says what is expected.',
    ]);
  });

  it('of an empty group is another change than one that leaves the membership out', () => {
    const [empty, unstated] = [{ name: 'Web', applications: { exactly: [] } }, { name: 'Web' }];
    expect(fingerprint(parsed(rawAccept(empty)))).not.toBe(fingerprint(parsed(rawAccept(unstated))));
    const [one, other] = [ids(3), ids(3).toReversed()];
    const printed = [one, other].map((exactly) => fingerprint(parsed(rawAccept({ applications: { exactly } }))));
    expect(printed[0]).toBe(printed[1]);
  });
});

describe('an expectation', () => {
  it('may state the description and the complete membership', () => {
    const expected = { description: 'as the\nconsole has it', members: { exactly: [{ id: '1' }, { name: 'Wiki' }] } };
    expect(parsed(rawUpdate({ set: { enabled: true }, expect: expected }))).toMatchObject({ expect: expected });
    expect(faultsOf(rawCreate({ expect: { description: 'x' } }))).toHaveLength(1);
  });
});
