import { describe, expect, it } from 'vitest';
import { dismissFailures } from '../../../functions/ops/commands/failures/act-on-failures.ts';
import { ADDRESS, type ConsoleAct } from '../../../functions/ops/console/contract.ts';
import type { Drafts } from '../../../functions/ops/console/edit/draft.ts';
import { draftAct, resubmitAct } from '../../../functions/ops/console/edit/edit-acts.ts';
import { editPage } from '../../../functions/ops/console/edit/edit-page.ts';
import { dismissAct, retryAct } from '../../../functions/ops/console/failures/failure-acts.ts';
import { PAGES } from '../../../functions/ops/console/server/pages.ts';
import { shownMark } from '../../../functions/ops/console/view/form-fields.ts';
import { createKept } from '../../../functions/ops/console/view/kept.ts';
import { failureId } from '../../../shared/domain/lane/change-ref.ts';
import { formOf, noticeOf, textOf } from './console-forms.ts';
import { openLossyWebhook } from './lossy-webhook.ts';
import { withConsole } from './open-console.ts';
import { useScene } from './use-scene.ts';

/** Failures in the console, over HTTP, against the local world. */
const scene = useScene({ timeFactor: 20, schedules: false });
const { zpa } = scene;

let count = 0;
async function send(over: object, source = 'ops'): Promise<string> {
  count += 1;
  const one = {
    schemaVersion: 1,
    idempotencyKey: `CON-${count}/1@A${count}`,
    tenant: 'acme-prod',
    action: 'update',
    ...over,
  };
  await zpa(['submit', '-', '--wait', '20', '--source', source], { input: JSON.stringify(one) });
  return one.idempotencyKey;
}
const fail = (name: string, source = 'ops') => send({ group: { name }, set: { enabled: true } }, source);

const pageOf = (key: string, source = 'ops', more = '') =>
  `/failure?${new URLSearchParams({ source, tenant: 'acme-prod', key, generation: '1' })}${more}`;

async function recordOf(key: string, source = 'ops') {
  const [ref] = scene.world.refs(source, [key]);
  if (ref === undefined) throw new Error('a key has a ref');
  return scene.world.ledger.readChange(ref);
}

async function settled(key: string, generation: number) {
  return scene.world.until(async () => {
    const record = await recordOf(key);
    return record?.generation === generation && record.state === 'settled' ? record : undefined;
  });
}

describe('the list of failures', () => {
  it('groups them by who has to act and by code, with the reason, the next step and a link to the preview', async () => {
    const key = await fail('Listed nowhere');
    await withConsole(scene.folder, async ({ get }) => {
      const page = await get('/failures');
      expect(page.status).toBe(200);
      expect(textOf(page.body)).toMatch(/Requester \d+ .*group-not-found .*Listed nowhere.*Next:/);
      expect(page.body).toContain(pageOf(key).replaceAll('&', '&amp;'));
      expect((await get('/failures?code=group-not-found&source=ops')).body).toContain('Listed nowhere');
      expect(textOf((await get('/failures?owner=operator')).body)).not.toContain('Listed nowhere');
      const wrong = await get('/failures?code=nosuchcode');
      expect([wrong.status, wrong.body]).toEqual([404, expect.stringContaining('group-in-use')]);
    });
  });

  it('shows what the ticket system said as text', async () => {
    const requestedBy = '"><img src=x onerror=alert(1)>';
    const key = await send({ group: { name: 'Nowhere' }, set: { enabled: true }, ticket: { requestedBy } });
    await withConsole(scene.folder, async ({ get }) => {
      for (const path of [pageOf(key), pageOf(key).replace('/failure', '/failure/edit')]) {
        const { status, body } = await get(path);
        expect([path, status]).toEqual([path, 200]);
        expect(body).not.toContain('<img');
        expect(textOf(body)).toContain('"><img src=x');
      }
    });
  });
});

