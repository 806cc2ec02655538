import type { z } from 'zod';
import { targetSchema } from '../../shared/deployment/cli-target.ts';
import type { StackConfiguration } from '../configuration/stack-configuration.ts';

/** Outputs of one stack as `cdk deploy --outputs-file` writes them. */
export type Outputs = Record<string, string>;

/** Converts stack outputs to the CLI's target (docs/cli.md, "The target"); it contains no secret. */
export function toTarget(
  outputs: Outputs,
  { name, region, simulatedZpa, schedules }: Pick<StackConfiguration, 'name' | 'region' | 'simulatedZpa' | 'schedules'>,
): z.input<typeof targetSchema> {
  return targetSchema.parse({
    schemaVersion: 1,
    kind: 'aws',
    ingestUrl: outputs.PublicUrl,
    name,
    driftSchedule: schedules.drift,
    env: {
      TABLE_NAME: outputs.TableName,
      SETTINGS_TABLE: outputs.SettingsTable,
      CHANGES_QUEUE_URL: outputs.ChangesQueueUrl,
      FAILURES_QUEUE_URL: outputs.FailuresQueueUrl,
      OUTCOMES_TOPIC_ARN: outputs.OutcomesTopicArn,
      REPORTS_BUCKET: outputs.ReportsBucket,
      AUDIT_BUCKET: outputs.AuditBucket,
      AWS_REGION: region,
      ...(simulatedZpa ? { SIMULATED_ZPA: 'true' } : {}),
    },
  });
}
