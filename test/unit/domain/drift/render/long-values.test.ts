import { expect, it } from 'vitest';
import { driftMarkdown } from '../../../../../shared/domain/drift/render/markdown.ts';
import { driftHtml } from '../../../../../shared/domain/drift/render/page/drift-page.ts';
import { aFinding, aSurvey } from '../../sample-drift.ts';

it.each([
  ['words', 'region north, '],
  ['pairs of surrogates', '\u{1F600}'],
])('the end of a long value is shown where it alone differs, after %s', (_, repeated) => {
  const [before, after] = ['OLD', 'NEW'].map((end) => `${repeated.repeat(1500)}${end}`);
  const report = aSurvey({ findings: [aFinding({ before: before ?? '', after: after ?? '' })] });
  for (const text of [driftHtml(report), driftMarkdown(report)]) {
    expect(text).toContain('OLD');
    expect(text).toContain('NEW');
    expect(text.isWellFormed()).toBe(true);
  }
});

it('a value that only got longer is shown from shortly before its end', () => {
  const before = 'x'.repeat(3000);
  const report = aSurvey({ findings: [aFinding({ before, after: `${before} and more` })] });
  for (const text of [driftHtml(report), driftMarkdown(report)]) expect(text).toContain('and more');
});
