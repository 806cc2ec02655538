import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { run } from '../../functions/ops/program.ts';
import { writeLocalTarget } from '../../local/world/local-target.ts';
import { queueName } from '../../local/world/snapshot/take-snapshot.ts';
import { zpaWrites } from '../../local/world/snapshot/zpa-writes.ts';
import type { World } from '../../local/world/world.ts';
import { clientOptions } from '../../shared/aws/clients.ts';
import { createRecordingConsole } from '../unit/ops/recording-console.ts';
import { create, endings, groupNames, inWorld, update } from './in-world.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/restore.md'), 'utf8');
const STAGING = '45096653';
const describeStaging = (key: string, description: string) => update(key, { id: STAGING }, { set: { description } });

const BEFORE = describeStaging('BEFORE', 'one');
const OPEN = [
  create('OPEN-CREATE', 'Open at the point'),
  update('OPEN-UPDATE', { name: 'Finance' }, { set: { description: 'open' } }),
  { schemaVersion: 1, idempotencyKey: 'OPEN-DELETE', tenant: 'acme-prod', action: 'delete', group: { name: 'Brief' } },
];
const AFTER = [describeStaging('SECOND', 'two'), describeStaging('THIRD', 'three')];
const QUEUED = create('QUEUED', 'Queued after the point');
const keysOf = (changes: readonly { idempotencyKey: string }[]) => changes.map((one) => one.idempotencyKey);

/** Runs the CLI on this world. Answers its exit code and all that it prints. */
async function ops(world: World, ...args: string[]): Promise<{ exit: number; says: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-restored-'));
  try {
    await writeLocalTarget(world, folder);
    const console = createRecordingConsole();
    const exit = await run(args, { console, cwd: folder, env: {} });
    return { exit, says: console.stdout() + console.stderr() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The keys that the page's scan finds: what was accepted or settled after the point. */
async function keysAfter({ environment }: World, pointAt: number): Promise<string[]> {
  const [, FilterExpression, names = '', values = ''] =
    /--filter-expression '([^']+)' \\\n +--expression-attribute-names '([^']+)' --expression-attribute-values '(.+)' \\\n/.exec(
      PAGE,
    ) ?? [];
  const client = new DynamoDBClient(clientOptions(environment));
  try {
    const { Items = [] } = await client.send(
      new ScanCommand({
        TableName: environment.TABLE_NAME,
        FilterExpression,
        ExpressionAttributeNames: JSON.parse(names),
        ExpressionAttributeValues: JSON.parse(values.replace(/'\$\(.+\)'/, String(pointAt))),
      }),
    );
    return Items.map(({ ref }) => ref?.M?.idempotencyKey?.S ?? '').toSorted();
  } finally {
    client.destroy();
  }
}

/** One after another, as they are named: the ledger keeps the order in which they were accepted. */
const deliver = async (world: World, changes: readonly object[]) => {
  for (const change of changes) expect(await world.deliver('ops', change)).toMatchObject({ status: 202 });
};

/** A message that a closed world has not acknowledged would hide those behind it for minutes. */
const emptied = (world: World) =>
  world.until(async () => {
    const contents = world.endpoint.contents(queueName(world.environment.CHANGES_QUEUE_URL ?? ''));
    return contents?.messages.length === 0 ? true : undefined;
  });

async function descriptionOf(world: World, id: string): Promise<unknown> {
  const { says } = await ops(world, 'groups', 'get', id, '--tenant', 'acme-prod', '--json');
  return (JSON.parse(says) as { group: { description?: string } }).group.description;
}

/** The steps of docs/restore.md. A world without a worker stands for functions that are switched off. */
it('a ledger restored to a point in time does what docs/restore.md says', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'zpa-changes-restored-'));
  const table = join(dataDir, 'aws', 'dynamodb');
  const copy = join(dataDir, 'copy');
  try {
    await inWorld({ dataDir }, async (world) => {
      world.simulator.store.createGroup({ name: 'Brief' });
      await deliver(world, [BEFORE]);
      expect(await endings(world, ['BEFORE'])).toEqual(['applied']);
      await emptied(world);
    });
    await inWorld({ dataDir, worker: false }, (world) => deliver(world, OPEN));
    await cp(table, copy, { recursive: true });
    const pointAt = Date.now();
    await inWorld({ dataDir }, async (world) => {
      await deliver(world, AFTER);
      const settled = await endings(world, keysOf([...OPEN, ...AFTER]));
      expect(settled).toEqual(['applied', 'applied', 'applied', 'applied', 'applied']);
      await emptied(world);
    });
    await inWorld({ dataDir, worker: false }, async (world) => {
      await deliver(world, [QUEUED]);
      expect(await keysAfter(world, pointAt)).toEqual(keysOf([...OPEN, QUEUED, ...AFTER]).toSorted());
    });
    await rm(table, { recursive: true });
    await cp(copy, table, { recursive: true });

    await inWorld({ dataDir, worker: false }, async (world) => {
      expect(await ops(world, 'lanes', 'pause', 'acme-prod', '--reason', 'restored')).toMatchObject({ exit: 0 });
      const drift = await ops(world, 'drift', '--tenant', 'acme-prod');
      expect(drift).toMatchObject({ exit: 7, says: expect.stringMatching(/45096653.+description: one → three/) });
    });

    // Where a worker is ended here, only the sweeper sends what it leaves: of changes from before the point no message is left.
    await inWorld({ dataDir, schedules: true }, async (world) => {
      const written = zpaWrites(world.simulator).length;
      const { rejection } = await world.until(async () =>
        world.failures().find(({ ref }) => ref?.idempotencyKey === 'QUEUED'),
      );
      expect(rejection).toMatchObject({ code: 'unknown-origin', remedy: expect.stringContaining('docs/restore.md') });
      // A change from before the point keeps its answer; a later one is accepted again, and waits.
      const again = await world.deliver('ops', BEFORE);
      expect(again.body).toMatchObject({ changes: [{ state: 'settled' }] });
      await deliver(world, [...AFTER, QUEUED]);
      expect((await ops(world, 'lanes', 'list')).says).toMatch(/acme-prod +paused +6 /);
      const cancel = ['cancel', 'THIRD', '--source', 'ops', '--reason', 'carried out before the restore', '--yes'];
      expect(await ops(world, ...cancel)).toMatchObject({ exit: 0 });
      expect(zpaWrites(world.simulator)).toHaveLength(written);

      await ops(world, 'lanes', 'resume', 'acme-prod');
      expect(await endings(world, keysOf(OPEN))).toEqual(['group-exists', 'unchanged', 'group-not-found']);
      // SECOND was not cancelled: it is carried out a second time, over the newer THIRD.
      expect(await endings(world, ['SECOND', 'THIRD', 'QUEUED'])).toEqual(['applied', 'cancelled', 'applied']);
      expect(await descriptionOf(world, STAGING)).toBe('two');
      expect(await groupNames(world)).toEqual(expect.arrayContaining(['Open at the point', 'Queued after the point']));
      expect(zpaWrites(world.simulator)).toHaveLength(written + 2);
      expect(await world.snapshot()).toMatchObject({ open: 0, owing: 0 });
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
