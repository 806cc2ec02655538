import { describe, expect, it } from 'vitest';
import { answerAccepted } from '../../../../shared/accept/changes/accept-delivery.ts';
import type { AcceptPorts } from '../../../../shared/accept/changes/accept-ports.ts';
import { checkAcceptanceLimits, takeHourlyPlaces } from '../../../../shared/accept/changes/acceptance-limits.ts';
import type { RequestedChange } from '../../../../shared/accept/changes/read-changes.ts';
import {
  configurationSchema,
  type SourceConfiguration,
} from '../../../../shared/domain/configuration/configuration.ts';
import { refKey } from '../../../../shared/domain/lane/change-ref.ts';
import { WAITING_OFFSET } from '../../../../shared/domain/ledger/schedule.ts';
import { createFakeClock } from '../../../fakes/fake-clock.ts';
import { createMemoryLedger } from '../../../fakes/memory-ledger.ts';
import { aChange, anUpdate, aRef, TEST_LANE } from '../../../fakes/records.ts';

const MOST = 10_000;
const GRANT = { tenants: ['acme-test'], actions: ['update'], groups: ['*'] };
const CONFIGURATION = configurationSchema.parse({
  name: 'test',
  tenants: { 'acme-test': { customerId: '72057594037927936', vanity: 'acme', cloud: 'BETA' } },
  sources: { helpdesk: { system: 'Helpdesk', grants: [{ ...GRANT, changesPerHour: 20 }] } },
});
const SOURCE = CONFIGURATION.sources.helpdesk as SourceConfiguration;

const requested = (count: number, over: object = {}): RequestedChange[] =>
  Array.from({ length: count }, (_, index) => {
    const ref = aRef(`CHG1/${index}@A1`);
    const change = anUpdate({ idempotencyKey: ref.idempotencyKey, ...over });
    return { ref, change, ticket: { system: 'H', id: 'CHG1', approvals: [] }, fingerprint: 'f', grant: 0 };
  });

/** A lane whose open changes stand at these places, and whose last place is `last`. */
function limitsOf(open: { accepted?: number[]; waiting?: number[]; last?: number; unreadable?: boolean }) {
  const clock = createFakeClock();
  const memory = createMemoryLedger();
  const records = [
    ...(open.accepted ?? []).map((sequence) => aChange({ sequence, state: 'queued' })),
    ...(open.waiting ?? []).map((sequence) => aChange({ sequence, state: 'scheduled', scheduledFor: 1 })),
  ];
  const placeOf = ({ sequence, state }: (typeof records)[number]) =>
    state === 'scheduled' ? sequence + WAITING_OFFSET : sequence;
  const pages: number[] = [];
  const ledger = {
    ...memory,
    async openChanges(_: string, limit: number, after = 0, take?: (one: { place: number }) => void) {
      pages.push(after);
      const page = records.filter((one) => placeOf(one) > after).slice(0, limit);
      if (!open.unreadable) return page;
      if (take === undefined) throw new Error('a record cannot be read');
      for (const one of page) take({ place: placeOf(one) });
      return [];
    },
    lastSequence: async (lane: string) => (lane === TEST_LANE ? (open.last ?? 0) : memory.lastSequence(lane)),
  };
  const ports = { ledger, clock, configuration: CONFIGURATION } as unknown as AcceptPorts;
  const check = (fresh: RequestedChange[]) => checkAcceptanceLimits(ports, SOURCE, 'helpdesk', fresh);
  const accept = async (fresh: RequestedChange[]) =>
    (await check(fresh)) ?? (await takeHourlyPlaces(ports, SOURCE, 'helpdesk', fresh));
  return { check, accept, clock, pages };
}

const places = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const codeOf = (answer: { body: string } | undefined) => answer && JSON.parse(answer.body).code;
const LATER = { notBefore: '2099-01-01T00:00:00Z' };