describe('the preview of a retry', () => {
  it('retries once, however often and by whomever its button is pressed', async () => {
    const key = await fail('Made later');
    scene.world.simulator.store.createGroup({ name: 'Made later', enabled: false });
    await withConsole(scene.folder, async (one) => {
      await withConsole(scene.folder, async (other) => {
        const page = await one.get(pageOf(key, 'ops', '&plan=1'));
        expect(textOf(page.body)).toMatch(/would be applied .*enabled .*false .*true/);
        const { path, fields } = formOf(page.body, '/failure/retry');
        const both = await Promise.all([one.press(path, fields), other.press(path, fields)]);
        expect(both.map(({ body }) => noticeOf(body)).toSorted()).toEqual([
          expect.stringMatching(/^1 change retried( before)?\.$|retried already/),
          expect.stringMatching(/retried\.|retried already/),
        ]);
        const again = await other.press(path, fields);
        expect(noticeOf(again.body)).toContain('retried already');
        expect(textOf((await other.get(pageOf(key))).body)).toContain('retried already');
      });
    });
    const record = await settled(key, 2);
    expect(record).toMatchObject({ outcome: { kind: 'applied' } });
    const { out } = await zpa(['--json', 'audit', 'show', record?.ticket.id ?? '']);
    expect(out).toContain('failures redrive');
  });

  it('does nothing by the button of an old page that showed something else, and says so', async () => {
    const store = scene.world.simulator.store;
    store.createGroup({ name: 'Taken' });
    const key = await send({ action: 'create', group: { name: 'Taken' } });
    await withConsole(scene.folder, async ({ get, press }) => {
      const old = await get(pageOf(key));
      const newer = await send({ group: { name: 'Taken' }, set: { description: 'newer' } });
      const { path, fields } = formOf(old.body, '/failure/retry');
      const pressed = await press(path, fields);
      expect(noticeOf(pressed.body)).toContain('Nothing was done');
      expect(await recordOf(key)).toMatchObject({ generation: 1, failed: true });
      expect(textOf(pressed.body)).toContain(`${newer} has since changed`);

      const stale = formOf(pressed.body, '/failure/retry', { acceptStale: 'true' });
      expect(noticeOf((await press(stale.path, stale.fields)).body)).toContain('1 change retried');
      expect(await settled(key, 2)).toMatchObject({ acceptStale: true, outcome: { code: 'group-exists' } });
    });
  });

  it('closes a stale failure as replaced, and dismisses another one, each at the generation that was shown', async () => {
    scene.world.simulator.store.createGroup({ name: 'Superseding' });
    const key = await send({ action: 'create', group: { name: 'Superseding' } });
    await send({ group: { name: 'Superseding' }, set: { description: 'newer' } });
    const other = await fail('Dismissed');
    await withConsole(scene.folder, async ({ get, press }) => {
      const page = await get(pageOf(key));
      const { path, fields } = formOf(page.body, '/failure/retry', { acceptStale: 'false' });
      expect(noticeOf((await press(path, fields)).body)).toContain('1 change closed as replaced.');
      const dismiss = formOf((await get(pageOf(other))).body, '/failure/dismiss');
      expect(noticeOf((await press(dismiss.path, dismiss.fields)).body)).toContain('is missing.');
      const given = { ...dismiss.fields, reason: 'sent anew' };
      expect(noticeOf((await press(dismiss.path, given)).body)).toContain(`${other} is dismissed.`);
      expect(noticeOf((await press(dismiss.path, given)).body)).toContain('dismissed already');
      expect(textOf((await get('/failures')).body)).not.toContain('Dismissed');
    });
    expect(await recordOf(key)).toMatchObject({ outcome: { kind: 'superseded' } });
    expect(await recordOf(other)).toMatchObject({
      failed: false,
      discarded: { by: expect.any(String), reason: 'sent anew' },
    });
  });

  it('retries what was not attempted because of it together with it, in order', async () => {
    const set = { id: 'SET-1', size: 2, onReject: 'stop' };
    const changes = [
      {
        idempotencyKey: 'SET-1/1',
        group: { name: 'Set made later' },
        set: { enabled: true },
        changeSet: { ...set, index: 1 },
      },
      {
        idempotencyKey: 'SET-1/2',
        group: { name: 'Set made later' },
        set: { description: 'two' },
        changeSet: { ...set, index: 2 },
      },
    ].map((one) => ({ schemaVersion: 1, tenant: 'acme-prod', action: 'update', ...one }));
    await zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify({ changes }) });
    scene.world.simulator.store.createGroup({ name: 'Set made later', enabled: false });
    await withConsole(scene.folder, async ({ get, press }) => {
      const page = await get(pageOf('SET-1/1'));
      expect(textOf(page.body)).toContain('1 change was not attempted because of it');
      const { path, fields } = formOf(page.body, '/failure/retry', { withDependents: 'true' });
      expect(noticeOf((await press(path, fields)).body)).toBe('2 changes retried.');
    });
    expect(await settled('SET-1/2', 2)).toMatchObject({ outcome: { kind: 'applied' } });
  });
});

