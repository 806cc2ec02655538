import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import type { Finding } from '../../../../shared/domain/drift/report.ts';
import { acceptFindings } from '../../../../shared/domain/drift/resolve/accept-findings.ts';
import { baseline } from '../../../../shared/domain/drift/resolve/baseline.ts';
import { laneStateOf } from '../../../../shared/domain/drift/resolve/lane-state.ts';
import { numberChanges, type Purpose } from '../../../../shared/domain/drift/resolve/number-changes.ts';
import type { LaneState, Resolution } from '../../../../shared/domain/drift/resolve/resolution.ts';
import { revertFindings } from '../../../../shared/domain/drift/resolve/revert-findings.ts';
import { foldDesired } from '../../../../shared/domain/ledger/desired.ts';
import { collect } from '../../../../shared/reading/retry-read.ts';
import { type SurveyPorts, surveyLane } from '../../../../shared/reading/survey-drift.ts';
import { createLaneWorld, LANE, type LaneWorld } from '../../apply/lane-world.ts';
import { changeRecord, outcomeOf } from '../../domain/ledger-items.ts';
import { approvalsOf, editsOf, RESERVED, type Tenant, tenantArbitrary } from './tenant-model.ts';

/** Generated changes, carried out by the worker: the next report has none of the findings that they answer. */

const settings: SurveyPorts['settings'] = {
  nameWriter: (seen) => ({ ...seen, kind: 'unknown' }),
  patternOf: ({ name }) => (name.startsWith(RESERVED) ? 'owned' : 'none'),
};

/** A lane whose tickets led to `approved`, and whose tenant is like `now`. */
async function laneWith(approved: Tenant, now: Tenant): Promise<LaneWorld> {
  const world = createLaneWorld();
  for (const one of approvalsOf(approved)) {
    const sequence = await world.ledger.takeSequences(LANE, 1);
    const record = changeRecord(sequence);
    const outcome = outcomeOf(one.approved);
    if (!('effect' in outcome)) throw new Error('it approves something');
    const summary = { name: one.name, description: '', enabled: true, applicationCount: 0 };
    const effect = { ...outcome.effect, before: summary, after: one.approved.deleted ? null : summary };
    const settled = { ...record, ref: { ...record.ref, lane: LANE, tenant: 'acme' }, outcome: { ...outcome, effect } };
    const desired = foldDesired(undefined, settled);
    if (desired !== undefined) await world.ledger.writeDesired(desired, 0);
  }
  for (const { id, name, description, enabled, applications } of now.groups) {
    world.addGroup({ id, name, description, enabled, applicationIds: applications.toSorted() });
  }
  for (const [id, name] of now.applications) world.tenant.applications.set(id, { id, name });
  await world.clock.advance(3_600_000);
  return world;
}

async function survey({ ports, ledger, clock }: LaneWorld) {
  const limiter = { take: async () => () => undefined, obey: () => undefined };
  const zpaOf: SurveyPorts['zpaOf'] = (tenant) => ports.zpaFor(tenant, limiter);
  const reads = { ledger, clock, zpaOf, settings };
  const { report, listings, applications } = await surveyLane(
    reads,
    ports.configuration,
    LANE,
    new AbortController().signal,
  );
  const groups = listings.flatMap(({ result }) => ('groups' in result ? result.groups : []));
  const live = applications.flatMap(({ result }) => ('applications' in result ? result.applications : []));
  const desired = await collect(ledger.listDesired(LANE, () => undefined));
  const state = laneStateOf({ groups, desired, applicationIds: live.map(({ id }) => id) }, ports.configuration);
  return { report, state };
}

/** Carries the changes out; answers how they ended. */
async function carryOut(world: LaneWorld, { units }: Resolution, purpose: Purpose): Promise<string[]> {
  const changes = numberChanges(units, 'CHG7', purpose).map(({ change }) => change);
  for (const change of changes) {
    const parsed = parseChange(change);
    if (!parsed.ok) throw new Error(parsed.faults.map(({ sentence }) => sentence).join(' '));
  }
  const records = [];
  for (const { idempotencyKey, ...change } of changes) records.push(await world.accept(idempotencyKey, change));
  await world.settle(records);
  await world.clock.advance(3_600_000);
  return records.length === 0 ? [] : world.endings(...changes.map(({ idempotencyKey }) => idempotencyKey));
}

const isTwice = (list: readonly string[]) => new Set(list).size < list.length;

