import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { StoredReports } from '../ports/stored-reports.ts';
import { callAws } from './aws-error.ts';
import type { ClientOrEnv } from './clients.ts';
import { createLatestReports } from './latest-reports.ts';
import { s3Client } from './report-store.ts';

/** Reads and lists stored drift reports, with the rights of the person at the command line. */
export function createStoredReports(from: ClientOrEnv<S3Client> & { bucket: string }): StoredReports {
  const client = 'client' in from ? from.client : s3Client(from.env);
  return {
    ...createLatestReports({ client, bucket: from.bucket }),
    list: (prefix) =>
      callAws('report-failed', `Listing the reports ${prefix}`, async () => {
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: from.bucket, Prefix: prefix }));
        return Contents.flatMap(({ Key }) => Key ?? []);
      }),
  };
}
