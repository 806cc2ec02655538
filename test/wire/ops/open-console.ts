import { request } from 'node:http';
import type { ConsoleAct, ConsolePage, Role } from '../../../functions/ops/console/contract.ts';
import { openConsole } from '../../../functions/ops/console/server/open-console.ts';
import { ACTS, PAGES } from '../../../functions/ops/console/server/pages.ts';
import { createTerminal } from '../../../functions/ops/output/terminal.ts';
import { findTarget } from '../../../functions/ops/session/find-target.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

export type Asked = { method?: string; path?: string; headers?: Record<string, string>; body?: string };
export type Answered = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

/** The console of the target that a folder names, as its owner's browser sees it. */
export async function withConsole(
  cwd: string,
  story: (owner: {
    url: string;
    entryUrl: string;
    openUrl: string;
    cookie: string;
    /** With headers as given; `fetch` would put Host and Origin right. */
    ask(asked: Asked): Promise<Answered>;
    get(path: string): Promise<Answered>;
    /** Presses a button of a page, and opens the page that shows the result. */
    press(path: string, fields: Record<string, string>, from?: string): Promise<Answered>;
  }) => Promise<void>,
  { role, ...content }: { pages?: readonly ConsolePage[]; acts?: readonly ConsoleAct[]; role?: Role } = {},
): Promise<void> {
  const console = createRecordingConsole();
  const end = new AbortController();
  const env = role === undefined ? {} : { ZPA_CHANGES_ROLE: role };
  const processContext = { console, cwd, env };
  const target = () => findTarget({ cwd, env: {}, file: undefined }).target;
  const context = { terminal: createTerminal(console, false), signal: end.signal, processContext, findTarget: target };
  const { url, entryUrl, openUrl, close } = await openConsole(context, 0, { pages: PAGES, acts: ACTS, ...content });
  const ask = (asked: Asked) => askServer(url, asked);
  try {
    const entered = await askServer(entryUrl, {});
    const cookie = String(entered.headers['set-cookie']).split(';')[0] ?? '';
    const get = (path: string) => ask({ path, headers: { cookie } });
    const press = async (path: string, fields: Record<string, string>, from = '/') => {
      const headers = { cookie, origin: new URL(url).origin, referer: new URL(from, url).href };
      const sent = await ask({ method: 'POST', path, headers, body: new URLSearchParams(fields).toString() });
      return sent.status === 303 ? get(String(sent.headers.location)) : sent;
    };
    await story({ url, entryUrl, openUrl, cookie, ask, get, press });
  } finally {
    end.abort();
    await close();
  }
}

function askServer(url: string, { method = 'GET', path = '', headers = {}, body = '' }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    asked.on('error', reject).end(body);
  });
}
