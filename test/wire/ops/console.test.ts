import { describe, expect, it } from 'vitest';
import type { ConsoleAct, ConsolePage } from '../../../functions/ops/console/contract.ts';
import { actForm } from '../../../functions/ops/console/view/act-form.ts';
import { EXIT, OpsError } from '../../../functions/ops/output/exit-codes.ts';
import { html } from '../../../shared/domain/html/html.ts';
import { type Asked, withConsole } from './open-console.ts';
import { useScene } from './use-scene.ts';

const scene = useScene({ timeFactor: 20, schedules: false });

const page: ConsolePage = {
  path: '/lanes',
  label: 'Lanes',
  render: async (_context, query) => ({ title: 'Lanes', body: html`<p>lane ${query.get('lane') ?? 'none'}</p>` }),
};
const done: ConsoleAct = {
  path: '/lanes/pause',
  role: 'operator',
  run: async (_context, form) => ({ result: 'done', sentence: `${form.get('lane')} is paused.`, to: '/lanes?lane=a' }),
};

/** The headers by which a browser tells whose request it is. */
const fetched = (site: string, dest: string, mode = 'no-cors') => ({
  ...{ 'sec-fetch-site': site, 'sec-fetch-dest': dest, 'sec-fetch-mode': mode },
});

describe('the door of the console', () => {
  it('lets in who came by the printed link, and takes the token out of the address', async () => {
    await withConsole(scene.folder, async ({ entryUrl, ask, get }) => {
      const { search } = new URL(entryUrl);
      const entered = await ask({ path: `/${search}` });
      expect([entered.status, entered.headers.location]).toEqual([303, '/']);
      expect(String(entered.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
      const shown = await get('/');
      expect(shown.status).toBe(200);
      expect(shown.headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'cache-control': 'no-store',
      });
      expect(shown.body).not.toContain(search.slice('?token='.length));
    });
  });

  it('lets in once by the link that a browser was opened with', async () => {
    await withConsole(scene.folder, async ({ openUrl, ask }) => {
      const { search } = new URL(openUrl);
      expect((await ask({ path: `/${search}`, headers: { host: 'evil.example' } })).status).toBe(421);
      expect((await ask({ path: `/${search}` })).status).toBe(303);
      expect((await ask({ path: `/${search}` })).status).toBe(403);
    });
  });

  it('turns everybody else away, and does nothing for them', async () => {
    const pressed: string[] = [];
    const act: ConsoleAct = {
      ...done,
      run: async () => {
        pressed.push('pressed');
        return { result: 'done', sentence: '', to: '/' };
      },
    };
    await withConsole(
      scene.folder,
      async ({ url, entryUrl, cookie, ask }) => {
        const post = { method: 'POST', path: '/lanes/pause', body: 'lane=a' };
        const refused: [string, Asked, number][] = [
          ['no session', {}, 403],
          ['a wrong token', { path: '/?token=guess' }, 403],
          ['another host', { headers: { cookie, host: 'evil.example' } }, 421],
          ['another host with the token', { path: `/${new URL(entryUrl).search}`, headers: { host: 'evil' } }, 421],
          ['another origin', { ...post, headers: { cookie, origin: 'https://evil.example' } }, 403],
          ['a form from nowhere', { ...post, headers: { cookie } }, 403],
          ['an image of a page of another port', { headers: { cookie, ...fetched('same-site', 'image') } }, 403],
          ['a frame of another site', { headers: { cookie, ...fetched('cross-site', 'iframe') } }, 403],
          ['a form without session', { ...post, headers: { origin: new URL(url).origin } }, 403],
        ];
        for (const [who, asked, status] of refused) {
          expect([who, (await ask(asked)).status]).toEqual([who, status]);
        }
        expect(pressed).toEqual([]);
        const opened = { headers: { cookie, ...fetched('same-site', 'document', 'navigate') } };
        expect((await ask(opened)).status).toBe(200);
      },
      { acts: [act] },
    );
  });
});

describe('a page and a button', () => {
  it('answers a button with the page that shows its result once, with the sentence that no address carries', async () => {
    await withConsole(
      scene.folder,
      async ({ press, get, ask, cookie, url }) => {
        const pressed = await press('/lanes/pause', { lane: '<acme>' });
        expect(pressed.body).toContain('&lt;acme&gt; is paused.');
        expect(pressed.body).toContain('lane a');
        expect((await get('/lanes?lane=a')).body).not.toContain('is paused');
        expect((await get('/lanes?notice=Paid')).body).not.toContain('Paid');
        const sent = { method: 'POST', path: '/lanes/pause', headers: { cookie, origin: new URL(url).origin } };
        expect((await ask({ ...sent, body: 'lane=acme' })).status).toBe(303);
        const refresh = { path: '/lanes?lane=a', headers: { cookie, 'x-refresh': '1' } };
        expect((await ask(refresh)).body).not.toContain('is paused');
        expect((await get('/lanes?lane=a')).body).toContain('acme is paused.');
      },
      { pages: [page], acts: [done] },
    );
  });

  it('leads to no address of another site', async () => {
    const away = {
      ...done,
      run: async () => ({ result: 'done', sentence: 'Done.', to: '//evil.example/lanes' }) as const,
    };
    await withConsole(
      scene.folder,
      async ({ ask, url, cookie }) => {
        const headers = { cookie, origin: new URL(url).origin };
        const sent = await ask({ method: 'POST', path: '/lanes/pause', headers });
        expect([sent.status, sent.headers.location]).toEqual([303, '/lanes']);
      },
      { pages: [page], acts: [away] },
    );
  });

  it('tells what failed and what to do, on the page of the button, and never a stack', async () => {
    const failing = async () => {
      throw new OpsError(EXIT.notFound, 'lane-not-found', 'There is no lane "b".', 'Choose one of the list.');
    };
    await withConsole(
      scene.folder,
      async ({ press, get }) => {
        const pressed = await press('/lanes/pause', { lane: 'b' }, '/lanes?lane=b');
        expect(pressed.body).toContain('There is no lane "b". Choose one of the list.'.replaceAll('"', '&quot;'));
        expect(pressed.body).toContain('lane b');
        const shown = await get('/broken');
        expect(shown.status).toBe(404);
        expect(shown.body).toContain('There is no lane &quot;b&quot;.');
        expect(shown.body).toContain('Choose one of the list.');
        expect(shown.body).not.toContain('    at ');
        expect((await get('/nowhere')).status).toBe(404);
      },
      { pages: [page, { path: '/broken', render: failing }], acts: [{ ...done, run: failing }] },
    );
  });

  it('says that nobody knows whether it was done where AWS did not answer, and not where it refused', async () => {
    const failing = (code: string): ConsoleAct => ({
      ...done,
      path: `/lanes/${code}`,
      run: () => Promise.reject(Object.assign(new Error('Writing the lane: no answer'), { code })),
    });
    const told = /Writing the lane: no answer\b.* It is not known whether it was done: look at it before you repeat it/;
    const unsure = ['ledger-unavailable', 'send-failed', 'publish-failed'];
    const acts = [...unsure, 'ledger-contention'].map(failing);
    await withConsole(
      scene.folder,
      async ({ press }) => {
        for (const code of unsure) expect((await press(`/lanes/${code}`, {}, '/lanes')).body).toMatch(told);
        expect((await press('/lanes/ledger-contention', {}, '/lanes')).body).not.toMatch(told);
      },
      { pages: [page], acts },
    );
  });

  it('tells what a role may not, before and after AWS was asked', async () => {
    const pause: ConsoleAct = {
      ...done,
      run: async ({ session }) => {
        await session.ledger.takeSequences('lane', 1);
        return { result: 'done', sentence: 'Taken.', to: '/lanes' };
      },
    };
    const button: ConsolePage = {
      ...page,
      render: async (context) => ({
        title: 'Lanes',
        body: actForm(context, { act: done, fields: {}, label: 'Pause' }),
      }),
    };
    const secret: ConsolePage = {
      path: '/secret',
      render: async ({ session }) => ({ title: await session.secrets.read('zpa-changes/source/ops'), body: html`` }),
    };
    const content = { pages: [button, secret], acts: [pause] };
    const told = 'Needs the role operator; yours is viewer.';
    const asViewer = { ...content, role: 'viewer' } as const;
    await withConsole(
      scene.folder,
      async ({ press, get }) => {
        const shown = await get('/lanes');
        expect(shown.body).toContain(told);
        expect(shown.body).toMatch(/<dt>Role<\/dt><dd>.*viewer/);
        expect((await press('/lanes/pause', {}, '/lanes')).body.split(told)).toHaveLength(3);
        const refused = await get('/secret');
        expect(refused.status).toBe(502);
        expect(refused.body).toMatch(/Your AWS rights do not allow this\. .*zpa-changes\/source\/ops/);
        expect(refused.body).toContain('Those of the role operator do.');
      },
      asViewer,
    );
    await withConsole(
      scene.folder,
      async ({ press, get }) => {
        expect((await get('/lanes')).body).toMatch(/<dt>Role<\/dt><dd>.*operator/);
        expect((await press('/lanes/pause', {}, '/lanes')).body).toContain('Taken.');
      },
      { ...content, role: 'operator' },
    );
  });

  it('tells what a page waits for before its content is there, and its failure after it', async () => {
    const held = Promise.withResolvers<void>();
    const slow: ConsolePage = {
      path: '/lanes',
      label: 'Lanes',
      render: async ({ terminal }, query) => {
        terminal.progress('reading <ZPA> …');
        await held.promise;
        if (query.has('fails')) throw new OpsError(EXIT.unreachable, 'zpa-away', 'ZPA is away.', 'Try again.');
        return { title: 'Lane of acme', body: html`<p>read</p>` };
      },
    };
    await withConsole(
      scene.folder,
      async ({ url, cookie, get, ask }) => {
        const answer = await fetch(`${url}lanes`, { headers: { cookie } });
        const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
        let early = '';
        while (!early.includes('Reading &lt;ZPA&gt;')) early += (await reader?.read())?.value ?? '';
        expect(early).not.toContain('<main');
        held.resolve();
        let rest = '';
        for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) rest += part.value;
        expect(rest).toContain('<h1>Lane of acme</h1>');
        const failed = await get('/lanes?fails=1');
        expect([failed.status, failed.body.includes('ZPA is away.')]).toEqual([200, true]);
        const refreshed = await ask({ path: '/lanes?fails=1', headers: { cookie, 'x-refresh': '1' } });
        expect([refreshed.status, refreshed.body.includes('waiting')]).toEqual([502, false]);
      },
      { pages: [slow] },
    );
  });

  it('shows the warnings of a page above it', async () => {
    const warns: ConsolePage = {
      ...page,
      render: async ({ terminal }) => {
        terminal.warn('The record K1 cannot be read.');
        return { title: 'Lanes', body: html`` };
      },
    };
    await withConsole(
      scene.folder,
      async ({ get }) => expect((await get('/lanes')).body).toContain('The record K1 cannot be read.'),
      { pages: [warns] },
    );
  });
});
