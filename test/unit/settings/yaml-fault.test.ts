import { describe, expect, it } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import { yamlFault } from '../../../shared/settings/yaml-fault.ts';

const faultOf = (text: string) => {
  const [error] = parseDocument(text, { prettyErrors: false, uniqueKeys: true }).errors;
  if (error === undefined) throw new Error('the text has a fault');
  return yamlFault(text, error);
};

const UNCLOSED = 'the text ends, and a bracket or quote above is not closed';
const INDENTED = 'the indentation does not fit the lines above, or a bracket above is not closed';

describe('a fault of a YAML text', () => {
  it.each([
    ['a wrong indentation', 'a:\n  b: 1\n   c: 2\n', { line: 2, words: expect.stringContaining('indentation') }],
    ['a tab', 'a:\n\tb: 1\n', { line: 2, shown: '\tb: 1', words: expect.stringContaining('tabs') }],
    ['a field twice', 'a: 1\nb: 2\na: 3\n', { line: 3, column: 1, words: 'the field is stated twice' }],
    ['a bracket that is not closed', 'a: [1\n', { line: 2, words: UNCLOSED }],
    ['a bracket at the very end', 'a: [', { line: 1, column: 5, words: UNCLOSED }],
    ['a brace that is not closed', 'a:\n  - {b: 1  # why\n', { words: UNCLOSED }],
    ['a bracket of a text of its own', '[1, 2\n', { words: UNCLOSED }],
    ['a bracket that is not closed before the next field', 'a: [1\nb: 2\n', { line: 2, words: INDENTED }],
    ['a quote that is not closed', 'a: "1\nb: 2\n', { words: UNCLOSED }],
    ['a star', 'groups: *\n', { line: 1, column: 9, words: expect.stringContaining('quotes') }],
    ['a percent sign', 'a: %x\n', { line: 1, column: 4, words: expect.stringContaining('quotes') }],
  ])('%s is told by its place, in words', (_, text, expected) => {
    const fault = faultOf(text);
    expect(fault).toMatchObject(expected);
    expect(fault.words).not.toMatch(/[A-Z]{3}|implicit|scalar|mapping/);
  });

  it('counts lines from the first one of the file, also in a later document', () => {
    const text = 'a: 1\n---\nb: 2\nb: 3\n';
    const [error] = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: true }).flatMap(({ errors }) => errors);
    expect(error && yamlFault(text, error)).toMatchObject({ line: 4, column: 1, shown: 'b: 3' });
  });
});
