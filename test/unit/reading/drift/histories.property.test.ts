import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SurveyPorts, surveyLane } from '../../../../shared/reading/survey-drift.ts';
import { createLaneWorld, LANE, type LaneWorld } from '../../apply/lane-world.ts';
import { idOf, refs, upTo } from '../../apply/requests.ts';

/** Tickets that go through the worker lead to no drift, whatever they ask for. */

const application = fc.constantFrom('101', '102', '103', '104', '105', '106');
const applications = fc.uniqueArray(application, { maxLength: 3 }).map((ids) => refs(...ids));
const group = fc.oneof(
  fc.constantFrom(...upTo(3)).map((n) => ({ id: idOf(n) })),
  fc.constantFrom('Group 1', 'Group 2', 'New', 'Newer').map((name) => ({ name })),
);
const set = fc.record(
  { name: fc.constantFrom('Newer', 'Group 2'), description: fc.constantFrom('', 'x & y'), enabled: fc.boolean() },
  { requiredKeys: [] },
);
const freely = { takeFromOtherGroups: true, leaveUngrouped: true };
const change = fc.oneof(
  { weight: 3, arbitrary: fc.record({ group, set }).map((one) => ({ action: 'update', ...one })) },
  {
    weight: 4,
    arbitrary: fc
      .record({ group, add: applications, remove: applications })
      .map(({ group: of, ...members }) => ({ action: 'update', group: of, applications: members, ...freely })),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ group, replace: applications })
      .map(({ group: of, replace }) => ({ action: 'update', group: of, applications: { replace }, ...freely })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ group, replace: applications, moveTo: group }).map(({ replace, ...one }) => ({
      action: 'update',
      ...one,
      applications: { replace },
      takeFromOtherGroups: true,
    })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        name: fc.constantFrom('New', 'Newer'),
        enabled: fc.boolean(),
        ifExists: fc.constantFrom('reject', 'update'),
      })
      .map(({ name, ...one }) => ({ action: 'create', group: { name }, ...one })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ group, moveApplicationsTo: group }).map((one) => ({ action: 'delete', ...one })),
  },
);

function world(): LaneWorld {
  const made = createLaneWorld();
  made.addApplications('101', '102', '103', '104', '105', '106');
  for (const n of upTo(3)) made.addGroup({ id: idOf(n), name: `Group ${n}`, applicationIds: [`10${n}`] });
  return made;
}

async function findings({ ports, ledger, clock }: LaneWorld): Promise<string[]> {
  await clock.advance(120_000);
  const limiter = { take: async () => () => undefined, obey: () => undefined };
  const zpaOf: SurveyPorts['zpaOf'] = (tenant) => ports.zpaFor(tenant, limiter);
  const { signal } = new AbortController();
  const { report } = await surveyLane({ ledger, clock, zpaOf }, ports.configuration, LANE, signal);
  expect(report.notChecked).toEqual([]);
  return report.findings.map(
    ({ kind, group: { id, name }, facet, after }) => `${kind} ${id} ${name} ${facet} ${after}`,
  );
}

describe('tickets that were carried out', () => {
  it('leave no finding, whatever they ask for and however they end', async () => {
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 10 }), async (changes) => {
        const one = world();
        for (const each of changes) await one.play(each);
        applied += (await one.endings()).filter((ending) => ending === 'applied').length;
        expect(await findings(one)).toEqual([]);
      }),
      { numRuns: 120 },
    );
    expect(applied).toBeGreaterThan(200);
  });
});
