import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { contentOf, expectedOf } from '../../unit/histories/own-model.ts';
import type { Row } from './pairwise.ts';
import { CHANGES, DISTURBED, OF_COLLEAGUE, TOGETHER } from './quirk-changes.ts';
import { type QuirkScene, RULED, startQuirkScene } from './quirk-scene.ts';

/**
 * Every requested change, under one row of quirks. A quirk may turn an applied change into a rejection; it may never
 * lead to an outcome that is not true, to an effect that was not requested, or to one that is repeated.
 */
export type RowReport = { breaches: string[]; outcomes: string[] };

export async function runRow(row: Row): Promise<RowReport> {
  const scene = await startQuirkScene(row);
  // Signing in is impossible: everything has to wait, and nothing may be refused for it.
  const standing = row.auth === 'legacy' && row.legacy === 'only-oneapi';
  try {
    const report: RowReport = { breaches: [], outcomes: [] };
    if (standing) return await runStanding(scene, report);
    for (const [index, asked] of CHANGES.entries()) await runOne(scene, report, `Q-${index + 1}`, asked);
    await runTogether(scene, report);
    await runDisturbed(scene, report);
    return report;
  } finally {
    await scene.close();
  }
}

const endOf = (record: ChangeRecord | undefined): string => {
  const { outcome } = record ?? {};
  return outcome?.kind === 'rejected' ? `rejected ${outcome.code}` : (outcome?.kind ?? 'open');
};

async function runOne(scene: QuirkScene, report: RowReport, key: string, asked: object): Promise<void> {
  const before = scene.state();
  const sentBefore = scene.sent.length;
  const accepted = await scene.accept(key, asked);
  const [record] = await scene.settle([accepted]);
  const end = endOf(record);
  const expected = expectedOf(before, accepted.change, RULED);
  const say = (breach: string) => void report.breaches.push(`${key} ${JSON.stringify(asked).slice(0, 120)} ${breach}`);
  report.outcomes.push(end);
  if (end === 'open') return say('has no outcome');
  const after = contentOf(scene.state());
  const done = after === contentOf(expected.after);
  const untouched = after === contentOf(before);
  if (end === 'applied' && !(done && expected.verdict === 'applied'))
    say(`is applied, should be ${expected.verdict}:\n${after}`);
  if (end === 'unchanged' && expected.verdict !== 'unchanged') say(`is unchanged, should be ${expected.verdict}`);
  if (end !== 'applied' && !untouched) say(`is ${end} and was done:\n${after}`);
  if (expected.verdict.startsWith('rejected') && !end.startsWith('rejected'))
    say(`is ${end}, should be ${expected.verdict}`);
  for (const twice of doneTwice(scene.sent.slice(sentBefore))) say(`took effect twice: ${twice}`);
}

/** Writes of one place in an intent, or of two intents, that both changed something. */
function doneTwice(sent: QuirkScene['sent']): string[] {
  const effective = sent.filter((one) => one.effective);
  const places = Map.groupBy(effective, ({ writeId, cursor, groupId }) => `${writeId} ${cursor} ${groupId}`);
  const repeated = [...places].filter(([, list]) => list.length > 1).map(([place]) => place);
  return new Set(effective.map(({ writeId }) => writeId)).size > 1 ? ['under two write ids', ...repeated] : repeated;
}

/** Adds that may become one write. */
async function runTogether(scene: QuirkScene, report: RowReport): Promise<void> {
  const before = scene.state();
  const accepted: ChangeRecord[] = [];
  for (const [index, asked] of TOGETHER.entries()) accepted.push(await scene.accept(`T-${index + 1}`, asked));
  const records = await scene.settle(accepted);
  let state = before;
  for (const [index, record] of records.entries()) {
    const { change } = accepted[index] ?? {};
    const end = endOf(record);
    report.outcomes.push(end);
    if (change !== undefined && end === 'applied') state = expectedOf(state, change, RULED).after;
    else if (!end.startsWith('rejected')) report.breaches.push(`T-${index + 1} is ${end}`);
  }
  const after = contentOf(scene.state());
  if (after !== contentOf(state)) report.breaches.push(`together left\n${after}`);
}

/** A colleague puts another application into the group between read and write: it stays, unless the tenant is set to v1. */
async function runDisturbed(scene: QuirkScene, report: RowReport): Promise<void> {
  const { store } = scene.simulator;
  const sentBefore = scene.sent.length;
  scene.hand.meanwhile = (write) => {
    if (write.kind === 'update') store.moveApplication(OF_COLLEAGUE, write.groupId);
  };
  const accepted = await scene.accept('D-1', DISTURBED);
  const [record] = await scene.settle([accepted]);
  scene.hand.meanwhile = () => undefined;
  report.outcomes.push(endOf(record));
  const whole = scene.sent.slice(sentBefore).some(({ via }) => via === 'v1');
  const home = store.application(OF_COLLEAGUE)?.segmentGroupId;
  if (!whole && home === undefined)
    report.breaches.push(`a colleague's application was put out again: ${endOf(record)}`);
}

async function runStanding(scene: QuirkScene, report: RowReport): Promise<RowReport> {
  const [asked = {}] = CHANGES;
  const [record] = await scene.settle([await scene.accept('S-1', asked)]);
  report.outcomes.push(endOf(record));
  if (endOf(record) !== 'open' || scene.sent.length > 0) report.breaches.push(`nobody could sign in: ${endOf(record)}`);
  return report;
}
