import { describe, expect, it } from 'vitest';
import { sweepActionFor } from '../../../../shared/domain/ledger/overdue.ts';
import { TIMING } from '../../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { aChange, anApplied } from '../../../fakes/records.ts';

const NOW = 1_800_000_000_000;
const minute = 60_000;
const sweeping = (over: Partial<ChangeRecord>, position = 0) => sweepActionFor(aChange(over), position, NOW, TIMING);
const ago = (ms: number) => NOW - ms;

describe('the sweeper, for one open change,', () => {
  it('sends what was accepted and not sent for a minute', () => {
    const accepted = (acceptedAt: number) => sweeping({ state: 'accepted', acceptedAt });
    expect([ago(minute), ago(minute - 1)].map(accepted)).toEqual(['send', 'nothing']);
  });

  it('sends what a try of this minute did not mark', () => {
    const tried = (sentAt: number) => sweeping({ state: 'accepted', acceptedAt: ago(5 * minute), sentAt });
    expect([ago(minute), ago(minute - 1)].map(tried)).toEqual(['send', 'nothing']);
  });

  it('sends what was released and not sent since', () => {
    const released = (releasedAt: number) =>
      sweeping({ state: 'queued', acceptedAt: ago(90 * minute), sentAt: ago(80 * minute), releasedAt }, 50);
    expect([ago(minute), ago(minute - 1)].map(released)).toEqual(['send', 'nothing']);
  });

  it('leaves alone what waits for its time', () => {
    expect(sweeping({ state: 'scheduled', acceptedAt: ago(90 * minute) })).toBe('nothing');
  });

  it('rings for the ten lowest when nothing moved for half an hour', () => {
    const silent = (ms: number, position: number) =>
      sweeping({ state: 'queued', acceptedAt: ago(ms + minute), sentAt: ago(ms) }, position);
    expect(silent(30 * minute, 0)).toBe('send');
    expect(silent(30 * minute - 1, 0)).toBe('nothing');
    expect([9, 10].map((position) => silent(31 * minute, position))).toEqual(['send', 'nothing']);
  });

  it('renews a message a day before the queue forgets it', () => {
    const day = 24 * 60 * minute;
    const old = (ms: number) => sweeping({ state: 'queued', acceptedAt: ago(20 * day), sentAt: ago(ms) }, 500);
    expect([13 * day, 13 * day - 1].map(old)).toEqual(['send', 'nothing']);
  });

  it('finishes the sends that a settled change has owed for a minute', () => {
    const settled = (at: number, pending: ChangeRecord['pending']) =>
      sweeping({ state: 'settled', outcome: anApplied({ at }), pending });
    expect(settled(ago(minute), ['sns'])).toBe('finish');
    expect(settled(ago(minute - 1), ['sns'])).toBe('nothing');
    expect(settled(ago(minute), [])).toBe('nothing');
  });

  it('completes a cancellation that was asked for a minute ago, whatever the change waits for', () => {
    const asked = (at: number, generation = 1) =>
      sweeping({ state: 'scheduled', cancelRequest: { generation, by: 'lena', reason: 'withdrawn', at } });
    expect([ago(minute), ago(minute - 1)].map((at) => asked(at))).toEqual(['cancel', 'nothing']);
    expect(asked(ago(minute), 7)).toBe('nothing');
  });
});
