import { describe, expect, it } from 'vitest';
import { readSample, SAMPLES } from '../../local/samples/samples.ts';
import { answersOn } from '../../local/ticket-systems/answers.ts';
import { journalHtml } from '../../local/ticket-systems/desk/ticket-page.ts';
import { inWorld } from './in-world.ts';

const ANSWERED = { ticketSystems: true } as const;

describe('the answers on the tickets', () => {
  it('stand there once, with the whole set in one comment, and the tickets have moved on', async () => {
    await inWorld(ANSWERED, async (world) => {
      const { ticketSystems } = world;
      if (ticketSystems === undefined) throw new Error('no ticket systems');
      for (const { name, source } of SAMPLES) {
        const changes = await readSample(name);
        const { status } = await world.deliver(source, { changes });
        if (status !== 202) continue;
        const keys = changes.map(({ idempotencyKey }) => idempotencyKey);
        await world.awaitSettled(world.refs(source, keys));
        // The same delivery again is the same change: no comment is repeated.
        await world.deliver(source, { changes });
      }
      await world.awaitAnswered();
      const answers = new Map(answersOn(ticketSystems).map((one) => [one.ticket, one]));
      expect([...answers.values()].map(({ ticket, state, notes }) => [ticket, state, notes.length])).toEqual([
        ['CHG0031337', 'Review', 1],
        ['CHG0031362', 'Review', 1],
        ['CHG0031351', 'Review', 1],
        ['ZPA-42', 'Done', 1],
        ['ZPA-57', expect.stringMatching(/^(Done|Failed)$/), 1],
        // Rejected by the webhook: the ticket says why, as the answer did.
        ['ZPA-66', 'Approved', 1],
      ]);
      const [set = ''] = answers.get('CHG0031337')?.notes ?? [];
      expect(set).toContain('All 3 changes are live in ZPA.');
      expect(set.match(/Status page.*: http:\/\/127\.0\.0\.1:\d+\/changes\/[\w-]{43}/g)).toHaveLength(1);
      expect(answers.get('ZPA-66')?.notes[0]).toContain('Ask the ZPA team to allow this change');
      const [refused = ''] = answers.get('CHG0031362')?.notes ?? [];
      expect(refused).toContain('None of the 5 changes is live; 5 need your attention.');
      expect(refused.match(/Next step: /g)).toHaveLength(5);
      expect(ticketSystems.servicenow.store.ticket('CHG0031362')).toMatchObject({
        close_code: 'unsuccessful',
        close_notes: 'None of the 5 changes is live; 5 need your attention.',
      });
      const [address = ''] = set.match(/http:\S+/) ?? [];
      const siblings = await fetch(`${address}?change=2`, { headers: { accept: 'application/json' } });
      expect(await siblings.json()).toMatchObject({
        requested: { group: { name: 'Web Apps' } },
        set: { index: 2, size: 3, summary: 'All 3 changes are live in ZPA.', members: [{}, {}, {}] },
      });
      const page = await (await fetch(ticketSystems.servicenow.url)).text();
      expect(page).toContain('CHG0031337');
      expect(page).toContain(journalHtml('All 3 changes are live in ZPA.').slice(5, -6));
      expect(await (await fetch(ticketSystems.jira.url)).text()).toContain('The change is live in ZPA.');
    });
  });

  it('come when the ticket system is back', async () => {
    await inWorld(ANSWERED, async (world) => {
      const { ticketSystems } = world;
      if (ticketSystems === undefined) throw new Error('no ticket systems');
      const away = { status: 503, json: {} };
      ticketSystems.jira.faults.push({ kind: 'answer', answer: away });
      const changes = await readSample('jira-zpa-42');
      await world.deliver('jira', { changes });
      await world.awaitSettled(world.refs('jira', ['ZPA-42@10417']));
      await world.awaitAnswered();
      expect(ticketSystems.jira.notes('ZPA-42')).toHaveLength(1);
      expect(ticketSystems.jira.faults).toEqual([]);
    });
  });
});
