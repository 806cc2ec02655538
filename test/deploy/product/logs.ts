import { paginateDescribeLogGroups, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { Clients } from './clients.ts';

export type LogLine = { group: string; text: string };

/** Every line of the functions' log groups, and of the account's other ones of this stack. */
export async function readLogs({ logs: client }: Clients, name: string): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {})) {
    for (const { logGroupName: group = '' } of logGroups.filter((one) => one.logGroupName?.includes(`/${name}`))) {
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName: group })) {
        lines.push(...events.map(({ message = '' }) => ({ group, text: message.trim() })));
      }
    }
  }
  return lines;
}

/** How often each log group says that a function began. */
export function startsOf(lines: readonly LogLine[]): Map<string, number> {
  const starts = lines.filter(({ text }) => text.startsWith('START '));
  return new Map([...Map.groupBy(starts, ({ group }) => group)].map(([group, all]) => [group, all.length]));
}

const REFUSED = /AccessDenied|not authorized to perform|"level":"(ERROR|CRITICAL)"/i;

/** The first story delivers before there are settings. */
const EXPECTED = /"message":"no settings can be loaded".*"code":"no-settings"/;

/** Lines in which AWS refused a call, or a function met an error: it may say less of what it recovered from. */
export function refusedIn(lines: readonly LogLine[]): LogLine[] {
  return lines.filter(({ text }) => REFUSED.test(text) && !EXPECTED.test(text));
}

const TROUBLE = /"level":"(ERROR|WARN)"|Error|AccessDenied/;

/** The last lines that tell of trouble, for a run that failed. */
export function troubleIn(lines: readonly LogLine[]): string {
  const found = lines.filter(({ text }) => TROUBLE.test(text)).slice(-20);
  return found.map(({ group, text }) => `${group}: ${text.slice(0, 1500)}`).join('\n');
}
