import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ReportStore } from '../ports/ports.ts';
import { callAws } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';

/** Stores reports in S3. The `url` in the result is `s3://bucket/key`, the form that the AWS CLI accepts. */
export function createReportStore(from: ClientOrEnv<S3Client> & { bucket: string }): ReportStore {
  const client = clientFrom(from, S3Client);
  return {
    async put(key, body, contentType) {
      const command = new PutObjectCommand({ Bucket: from.bucket, Key: key, Body: body, ContentType: contentType });
      await callAws('report-failed', `Storing the report ${key}`, () => client.send(command));
      return { url: `s3://${from.bucket}/${key}` };
    },
  };
}
