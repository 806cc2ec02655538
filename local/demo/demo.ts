import { resolve } from 'node:path';
import picocolors from 'picocolors';
import type { Settings } from '../../shared/domain/configuration/configuration.ts';
import { formatCount } from '../../shared/domain/text/sentence.ts';
import { toStderr, toStdout } from '../../shared/runtime/standard-streams.ts';
import { openPage } from '../page/open-page.ts';
import { readTls } from '../process/read-tls.ts';
import { startFault } from '../process/start-fault.ts';
import { SAMPLES } from '../samples/samples.ts';
import { answersOn } from '../ticket-systems/answers.ts';
import { asTried, readTriedSettings } from '../world/configuration/tried-configuration.ts';
import type { WorldOptions } from '../world/functions/world-options.ts';
import { writeLocalTarget } from '../world/local-target.ts';
import { startWorld, type World } from '../world/world.ts';
import { introduction } from './introduction.ts';
import { describeWaits, startProgress } from './progress.ts';
import { sendSamples } from './send-samples.ts';
import { type AnsweredTicket, sendTickets } from './send-tickets.ts';
import type { StartOptions } from './start-options.ts';
import { answersTable, changesTable, groupsTable, type Sent, ticketStories } from './start-report.ts';

const print = (text = '') => toStdout(`${text}\n`);
const width = Math.min(process.stdout.columns ?? 110, 150);

/** The whole system on this machine, with the sample tickets and a page, until it ends or is stopped. Returns the exit code. */
export async function runDemo(options: StartOptions): Promise<number> {
  return main(options).catch(explain);
}

async function main(options: StartOptions): Promise<number> {
  const stopped = stopSignal();
  await using closers = new AsyncDisposableStack();
  const dataDir = options.data === undefined ? undefined : resolve(options.data);
  const limits = options.limits ?? (options['time-factor'] === 1 ? 'documented' : 'off');
  const tried = options.settings === undefined ? undefined : await readTriedSettings(options.settings);
  const tls = readTls({ tlsCert: options['tls-cert'], tlsKey: options['tls-key'] });
  const world = await startWorld({
    ...(tried === undefined ? {} : { configure: configureAs(tried) }),
    timeFactor: options['time-factor'],
    simulator: { limits, ...(tls === undefined ? {} : { tls }) },
    ticketSystems: { samples: tried === undefined },
    onFailure: (name, error) => toStderr(`${picocolors.red(`${name} failed`)}: ${String(error)}\n`),
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(options.log === undefined ? {} : { logLevel: options.log }),
  });
  closers.defer(() => world.close());
  const page = await openPage(world, {
    samples: tried === undefined ? SAMPLES : [],
    about: { timeFactor: world.timeFactor, limits, dataDir, ticketSystems: systemsOf(world) },
    port: options.port,
    signal: stopped.signal,
  });
  closers.defer(() => page.close());
  // Last, because the CLI must not find a world whose start failed.
  const target = await writeLocalTarget(world, process.cwd());
  closers.defer(target.remove);
  const sends = options.samples && tried === undefined;
  print(introduction(world, { entryUrl: page.entryUrl, limits, target, sends }));
  if (options['show-secrets']) await printSecrets(world);
  const settled = sends ? await showSamples(world, stopped.signal) : true;
  if (options.exit) return settled && (await isQuiet(world)) ? 0 : 1;
  if (stopped.signal.aborted) return 0;
  print(`\nThe demo is running: ${picocolors.bold(page.entryUrl)}\nPress Ctrl-C to stop it.`);
  await stopped.promise;
  return 0;
}

function configureAs(tried: Settings): NonNullable<WorldOptions['configure']> {
  return (local, addresses) => (addresses === undefined ? local : asTried(tried, local, addresses));
}

function systemsOf({ ticketSystems }: World) {
  if (ticketSystems === undefined) return [];
  const { servicenow, jira, webhook } = ticketSystems.addresses;
  return [
    { system: 'ServiceNow', url: servicenow },
    { system: 'Jira', url: jira },
    { system: 'Another tool', url: webhook },
  ];
}