describe('the limit of a lane', () => {
  it('lets exactly as many changes wait as it says', async () => {
    expect(await limitsOf({ accepted: places(MOST - 2), last: MOST - 2 }).check(requested(2))).toBeUndefined();
    const full = limitsOf({ accepted: places(MOST - 1), last: MOST - 1 });
    const refusal = await full.check(requested(2));
    expect(codeOf(refusal)).toBe('lane-full');
    expect(refusal?.headers['retry-after']).toBe('300');
    expect(refusal?.body).toContain('More than 10000 changes would be waiting');
  });

  it('counts only a wide span, and then what is open in it', async () => {
    const narrow = limitsOf({ accepted: [5], last: MOST + 2 });
    expect(await narrow.check(requested(2))).toBeUndefined();
    expect(narrow.pages).toEqual([0]);
    const wide = limitsOf({ accepted: [...places(MOST - 2), 99_999], last: 99_999 });
    expect(codeOf(await wide.check(requested(2)))).toBe('lane-full');
    const sparse = limitsOf({ accepted: [...places(MOST - 3), 99_999], last: 99_999 });
    expect(await sparse.check(requested(2))).toBeUndefined();
  });

  it('is one for changes before the worker, and one for those that wait for their time', async () => {
    const all = { accepted: places(MOST), waiting: [99_999], last: 99_999 };
    expect(codeOf(await limitsOf(all).check(requested(1)))).toBe('lane-full');
    expect(await limitsOf(all).check(requested(1, LATER))).toBeUndefined();
    const waiting = { accepted: [20_000], waiting: places(MOST), last: 20_000 };
    expect(codeOf(await limitsOf(waiting).check(requested(1, LATER)))).toBe('lane-full');
    expect(await limitsOf(waiting).check(requested(1))).toBeUndefined();
    expect(await limitsOf({ waiting: places(MOST), last: 20_000 }).check(requested(1))).toBeUndefined();
  });

  it('counts open changes whose records cannot be read', async () => {
    const one = limitsOf({ accepted: [1], last: MOST + 5, unreadable: true });
    expect(await one.check(requested(1))).toBeUndefined();
    const full = limitsOf({ accepted: places(MOST), waiting: [1], last: MOST, unreadable: true });
    expect(codeOf(await full.check(requested(1)))).toBe('lane-full');
    expect(await full.check(requested(1, LATER))).toBeUndefined();
  });

  it('counts of a delivery both kinds', async () => {
    const { check } = limitsOf({ waiting: places(MOST), last: MOST });
    expect(codeOf(await check([...requested(1), ...requested(1, LATER)]))).toBe('lane-full');
  });
});

describe('the hourly limit of a grant', () => {
  it('is that of the clock hour, and says when the next one begins', async () => {
    const { accept, clock } = limitsOf({});
    expect(await accept(requested(15))).toBeUndefined();
    expect(await accept(requested(5))).toBeUndefined();
    await clock.advance(60_000);
    const refusal = await accept(requested(1));
    expect(codeOf(refusal)).toBe('rate-exceeded');
    const left = 3600 - (Math.floor(clock.now() / 1000) % 3600);
    expect(refusal?.headers['retry-after']).toBe(String(left));
    await clock.advance(left * 1000);
    expect(await accept(requested(20))).toBeUndefined();
  });

  it('refuses a delivery that can never fit, and takes nothing for one that does not fit now', async () => {
    const { accept } = limitsOf({});
    const never = await accept(requested(21));
    expect(codeOf(never)).toBe('not-permitted');
    expect(never?.body).toContain('may send 20 of these changes per hour, and the delivery has 21');
    expect(await accept(requested(15))).toBeUndefined();
    expect(codeOf(await accept(requested(6)))).toBe('rate-exceeded');
    expect(await accept(requested(5))).toBeUndefined();
  });
});

describe('the answer to an accepted delivery', () => {
  const at = Date.UTC(2026, 11, 2, 10);
  const answerOf = (requests: RequestedChange[], records: ReturnType<typeof aChange>[]) => {
    const tokens = new Map(requests.map(({ ref }) => [refKey(ref), `t-${ref.idempotencyKey.charAt(5)}`]));
    return answerAccepted(requests, { records, fresh: 0, tokens }, 'https://front.example.org');
  };

  it('has the state of each change, the time of one that waits, and for one change its place', () => {
    const [first, second] = requested(2);
    if (first === undefined || second === undefined) throw new Error('two were requested');
    const scheduled = aChange({ ref: second.ref, state: 'scheduled', scheduledFor: at });
    const both = answerOf([first, second], [aChange({ ref: first.ref, state: 'queued', scheduledFor: at }), scheduled]);
    expect(JSON.parse(both.body).changes).toEqual([
      { ...named(first), state: 'queued', statusUrl: 'https://front.example.org/changes/t-0' },
      {
        ...{ ...named(second), state: 'scheduled', scheduledFor: '2026-12-02T10:00:00.000Z' },
        statusUrl: 'https://front.example.org/changes/t-1',
      },
    ]);
    expect(both.headers).not.toHaveProperty('location');
    expect(answerOf([second], [scheduled]).headers.location).toBe('https://front.example.org/changes/t-1');
  });

  const named = ({ ref }: RequestedChange) => ({ idempotencyKey: ref.idempotencyKey, tenant: ref.tenant });
});
