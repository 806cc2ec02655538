import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../../shared/domain/drift/report.ts';
import {
  afterTicketStep,
  commentMarker,
  type DriftTicket,
  inSource,
  nextTicketStep,
  noDriftTicket,
  openMarker,
  withoutTicket,
} from '../../../../../shared/domain/drift/ticket/drift-ticket.ts';
import { fitsItem, MAX_ITEM_BYTES } from '../../../../../shared/domain/ledger/size-limits.ts';
import { aFinding, aSurvey } from '../../sample-drift.ts';

const NONE = noDriftTicket('BETA:1', 'acme');
const at = (hour: number) => `2026-12-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
const other = aFinding({ id: 'D-ffffffff' });

/** A report of an hour, and what becomes of the record; `ids` of the tickets are in the order of opening. */
function step(known: DriftTicket, hour: number, findings: Finding[], complete = true): [string, DriftTicket] {
  const report = aSurvey({ startedAt: at(hour), findings, complete });
  const next = nextTicketStep(known, report);
  if (next === 'seen') return [next, known];
  const opened = next === 'open' ? { ticket: `OPS-${known.closed + 1}`, source: 'jira' } : undefined;
  return [next, afterTicketStep(known, report, next, opened)];
}

/** The steps of reports in a row, and the record at the end. */
function play(...reports: [findings: Finding[], complete?: boolean][]): [string[], DriftTicket] {
  const steps: string[] = [];
  let known = NONE;
  for (const [hour, [findings, complete]] of reports.entries()) {
    const [next, record] = step(known, hour, findings, complete);
    steps.push(next);
    known = record;
  }
  return [steps, known];
}

describe('the ticket of a tenant', () => {
  it('is opened by drift, commented where findings differ, and closed when clean', () => {
    const one = aFinding();
    const [still, otherStill] = [aFinding({ state: 'still' }), { ...other, state: 'still' as const }];
    const [steps, end] = play([[]], [[one]], [[still]], [[still, other]], [[otherStill]], [[]], [[]]);
    expect(steps).toEqual(['nothing', 'open', 'nothing', 'comment', 'comment', 'close', 'nothing']);
    expect(end).toEqual({ ...NONE, closed: 1, toldUntil: at(6) });
  });

  it('is commented where somebody edits further what it tells', () => {
    expect(play([[aFinding()]], [[aFinding({ state: 'still' })]], [[aFinding({ after: 'edited again' })]])[0]).toEqual([
      'open',
      'nothing',
      'comment',
    ]);
  });

  it('is not commented day by day though every application segment of a large tenant differs', () => {
    const all = (state: Finding['state']) =>
      Array.from({ length: 6500 }, (_, nth) => aFinding({ id: `D-${String(nth).padStart(8, '0')}`, state }));
    const [steps, end] = play([all('new')], [all('still')], [all('still')]);
    expect(steps).toEqual(['open', 'nothing', 'nothing']);
    expect(fitsItem(end, MAX_ITEM_BYTES)).toBe(true);
  });

  it('stays open while a finding of it is in a microtenant that nobody asks for any more', () => {
    const [, open] = play([[aFinding()]]);
    const clean = aSurvey({ startedAt: at(5), unchecked: [aFinding()] });
    expect(nextTicketStep(open, clean)).toBe('nothing');
    const { group, ...rest } = aFinding();
    const foreign = { ...rest, group: { ...group, tenant: 'globex' } };
    expect(nextTicketStep(open, { ...clean, unchecked: [foreign] })).toBe('close');
  });

  it('is another one after it was closed', () => {
    const [steps, end] = play([[aFinding()]], [[]], [[aFinding()]]);
    expect(steps).toEqual(['open', 'close', 'open']);
    expect(end.ticket).toBe('OPS-2');
    expect(openMarker(end)).not.toBe(openMarker(NONE));
  });

  it('stays open while something could not be read', () => {
    expect(play([[aFinding()]], [[], false], [[]])[0]).toEqual(['open', 'nothing', 'close']);
  });

  it('stays open while changes are at work on a finding, which may fail', () => {
    const inFlight = aFinding({ state: 'in-flight' });
    expect(play([[aFinding()]], [[inFlight]], [[aFinding()]], [[inFlight]], [[]])[0]).toEqual([
      ...['open', 'nothing', 'comment', 'nothing', 'close'],
    ]);
  });

  it('is about what needs a person, of this tenant alone', () => {
    const elsewhere = aFinding({ group: { ...aFinding().group, tenant: 'globex' } });
    const muted = [aFinding({ state: 'ignored' }), aFinding({ state: 'in-flight' }), elsewhere];
    expect(play([muted])[0]).toEqual(['nothing']);
    expect(play([[aFinding()]], [[aFinding({ state: 'ignored' })]])[0]).toEqual(['open', 'close']);
  });

  it('is not told by a report that comes again or late', () => {
    const [, known] = play([[aFinding()]], [[aFinding(), other]]);
    expect(step(known, 1, [aFinding(), other])[0]).toBe('seen');
    expect(step(known, 0, [aFinding()])[0]).toBe('seen');
  });

  it('is another one in another ticket system', () => {
    const [, known] = play([[aFinding()]]);
    expect(inSource(known, 'jira')).toBe(known);
    expect(inSource(known, 'servicenow')).toMatchObject({ findings: [], closed: 1 });
    expect(inSource(known, 'servicenow').ticket).toBeUndefined();
    expect(inSource(NONE, 'servicenow')).toBe(NONE);
  });

  it('that somebody deleted is opened anew, under another marker', () => {
    const [, known] = play([[aFinding()]]);
    const gone = withoutTicket(known);
    expect(openMarker(gone)).not.toBe(openMarker(known));
    expect(nextTicketStep(gone, aSurvey({ startedAt: at(9), findings: [aFinding()] }))).toBe('open');
  });
});

it('markers are those of the lane, the tenant and the report', () => {
  const report = aSurvey({ startedAt: at(1) });
  const markers = [
    openMarker(NONE),
    openMarker(noDriftTicket('BETA:2', 'acme')),
    openMarker(noDriftTicket('BETA:1', 'globex')),
    commentMarker(NONE, report),
    commentMarker(NONE, aSurvey({ startedAt: at(2) })),
  ];
  expect(new Set(markers).size).toBe(markers.length);
  for (const marker of markers) expect(marker).toMatch(/^[A-Za-z0-9._:/@-]{8,78}$/);
});
