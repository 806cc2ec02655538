import Table from 'cli-table3';
import { toStderr, toStdout } from '../shared/runtime/standard-streams.ts';

/** Tables for people go to stderr, so that stdout can be kept as JSON. */
export const say = (text: string) => toStderr(`${text}\n`);

export const round = (value: number, digits = 1) => value.toFixed(digits);

export function printTable(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  say(table.toString());
}

/** One JSON document to stdout: `npm run -s bench > a.json`. */
export function writeJson(value: unknown): void {
  const rounded = (_: string, one: unknown) => (typeof one === 'number' ? Number(one.toFixed(3)) : one);
  toStdout(`${JSON.stringify(value, rounded, 2)}\n`);
}
