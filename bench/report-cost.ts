import { measureCalls } from './cost/measure-calls.ts';
import { monthOf } from './cost/month.ts';
import { printTable, round, say } from './print-table.ts';

const CHANGES = [0, 100, 10_000, 1_000_000];
const TENANTS = [1, 50, 300];

/** Reports the calls of AWS and ZPA for each part of the work, and the cost of a month of it. */
export async function reportCost({ adds }: { adds: number }) {
  const work = await measureCalls(adds);
  printTable(
    ['for', 'DynamoDB calls', 'write units', 'read units', 'SQS', 'SNS', 'S3', 'secrets', 'ZPA'],
    Object.values(work).map(({ name, per, counted: { calls, operations } }) => [
      name,
      Object.entries(operations)
        .map(([operation, count]) => `${round(count / per)} ${operation}`)
        .join(', '),
      ...[
        calls.writeUnits,
        calls.readUnits,
        calls.sqs,
        calls.sns,
        calls.s3Puts + calls.s3Gets,
        calls.secrets,
        calls.zpa,
      ].map((count) => round(count / per)),
    ]),
  );
  const months = TENANTS.map((tenants) => CHANGES.map((changes) => monthOf(work, { tenants, changes })));
  printTable(
    ['USD a month', ...CHANGES.map((changes) => `${changes.toLocaleString('en')} changes`)],
    months.map((row, index) => [`${TENANTS[index]} tenants`, ...row.map(({ total }) => round(total, 2))]),
  );
  for (const [name, ...costs] of rowsOf(months.at(0) ?? [])) say(`${name}: ${costs.join(' · ')}`);
  return { work, months };
}

/** Each part of the bill, in the order of the columns. */
function rowsOf(months: ReturnType<typeof monthOf>[]): string[][] {
  return Object.keys(months[0]?.parts ?? {}).map((part) => [
    part,
    ...months.map(({ parts }) => round(parts[part] ?? 0, 2)),
  ]);
}
