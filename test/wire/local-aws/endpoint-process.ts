import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { toStdout } from '../../../shared/runtime/standard-streams.ts';

/** Runs an endpoint on the data folder given, and prints its address on one line. */
const [, , dataDir = ''] = process.argv;
const endpoint = await startAwsEndpoint({ dataDir });
toStdout(`${JSON.stringify(endpoint.environment())}\n`);
