import { BUCKET, NOTICES, PLANS, QUEUES, TOPIC } from '../../../shared/deployment/resources.ts';
/** The resources' names at the local endpoint. */
export function resourceNames(configuration: string) {
  return {
    table: `${configuration}-ledger`,
    changes: `${configuration}-${QUEUES.changes.name}`,
    failures: `${configuration}-${QUEUES.failures.name}`,
    notices: `${configuration}-${NOTICES.name}`,
    noticesFailed: `${configuration}-${NOTICES.deadLetterQueue}`,
    plans: `${configuration}-${PLANS.name}`,
    plansMissed: `${configuration}-${PLANS.deadLetterQueue}`,
    topic: `${configuration}-${TOPIC.name}`,
    bucket: `${configuration}-${BUCKET.name}`,
  };
}
