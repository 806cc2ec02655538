import type { z } from 'zod';
import { targetSchema } from '../../shared/deployment/cli-target.ts';

/** Stack outputs as `cdk deploy --outputs-file` writes them, of one stack. */
export type Outputs = Record<string, string>;

/** What the CLI needs to work on the deployed stack (docs/cli.md, "The target"); holds no secret. */
export function targetOf(outputs: Outputs, region: string, configurationFile: string): z.input<typeof targetSchema> {
  return targetSchema.parse({
    schemaVersion: 1,
    kind: 'aws',
    ingestUrl: outputs.PublicUrl,
    configurationFile,
    env: {
      TABLE_NAME: outputs.TableName,
      CHANGES_QUEUE_URL: outputs.ChangesQueueUrl,
      FAILURES_QUEUE_URL: outputs.FailuresQueueUrl,
      OUTCOMES_TOPIC_ARN: outputs.OutcomesTopicArn,
      REPORTS_BUCKET: outputs.ReportsBucket,
      AWS_REGION: region,
    },
  });
}