/** A tenant, and what some edits make of it: as in ZPA, no two groups have one id or one name. */
const edited = tenantArbitrary.chain((approved) =>
  fc
    .record({
      edits: fc.subarray(editsOf(approved), { minLength: 1 }).map((some) => some.slice(0, 4)),
      chosen: fc.nat(3),
    })
    .map(({ edits, chosen }) => {
      let now = structuredClone(approved);
      const done: string[] = [];
      for (const { what, apply } of edits) {
        const next = structuredClone(now);
        try {
          apply(next);
        } catch {
          continue;
        }
        if (isTwice(next.groups.map(({ id }) => id)) || isTwice(next.groups.map(({ name }) => name))) continue;
        now = next;
        done.push(what);
      }
      return { approved, now, done, chosen };
    }),
);

/** All findings, or some of them. */
const choose = (findings: readonly Finding[], chosen: number) =>
  chosen === 0 ? findings : findings.filter((_, index) => index % 2 === chosen % 2);

const idsOf = (findings: readonly { id: string }[]) => findings.map(({ id }) => id);

/** The contract has no name such as `R&D`, so a ticket cannot give it back. */
const isNameable = ({ groups }: Tenant) => groups.every(({ name }) => !name.includes('&'));

type Resolve = (findings: readonly Finding[], state: LaneState) => Resolution;

async function resolved(
  { approved, now, chosen }: { approved: Tenant; now: Tenant; chosen: number },
  how: Resolve,
  purpose: Purpose,
) {
  const world = await laneWith(approved, now);
  const before = await survey(world);
  const findings = choose(before.report.findings, chosen);
  const resolution = how(findings, before.state);
  const endings = await carryOut(world, resolution, purpose);
  const after = await survey(world);
  const refused = new Set(idsOf(resolution.unresolved));
  const answered = idsOf(findings).filter((id) => !refused.has(id));
  return {
    world,
    resolution,
    endings,
    answered,
    before: idsOf(before.report.findings),
    after: idsOf(after.report.findings),
  };
}

describe('changes that accept findings', () => {
  it('close them, write nothing, and bring no new finding', async () => {
    await fc.assert(
      fc.asyncProperty(edited, async (edits) => {
        const { world, resolution, endings, answered, before, after } = await resolved(edits, acceptFindings, 'accept');
        expect(endings.filter((ending) => ending !== 'unchanged')).toEqual([]);
        expect(world.tenant.writes).toEqual([]);
        expect(resolution.unresolved).toEqual([]);
        expect(after.filter((id) => answered.includes(id) || !before.includes(id))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('changes that revert findings', () => {
  it('close them, and bring no new finding', async () => {
    await fc.assert(
      fc.asyncProperty(
        edited.filter(({ approved }) => isNameable(approved)),
        async (edits) => {
          const { endings, answered, before, after } = await resolved(edits, revertFindings, 'revert');
          expect(endings.filter((ending) => !['applied', 'unchanged'].includes(ending))).toEqual([]);
          expect(after.filter((id) => answered.includes(id) || !before.includes(id))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe.each([
  ['accepts', acceptFindings, 'accept'],
  ['reverts', revertFindings, 'revert'],
] as const)('a change that %s a finding', (_, how, purpose) => {
  it('is rejected, and writes nothing, if its group drifts further before it is carried out', async () => {
    const group = { id: '101', name: 'Web', description: 'approved', enabled: true, applications: [], stated: [] };
    const approved: Tenant = { groups: [{ ...group, managed: 'all' }], applications: new Map(), deleted: [] };
    const world = await laneWith(approved, approved);
    world.tenant.edit('101', { description: 'edited' });
    const { report, state } = await survey(world);
    world.tenant.edit('101', { description: 'edited once more' });
    expect(await carryOut(world, how(report.findings, state), purpose)).toEqual(['precondition-failed']);
    expect(world.tenant.writes).toEqual([]);
    expect(idsOf((await survey(world)).report.findings)).toEqual(idsOf(report.findings));
  });
});

describe('a baseline', () => {
  it('writes nothing and brings no finding; a single edit after it is one', async () => {
    await fc.assert(
      fc.asyncProperty(tenantArbitrary, async (tenant) => {
        const world = await laneWith(tenant, tenant);
        const { report, state } = await survey(world);
        const patterns = ['*'];
        const resolution = baseline({
          tenant: 'acme',
          patterns,
          findings: report.findings,
          notChecked: report.notChecked,
          state,
        });
        expect(await carryOut(world, resolution, 'baseline')).toEqual(resolution.units.map(() => 'unchanged'));
        expect(world.tenant.writes).toEqual([]);
        const after = await survey(world);
        expect(after.report).toMatchObject({ findings: [], unmanaged: [] });
        expect(after.report.coverage.fullyStated).toBe(tenant.groups.length);
        for (const { id, description } of tenant.groups)
          world.tenant.edit(id, { description: `${description}, edited` });
        expect((await survey(world)).report.findings).toHaveLength(tenant.groups.length);
      }),
      { numRuns: 100 },
    );
  });
});
