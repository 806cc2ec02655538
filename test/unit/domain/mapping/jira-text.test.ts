import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../../shared/domain/mapping/presets/presets.ts';
import { transformAll } from '../../../../shared/domain/mapping/transforms.ts';

const read = (value: unknown) => {
  const done = transformAll(value, ['jiraText', 'lines']);
  return done.ok ? done.value : done.says;
};

const text = (value: string, ...marks: string[]) => ({
  type: 'text',
  text: value,
  ...(marks.length === 0 ? {} : { marks: marks.map((type) => ({ type })) }),
});
const paragraph = (...content: unknown[]) => ({ type: 'paragraph', content });
const item = (...content: unknown[]) => ({ type: 'listItem', content });
const document = (...content: unknown[]) => ({ type: 'doc', version: 1, content });

describe('wiki markup', () => {
  it.each([
    ['a list', '* Ticket Desk\n** Wiki\n# Phone Book\n- Payroll', ['Ticket Desk', 'Wiki', 'Phone Book', 'Payroll']],
    ['a heading and a ruler', 'h2. Wiki\n----\nPayroll', ['Wiki', 'Payroll']],
    ['a link', '[Phone Book|https://phones.example]', ['Phone Book']],
    ['a smart link', '[https://a.example/x|https://a.example/x|smart-link]', ['https://a.example/x']],
    ['a bare link', '[https://a.example/x]', ['https://a.example/x']],
    [
      'emphasis',
      '*Phone Book*\n_Wiki_\n+Payroll+\n{{Intranet}}\n*_CRM_*',
      ['Phone Book', 'Wiki', 'Payroll', 'Intranet', 'CRM'],
    ],
    ['emphasis of a part', 'Phone *Book*', ['Phone Book']],
    ['an emphasized link in a list', '* *[Phone Book|https://phones.example]*', ['Phone Book']],
    ['a colour', '{color:#ff0000}Phone Book{color}', ['Phone Book']],
    ['escaped characters', '\\[Prod\\] Wiki\n\\*star\\*\na\\_b\\_c', ['[Prod] Wiki', '*star*', 'a_b_c']],
  ])('%s', (_, markup, names) => expect(read(markup)).toEqual(names));

  it.each([
    '[Prod] Wiki',
    'snake_case_name',
    '*.corp.example',
    'A * B * C',
    '***',
    'x ** y',
    '5+3+1',
    'R&D - Portal',
    '-Old-',
    'C#',
    '{x}',
  ])('is none: %s', (name) => expect(read(name)).toEqual([name]));

  it('a JSON list is none', () => {
    const json = '[{"group": "*A*", "add": ["[x|y]"]}]';
    expect(transformAll(json, ['jiraText', 'rows'])).toEqual({ ok: true, value: JSON.parse(json) });
  });

  it('is none where a name doubles the mark', () => {
    expect(read('a__b__c\nwiki**old** 1')).toEqual(['a__b__c', 'wiki**old** 1']);
  });

  it('is left alone where there is none', () => {
    const name = fc
      .stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ._&()-]{0,30}[A-Za-z0-9]$/)
      .filter((one) => !/^h[1-6]\. |(^|\W)_|_(\W|$)/.test(one));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), (names) => {
        expect(read(names.join('\n'))).toEqual(names);
      }),
    );
  });

  it.each(['*', '_', '[', '[a|', '{{', '{color:', '\\', '*a '])(
    'a megabyte of %s takes no time that grows with its square',
    (part) => {
      // Quadratic time would outlast the limit of a test many times.
      expect(read(part.repeat(1_000_000 / part.length))).toEqual(expect.anything());
    },
  );
});

describe('a document', () => {
  it('of lists, links and emphasis is its text, one entry per block', () => {
    const link = { ...text('Payroll'), marks: [{ type: 'link', attrs: { href: 'https://pay.example' } }] };
    const value = document(
      paragraph(text('Ticket '), text('Desk', 'strong')),
      { type: 'bulletList', content: [item(paragraph(link)), item(paragraph(text('Wiki', 'em')))] },
      paragraph(text('A'), { type: 'hardBreak' }, text('B')),
      paragraph({ type: 'inlineCard', attrs: { url: 'https://a.example/x' } }),
      { type: 'paragraph' },
    );
    expect(read(value)).toEqual(['Ticket Desk', 'Payroll', 'Wiki', 'A', 'B', 'https://a.example/x']);
  });

  it('without content is blank', () => expect(read(document())).toEqual([]));

  it.each([
    ['struck-out words', paragraph(text('Wiki', 'strike'))],
    ['a picture', { type: 'mediaSingle', content: [{ type: 'media', attrs: { id: '1' } }] }],
    ['what is no node', paragraph('Wiki')],
  ])('with %s is a fault, as its rest would be a guess', (_, node) => {
    expect(read(document(paragraph(text('Payroll')), node))).toBe('holds what is no plain text');
  });

  it('that is nested without end is a fault', () => {
    let node: unknown = paragraph(text('Wiki'));
    for (let depth = 0; depth < 1000; depth += 1) node = { type: 'panel', content: [node] };
    expect(read(document(node))).toBe('holds what is no plain text');
  });
});

describe('the preset of Jira', () => {
  it.each(['applications to add', 'applications to remove', 'description'])('reads rich text in "%s"', (row) => {
    expect(PRESETS['jira-issue'].rows?.[row]?.transform?.[0]).toBe('jiraText');
  });
});
