import type { Configuration } from '../../shared/domain/configuration.ts';
import type { AwsEndpoint } from './endpoint.ts';

/** The functions' environment as far as AWS resources give it; `CONFIGURATION_FILE` and the optional ones are the world's. */
export type ResourceEnvironment = {
  TABLE_NAME: string;
  CHANGES_QUEUE_URL: string;
  FAILURES_QUEUE_URL: string;
  OUTCOMES_TOPIC_ARN: string;
  REPORTS_BUCKET: string;
  AWS_ENDPOINT_URL: string;
  AWS_REGION: string;
  AWS_ACCESS_KEY_ID: string;
  AWS_SECRET_ACCESS_KEY: string;
};

/**
 * Makes table, queues, topic, bucket and secrets from the same plain data as the CDK stack (`shared/resources.ts`).
 * Idempotent: what a reopened data folder already has is kept, secrets' values too.
 *
 * @param secrets name (see `secretNames`) → text; created where missing
 */
export async function createResources(
  _endpoint: AwsEndpoint,
  _configuration: Configuration,
  _secrets: Record<string, string> = {},
): Promise<ResourceEnvironment> {
  throw new Error('being built');
}
