import { QUIRKS } from '../../../local/zpa-simulator/behaviour/quirks.ts';
import { toStdout } from '../../../shared/runtime/standard-streams.ts';
import { pairwise } from './pairwise.ts';
import { runRow } from './run-row.ts';

/** `npm run quirks`: everything people ask for, under rows of quirks in which every two answers of ZPA meet. */
const say = (line: string) => toStdout(`${line}\n`);

const quirks = Object.fromEntries(Object.entries(QUIRKS).map(([name, { values }]) => [name, values]));
const rows = pairwise({ ...quirks, auth: ['oneapi', 'legacy'] });
let broken = 0;
const totals = new Map<string, number>();
for (const [index, row] of rows.entries()) {
  const report = await runRow(row);
  for (const one of report.outcomes) totals.set(one, (totals.get(one) ?? 0) + 1);
  say(`row ${index + 1} of ${rows.length}: ${report.breaches.length === 0 ? 'holds' : 'BROKEN'}`);
  if (report.breaches.length === 0) continue;
  broken += 1;
  say(`  ${JSON.stringify(row)}`);
  for (const breach of report.breaches) say(`  ${breach}`);
}
say(
  `\n${totals.values().reduce((sum, count) => sum + count, 0)} changes in ${rows.length} rows, ${Object.keys(quirks).length} quirks; ${broken} rows broken`,
);
for (const [outcome, count] of [...totals].sort(([, a], [, b]) => b - a))
  say(`${String(count).padStart(6)}  ${outcome}`);
process.exitCode = broken === 0 ? 0 : 1;
