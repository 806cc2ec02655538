import {
  AUDIT,
  AUDIT_BUCKET,
  BUCKET,
  DRIFT,
  NOTICES,
  PLANS,
  QUEUES,
  SETTINGS_TABLE,
  TOPIC,
} from '../../../shared/deployment/resources.ts';
/** The resources' names at the local endpoint. */
export function resourceNames(configuration: string) {
  return {
    table: `${configuration}-ledger`,
    settings: `${configuration}-${SETTINGS_TABLE.name}`,
    changes: `${configuration}-${QUEUES.changes.name}`,
    missedRuns: `${configuration}-missed-runs`,
    failures: `${configuration}-${QUEUES.failures.name}`,
    notices: `${configuration}-${NOTICES.name}`,
    noticesFailed: `${configuration}-${NOTICES.deadLetterQueue}`,
    plans: `${configuration}-${PLANS.name}`,
    plansMissed: `${configuration}-${PLANS.deadLetterQueue}`,
    drift: `${configuration}-${DRIFT.name}`,
    driftMissed: `${configuration}-${DRIFT.deadLetterQueue}`,
    audit: `${configuration}-${AUDIT.name}`,
    auditFailed: `${configuration}-${AUDIT.deadLetterQueue}`,
    topic: `${configuration}-${TOPIC.name}`,
    bucket: `${configuration}-${BUCKET.name}`,
    auditBucket: `${configuration}-${AUDIT_BUCKET.name}`,
  };
}
