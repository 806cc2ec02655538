import { expect, it } from 'vitest';
import { startTicketWorld } from './ticket-world.ts';

const KEY = 'ZPA-42';
const GROUP = 'customfield_10102';

it('an issue that was edited and approved while it was read is not taken as it was before, and is read again', async () => {
  let at = Date.UTC(2026, 10, 30, 8);
  await using world = await startTicketWorld({ now: () => at });
  const { store } = world.jira;
  store.addIssue({ key: KEY, title: 'Web Apps', status: 'Approved', fields: { [GROUP]: 'Everything' } });
  const { get } = store;
  let reads = 0;
  store.get = (key) => {
    reads += 1;
    if (reads === 2) {
      store.get = get;
      for (const [to, by] of [
        ['Waiting for approval', 'requester'],
        ['Approved', 'approver'],
      ] as const) {
        at += 60_000;
        store.move(KEY, to, by, { [GROUP]: 'Harmless' });
      }
    }
    return get(key);
  };
  const read = () => world.reader('jira').read(KEY);
  await expect(read()).rejects.toMatchObject({ code: 'tickets-unavailable' });
  expect(await read()).toMatchObject({ payload: { issue: { fields: { [GROUP]: 'Harmless' } } }, approvals: [{}] });
});

it('an issue that does not show when it was last edited may be torn, so that its history is unknown', async () => {
  await using world = await startTicketWorld();
  const { store } = world.jira;
  store.addIssue({ key: KEY, title: 'Web Apps', status: 'Waiting for approval' });
  store.move(KEY, 'Approved', 'approver');
  const read = async () => (await world.reader('jira').read(KEY))?.history;
  expect(await read()).toMatchObject({ kind: 'complete' });
  for (const updated of ['', 'yesterday']) {
    Object.assign(store.get(KEY)?.fields ?? {}, { updated });
    expect(await read()).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('last edited') });
  }
});
