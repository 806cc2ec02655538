import { describe, expect, it } from 'vitest';
import { keyOfLine, mayBeOfTicket } from '../../../../shared/domain/audit/audit-key.ts';
import { lineText, readLine, sealLine } from '../../../../shared/domain/audit/audit-line.ts';
import { outcomeLineOf } from '../../../../shared/domain/audit/outcome-line.ts';
import { TEST_START } from '../../../fakes/fake-clock.ts';
import { aChange, anApplied, aRef, aRejected } from '../../../fakes/records.ts';

const ticket = {
  system: 'Helpdesk',
  id: 'CHG0000001',
  requestedBy: 'rita@example.org',
  approvals: [{ by: 'anna@example.org', at: '2026-11-29T08:00:00Z', ref: 'APPR0007' }],
};
const day = new Date(TEST_START).toISOString().slice(0, 10);

describe('the line of an outcome', () => {
  const record = aChange({
    state: 'settled',
    ticket,
    generation: 2,
    settingsVersion: 7,
    history: [aRejected({ generation: 1, at: TEST_START, settingsVersion: 6 })],
    outcome: anApplied({ generation: 2, at: TEST_START + 1000, settingsVersion: 8 }),
  });

  it('says who asked, who approved what, what was written, before and after, and by which settings', () => {
    expect(outcomeLineOf(record, 2)?.line).toMatchObject({
      schemaVersion: 1,
      kind: 'outcome',
      at: new Date(TEST_START + 1000).toISOString(),
      ref: record.ref,
      generation: 2,
      ticket,
      change: { action: 'update', group: { name: 'Printers' } },
      fingerprint: record.fingerprint,
      settings: { acceptedBy: 7, settledBy: 8 },
      acceptedAt: new Date(record.acceptedAt).toISOString(),
      outcome: {
        kind: 'applied',
        writeId: expect.any(String),
        effect: { before: expect.anything(), after: expect.anything() },
      },
    });
  });

  it('of an earlier generation names its own settings alone, because the record holds those of the latest acceptance', () => {
    const { line } = outcomeLineOf(record, 1) ?? {};
    expect(line).toMatchObject({ generation: 1, settings: { settledBy: 6 }, outcome: { kind: 'rejected' } });
    expect(line?.settings).not.toHaveProperty('acceptedBy');
    expect(line).not.toHaveProperty('acceptedAt');
  });

  it('is none of a generation without an outcome', () => {
    expect(outcomeLineOf(aChange(), 1)).toBeUndefined();
    expect(outcomeLineOf(record, 3)).toBeUndefined();
  });
});

describe('the key of an outcome', () => {
  const settled = (overrides: Parameters<typeof aChange>[0] = {}) =>
    outcomeLineOf(aChange({ state: 'settled', outcome: anApplied({ at: TEST_START }), ...overrides }), 1)?.key ?? '';

  it('names day, lane, ticket, change and generation, in characters that every tool takes', () => {
    const key = settled();
    expect(key).toMatch(
      new RegExp(
        `^outcomes/${day}/BETA_72057594037927936/CHG0000001/CHG0000001_1@A1~[0-9a-f]{16}~1~\\d{6}\\.\\d{3}Z\\.json$`,
      ),
    );
    expect(mayBeOfTicket(key, 'CHG0000001')).toBe(true);
    expect(mayBeOfTicket(key, 'CHG0000002')).toBe(false);
  });

  it('keeps changes apart whose names look alike', () => {
    const keys = ['A/1', 'A_1', 'A:1'].map((key) => settled({ ref: aRef(key) }));
    expect(new Set(keys).size).toBe(3);
    expect(settled({ ref: aRef('A/1', { tenant: 'other' }) })).not.toBe(keys[0]);
  });

  it('keeps two outcomes of one generation apart, which a restored ledger may settle on one day', () => {
    const keys = [0, 1].map((later) => settled({ outcome: anApplied({ at: TEST_START + later }) }));
    expect(new Set(keys).size).toBe(2);
  });

  it('fits S3 with the longest names of the contract', () => {
    const ref = aRef('!'.repeat(200), { lane: 'L'.repeat(128), source: 's'.repeat(64), tenant: 't'.repeat(64) });
    const key = settled({ ref, ticket: { ...ticket, id: 'ü'.repeat(200) } });
    expect(Buffer.byteLength(key)).toBeLessThan(1024);
    expect(key).toMatch(/^[A-Za-z0-9._@~/-]+$/);
  });

  it.each(['.', '..'])('holds no relative path where a ticket is called %s', (id) => {
    const key = settled({ ticket: { ...ticket, id } });
    expect(key).not.toMatch(/\/\.+\//);
    expect(mayBeOfTicket(key, id)).toBe(true);
  });
});

describe('reading a line', () => {
  const { key, line } = outcomeLineOf(aChange({ state: 'settled', outcome: anApplied({ at: TEST_START }) }), 1) ?? {};
  if (line === undefined) throw new Error('there is a line');

  it('gives back what was written, at the key that the line implies', () => {
    const text = lineText(line);
    expect(text.trimEnd()).not.toContain('\n');
    expect(readLine(JSON.parse(text))).toEqual({ kind: 'line', line });
    expect(keyOfLine(line)).toBe(key);
  });

  it('notices content that is not that of the digest, and takes other forms for no line', () => {
    const altered = { ...line, ticket: { ...line.ticket, approvals: [{ by: 'mallory@example.org' }] } };
    expect(readLine(altered)).toEqual({ kind: 'altered' });
    expect(readLine({ ...line, schemaVersion: 2 })).toEqual({ kind: 'malformed' });
    expect(readLine('text')).toEqual({ kind: 'malformed' });
  });

  it('keeps fields that it does not know, under the digest', () => {
    const { digest: _, ...content } = line;
    const newer = sealLine({ ...content, approvedOn: 'paper' });
    expect(readLine(JSON.parse(JSON.stringify(newer)))).toEqual({ kind: 'line', line: newer });
    expect(readLine({ ...newer, approvedOn: 'air' })).toEqual({ kind: 'altered' });
  });
});
