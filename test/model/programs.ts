import { applyBatch } from '../../functions/apply/apply-batch.ts';
import { sweepLanes } from '../../functions/sweep/sweep-lanes.ts';
import { acceptInOrder, enqueue } from '../../shared/accept/changes/write-change.ts';
import { fingerprint } from '../../shared/domain/change/fingerprint.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { redriveChange } from '../../shared/ledger/redrive-change.ts';
import { createRuleReadings } from '../../shared/reading/read-rules.ts';
import { createMemoryKnownLanes } from '../fakes/memory-known-lanes.ts';
import { ledgerOf, logOf, type ModelPorts, type Program, zpaOf } from './program.ts';
import { type ChangeFields, refOf, requestOf } from './tenant.ts';
import type { Message } from './world.ts';

/** The real functions as processes of the model. */

export function workerProgram(batch: readonly Message[]): Program {
  return async (model) => {
    const { ask, clock, chance, configuration, timing, remainingMs, signal } = model;
    const ports = {
      ...outboxOf(model),
      ruleReadings: createRuleReadings(clock, timing.rulesKeptMs),
      zpaFor: (_tenant: string, limiter: Parameters<typeof zpaOf>[1]) => zpaOf(model, limiter),
      deferral: {
        defer: (receipts: readonly { messageId: string }[], delayMs: number) =>
          ask<string[]>({ to: 'queue.defer', ids: receipts.map((one) => one.messageId), delayMs }),
      },
      // The model has one lane, whose records are acknowledged by the batch's answer.
      acknowledgement: { acknowledge: () => Promise.reject(new Error('no other lane is worked')) },
      ...{ clock, chance, configuration, timing, log: logOf(model), meter: logOf(model) },
    };
    const records = batch.map(({ id, body }) => ({ messageId: id, receiptHandle: id, body, receiveCount: 1 }));
    return applyBatch(ports, records, { remainingMs, signal });
  };
}

export const sweeperProgram: Program = async (model) => {
  const { clock, configuration, timing, signal } = model;
  const knownLanes = createMemoryKnownLanes();
  const ports = {
    ...outboxOf(model),
    knownLanes,
    clock,
    configuration,
    timing,
    log: logOf(model),
    meter: logOf(model),
  };
  await sweepLanes(ports, signal);
  return [];
};

/** One delivery: each change is accepted, then one message is sent for all. */
export function ingestProgram(fields: Readonly<Record<string, ChangeFields>>): Program {
  return async (model) => {
    const { queue, ledger } = outboxOf(model);
    const ingest = {
      knownLanes: createMemoryKnownLanes(),
      ...{ ledger, queue, configuration: model.configuration, timing: model.timing, clock: model.clock },
      ...{ chance: { id: () => 'c' }, log: logOf(model), meter: logOf(model) },
      secrets: { read: () => Promise.reject(new Error('no secret is needed')) },
    };
    const fresh = Object.entries(fields).map(([key, one]) => {
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
  return async (model) => {
    const { clock, configuration } = model;
    await redriveChange({ ...outboxOf(model), clock, configuration }, refOf(key), generation);
    return [];
  };
}

function outboxOf(model: ModelPorts) {
  const { ask } = model;
  return {
    ledger: ledgerOf(model),
    queue: { send: (messages: Sent) => ask<void>({ to: 'queue.send', messages }) },
    failures: { send: (failure: Failed) => ask<void>({ to: 'failures.send', failure }) },
    outcomes: { publish: (notice: Notice) => ask<void>({ to: 'outcomes.publish', notice }) },
  };
}

type Of<To extends string> = Extract<import('./call.ts').Call, { to: To }>;
type Sent = Of<'queue.send'>['messages'];
type Failed = Of<'failures.send'>['failure'];
type Notice = Of<'outcomes.publish'>['notice'];
