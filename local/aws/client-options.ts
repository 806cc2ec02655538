import type { AwsEnvironment } from './endpoint.ts';

/** For any SDK client against the endpoint. */
export function clientOptions(environment: AwsEnvironment) {
  return {
    endpoint: environment.AWS_ENDPOINT_URL,
    region: environment.AWS_REGION,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY,
    },
  };
}