describe('a retry of several that AWS does not answer to its end', () => {
  it('says how many were retried before, and takes them off the queue of failures', async () => {
    const taken: string[] = [];
    const set = { id: 'SET-2', size: 2, onReject: 'stop' };
    const changes = [1, 2].map((index) => ({
      ...{ schemaVersion: 1, idempotencyKey: `SET-2/${index}`, tenant: 'acme-prod', action: 'update' },
      ...{ group: { name: 'Never made' }, set: { enabled: true }, changeSet: { ...set, index } },
    }));
    await zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify({ changes }) });
    const silent: ConsoleAct = {
      ...retryAct,
      run({ session, ...context }, form) {
        const writeChange: typeof session.ledger.writeChange = async (record, expected) => {
          if (record.ref.idempotencyKey !== 'SET-2/2') return session.ledger.writeChange(record, expected);
          throw Object.assign(new Error('Writing SET-2/2: no answer'), { code: 'ledger-unavailable' });
        };
        const drain = { remove: async (ids: readonly string[]) => taken.push(...ids) };
        const half = { ...session, drain, ledger: { ...session.ledger, writeChange } };
        return retryAct.run({ ...context, session: half }, form);
      },
    };
    await withConsole(
      scene.folder,
      async ({ get, press }) => {
        const page = await get(pageOf('SET-2/1'));
        const { path, fields } = formOf(page.body, '/failure/retry', { withDependents: 'true' });
        const told = noticeOf((await press(path, fields)).body);
        expect(told).toMatch(/Writing SET-2\/2: no answer\b.*1 of 2 changes was retried before\./);
      },
      { acts: [silent] },
    );
    expect(await settled('SET-2/1', 2)).toMatchObject({ generation: 2 });
    expect(taken).toEqual(scene.world.refs('ops', ['SET-2/1']).map((ref) => failureId(ref, 1)));
  });
});

describe('a dismissal of several that a person interrupts', () => {
  it('ends after the one under way, and takes it off the queue of failures', async () => {
    const keys = [await fail('Dismissed first'), await fail('Never dismissed')];
    const taken: string[] = [];
    const hasty: ConsoleAct = {
      ...dismissAct,
      async run({ session, ...context }) {
        const interruption = new AbortController();
        const writeChange: typeof session.ledger.writeChange = (record, expected) => {
          interruption.abort();
          return session.ledger.writeChange(record, expected);
        };
        const drain = { remove: async (ids: readonly string[]) => taken.push(...ids) };
        const half = { ...session, drain, ledger: { ...session.ledger, writeChange } };
        const records = (await Promise.all(keys.map((key) => recordOf(key)))).filter((one) => one !== undefined);
        const interrupted = { ...context, session: half, signal: interruption.signal };
        await expect(dismissFailures(interrupted, records, { by: 'otto', reason: 'both gone' })).rejects.toThrow(
          /abort/,
        );
        return { result: 'done', sentence: 'Interrupted.', to: ADDRESS.failures };
      },
    };
    await withConsole(
      scene.folder,
      async ({ get, press }) => {
        const { path, fields } = formOf((await get(pageOf(keys[0] ?? ''))).body, '/failure/dismiss');
        expect(noticeOf((await press(path, fields)).body)).toBe('Interrupted.');
      },
      { acts: [hasty] },
    );
    const states = await Promise.all(keys.map(async (key) => (await recordOf(key))?.failed));
    expect(states).toEqual([false, true]);
    expect(taken).toEqual(scene.world.refs('ops', keys.slice(0, 1)).map((ref) => failureId(ref, 1)));
  });
});

