import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { callAws } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';

const { parse } = z.object({ Arn: z.string() });

/** Asks AWS for the ARN of the principal whose credentials are used. It needs no permission. */
export async function readCallerArn(from: ClientOrEnv<STSClient>): Promise<string> {
  const client = clientFrom(from, STSClient);
  const doing = 'Asking AWS who you are';
  return callAws(
    'identity-unavailable',
    doing,
    async () => parse(await client.send(new GetCallerIdentityCommand({}))).Arn,
  );
}
