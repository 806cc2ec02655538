import { describe, expect, it } from 'vitest';
import { harmOf } from '../../../../../shared/domain/drift/by-harm.ts';
import { driftJson, latestKeys, reportKeys } from '../../../../../shared/domain/drift/render/report-files.ts';
import { countsLine, driftHeadline, verdictOf } from '../../../../../shared/domain/drift/render/report-summary.ts';
import type { Access, DriftReport, Finding } from '../../../../../shared/domain/drift/report.ts';
import { HOSTILE_NAMES } from '../../text/hostile-names.ts';
import { findingOf, sampleReport } from '../sample-report.ts';

const read = (exposes: boolean, interrupts: boolean): Access => ({
  ...{ read: 'read', exposes, interrupts, rules: [], ruleCount: 1 },
});
const unread: Access = { read: 'not-read', reason: 'deadline' };
const reportOf = (findings: Finding[], part: Partial<DriftReport> = {}) =>
  sampleReport({ findings, complete: true, ...part });

describe('the summary of a drift report', () => {
  it('states its figures in one line, and what is in flight only if something is', () => {
    expect(countsLine(sampleReport())).toBe('4 new · 3 still · 1 ignored · 1 in flight · 195 of 200 checked');
    expect(countsLine(reportOf([]))).toBe('0 new · 0 still · 0 ignored · 195 of 200 checked');
  });

  it('sorts a finding by the worst that it does, and never takes unread rules for harmless', () => {
    expect(harmOf(findingOf({ access: read(true, true) }))).toBe('exposes');
    expect(harmOf(findingOf({ access: read(false, true) }))).toBe('interrupts');
    expect(harmOf(findingOf({ access: read(false, false) }))).toBe('none');
    expect(harmOf(findingOf({ access: unread }))).toBe('unknown');
    expect(harmOf(findingOf())).toBe('none');
  });

  it.each<[Finding[], sentence: string, access: string | undefined]>([
    [[], 'Everything is as tickets approved it.', undefined],
    [
      [findingOf({ state: 'ignored' }), findingOf({ state: 'in-flight' })],
      'Everything is as tickets approved it, but for 1 ignored, 1 in flight.',
      undefined,
    ],
    [[findingOf()], '1 difference from what tickets approved.', 'It alters no access.'],
    [[findingOf(), findingOf()], '2 differences from what tickets approved.', 'None of them alters access.'],
    [[findingOf({ access: read(true, false) })], '1 difference from what tickets approved.', '1 opens access.'],
    [
      [findingOf({ access: read(false, true) }), findingOf({ access: unread }), findingOf({ state: 'still' })],
      '3 differences from what tickets approved.',
      '1 interrupts access, the effect of 1 on access is unknown.',
    ],
  ])('says in a sentence what a manager needs to know (%#)', (findings, sentence, access) => {
    expect(verdictOf(reportOf(findings))).toEqual({ sentence, access });
  });

  it('does not call a tenant clean in which there was nothing to compare', () => {
    const { coverage } = reportOf([]);
    const nothing = reportOf([], { coverage: { ...coverage, managed: 0 } });
    expect(verdictOf(nothing).sentence).toBe(
      'No segment group was approved by a ticket yet, so there is nothing to compare.',
    );
  });

  it('does not call a tenant clean of which something could not be read', () => {
    expect(verdictOf(reportOf([], { complete: false })).sentence).toBe(
      'Everything that could be checked is as tickets approved it.',
    );
    expect(verdictOf(reportOf([], { unchecked: [findingOf()] })).sentence).toBe(
      'Everything that could be checked is as tickets approved it.',
    );
    expect(driftHeadline(reportOf([], { complete: false }))).toBe(
      'acme-prod and 1 other tenant: no drift, 195 of 200 groups checked',
    );
  });

  it('has a headline for subjects, with new and still apart', () => {
    expect(driftHeadline(reportOf(sampleReport().findings))).toBe('acme-prod and 1 other tenant: 4 new, 3 still');
    expect(driftHeadline(reportOf([]))).toBe('acme-prod and 1 other tenant: no drift');
  });

  it('is about tenants, never about the key of a lane', () => {
    const of = (tenants: string[]) => driftHeadline(reportOf([], { tenants }));
    expect(of(['acme-prod'])).toBe('acme-prod: no drift');
    expect(of(['a', 'b', 'c'])).toBe('a and 2 other tenants: no drift');
    expect(of([])).toBe('ZPA customer 216196257331281920: no drift');
  });

  it.each(HOSTILE_NAMES)('keeps a headline one short line of ASCII, whatever the tenant is called (%#)', (name) => {
    expect(driftHeadline(reportOf([], { tenants: [name] }))).toMatch(/^[\x20-\x7e]{1,100}$/);
    expect(driftHeadline(reportOf([], { lane: name, tenants: [] }))).toMatch(/^[\x20-\x7e]{1,100}$/);
  });
});

describe('the files of a drift report', () => {
  it('stand by lane and time, with the latest beside them', () => {
    const folder = 'drift/PRODUCTION-216196257331281920';
    expect(reportKeys(sampleReport())).toEqual({
      dated: {
        json: `${folder}/20261201T060000Z.json`,
        markdown: `${folder}/20261201T060000Z.md`,
        html: `${folder}/20261201T060000Z.html`,
      },
      latest: { json: `${folder}/latest.json`, markdown: `${folder}/latest.md`, html: `${folder}/latest.html` },
    });
    expect(latestKeys('BETA:1').json).toBe('drift/BETA-1/latest.json');
  });

  it.each(HOSTILE_NAMES)('stay in their folder, whatever the lane is called (%#)', (lane) => {
    expect(reportKeys(sampleReport({ lane: `${lane}/../x` })).dated.html).toMatch(
      /^drift\/[A-Za-z0-9-]+\/20261201T060000Z\.html$/,
    );
  });

  it('hold the report as it is, for programs', () => {
    expect(JSON.parse(driftJson(sampleReport()))).toEqual(sampleReport());
  });
});
