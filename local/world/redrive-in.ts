import { createChangeQueue } from '../../shared/aws/messaging/change-queue.ts';
import { createFailureQueue } from '../../shared/aws/messaging/failure-queue.ts';
import { createOutcomeTopic } from '../../shared/aws/messaging/outcome-topic.ts';
import type { ChangeRef } from '../../shared/domain/lane/change-ref.ts';
import type { RedriveDecision } from '../../shared/domain/ledger/redrive-decision.ts';
import { redriveChange } from '../../shared/ledger/redrive-change.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import type { World } from './world.ts';

/** Re-opens a rejected change at exactly this generation, as the CLI does. */
export function redriveIn(world: World, ref: ChangeRef, generation: number): Promise<RedriveDecision> {
  const { environment: env, configuration, ledger } = world;
  const ports = {
    ledger,
    configuration,
    clock: systemClock,
    queue: createChangeQueue({ env, queueUrl: env.CHANGES_QUEUE_URL ?? '' }),
    failures: createFailureQueue({ env, queueUrl: env.FAILURES_QUEUE_URL ?? '' }),
    outcomes: createOutcomeTopic({ env, topicArn: env.OUTCOMES_TOPIC_ARN ?? '' }),
  };
  return redriveChange(ports, ref, generation);
}
