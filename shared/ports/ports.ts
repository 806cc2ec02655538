import type { Application, GroupReading, RuleScan, SegmentGroup } from '../domain/group/group.ts';
import type { IsEnough, RuleList, SkippedType } from '../domain/group/policy-rule.ts';
import type { ChangeRef, Lane } from '../domain/lane/change-ref.ts';
import type { ChangeMessage, FailureRecord, OutcomeNotice } from '../domain/ledger/message.ts';
import type {
  ChangeRecord,
  ClaimHolder,
  KeyClaim,
  RejectedMember,
  StatusLink,
} from '../domain/records/change-record.ts';
import type { DesiredGroup } from '../domain/records/desired-group.ts';
import type { ZpaWrite } from '../domain/records/intent.ts';
import type { LaneRecord } from '../domain/records/lane-record.ts';
import type { DeliveryRecord } from '../domain/source/replay-protection.ts';

/**
 * The external services of the core. `shared/zpa` and `shared/aws` implement them and do not know each other; tests
 * implement them in memory. Every method is one external call that may be the last one before a crash. All of them reject
 * with an Error that has a stable `code` and a `cause`; expected results are in the return type instead.
 */

/** A conditional write: `written: false` answers the stored record, read consistently. */
export type Written<T> = { written: true } | { written: false; found: T | undefined };

/** The version that a conditional write expects where no record is stored. */
export const ABSENT = 0;

/** A record that cannot be read: its key in the table. */
export type UnreadableRecord = { key: string; why: string };

export type UnreadableDesired = UnreadableRecord & { groupId: string };

/** An open change whose record cannot be read: its `openPlace`, and its request if that can be read. */
export type UnreadableChange = UnreadableRecord & {
  place: number;
  request?: Pick<ChangeRecord, 'ref' | 'change'> | undefined;
};

export type Ledger = {
  /**
   * Takes `count` places of the lane at once; answers the first (atomic counter). A counter with `keptUntil` (epoch ms) is
   * deleted after that instant.
   */
  takeSequences(lane: Lane, count: number, keptUntil?: number): Promise<number>;
  /** The highest place given out so far; 0 before the first. */
  lastSequence(lane: Lane): Promise<number>;
  /** Consistent read. */
  readChange(ref: ChangeRef): Promise<ChangeRecord | undefined>;
  /**
   * Writes `record` with version `expected + 1` if the stored version is `expected` (`ABSENT`: none stored). Carries a
   * unique write token: an answer lost on the way and repeated by the SDK counts as written, not as a conflict.
   */
  writeChange(record: ChangeRecord, expected: number): Promise<Written<ChangeRecord>>;
  /** Takes a key for a change unless another change has it, in one conditional write; answers the claim that has it. */
  claimKey(claim: KeyClaim): Promise<ClaimHolder>;
  /** The claim that has a key. Consistent read. */
  readClaim(key: string): Promise<ClaimHolder | undefined>;
  /**
   * The lane's open changes (unsettled, or settled and owing sends), lowest sequence first, from a consistent query;
   * those above `after`, at most `limit`. Scheduled ones come after all others: `after` is an `openPlace`. Rejects for a record
   * that cannot be read, unless `onUnreadable` takes it; then it counts against `limit` and is not among the answered.
   */
  openChanges(
    lane: Lane,
    limit: number,
    after?: number,
    onUnreadable?: (one: UnreadableChange) => void,
  ): Promise<ChangeRecord[]>;
  /**
   * Rejected changes neither redriven nor discarded, lowest sequence first. Rejects for a record that cannot be read, unless
   * `onUnreadable` takes it.
   */
  failedChanges(lane: Lane, onUnreadable?: (one: UnreadableRecord) => void): AsyncIterable<ChangeRecord>;
  /**
   * Those of `failedChanges` with a lower sequence than `before`, highest first, at most `limit`; a consistent query. One that
   * cannot be read is left out.
   */
  failuresBefore(lane: Lane, before: number, limit: number): Promise<ChangeRecord[]>;
  /** Consistent read; a lane that was never written is `newLane(lane)` with version 0. */
  readLane(lane: Lane): Promise<LaneRecord>;
  /** As `writeChange`. */
  writeLane(record: LaneRecord, expected: number): Promise<Written<LaneRecord>>;
  /** Consistent read. */
  readDesired(lane: Lane, groupId: string): Promise<DesiredGroup | undefined>;
  /** As `writeChange`. */
  writeDesired(record: DesiredGroup, expected: number): Promise<Written<DesiredGroup>>;
  /**
   * Rejects for a record that cannot be read, unless `onUnreadable` takes it. `known`: records of an earlier list by group id;
   * one that was not written since is answered as it is, and need not be read.
   */
  listDesired(
    lane: Lane,
    onUnreadable?: (one: UnreadableDesired) => void,
    known?: ReadonlyMap<string, DesiredGroup>,
  ): AsyncIterable<DesiredGroup>;
  /** Idempotent: the same member twice is one. */
  putRejectedMember(member: RejectedMember): Promise<void>;
  /** Members of the set that were rejected at any time. From a consistent query. */
  rejectedMembers(lane: Lane, set: string): Promise<ChangeRef[]>;
  /** Idempotent: the same link twice is one link. */
  putStatusLink(link: StatusLink): Promise<void>;
  /** Does not check `expiresAt`; the caller does, by its clock. */
  readStatusLink(hash: string): Promise<StatusLink | undefined>;
  /** Stores the record of a delivery's body. As `writeChange`; a record past its `keptUntil` may still be stored. */
  writeDelivery(record: DeliveryRecord, expected: number): Promise<Written<DeliveryRecord>>;
};

