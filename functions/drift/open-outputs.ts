import { createCatalogReader, createCatalogWriter } from '../../shared/aws/catalog-store.ts';
import { createLatestReports } from '../../shared/aws/latest-reports.ts';
import { createReportTopic } from '../../shared/aws/messaging/report-topic.ts';
import { createReportStore } from '../../shared/aws/report-store.ts';
import type { Environment } from '../../shared/runtime/env.ts';
import type { Outputs } from './ports.ts';

/** The bucket and the topic that a report ends in. */
export function openOutputs(env: Environment, bucket: string, topicArn: string): Outputs {
  return {
    reports: createReportStore({ env, bucket }),
    latest: createLatestReports({ env, bucket }),
    catalogs: { ...createCatalogReader({ env, bucket }), ...createCatalogWriter({ env, bucket }) },
    topic: createReportTopic({ env, topicArn }),
  };
}
