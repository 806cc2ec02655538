import { describe, expect, it } from 'vitest';
import { comparableName } from '../../../../shared/domain/approval/people.ts';
import { parseChange } from '../../../../shared/domain/change/parse-change.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { similarNames } from '../../../../shared/domain/text/similar-names.ts';
import { createTicketWorld, snowPayload, TICKET_CONFIGURATION } from '../../ingest/ticket-world.ts';
import { rawUpdate } from '../sample-changes.ts';

/** Marks out of canonical order: composing them takes time with the square of their number. */
const marks = (length: number) => `a${'\u0315\u0300'.repeat(length / 2)}`;
const LONG = 60_000;

const { sources } = TICKET_CONFIGURATION;
const configuration = configurationSchema.parse({
  ...TICKET_CONFIGURATION,
  sources: {
    ...sources,
    trusted: { ...sources.trusted, approval: { ...sources.trusted?.approval, integrationUser: 'zpa' } },
  },
});
const approval = { id: 'a1', by: 'david.loo', at: '2026-12-01T07:00:00Z' };
const deliver = (body: Record<string, unknown>, source = 'trusted') =>
  createTicketWorld({ configuration }).send(body, { source });
const trusted = (over: Record<string, unknown>, variables: Record<string, string> = {}) =>
  deliver({ ...snowPayload(over, variables), approval });

/** Counts the compositions meanwhile, and the length of the longest text. */
async function composedBy(work: () => unknown): Promise<{ times: number; longest: number }> {
  const { normalize } = String.prototype;
  const composed = { times: 0, longest: 0 };
  const counting = function (this: string, form?: string) {
    composed.times += 1;
    composed.longest = Math.max(composed.longest, this.length);
    return normalize.call(this, form);
  };
  Object.assign(String.prototype, { normalize: counting });
  try {
    await work();
  } finally {
    Object.assign(String.prototype, { normalize });
  }
  return composed;
}

describe('a long text from outside is not composed', () => {
  it.each<[string, () => unknown]>([
    ['a group’s name', () => parseChange(rawUpdate({ group: { name: marks(LONG) } }))],
    ['a new name', () => parseChange(rawUpdate({ set: { name: marks(LONG) } }))],
    ['a description', () => parseChange(rawUpdate({ set: { description: marks(LONG) } }))],
    ['an application', () => parseChange(rawUpdate({ applications: { add: [{ name: marks(LONG) }] } }))],
    ['a name that resembles others', () => similarNames(marks(LONG), ['ssh'], 3)],
    ['a person', () => comparableName(marks(LONG))],
    ['a state', () => deliver(snowPayload({ state: marks(LONG) }), 'snow')],
    ['an author', () => deliver(snowPayload({ sys_updated_by: marks(LONG) }))],
    ['a requester', () => trusted({ requested_by: { user_name: marks(LONG) } })],
    ['an approver', () => deliver({ ...snowPayload(), approval: { ...approval, by: marks(LONG) } })],
    ['a mapped field', () => trusted({}, { zpa_group: marks(LONG) })],
    ['a mapped list', () => trusted({}, { zpa_action: 'add applications', zpa_applications_to_add: marks(LONG) })],
  ])('%s', async (_, work) => {
    expect((await composedBy(work)).longest).toBeLessThanOrEqual(4 * 4000);
  });

  it.each([
    ['a state', { state: Array.from({ length: 50_000 }, () => 'x') }],
    ['an author', { sys_updated_by: Array.from({ length: 50_000 }, () => 'x') }],
    ['several requesters', { requested_by: { user_name: Array.from({ length: 50_000 }, (_, n) => `x${n}`) } }],
  ])('nor is every entry of a long list: %s', async (_, over) => {
    expect((await composedBy(() => trusted(over))).times).toBeLessThan(10_000);
  });
});

describe('what fits once it is composed', () => {
  it('is a name, however it is written', () => {
    const name = 'ΐ'.repeat(255);
    const parsed = parseChange(rawUpdate({ group: { name: name.normalize('NFD') }, set: { enabled: true } }));
    expect(parsed).toMatchObject({ ok: true, change: { group: { name: name.normalize('NFC') } } });
  });

  it('is a person, with whatever cannot be seen in between', () => {
    expect(comparableName(`kim${'\u200b'.repeat(LONG)}`)).toBe('kim');
    expect(comparableName(marks(LONG))).not.toBe(comparableName('a'));
    expect(comparableName(marks(LONG))).not.toBe('');
  });
});
