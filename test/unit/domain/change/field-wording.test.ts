import { describe, expect, it } from 'vitest';
import { describeIssue, remedyForUnknownField } from '../../../../shared/domain/change/field-wording.ts';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import { rawCreate, rawDelete, rawUpdate } from '../sample-changes.ts';

/** The sentences of a change's faults. */
const sentences = (raw: unknown) => {
  const result = parseChange(raw);
  return result.ok ? [] : result.faults.map((fault) => fault.sentence);
};
const inSet = (over: Record<string, unknown>) => ({ id: 'S', index: 1, size: 2, onReject: 'stop', ...over });

describe('what is wrong with a field', () => {
  it.each<[string, unknown, string]>([
    ['a truth', rawCreate({ enabled: 'yes' }), '"enabled" must be true or false.'],
    ['a text', rawUpdate({ set: { name: 7 } }), '"set.name" must be text in quotes.'],
    ['a list', rawUpdate({ applications: { add: 'ssh' } }), '"applications.add" must be a list.'],
    ['an object', rawUpdate({ set: 7 }), '"set" must be an object.'],
    [
      'a number',
      rawUpdate({ set: { enabled: true }, changeSet: inSet({ index: 'a' }) }),
      '"changeSet.index" must be a number.',
    ],
    [
      'a whole number',
      rawUpdate({ set: { enabled: true }, changeSet: inSet({ index: 1.5 }) }),
      '"changeSet.index" must be a whole number.',
    ],
    [
      'one of several',
      rawUpdate({ set: { enabled: true }, changeSet: inSet({ onReject: 'x' }) }),
      '"changeSet.onReject" must be "stop" or "continue".',
    ],
    ['one value', { ...rawDelete(), schemaVersion: 2 }, '"schemaVersion" must be 1.'],
    [
      'at least so much',
      rawUpdate({ set: { enabled: true }, changeSet: inSet({ index: 0 }) }),
      '"changeSet.index" must be at least 1.',
    ],
  ])('is said in our words: %s', (_, raw, sentence) => {
    expect(sentences(raw)).toContain(sentence);
  });

  it.each<[Parameters<typeof describeIssue>[0], string]>([
    [{ code: 'too_big', origin: 'string', maximum: 5, input: '' }, 'must have at most 5 characters'],
    [{ code: 'too_big', origin: 'array', maximum: 5, input: [] }, 'must have at most 5 entries'],
    [{ code: 'too_big', origin: 'number', maximum: 5, input: 6 }, 'must be at most 5'],
    [{ code: 'too_small', origin: 'array', minimum: 5, input: [] }, 'must have at least 5 entries'],
    [{ code: 'too_small', origin: 'string', minimum: 1, input: '' }, 'must not be empty'],
    [{ code: 'invalid_type', expected: 'date', input: 6 }, 'must be of type date'],
    [{ code: 'custom', input: 6 }, 'does not match the schema'],
  ])('is said of %j: %s', (issue, words) => {
    expect(describeIssue(issue)).toBe(words);
  });
});

describe('a field that the contract does not know', () => {
  const remedy = (name: string, action: unknown, place = '') => remedyForUnknownField(name, action, place);

  it('may be another one, misspelt', () => {
    expect(remedy('descripton', 'create')).toBe('Did you mean "description"?');
    expect(remedy('ad', 'update', 'applications')).toBe('Did you mean "add"?');
    expect(remedy('nmae', 'update', 'applications.add[]')).toBe('Did you mean "name"?');
    expect(remedy('hasnot', 'update', 'expect.members')).toBe('Did you mean "hasNot"?');
  });

  it('may belong elsewhere, in what is expected last', () => {
    expect(remedy('name', 'update')).toBe('Did you mean "group.name"?');
    expect(remedy('moveTo', 'update', 'set')).toBe('Did you mean "moveTo"?');
    expect(remedy('enabled', 'update')).toBe('Did you mean "set.enabled"?');
    expect(remedy('hasNot', 'update')).toBe('Did you mean "expect.members.hasNot"?');
  });

  it('is to be left out otherwise, or replaced by one that is known there', () => {
    expect(remedy('xyzzyxyzzy', 'update', 'group')).toBe('Leave it out, or use one of: id, name.');
    expect(remedy('xyzzyxyzzy', 'update', 'nowhere')).toBe('Leave it out.');
    expect(remedy('xyzzyxyzzy', 'ponder')).toBe('Leave it out.');
  });
});