async function printSecrets(world: World): Promise<void> {
  for (const source of Object.keys(world.configuration.sources)) {
    print(`  secret    ${source} ${await world.sourceSecret(source)}`);
  }
}

/**
 * Sends the samples, then the tickets; prints what became of them. False if it was stopped before, or one has no
 * answer.
 */
async function showSamples(world: World, signal: AbortSignal): Promise<boolean> {
  print();
  const { sent, tickets } = await sendAll(world, signal);
  const snapshot = await world.snapshot();
  const keys = new Set([...sent, ...tickets].flatMap((one) => one.keys));
  const changes = snapshot.changes.filter((change) => keys.has(change.ref.idempotencyKey)).reverse();
  const refused = sent.filter((one) => one.status !== 202);
  print(`\n${changesTable(changes, refused, width)}`);
  if (!signal.aborted) await showAnswers(world, tickets, signal);
  const [tenant] = snapshot.tenants;
  if (tenant !== undefined) print(`\n${picocolors.bold(tenant.name)} now\n${groupsTable(tenant, width)}`);
  if (signal.aborted) return false;
  const unanswered = tickets.filter(({ keys, outcome }) => keys.length === 0 || outcome === undefined);
  for (const { id } of unanswered) print(picocolors.red(`${id} has no result.`));
  return unanswered.length === 0 && changes.every((change) => change.phase === 'settled');
}

type SentAll = { sent: Sent[]; tickets: AnsweredTicket[] };

/** Sends the samples and the tickets, and prints each step, or what is waited for. */
async function sendAll(world: World, signal: AbortSignal): Promise<SentAll> {
  using progress = startProgress(
    (line) => print(picocolors.dim(`  ${line}`)),
    async () => describeWaits(await world.snapshot()),
  );
  const { report } = progress;
  // The tickets are about groups of the first sample; their plans are made while the other samples are applied.
  const [first, rest] = [SAMPLES.slice(0, 1), SAMPLES.slice(1)];
  const sentFirst = await sendSamples(world, report, signal, first);
  const [sentLater, tickets] = await Promise.all([
    sendSamples(world, report, signal, rest),
    carryTickets(world, report, signal),
  ]);
  return { sent: [...sentFirst, ...sentLater], tickets };
}

async function carryTickets(
  world: World,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<AnsweredTicket[]> {
  if (world.ticketSystems === undefined || signal.aborted) return [];
  return sendTickets({ world, systems: world.ticketSystems, report, signal }).catch((error) => {
    if (signal.aborted) return [];
    throw error;
  });
}

/** The tickets' comments and states once every outcome was notified. */
async function showAnswers(world: World, tickets: readonly AnsweredTicket[], signal: AbortSignal): Promise<void> {
  if (world.ticketSystems === undefined) return;
  await world.awaitAnswered(signal).catch(() => undefined);
  print(`\n${picocolors.bold('Results on the tickets')}\n${answersTable(answersOn(world.ticketSystems), width)}`);
  print(`\n${picocolors.bold('Three tickets, from request to result')}\n${ticketStories(tickets)}`);
}

/** Nothing open and nothing owed in the whole ledger. */
async function isQuiet(world: World): Promise<boolean> {
  const { open, owing } = await world.snapshot();
  if (open + owing > 0)
    print(picocolors.red(`${formatCount(open, 'change')} open, ${formatCount(owing, 'notification')} pending.`));
  return open + owing === 0;
}

function stopSignal(): { signal: AbortSignal; promise: Promise<void> } {
  const controller = new AbortController();
  const promise = new Promise<void>((done) => {
    const stop = () => {
      controller.abort();
      done();
    };
    process.once('SIGINT', stop).once('SIGTERM', stop);
  });
  return { signal: controller.signal, promise };
}

function explain(error: unknown): number {
  toStderr(`${picocolors.red(startFault(error))}\n`);
  return 1;
}
