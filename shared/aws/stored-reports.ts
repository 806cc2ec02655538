import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { StoredReports } from '../ports/stored-reports.ts';
import { callAws } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';
import { createLatestReports } from './latest-reports.ts';

/** Reads and lists stored drift reports, with the rights of the person at the command line. */
export function createStoredReports(from: ClientOrEnv<S3Client> & { bucket: string }): StoredReports {
  const client = clientFrom(from, S3Client);
  return {
    ...createLatestReports({ client, bucket: from.bucket }),
    list: (prefix) =>
      callAws('report-failed', `Listing the reports ${prefix}`, async () => {
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: from.bucket, Prefix: prefix }));
        return Contents.flatMap(({ Key }) => Key ?? []);
      }),
  };
}
