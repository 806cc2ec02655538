import { randomBytes } from 'node:crypto';
import type { ActResult, ConsoleAct } from '../../functions/ops/console/contract.ts';
import { formatCount } from '../../shared/domain/text/sentence.ts';
import { asNewTicket, readSample, SAMPLES } from '../samples/samples.ts';
import type { DeliveryAnswer } from '../world/deliver.ts';
import type { World } from '../world/world.ts';
import type { DriftRun } from './drift-run.ts';
import { editBehindItsBack } from './edit-behind-its-back.ts';

export const DEMO = '/demo';

/** The buttons post to these. */
export const DEMO_ACTS = {
  send: { path: '/demo/send', role: 'operator' },
  edit: { path: '/demo/edit', role: 'operator' },
  drift: { path: '/demo/drift', role: 'operator' },
} as const satisfies Record<string, Pick<ConsoleAct, 'path' | 'role'>>;

/** The buttons of the demo. */
export function demoActs(world: World, driftRun: DriftRun): ConsoleAct[] {
  return [
    { ...DEMO_ACTS.send, run: (_context, form) => sendSample(world, form.get('name') ?? '', form.get('as') === 'new') },
    { ...DEMO_ACTS.edit, run: async () => done(editBehindItsBack(world.simulator.store)) },
    {
      ...DEMO_ACTS.drift,
      run: async () =>
        done(driftRun.begin() ? 'The drift reports have begun.' : 'The drift reports are being made already.'),
    },
  ];
}

const done = (sentence: string): ActResult => ({ result: 'done', sentence, to: DEMO });

/** Sends a sample ticket as it came, or with keys of its own as a new one. */
export async function sendSample(world: World, name: string, asNew: boolean): Promise<ActResult> {
  const sample = SAMPLES.find((one) => one.name === name);
  if (sample === undefined) return { ...done('Unknown sample.'), result: 'failed' };
  const changes = await readSample(name);
  const sent = asNew ? asNewTicket(changes, randomBytes(3).toString('hex')) : changes;
  const answer = await world.deliver(sample.source, { changes: sent });
  return { ...done(describeAnswer(sample.ticket, answer)), result: answer.status === 202 ? 'done' : 'failed' };
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
