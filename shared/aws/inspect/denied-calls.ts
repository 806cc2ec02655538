import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { inspect } from './inspect-error.ts';

/** Calls that AWS denied a function; `complete` is false if its log is too long to be searched to the end. */
export type DeniedCalls = { calls: { action: string; at: number }[]; complete: boolean };

/** A search answers empty pages while it goes through the log, a megabyte or so each. */
const MOST_PAGES = 50;

const answerSchema = z.object({
  events: z.array(z.object({ message: z.string().default(''), timestamp: z.number().default(0) })).default([]),
  nextToken: z.string().optional(),
});

/** Searches the log of a function since an instant (epoch ms) for calls that AWS denied. */
export async function readDeniedCalls(
  from: ClientOrEnv<CloudWatchLogsClient>,
  functionName: string,
  since: number,
): Promise<DeniedCalls> {
  const client = clientFrom(from, CloudWatchLogsClient);
  const calls: DeniedCalls['calls'] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const command = new FilterLogEventsCommand({
      logGroupName: `/aws/lambda/${functionName}`,
      startTime: since,
      filterPattern: '?AccessDenied ?"not authorized to perform" ?AuthorizationError',
      nextToken: token,
    });
    const answer = await inspect(`Searching the log of ${functionName}`, () => client.send(command));
    const { events, nextToken } = answerSchema.parse(answer);
    calls.push(...events.map(({ message, timestamp }) => ({ action: actionIn(message), at: timestamp })));
    if (nextToken === undefined) return { calls, complete: true };
    token = nextToken;
  }
  return { calls, complete: false };
}

/** Nothing else of a line is shown: it may hold what people wrote. */
function actionIn(message: string): string {
  const [, action, resource] =
    /not authorized to perform: ([a-z0-9]+:\w+)(?: on resource: (arn:[\w:/.*#@+=-]{1,300}))?/i.exec(message) ?? [];
  if (action !== undefined) return resource === undefined ? action : `${action} on ${resource}`;
  const [, secret] = /The secret ([\w/+=.@-]{1,256}) could not be read/.exec(message) ?? [];
  return secret === undefined ? 'a call that the log names' : `secretsmanager:GetSecretValue on ${secret}`;
}
