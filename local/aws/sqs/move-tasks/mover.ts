import { enqueue } from '../messages/enqueue.ts';
import type { MessageAttribute } from '../messages/md5.ts';
import { bringUpToDate } from '../messages/upkeep.ts';
import { findQueue, type MessageRow, nameOfArn, type SqsContext } from '../queues/queue.ts';
import type { MoveTask } from './move-tasks.ts';

/** Carries out message move tasks; those that were running when the process died go on at the next start. */
export type Mover = { wake(): void; close(): Promise<void> };

export function startMover(sqs: SqsContext): Mover {
  const closing = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let active = false;
  const wake = () => {
    if (active || closing.signal.aborted) return;
    active = true;
    running = work(sqs, closing.signal).finally(() => {
      active = false;
    });
  };
  wake();
  return {
    wake,
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

/** One message of each running task per turn, so that a slow task does not hold up another. */
async function work(sqs: SqsContext, signal: AbortSignal): Promise<void> {
  // The request that started a task is answered first.
  await new Promise((resolve) => setImmediate(resolve));
  while (!signal.aborted) {
    const tasks = sqs.db.all<MoveTask>("SELECT * FROM moveTasks WHERE status = 'RUNNING' ORDER BY place");
    if (tasks.length === 0) return;
    for (const task of tasks) sqs.db.transaction(() => moveOne(sqs, task));
    sqs.bell.ring();
    const slowest = Math.min(...tasks.map((task) => task.perSecond ?? Number.POSITIVE_INFINITY));
    const pause = Number.isFinite(slowest) ? sqs.wall.lasts(1 / slowest) : 0;
    await sqs.wall.sleep(pause, signal).catch(() => undefined);
  }
}

function moveOne(sqs: SqsContext, task: MoveTask): void {
  bringUpToDate(sqs);
  const message = sqs.db.get<MessageRow>(
    'SELECT * FROM messages WHERE queue = ? AND visibleAt <= ? ORDER BY place LIMIT 1',
    task.source,
    sqs.wall.now(),
  );
  if (message === undefined) {
    finish(sqs, task, 'COMPLETED', null);
    return;
  }
  const target = task.destination ?? nameOfArn(message.deadLetterSource ?? '');
  const queue = findQueue(sqs, target);
  // Sent to the dead-letter queue by somebody, not by a redrive policy: it has no source to go back to.
  if (queue === undefined) {
    finish(sqs, task, 'FAILED', 'CouldNotDetermineMessageSource');
    return;
  }
  sqs.db.run('DELETE FROM messages WHERE place = ?', message.place);
  // "Configure a dead-letter queue redrive": redriven messages are new ones, with a new message id and enqueue time.
  enqueue(sqs, queue, {
    body: message.body,
    attributes: JSON.parse(message.attributes) as Record<string, MessageAttribute>,
    traceHeader: message.traceHeader ?? undefined,
    groupId: message.groupId,
    deduplicationId: queue.fifo ? message.id : undefined,
    delaySeconds: 0,
  });
  sqs.db.run('UPDATE moveTasks SET moved = moved + 1 WHERE place = ?', task.place);
}

function finish(sqs: SqsContext, task: MoveTask, status: MoveTask['status'], failure: string | null): void {
  sqs.db.run('UPDATE moveTasks SET status = ?, failure = ? WHERE place = ?', status, failure, task.place);
}
