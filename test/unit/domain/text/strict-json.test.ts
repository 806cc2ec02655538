import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../../../shared/domain/text/strict-json.ts';

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const unique = JSON.stringify(JSON.parse(text));
        expect(parseStrictJson(unique)).toEqual({ ok: true, value: JSON.parse(unique) });
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', 'second time at character 7'],
    ['{"a":[{"b":1,"\\u0062":2}]}', 'second time'],
    ['{"a":{"":1,"":1}}', 'second time'],
    ['{"a":', 'not JSON'],
    ['', 'not JSON'],
    ['{"a":1,"b":2,"a":3}', 'second time at character 13'],
    ['{"a":1,"b":2,"b":3}', 'second time at character 13'],
    ['[[1],{"a":[1],"a":1}]', 'second time at character 14'],
    ['{"a":1,"b":2,xy}', 'not JSON from character 13 on.'],
    ["{'a':1}", 'not JSON from character 1'],
    ['NaN', 'not JSON'],
    ['\uFEFF{}', 'byte order mark'],
    ['"unfinished \\', 'not JSON'],
    ['['.repeat(33), 'levels deep'],
    ['{"a":'.repeat(100_000), 'levels deep'],
  ])('refuses %s', (text, said) => {
    expect(parseStrictJson(text)).toMatchObject({ ok: false, sentence: expect.stringContaining(said) });
  });

  it.each([
    '{"a":{"a":{"a":["a","a",{"a":":"}]}},"b":"a"}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '[{"a":1},{"a":1}]',
    '['.repeat(32) + ']'.repeat(32),
  ])('takes %s: the same name elsewhere is no repetition', (text) => {
    expect(parseStrictJson(text)).toMatchObject({ ok: true });
  });

  it('refuses an object with more than ten thousand names, before it parses anything', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `"k${index}":{"a":1}`).join(',');
    expect(parseStrictJson(`{"x":{${names(10_000)}}}`)).toMatchObject({ ok: true });
    const sentence = 'It has an object with more than 10000 names.';
    expect(parseStrictJson(`{"x":{${names(10_001)}}}`)).toEqual({ ok: false, sentence });
    // It is broken from its third character on, which parsing it would have found.
    expect(parseStrictJson(`{"x" 1, "y":{${names(10_001)}}}`)).toEqual({ ok: false, sentence });
  });

  it('refuses more than a hundred thousand objects and lists, before it parses anything', () => {
    const objects = (count: number) => '{},'.repeat(count);
    expect(parseStrictJson(`[${objects(99_998)}[]]`)).toMatchObject({ ok: true });
    const sentence = 'It has more than 100000 objects and lists.';
    expect(parseStrictJson(`[${objects(99_999)}[]]`)).toEqual({ ok: false, sentence });
    expect(parseStrictJson(`["x" 1,${objects(99_999)}[]]`)).toEqual({ ok: false, sentence });
  });

  it('is linear where a backtracking scanner would not be', () => {
    expect(parseStrictJson(`"${'\\"'.repeat(500_000)}`)).toMatchObject({ ok: false });
  });

  it('answers whatever text comes, and quotes nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const result = parseStrictJson(`${text}hunter2`);
        if (!result.ok) expect(result.sentence).not.toContain('hunter2');
      }),
    );
  });
});
