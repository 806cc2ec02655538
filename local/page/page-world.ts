import { randomBytes } from 'node:crypto';
import { createLatestReports } from '../../shared/aws/latest-reports.ts';
import { latestKeys } from '../../shared/domain/drift/render/report-files.ts';
import type { RedriveDecision } from '../../shared/domain/ledger/redrive-decision.ts';
import { formatCount } from '../../shared/domain/text/sentence.ts';
import { asNewTicket, readSample, SAMPLES } from '../samples/samples.ts';
import type { DeliveryAnswer } from '../world/deliver.ts';
import { redriveIn } from '../world/redrive-in.ts';
import type { World } from '../world/world.ts';
import { editBehindItsBack } from './edit-behind-its-back.ts';
import type { FailureChoice, PageWorld } from './server.ts';

/** The actions of the page's buttons, and the sentences that the page shows afterwards. */
export function createPageWorld(world: World): PageWorld {
  const { environment } = world;
  const reports = createLatestReports({ env: environment, bucket: environment.REPORTS_BUCKET ?? '' });
  return {
    snapshot: world.snapshot,
    onActivity: world.onActivity,
    sendSample: async (name, as) => {
      const sample = SAMPLES.find((one) => one.name === name);
      if (sample === undefined) return 'Unknown sample.';
      const changes = await readSample(name);
      const sent = as === 'new' ? asNewTicket(changes, randomBytes(3).toString('hex')) : changes;
      return describeAnswer(sample.ticket, await world.deliver(sample.source, { changes: sent }));
    },
    redrive: async (choice) => describeRedrive(choice, await redrive(world, choice)),
    editBehindItsBack: async () => editBehindItsBack(world.simulator.store),
    runDrift: async () => {
      await world.runDrift();
      return 'Each lane has a new drift report.';
    },
    driftReport: (lane) => reports.read(latestKeys(lane).html),
  };
}

function redrive(world: World, { source, tenant, key, generation }: FailureChoice): Promise<RedriveDecision> {
  const [ref] = world.refs(source, [key], tenant);
  if (ref === undefined) throw new Error('Unknown change.');
  return redriveIn(world, ref, generation);
}

/** `CHG0031337: 3 changes accepted (202).` */
export function describeAnswer(ticket: string, { status, body }: DeliveryAnswer): string {
  const answer = body as { changes?: unknown[]; detail?: string; title?: string; errors?: { sentence?: string }[] };
  if (status === 202) {
    const count = answer.changes?.length ?? 0;
    return `${ticket}: ${formatCount(count, 'change')} accepted (202).`;
  }
  const why = answer.errors?.[0]?.sentence ?? answer.detail ?? answer.title ?? '';
  return `${ticket} was rejected by the webhook (${status}): ${why}`;
}

function describeRedrive({ key }: FailureChoice, decision: RedriveDecision): string {
  if (decision.kind === 'refused') return `${key}: ${decision.refusal.sentence} ${decision.refusal.remedy}`;
  if (decision.kind === 'supersede')
    return `${key} was superseded: ${decision.staleness.by} changed the same objects since.`;
  if (decision.kind === 'already') return `${key} has already been retried.`;
  return `${key} is queued again (retry ${decision.record.generation - 1}).`;
}