/** The query of the functions that process tickets. */
export type TicketChanges = {
  /**
   * Every change of this source and tenant whose key has the prefix, also settled ones, by key. From a consistent query.
   * Rejects for a record that cannot be read, unless `onUnreadable` takes it.
   */
  changesOf(
    scope: Omit<ChangeRef, 'idempotencyKey'>,
    keyPrefix: string,
    onUnreadable?: (one: UnreadableRecord) => void,
  ): Promise<ChangeRecord[]>;
};

export type ChangeQueue = {
  /** Sends all messages or rejects; sending a message again is harmless. */
  send(messages: readonly ChangeMessage[]): Promise<void>;
};

/** One received record of `changes.fifo`. */
export type Receipt = { messageId: string; receiptHandle: string };
/** `receiveCount`: how often it was received, from 1. */
export type QueueRecord = Receipt & { body: string; receiveCount: number };

export type Deferral = {
  /** Hides the records for `delayMs`; answers the message ids that could not be hidden. */
  defer(receipts: readonly Receipt[], delayMs: number): Promise<string[]>;
};

export type Acknowledgement = {
  /** Takes records off the queue before the answer of their batch does; answers the message ids that stay until then. */
  acknowledge(receipts: readonly Receipt[]): Promise<string[]>;
};

export type FailureQueue = { send(failure: FailureRecord): Promise<void> };
/** Removes failures from the queue by `failureId`; answers how many it found. Best effort: the ledger is the index. */
export type FailureDrain = { remove(ids: readonly string[]): Promise<number> };
export type OutcomeTopic = { publish(notice: OutcomeNotice): Promise<void> };
/** Reports for people and programs: `text` for e-mail, `json` for the rest; `subject` is cut to 100 ASCII characters. */
export type ReportTopic = { publish(subject: string, text: string, json: unknown): Promise<void> };

/** `fresh` asks past the cache; `anewEveryMs` does so too, at most once in that time, however recently the text was read. */
export type SecretAge = { fresh?: boolean; anewEveryMs?: number };

/** Reads a secret's text, cached for a few minutes. Rejects with code `secret-missing`, which is cached for seconds. */
export type SecretReader = { read(name: string, options?: SecretAge): Promise<string> };

export type ReportStore = { put(key: string, body: string, contentType: string): Promise<{ url: string }> };

/** Epoch milliseconds, and waiting. `sleep` rejects with the signal's reason when it aborts. */
export type Clock = { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };

/** Unique ids and random numbers from 0 to below 1. */
export type Chance = { id(): string; random(): number };

/** Fields hold identifiers and counts only: never a body, header or secret. */
export type Log = {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
};
export type Meter = { count(name: string, value: number, dimensions?: Record<string, string>): void };

