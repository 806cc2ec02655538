import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import type { DriftReport } from '../../../../shared/domain/drift/report.ts';
import { type driftReportSchema, parseReport } from '../../../../shared/domain/drift/report-schema.ts';
import { findingOf, sampleReport } from './sample-report.ts';

/** A type with its intersections resolved, because the comparison takes `A & B` and the same fields in one type for different. */
type Flat<T> = T extends object ? { [K in keyof T]: Flat<T[K]> } : T;

describe('the schema of the drift report', () => {
  it('has exactly the type of the report, in what it takes and in what it gives', () => {
    expectTypeOf<Flat<z.output<typeof driftReportSchema>>>().toEqualTypeOf<Flat<DriftReport>>();
    expectTypeOf<Flat<z.input<typeof driftReportSchema>>>().toEqualTypeOf<Flat<DriftReport>>();
  });

  it('reads a report back as it was written', () => {
    for (const startedAfresh of ['no-earlier-report', 'earlier-report-unreadable'] as const) {
      const report = sampleReport({ startedAfresh });
      expect(parseReport(JSON.stringify(report))).toEqual(report);
    }
    expect(parseReport(JSON.stringify(sampleReport()))).not.toHaveProperty('startedAfresh');
  });

  it('reads a report with fields that a later release added', () => {
    const later = { ...sampleReport(), mood: 'good', coverage: { ...sampleReport().coverage, mood: 1 } };
    expect(parseReport(JSON.stringify(later))).toEqual(sampleReport());
  });

  it.each<[why: string, text: string]>([
    ['no JSON', '{"schemaVersion": 2, "lane": "PRODUC'],
    ['nothing', ''],
    ['no object', 'null'],
    ['an earlier version', JSON.stringify({ ...sampleReport(), schemaVersion: 1 })],
    ['a part that is absent', JSON.stringify({ ...sampleReport(), coverage: undefined })],
    ['a date that is none', JSON.stringify(sampleReport({ startedAt: 'yesterday' }))],
    [
      'a facet that is none',
      JSON.stringify(sampleReport({ findings: [{ ...findingOf(), facet: 'colour' as 'name' }] })),
    ],
    [
      'an id that a shell would interpret',
      JSON.stringify(sampleReport({ findings: [findingOf({ id: 'D-$(reboot)' })] })),
    ],
    ['a count below zero', JSON.stringify(sampleReport({ coverage: { ...sampleReport().coverage, live: -1 } }))],
  ])('takes no report with %s', (_, text) => {
    expect(parseReport(text)).toBeUndefined();
  });

  it('keeps a report whose writer has an odd stamp', () => {
    const odd = findingOf({ writer: { id: '1', at: '+046969-02-03T00:00:00Z', of: 'group', kind: 'unknown' } });
    expect(parseReport(JSON.stringify(sampleReport({ findings: [odd] })))?.findings).toEqual([odd]);
  });
});
