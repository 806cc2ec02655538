import { createResources, type ResourceEnvironment } from '../../../local/aws/create-resources.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';

export type LocalAws = { aws: AwsEndpoint; env: ResourceEnvironment };

/** A local AWS endpoint with our resources. */
export async function openLocalAws(secrets: Record<string, string> = {}): Promise<LocalAws> {
  const aws = await startAwsEndpoint();
  const configuration = configurationSchema.parse({ name: 'adapters', tenants: {}, sources: {} });
  return { aws, env: await createResources(aws, configuration, secrets) };
}
