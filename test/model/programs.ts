import { applyBatch } from '../../functions/apply/apply-batch.ts';
import { sweepLanes } from '../../functions/sweep/sweep-lanes.ts';
import { acceptInOrder, enqueue } from '../../shared/accept/changes/write-change.ts';
import { fingerprint } from '../../shared/domain/change/fingerprint.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';

import { redriveChange } from '../../shared/ledger/redrive-change.ts';
import { createRuleReadings } from '../../shared/reading/read-rules.ts';
import { createMemoryKnownLanes } from '../fakes/memory-known-lanes.ts';
import { type Desk, ledgerOf, logOf, type Program, zpaOf } from './program.ts';
import { type Asked, refOf, requestOf } from './tenant.ts';
import type { Message } from './world.ts';

/** The real functions as processes of the model. */

export function workerProgram(batch: readonly Message[]): Program {
  return async (desk) => {
    const { ask, clock, chance, configuration, timing, remainingMs, signal } = desk;
    const ports = {
      ...outboxOf(desk),
      ruleReadings: createRuleReadings(clock, timing.rulesKeptMs),
      zpaFor: (_tenant: string, limiter: Parameters<typeof zpaOf>[1]) => zpaOf(desk, limiter),
      deferral: {
        defer: (receipts: readonly { messageId: string }[], delayMs: number) =>
          ask<string[]>({ to: 'queue.defer', ids: receipts.map((one) => one.messageId), delayMs }),
      },
      ...{ clock, chance, configuration, timing, log: logOf(desk), meter: logOf(desk) },
    };
    const records = batch.map(({ id, body }) => ({ messageId: id, receiptHandle: id, body, receiveCount: 1 }));
    return applyBatch(ports, records, { remainingMs, signal });
  };
}

export const sweeperProgram: Program = async (desk) => {
  const { clock, configuration, timing, signal } = desk;
  const knownLanes = createMemoryKnownLanes();
  const ports = { ...outboxOf(desk), knownLanes, clock, configuration, timing, log: logOf(desk), meter: logOf(desk) };
  await sweepLanes(ports, signal);
  return [];
};

/** One delivery: each change is accepted, then one message is sent for all. */
export function ingestProgram(asked: Readonly<Record<string, Asked>>): Program {
  return async (desk) => {
    const { queue, ledger } = outboxOf(desk);
    const ingest = {
      knownLanes: createMemoryKnownLanes(),
      ...{ ledger, queue, configuration: desk.configuration, timing: desk.timing, clock: desk.clock },
      ...{ chance: { id: () => 'c' }, log: logOf(desk), meter: logOf(desk) },
      secrets: { read: () => Promise.reject(new Error('no secret is needed')) },
    };
    const fresh = Object.entries(asked).map(([key, one]) => {
      const change = requestOf(key, one);
      const ticket = { system: 'Desk', id: key, approvals: [] };
      return { ref: refOf(key), change, ticket, fingerprint: fingerprint(change), grant: 0 };
    });
    const known: (ChangeRecord | undefined)[] = [];
    for (const { ref } of fresh) known.push(await ledger.readChange(ref));
    const entered = await acceptInOrder(
      ingest,
      fresh.filter((_, index) => known[index] === undefined),
    );
    await enqueue(ingest, [...known.filter((one) => one !== undefined), ...entered.records]);
    return [];
  };
}

export function redriveProgram(key: string, generation: number): Program {
  return async (desk) => {
    const { clock, configuration } = desk;
    await redriveChange({ ...outboxOf(desk), clock, configuration }, refOf(key), generation);
    return [];
  };
}

function outboxOf(desk: Desk) {
  const { ask } = desk;
  return {
    ledger: ledgerOf(desk),
    queue: { send: (messages: Sent) => ask<void>({ to: 'queue.send', messages }) },
    failures: { send: (failure: Failed) => ask<void>({ to: 'failures.send', failure }) },
    outcomes: { publish: (notice: Told) => ask<void>({ to: 'outcomes.publish', notice }) },
  };
}

type Of<To extends string> = Extract<import('./call.ts').Call, { to: To }>;
type Sent = Of<'queue.send'>['messages'];
type Failed = Of<'failures.send'>['failure'];
type Told = Of<'outcomes.publish'>['notice'];
