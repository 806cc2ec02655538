import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ReportStore } from '../ports/ports.ts';
import { calling } from './aws-error.ts';
import { type AwsEnvironment, type ClientOrEnv, clientOptions } from './clients.ts';

/** Reports in S3; the answer's `url` is `s3://bucket/key`, as the AWS CLI takes it. */
export function createReportStore(from: ClientOrEnv<S3Client> & { bucket: string }): ReportStore {
  const client = 'client' in from ? from.client : s3Client(from.env);
  return {
    async put(key, body, contentType) {
      const command = new PutObjectCommand({ Bucket: from.bucket, Key: key, Body: body, ContentType: contentType });
      await calling('report-failed', `Storing the report ${key}`, () => client.send(command));
      return { url: `s3://${from.bucket}/${key}` };
    },
  };
}

/** A local endpoint has no host name per bucket. */
export function s3Client(env: AwsEnvironment): S3Client {
  return new S3Client({ ...clientOptions(env), forcePathStyle: env.AWS_ENDPOINT_URL !== undefined });
}
