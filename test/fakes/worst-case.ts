import { MAX_APPLICATIONS, MAX_CHANGE_BYTES, MAX_REQUESTED_WITH } from '../../shared/domain/change/change.ts';
import type { FailureRecord, OutcomeNotice } from '../../shared/domain/ledger/message.ts';
import { truncateOutcome } from '../../shared/domain/ledger/truncation.ts';
import type { Outcome, Reach } from '../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { jsonBytes } from '../../shared/domain/text/truncate-text.ts';
import { aChange, anApplied, anApproved, anUpdate, aRef, aRejected } from './records.ts';

/** The largest that the contract accepts, with the longest texts about it. */

const ids = (count: number, from: bigint) => Array.from({ length: count }, (_, i) => String(from + BigInt(i)));
/** Three bytes a character in UTF-8, the most a UTF-16 unit can take. */
const wide = (length: number) => '漢'.repeat(length);
/** Six bytes a character in JSON. */
const control = (length: number) => '\u0001'.repeat(length);

const KEY = '#'.repeat(200);
const FROM = 18446744073709540000n;

/** An update of 64 KiB to the byte, with 1,000 application ids of 20 digits. */
export function largestChange() {
  const half = MAX_APPLICATIONS / 2;
  const list = (from: bigint) => ids(half, from).map((id) => ({ id }));
  const build = (filler: number) =>
    anUpdate({
      idempotencyKey: KEY,
      set: { name: wide(255), description: wide(4000), enabled: true },
      applications: { add: list(FROM), remove: list(FROM + 1000n) },
      expect: { members: { hasNot: [{ name: '"'.repeat(filler) }] } },
    });
  const room = MAX_CHANGE_BYTES - jsonBytes(build(0));
  return build(Math.floor(room / 2));
}

function largestTicket(): ChangeRecord['ticket'] {
  return {
    system: wide(64),
    id: wide(200),
    url: `https://tickets.example/${'"'.repeat(1970)}`,
    requestedBy: control(320),
    requestedWith: Array.from({ length: MAX_REQUESTED_WITH }, () => control(320)),
    approvals: Array.from({ length: 50 }, () => ({ by: control(320), at: '2026-12-01T08:00:00Z', ref: wide(200) })),
  };
}

export function largestRejection(): Extract<Outcome, { kind: 'rejected' }> {
  return aRejected({
    sentence: wide(100_000),
    remedy: wide(10_000),
    path: wide(10_000),
    zpaError: {
      code: 'unknown',
      class: 'unknown',
      scope: 'change',
      effect: 'unknown',
      status: 500,
      zpaId: wide(5_000),
      reason: control(200_000),
      params: Array.from({ length: 1000 }, () => wide(1000)),
      call: wide(3_000),
    },
    details: {
      candidates: Array.from({ length: 3000 }, (_, i) => ({ id: String(FROM + BigInt(i)), name: wide(255) })),
      live: { description: control(50_000), members: ids(10_000, FROM) },
      count: Number.NaN,
      nothing: undefined,
    },
  });
}

/** A scan of a tenant whose rules all name the group. */
function largestReach(): Reach {
  const applications = ids(1000, FROM).map((id) => ({ id, name: wide(255) }));
  const rule = {
    policyType: 'CLIENTLESS_SESSION_PROTECTION_POLICY',
    ruleId: String(FROM),
    ruleName: wide(255),
    ruleOrder: '1000',
    microtenantId: String(FROM),
    action: wide(255),
    disabled: false,
    gains: { count: 1000, sure: 'yes', applications },
    loses: { count: 1000, sure: 'yes', applications },
    exposes: 'yes',
    interrupts: 'yes',
  } as const;
  const rules = Array.from({ length: 500 }, () => structuredClone(rule));
  return { status: 'checked', summary: wide(10_000), rules, ruleCount: 500, asOf: 1_796_112_000_000 };
}

export function largestApplied(): Extract<Outcome, { kind: 'applied' }> {
  const summary = { name: wide(255), description: wide(4000), enabled: true, applicationCount: 9000 };
  return anApplied({
    effect: {
      groupId: String(FROM),
      before: summary,
      after: { ...summary, enabled: false },
      added: ids(1000, FROM),
      removed: ids(9000, FROM + 1000n),
    },
    approved: anApproved({
      fields: { name: wide(255), description: wide(4000), enabled: true },
      members: { has: [], hasNot: [], exactly: ids(1000, FROM) },
    }),
    reach: largestReach(),
    overtaken: Array.from({ length: 300 }, () => ({ field: wide(20), expected: wide(4000), found: wide(4000) })),
  });
}

/** Its past went through the ledger before, and was cut there. */
export function largestRecord(outcome: Outcome = largestRejection()): ChangeRecord {
  const past = truncateOutcome(largestRejection());
  return aChange({
    ref: aRef(KEY, { source: 's'.repeat(64), tenant: 't'.repeat(64) }),
    microtenantId: '18446744073709551615',
    change: largestChange(),
    ticket: largestTicket(),
    sequence: Number.MAX_SAFE_INTEGER,
    state: 'settled',
    outcome,
    pending: ['desired', 'dlq', 'sns'],
    history: Array.from({ length: 20 }, () => past),
    failed: outcome.kind === 'rejected',
  });
}

export function largestFailure(): FailureRecord {
  const { ref, change, ticket } = largestRecord();
  return {
    schemaVersion: 1,
    ref,
    generation: 20,
    rejection: largestRejection(),
    ticket,
    change,
    attempts: 1000,
    acceptedAt: 0,
    failedAt: 0,
    correlationId: 'correlation-1',
  };
}

export function largestNotice(outcome: Outcome): OutcomeNotice {
  const { ref, ticket } = largestRecord();
  return { schemaVersion: 1, ref, generation: 20, action: 'update', ticket, outcome, correlationId: 'correlation-1' };
}
