import fc from 'fast-check';
import { type Configuration, configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import type { ConfigurationEdit, History } from './history.ts';
import { withNeighbour } from './neighbour.ts';
import { CUSTOMER, GROUP_NAMES, SOURCE, TENANT } from './small-tenant.ts';

/** The configuration of a history, and its edits while changes are open. A process has the one in force at its start. */

const GRANT = {
  tenants: [TENANT],
  actions: ['create', 'update', 'delete', 'accept'],
  groups: ['*'],
  applications: ['*'],
  flags: ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'],
};

/** The group that a narrowed grant still covers. */
export const GRANTED_GROUP = GROUP_NAMES[0] ?? '';

type Content = { acme?: object; grants?: object[]; isSource?: boolean };

const EDITED: Record<ConfigurationEdit['kind'], Content> = {
  'tenant removed': { grants: [] },
  'customer edited': { acme: { customerId: '72057594037999999' } },
  'source removed': { acme: {}, isSource: false },
  'grant narrowed': { acme: {}, grants: [{ ...GRANT, groups: [GRANTED_GROUP] }] },
  'guard added': { acme: { guards: { protectedGroups: [{ groups: ['*'] }] } } },
  'plan only': { acme: { mode: 'plan-only' } },
  paused: { acme: { mode: 'paused' } },
};

/** Answers the configuration in force at an instant, of a tenant whose memberships are written in this way. */
export function configurationsOf(
  { freezes, configurations = [], neighbour = [] }: History,
  membership: 'v1' | 'v2',
): (now: number) => Configuration {
  const frozen = freezes.map(({ atMs, forMs }) => ({ from: instantAt(atMs), until: instantAt(atMs + forMs) }));
  const build = ({ acme, grants = [GRANT], isSource = true }: Content) => {
    const content = configurationSchema.parse({
      name: 'histories',
      tenants:
        acme === undefined
          ? {}
          : { [TENANT]: { customerId: CUSTOMER, vanity: 'acme', freezes: frozen, membership, ...acme } },
      sources: isSource ? { [SOURCE]: { system: 'Desk', grants } } : {},
    });
    return neighbour.length === 0 ? content : withNeighbour(content);
  };
  const plain = build({ acme: {} });
  const edited = configurations.map((edit) => ({ edit, content: build(EDITED[edit.kind]) }));
  return (now) => edited.find(({ edit }) => isInForce(edit, now))?.content ?? plain;
}

const instantAt = (ms: number) => new Date(TEST_START + ms).toISOString();

/** From this instant to before that one, in epoch ms. */
export const spanOf = ({ atMs, forMs }: ConfigurationEdit) => ({
  from: TEST_START + atMs,
  until: TEST_START + atMs + forMs,
});

function isInForce(edit: ConfigurationEdit, now: number): boolean {
  const { from, until } = spanOf(edit);
  return from <= now && now < until;
}

const FOR_GOOD_MS = 10 * 24 * 3_600_000;
const shortly = fc.oneof(fc.integer({ min: 1000, max: 60_000 }), fc.integer({ min: 1000, max: 900_000 }));

/** An edit that is put back, or any but a pause for good. */
const configurationEdit = fc
  .record({
    atMs: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 400_000 })),
    forMs: fc.oneof({ weight: 3, arbitrary: shortly }, { weight: 1, arbitrary: fc.constant(FOR_GOOD_MS) }),
    kind: fc.constantFrom(...(Object.keys(EDITED) as ConfigurationEdit['kind'][])),
  })
  .map((edit) => (edit.kind === 'paused' ? { ...edit, forMs: Math.min(edit.forMs, 900_000) } : edit));

/** Histories with one or two edits of the configuration; the earlier one of the list counts where they overlap. */
export const editedHistories = (histories: fc.Arbitrary<History>): fc.Arbitrary<History> =>
  fc
    .tuple(histories, fc.array(configurationEdit, { minLength: 1, maxLength: 2, size: 'max' }))
    .map(([history, configurations]) => ({ ...history, configurations }));
