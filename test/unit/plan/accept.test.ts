import { expect, it } from 'vitest';
import { createPlanWorld } from './plan-world.ts';

const actions = ['create', 'update', 'delete', 'accept'];
const grant = { tenants: ['prod'], actions, groups: ['*'], applications: ['*'] };
const accept = (state: unknown, id = '11') => ({ action: 'accept', group: { id }, state });

async function planned(
  changes: object[],
  { grants = [grant], tenant = {} }: { grants?: object[]; tenant?: object } = {},
) {
  const world = createPlanWorld({ source: { grants }, tenant });
  world.put(...changes);
  await world.ask();
  return { text: world.spoken.at(-1)?.text ?? '', reads: world.zpa.calls.map(({ method }) => method) };
}

it('an accept of what is so is said to be recorded, without a look at the policy rules', async () => {
  const { text, reads } = await planned([accept({ name: 'Web', applications: { exactly: [{ id: '21' }] } })]);
  expect(text.split('\n')).toEqual([
    'Plan of 1 change: 1 would be recorded as approved',
    'This is a plan, made before approval: nothing has been changed.',
    expect.stringMatching(
      /^Web \(11\) \| Accept it as it is in ZPA \| Would be recorded as approved: ZPA already matches the ticket, and nothing would be written\. Plan [0-9a-f]{12}$/,
    ),
    expect.stringContaining('An approval of the ticket approves this plan.'),
  ]);
  expect(new Set(reads)).toEqual(new Set(['getGroup']));
});

it('an accept of something else is said to be rejected, and why', async () => {
  const { text } = await planned([accept({ enabled: false }), accept('absent'), accept('absent', '99')]);
  expect(text).toContain('Plan of 3 changes: 1 would be recorded as approved, 2 would be rejected');
  expect(text).toMatch(/Would be rejected: The accept states enabled false.* Field: state\..*\(precondition-failed\)/);
});

it('an accept is planned on what the changes before it on the ticket do', async () => {
  const { text } = await planned([{ group: { id: '11' }, set: { enabled: false } }, accept({ enabled: false })]);
  expect(text).toContain('1 would be applied, 1 would be recorded as approved');
});

it('a guard that wants a second approver is told beforehand, and plan-only is no obstacle', async () => {
  const guards = { rules: [{ rules: ['*'], response: 'second-approver' }] };
  const tenant = { guards, mode: 'plan-only', budget: { reads: 16, writes: 10 } };
  const { text } = await planned([accept({ enabled: true })], { tenant });
  expect(text).toContain('But: Two people must approve this');
  expect(text).not.toContain('plan-only');
});

it('an accept without its grant would be rejected', async () => {
  const { text } = await planned([accept({ enabled: true })], { grants: [{ ...grant, actions: ['update'] }] });
  expect(text).toMatch(/Would be rejected: .*\(not-permitted\)/);
});
