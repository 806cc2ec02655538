import type { Target } from '../../../../shared/deployment/cli-target.ts';
import { AUDIT, DRIFT, NOTICES, PLANS, QUEUES } from '../../../../shared/deployment/resources.ts';
import type { CheckedQueue } from '../../checks/queues.ts';

/** The queues with their names in AWS; what lies in the last ones failed. */
export function queuesOf({ name }: Target): CheckedQueue[] {
  const named = (queue: string, remedy?: string) => ({
    name: `${name}-${queue}`,
    ...(remedy === undefined ? {} : { remedy }),
  });
  return [
    ...[QUEUES.changes.name, NOTICES.name, PLANS.name, DRIFT.name, AUDIT.name].map((queue) => named(queue)),
    named(QUEUES.failures.name, 'zpa-changes failures list; docs/runbook.md, "failures-waiting".'),
    named(NOTICES.deadLetterQueue, 'docs/runbook.md, "notices-waiting".'),
    named(PLANS.deadLetterQueue, 'docs/runbook.md, "plans-missed".'),
    named(DRIFT.deadLetterQueue, 'docs/runbook.md, "drift-missed".'),
    named(AUDIT.deadLetterQueue, 'docs/runbook.md, "audit-waiting".'),
    named('missed-runs', 'docs/runbook.md, "scheduled-run-failed".'),
  ];
}
