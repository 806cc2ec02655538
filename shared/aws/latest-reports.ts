import { S3Client } from '@aws-sdk/client-s3';
import type { LatestReports } from '../ports/stored-reports.ts';
import { callAws } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';
import { readObject } from './stored-object.ts';

/** Reads stored drift reports in S3. It is apart from the store, because who writes reports need not read them. */
export function createLatestReports(from: ClientOrEnv<S3Client> & { bucket: string }): LatestReports {
  const client = clientFrom(from, S3Client);
  return {
    read: (key) =>
      callAws('report-failed', `Reading the report ${key}`, () =>
        readObject(client, { Bucket: from.bucket, Key: key }),
      ),
  };
}
