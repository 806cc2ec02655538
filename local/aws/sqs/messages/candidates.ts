import type { MessageRow, Queue, SqsContext } from '../queues/queue.ts';

/** The messages that the next receive returns, in order; at most `count`. */
export function candidates(sqs: SqsContext, queue: Queue, count: number): MessageRow[] {
  return queue.fifo ? fifoCandidates(sqs, queue, count) : standardCandidates(sqs, queue, count);
}

function standardCandidates(sqs: SqsContext, queue: Queue, count: number): MessageRow[] {
  return sqs.db.all<MessageRow>(
    'SELECT * FROM messages WHERE queue = ? AND visibleAt <= ? ORDER BY place LIMIT ?',
    queue.name,
    sqs.wall.now(),
    count,
  );
}

/**
 * "FIFO queue delivery logic in Amazon SQS" (developer guide): as many messages of one message group as possible, in
 * order; then those of further groups; none of a group of which any message is in flight. The group whose oldest message
 * has waited longest comes first.
 */
function fifoCandidates(sqs: SqsContext, queue: Queue, count: number): MessageRow[] {
  const chosen: MessageRow[] = [];
  for (const group of openGroups(sqs, queue, count)) {
    if (chosen.length >= count) break;
    const rows = sqs.db.all<MessageRow>(
      'SELECT * FROM messages WHERE queue = ? AND groupId = ? ORDER BY place LIMIT ?',
      queue.name,
      group,
      count - chosen.length,
    );
    // A delayed message holds back those behind it.
    const hidden = rows.findIndex((row) => row.visibleAt > sqs.wall.now());
    chosen.push(...(hidden < 0 ? rows : rows.slice(0, hidden)));
  }
  return chosen;
}

/**
 * Groups with nothing in flight whose first message is visible, oldest first. The recursion steps from group to group
 * over the index, so that its cost is the number of groups, not of messages.
 */
const OPEN_GROUPS = `
WITH RECURSIVE groups (id) AS (
  SELECT MIN(groupId) FROM messages WHERE queue = ?1
  UNION ALL
  SELECT (SELECT MIN(groupId) FROM messages WHERE queue = ?1 AND groupId > groups.id) FROM groups
  WHERE groups.id IS NOT NULL)
SELECT groups.id, (SELECT MIN(place) FROM messages WHERE queue = ?1 AND groupId = groups.id) AS first
FROM groups
WHERE groups.id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM messages
    WHERE queue = ?1 AND groupId = groups.id AND visibleAt > ?2 AND receiveCount > 0)
  AND (SELECT visibleAt FROM messages WHERE queue = ?1 AND groupId = groups.id ORDER BY place LIMIT 1) <= ?2
ORDER BY first LIMIT ?3`;

function openGroups(sqs: SqsContext, queue: Queue, count: number): string[] {
  return sqs.db.all<{ id: string }>(OPEN_GROUPS, queue.name, sqs.wall.now(), count).map(({ id }) => id);
}
