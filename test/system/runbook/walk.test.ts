import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitFact } from '../../../local/world/waiting/await-settled.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { clientFrom } from '../../../shared/aws/clients.ts';
import { createLatestReports } from '../../../shared/aws/latest-reports.ts';
import { latestKeys } from '../../../shared/domain/drift/render/report-files.ts';
import { lanesOf } from '../../../shared/domain/lane/change-ref.ts';
import { isStanding, type WatchedAlarm, watchedAlarms } from './alarm-values.ts';
import { rows, type WalkRow } from './read-walk.ts';
import { openShell, type Shell } from './shell.ts';

/** As `npm start -- --no-samples --time-factor 20`; what the schedules start, the table starts itself. */
let world: World;
let shell: Shell;
beforeAll(async () => {
  world = await startWorld({ timeFactor: 20, ticketSystems: true, schedules: false, simulator: { limits: 'off' } });
  shell = await openShell(world);
});
afterAll(async () => {
  await shell.close();
  await world.close();
});

it('docs/runbook-walk.md has a row for every alarm of the stack, in the order of the stack', () => {
  expect(rows.map(({ alarm }) => alarm)).toEqual(watchedAlarms.map(({ name }) => name));
});

it('the test itself makes the days pass of the rows that cannot be tried in minutes, and of no others', () => {
  expect(rows.filter(({ takesDays }) => takesDays).map(({ alarm }) => alarm)).toEqual(Object.keys(DAYS_PASS));
});

describe('an alarm is provoked, shown and ended by the commands of its row', () => {
  it.each(rows)('$alarm', async (row) => {
    const alarm = watchedAlarms.find(({ name }) => name === row.alarm);
    if (alarm === undefined) throw new Error(`there is no alarm ${row.alarm}`);
    await walk(alarm, row);
  });
});

async function walk(alarm: WatchedAlarm, row: WalkRow): Promise<void> {
  const begun = world.endpoint.metrics.mark();
  for (const command of row.provoke) await shell.run(command);
  await DAYS_PASS[row.alarm]?.();
  await until(() => isStanding(alarm, world, begun));
  for (const { command, says } of row.sees) expect(await shell.run(command), command).toContain(says);
  // The first command ends the cause; what the others count belongs to the period after it.
  const [end, ...more] = row.remedy;
  if (end !== undefined) await shell.run(end);
  await until(() => world.endpoint.functions.running() === 0);
  const period = world.endpoint.metrics.mark();
  for (const command of more) await shell.run(command);
  await world.endpoint.passTime(row.wellAfterSeconds);
  await quiet();
  await proveWell(row);
  expect(isStanding(alarm, world, period), `${row.alarm} still stands`).toBe(false);
}

/** Makes the days pass that an alarm's cause takes: the stored reports say that it has lasted for three. */
const DAYS_PASS: Record<string, () => Promise<void>> = {
  'drift-not-checked': async () => {
    const { environment: env } = world;
    const client = clientFrom({ env }, S3Client);
    const Bucket = env.REPORTS_BUCKET ?? '';
    const since = new Date(Date.now() - 3 * 86_400_000).toISOString();
    for (const lane of lanesOf(world.configuration).keys()) {
      const { json: Key } = latestKeys(lane);
      const report = JSON.parse((await createLatestReports({ client, bucket: Bucket }).read(Key)) ?? '{}');
      for (const part of report.notChecked) part.since = since;
      await client.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(report) }));
    }
    await world.runDrift();
  },
};

/** Work that would count again what is not mended: a change, a sweep. */
async function proveWell({ alarm }: WalkRow): Promise<void> {
  await shell.run(`change ${alarm}-well 'action: create, group: {name: "Web Well ${alarm}"}'`);
  await quiet();
  await world.runSweep();
}

async function quiet(): Promise<void> {
  await until(async () =>
    (await world.changes()).every(({ state, pending }) => state === 'settled' && pending.length === 0),
  );
}

/** After anything was written or counted, looks again. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const patience = AbortSignal.timeout(240_000);
  const onAnything = (listener: () => void) => {
    const stops = [world.onActivity(listener), world.endpoint.metrics.onAdd(listener)];
    return () => {
      for (const stop of stops) stop();
    };
  };
  await awaitFact(onAnything, patience, async () => ((await holds()) ? true : undefined));
}