/** The kinds of objects that the product reads. */
export const PROBE_SUBJECTS = ['groups', 'applications', 'rules'] as const;
export type ProbeSubject = (typeof PROBE_SUBJECTS)[number];

type Call = { signal?: AbortSignal };
type Scoped = Call & { microtenantId?: string };
/** An object of a list that cannot be parsed; `id` and `name` as far as they can be read. */
export type UnreadableObject = { id?: string; name?: string; why: string };

export type ListOptions = Scoped & {
  /** 1 to 500 (ZPA's maximum); 500 by default. */
  pageSize?: number;
  maxItems?: number;
  maxPages?: number;
  /** ZPA's filter form, for example `enabled EQ true`. */
  search?: string;
  /**
   * Takes an object that cannot be parsed, once; it counts against `maxItems` and is not among the answered. Without it the
   * list rejects.
   */
  onUnreadable?: (one: UnreadableObject) => void;
};

/** `unknown`: policy types that need not be read, because the cloud does not know them, as another microtenant showed. */
export type RuleListOptions = { isEnough?: IsEnough | undefined; unknown?: readonly SkippedType[] };

/**
 * One ZPA tenant. Every method rejects with `ZpaError`, whose `fault` is a `ZpaFault`; nothing is retried inside except
 * once after a 401 with a fresh token. Calls wait for the budget they were built with.
 */
export type Zpa = {
  listGroups(options?: ListOptions): AsyncIterable<GroupReading>;
  /** Rejects with fault code `not-found` if there is none in this microtenant. */
  getGroup(id: string, options?: Scoped): Promise<GroupReading>;
  /** Every group whose decoded name is exactly `name`, case included and in any Unicode form. */
  findGroups(name: string, options?: Scoped): Promise<GroupReading[]>;
  getApplication(id: string, options?: Scoped): Promise<Application>;
  listApplications(options?: ListOptions): AsyncIterable<Application>;
  findApplications(name: string, options?: Scoped): Promise<Application[]>;
  listMicrotenants(options?: Call): Promise<{ id: string; name: string; enabled: boolean }[]>;
  /**
   * Every rule of the microtenant with its conditions about applications. Complete over all policy types, or it rejects;
   * types known as unlicensed are `skipped`, and one that showed a rule before is never taken for unlicensed. At least one read per policy type: 14.
   * It ends early with the policy type whose rules are enough, and counts those that it did not read.
   */
  listRules(options?: Scoped & RuleListOptions): Promise<RuleList>;
  /** The rules of `listRules` that name a group, at the same cost. */
  rulesNaming(groupId: string, options?: Scoped): Promise<RuleScan>;
  /**
   * One write, never repeated. Answers the id of the group. For `update` via v1 the full list is
   * `before.applicationIds` with the deltas applied. Nothing is sent after `sendBefore` (epoch ms): budget and token
   * may make a call wait, and then it rejects with fault code `too-late`, effect `none`.
   */
  write(
    write: ZpaWrite,
    before: SegmentGroup | null,
    options?: Call & { sendBefore?: number },
  ): Promise<{ groupId: string }>;
  /**
   * One cheap read, by default of groups, that only a healthy tenant answers; it distinguishes a tenant's fault from a change's. Of
   * another kind of object, it shows whether the credential may read it.
   */
  probe(options?: Call & { of?: ProbeSubject }): Promise<void>;
  /**
   * Digest of the id of the API client that made the last call, not of its secret; undefined before the first. Another client has
   * another stamp in `modifiedBy`.
   */
  clientKey?(): string | undefined;
};

/** The budget that a ZPA call waits for before it is sent. */
export type RateLimiter = {
  /** Resolves to a function to call once the call has its answer, or is given up. */
  take(kind: 'read' | 'write', signal?: AbortSignal): Promise<() => void>;
  /** ZPA answered 429: no call is sent before this time has passed. */
  obey(retryAfterMs: number): void;
};

/** Builds the client of a tenant on demand, its calls limited by `limiter`. */
export type ZpaFor = (tenant: string, limiter: RateLimiter) => Zpa;
