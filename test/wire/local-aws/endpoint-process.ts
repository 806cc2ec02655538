import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';

/** Runs an endpoint on the data folder given, and prints its address on one line. */
const [, , dataDir = ''] = process.argv;
const endpoint = await startAwsEndpoint({ dataDir });
process.stdout.write(`${JSON.stringify(endpoint.environment())}\n`);
