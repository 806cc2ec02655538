import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { latestKeys } from '../../../../shared/domain/drift/render/report-files.ts';
import type { Lane } from '../../../../shared/domain/lane/change-ref.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { BindCommand, OpsCommand } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import { isDay } from '../../session/instant.ts';
import { chooseLanes } from '../../session/read-drift.ts';

type Options = { tenant?: string; date?: string };

const HELP = `
Examples:
  zpa-changes drift open
  zpa-changes drift open --tenant acme-prod --date 2026-11-30`;

/** Adds the command `drift open`. */
export function addOpen(drift: Command, bind: BindCommand): void {
  drift
    .command('open')
    .description('Fetches the page of the last stored report, and opens it in the browser.')
    .option('--tenant <name>', 'of the customer of this tenant')
    .option('--date <day>', 'the last report of this day, for example 2026-11-30')
    .addHelpText('after', HELP)
    .action(bind(open));
}

const open: OpsCommand<Options> = async ({ session, terminal, processContext }, { tenant, date }) => {
  const [lane, ...others] = chooseLanes(session.configuration, tenant);
  if (lane === undefined || others.length > 0) {
    const remedy = `Name one with --tenant: ${Object.keys(session.configuration.tenants).join(', ')}.`;
    throw new OpsError(EXIT.usage, 'which-tenant', 'Several customers are configured.', remedy);
  }
  const reports = reportsOf(session);
  terminal.progress('fetching the stored report …');
  const key = date === undefined ? latestKeys(lane).html : await keyOfDay(reports, lane, date);
  const page = key === undefined ? undefined : await reports.read(key);
  if (key === undefined || page === undefined) throw noReport(lane, date);
  const file = join(await mkdtemp(join(tmpdir(), 'zpa-changes-')), 'drift.html');
  await writeFile(file, page);
  const isOpen = !terminal.json && (await processContext.console.openFile?.(file));
  terminal.say(isOpen ? `Opened ${file}.` : file);
  terminal.document({ file, key });
  return EXIT.ok;
};

type Reports = NonNullable<OpsSession['reports']>;

function reportsOf({ reports }: OpsSession): Reports {
  if (reports !== undefined) return reports;
  const remedy = 'Take the target file that `npm run deploy` wrote, or add the name of the bucket to it.';
  throw new OpsError(EXIT.usage, 'bad-target', 'The target names no REPORTS_BUCKET.', remedy);
}

async function keyOfDay(reports: Reports, lane: Lane, date: string): Promise<string | undefined> {
  if (!isDay(date)) {
    throw new OpsError(EXIT.usage, 'bad-option', `--date ${date} is not a day.`, 'For example: --date 2026-11-30.');
  }
  const folder = latestKeys(lane).html.replace(/latest\.html$/, '');
  const keys = await reports.list(`${folder}${date.replaceAll('-', '')}T`);
  return keys
    .filter((key) => key.endsWith('.html'))
    .toSorted()
    .at(-1);
}

function noReport(lane: Lane, date: string | undefined): OpsError {
  const when = date === undefined ? '' : ` of ${date}`;
  const remedy =
    date === undefined
      ? 'The schedule `drift` stores one a day; `drift --html FILE` makes one now.'
      : 'Reports are kept for a while only; leave --date out for the last one.';
  return new OpsError(EXIT.notFound, 'report-not-found', `No report${when} is stored for ${lane}.`, remedy);
}