describe('an edited change', () => {
  const EDIT = '/failure/edit';
  const editOf = (key: string, source = 'ops') => pageOf(key, source).replace('/failure', EDIT);

  it('tells mistakes with line and column, of the text and of the change', async () => {
    const key = await fail('Edited wrongly');
    await withConsole(scene.folder, async ({ get, press }) => {
      const { path, fields } = formOf((await get(editOf(key))).body, '/failure/draft');
      const told = async (text: string) =>
        textOf((await press(path, { ...fields, ticket: 'CHG9', text })).body).split('in the text')[1];
      expect(await told('schemaVersion: 1\nschemaVersion: 2\n')).toMatch(
        /Line 2, column 1: This field is stated twice/,
      );
      const wrong =
        'schemaVersion: 1\ntenant: acme-prod\naction: update\ngroup: { name: A }\nset:\n  enabled: perhaps\n';
      expect(await told(wrong)).toMatch(/Line 6, column 12: .*enabled/);
      expect(await told(`${wrong}ticket: { id: CHG1 }\n`)).toMatch(/Line 7, column 9: "ticket" is not edited here/);
    });
    expect(await recordOf(key)).toMatchObject({ failed: true });
  });

  it('keeps the text where it cannot be checked, without a ticket or without AWS', async () => {
    const key = await fail('Edited in vain');
    const drafts: Drafts = createKept((draft) => draft);
    let hasAws = true;
    const draft: ConsoleAct = {
      ...draftAct(drafts),
      run: (...given) => (hasAws ? draftAct(drafts).run(...given) : Promise.reject(new Error('no answer from AWS'))),
    };
    await withConsole(
      scene.folder,
      async ({ get, press }) => {
        const { path, fields } = formOf((await get(editOf(key))).body, '/failure/draft');
        const unnamed = await press(path, { ...fields, ticket: ' ', text: 'mine: "1"' }, editOf(key));
        expect([noticeOf(unnamed.body), textOf(unnamed.body)]).toEqual([
          expect.stringContaining('ticket&quot; is missing.'),
          expect.stringContaining('mine: "1"'),
        ]);
        hasAws = false;
        const unchecked = await press(path, { ...fields, ticket: 'CHG9', text: 'mine: "2"' }, editOf(key));
        expect([noticeOf(unchecked.body), textOf(unchecked.body)]).toEqual([
          expect.stringContaining('No answer from AWS'),
          expect.stringContaining('mine: "2"'),
        ]);
        expect(unchecked.body).toContain('name="ticket" value="CHG9"');
      },
      { pages: [editPage(drafts), ...PAGES], acts: [draft] },
    );
  });

  it('never rides on the approval of the change as it was', async () => {
    const key = await fail('Of a ticket', 'servicenow');
    const ticket = (await recordOf(key, 'servicenow'))?.ticket.id ?? '';
    await withConsole(scene.folder, async ({ get, press }) => {
      const { path, fields } = formOf((await get(editOf(key, 'servicenow'))).body, '/failure/draft');
      const text = 'schemaVersion: 1\ntenant: acme-prod\naction: create\ngroup: { name: Of another ticket }\n';
      const same = await press(path, { ...fields, text, ticket });
      expect(textOf(same.body)).toContain(`The approval of ${ticket} is for the change as it was.`);
      const other = await press(path, { ...fields, text, ticket: 'CHG31400' });
      expect(textOf(other.body)).toMatch(/would be applied/);
      const submit = formOf(other.body, '/failure/resubmit');
      const sent = await press(submit.path, { ...submit.fields, dismiss: 'yes' });
      expect(noticeOf(sent.body)).toMatch(/is accepted as CHG31400\/edit-[0-9a-f]{12}\. The failure is dismissed\./);
      const twice = await press(submit.path, { ...submit.fields, dismiss: 'yes' });
      expect(noticeOf(twice.body)).toContain('was sent already');
    });
    expect(await recordOf(key, 'servicenow')).toMatchObject({ failed: false, generation: 1 });
    const edited = (await scene.world.changes()).filter(({ ticket: { id } }) => id === 'CHG31400');
    expect(edited).toMatchObject([{ ref: { source: 'ops' }, ticket: { approvals: [] } }]);
    for (const one of [ticket, 'CHG31400'])
      expect((await zpa(['--json', 'audit', 'show', one])).out, one).toContain('failures resubmit');
  });

  it('says that nobody knows whether it was accepted where the webhook’s answer is lost, and ends what was begun', async () => {
    const key = await fail('Answer lost');
    const lossy = await openLossyWebhook(scene.folder);
    await withConsole(lossy.folder, async ({ get, press }) => {
      const { path, fields } = formOf((await get(editOf(key))).body, '/failure/draft');
      const text = 'schemaVersion: 1\ntenant: acme-prod\naction: create\ngroup: { name: Made unheard }\n';
      const submit = formOf((await press(path, { ...fields, text, ticket: 'CHG31403' })).body, '/failure/resubmit');
      const lost = noticeOf((await press(submit.path, { ...submit.fields, dismiss: 'yes' })).body);
      expect(lost).toMatch(
        /did not answer: it is not known whether it accepted this\. .*is not accepted a second time/,
      );
      expect(await recordOf(key)).toMatchObject({ failed: true });
      const again = await press(submit.path, { ...submit.fields, dismiss: 'yes' });
      expect(noticeOf(again.body)).toMatch(/was sent already\. Nothing was sent again\. The failure is dismissed\./);
    }).finally(lossy.close);
    expect(await recordOf(key)).toMatchObject({ failed: false });
    expect((await scene.world.changes()).filter((one) => one.ticket.id === 'CHG31403')).toHaveLength(1);
  });

  it('is told as accepted where the dismissal of the failure fails after it', async () => {
    const key = await fail('Not dismissed');
    const drafts: Drafts = createKept((draft) => draft);
    const resubmit = resubmitAct(drafts);
    const half: ConsoleAct = {
      ...resubmit,
      run({ session, ...context }, form) {
        const writeChange: typeof session.ledger.writeChange = () =>
          Promise.reject(Object.assign(new Error('Writing: no answer'), { code: 'ledger-unavailable' }));
        return resubmit.run({ ...context, session: { ...session, ledger: { ...session.ledger, writeChange } } }, form);
      },
    };
    await withConsole(
      scene.folder,
      async ({ get, press }) => {
        const { path, fields } = formOf((await get(editOf(key))).body, '/failure/draft');
        const text = 'schemaVersion: 1\ntenant: acme-prod\naction: create\ngroup: { name: Made beside }\n';
        const page = await press(path, { ...fields, text, ticket: 'CHG31404' });
        const submit = formOf(page.body, '/failure/resubmit');
        const told = noticeOf((await press(submit.path, { ...submit.fields, dismiss: 'yes' })).body);
        expect(told).toMatch(
          /is accepted as CHG31404\/edit-\S+\. .*not known whether the failure is dismissed.*no answer/,
        );
      },
      { pages: [editPage(drafts), ...PAGES], acts: [draftAct(drafts), half] },
    );
  });

  it('accepts drift for a steward alone', async () => {
    const key = await fail('Made an accept');
    const text =
      'schemaVersion: 1\ntenant: acme-prod\naction: accept\ngroup: { id: "72057594037999999" }\nstate: absent\n';
    const ticket = 'CHG31402';
    const story = (role: 'operator' | 'steward', told: string) =>
      withConsole(
        scene.folder,
        async ({ get, press }) => {
          const { path, fields } = formOf((await get(editOf(key))).body, '/failure/draft');
          const page = textOf((await press(path, { ...fields, text, ticket })).body);
          expect(page).toContain('would be recorded as approved');
          expect(page.includes('Needs the role steward')).toBe(role === 'operator');
          const draft = shownMark({ text, ticket });
          expect(noticeOf((await press('/failure/resubmit', { ...fields, draft })).body)).toContain(told);
        },
        { role },
      );
    await story('operator', 'Needs the role steward');
    expect((await scene.world.changes()).filter((one) => one.ticket.id === ticket)).toEqual([]);
    await story('steward', 'is accepted as CHG31402/edit-');
  });

  it('is not sent where somebody dealt with the failure meanwhile', async () => {
    const key = await fail('Handled meanwhile');
    await withConsole(scene.folder, async ({ get, press }) => {
      const { path, fields } = formOf((await get(editOf(key))).body, '/failure/draft');
      const text = 'schemaVersion: 1\ntenant: acme-prod\naction: create\ngroup: { name: Never made }\n';
      const page = await press(path, { ...fields, text, ticket: 'CHG31401' });
      await zpa(['failures', 'dismiss', key, '--reason', 'gone', '--yes']);
      const submit = formOf(page.body, '/failure/resubmit');
      expect(noticeOf((await press(submit.path, submit.fields)).body)).toContain('Nothing was sent');
    });
    expect(scene.world.simulator.store.group('Never made')).toBeUndefined();
  });
});
