import { type ClientRun, runClient } from './client-run.ts';
import { CLIENTS, isInstalled } from './clients.ts';
import { addsJob, type Job, updatesJob } from './jobs.ts';
import { runOurs } from './our-run.ts';
import { printTable, round, say } from './print-table.ts';
import { leastSeconds } from './tally.ts';

export type ClientsOptions = { updates: number; adds: number; latency: number; full?: boolean };

const FULL = { updates: 200, adds: 500 };

type Task = { job: Job; processes: number };

/**
 * The same jobs by us and by each client that is installed: job after job, the clients side by side, each with its own
 * ZPA.
 */
export async function reportClients({ latency, full, ...sizes }: ClientsOptions) {
  const { updates, adds } = full ? FULL : sizes;
  const missing = CLIENTS.filter((client) => !isInstalled(client)).map(({ name }) => name);
  for (const name of missing) say(`${name}: skipped, not installed (npm run bench -- setup)`);
  const tasks: Task[] = [
    { job: updatesJob(updates), processes: 1 },
    { job: addsJob(adds, 'in runs'), processes: 1 },
    { job: addsJob(adds, 'round-robin'), processes: 1 },
    // In runs, dealt as cards: both are at the same group at the same time.
    { job: addsJob(adds, 'in runs'), processes: 2 },
  ];
  const results = [];
  for (const task of tasks) {
    const runs = await runAll(task, latency);
    printRuns(task, runs);
    results.push({ processes: task.processes, leastSecondsOneByOne: leastSeconds(task.job.steps.length), runs });
  }
  return { latencyMs: latency, missing, clients: results };
}

function runAll({ job, processes }: Task, latencyMs: number): Promise<ClientRun[]> {
  const ours = async (): Promise<ClientRun> => ({
    ...(await runOurs(job, { who: 'zpa-changes', limits: 'documented', latencyMs, senders: processes })),
    failed: 0,
    firstError: null,
  });
  return Promise.all([
    ours(),
    ...CLIENTS.filter(isInstalled).map((client) => runClient(client, job, latencyMs, processes)),
  ]);
}

function printRuns({ job, processes }: Task, runs: readonly ClientRun[]): void {
  const title = processes === 1 ? job.name : `${job.name}, by ${processes} at once`;
  printTable(
    [title, 'took s', 'calls', 'writes', '429', 'gave up', 'not in effect'],
    runs.map((run) => [
      run.who,
      round(run.seconds),
      ...[run.calls, run.writes, run.tooMany, run.failed, run.lost].map(String),
    ]),
  );
  for (const { who, firstError } of runs) if (firstError !== null) say(`${who}: ${firstError}`);
}
