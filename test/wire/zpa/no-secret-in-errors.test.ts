import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { collect } from '../../../shared/zpa/api/paginate.ts';
import { CUSTOMER, type Reply, type Script, type ScriptedZpa, startScriptedZpa } from './scripted-zpa.ts';

let zpa: ScriptedZpa | undefined;
afterEach(() => zpa?.close());

const TOKEN = 'eyJhbGciOi.very+long/token=.signature-part';
const CLIENT_SECRET = `cs-8fJ2+/k"k\\='(do-not-show)`;
const SEARCHED = 'Salary Database';
const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const withSecret = JSON.stringify({ clientId: 'client-one', clientSecret: CLIENT_SECRET });
const withKey = JSON.stringify({ clientId: 'client-one', privateKey: PEM });
const granted: Script = () => ({ status: 200, body: { access_token: TOKEN, expires_in: 3600 } });

/** Every part of an error that a logger may print. */
function printed(error: unknown): string {
  const parts = [inspect(error, { depth: 30, showHidden: true, getters: true }), JSON.stringify(error)];
  for (let one = error; one instanceof Error; one = one.cause) parts.push(String(one), one.stack ?? '');
  return parts.join('\n');
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable('it must fail'),
    (error: unknown) => error,
  );
}

const CALLS: [string, (client: Zpa) => Promise<unknown>][] = [
  ['a get', (client) => client.getGroup('45096653', { microtenantId: '7777777' })],
  ['a find', (client) => client.findGroups(SEARCHED, { microtenantId: '7777777' })],
  ['a list', (client) => collect(client.listApplications({ search: `name EQ ${SEARCHED}` }))],
  ['rules', (client) => client.rulesNaming('45096653')],
  ['a write', (client) => client.write({ kind: 'delete', groupId: '45096653', microtenantId: '7777777' }, null)],
];

/** ZPA or a proxy in front of it repeats the whole request in its answer. */
const echo =
  (status: number): Script =>
  ({ authorization, body }): Reply => {
    const said = `you sent ${authorization} and ${body}`;
    return { status, body: { id: said, reason: said, params: [said, { deep: said }], detail: said, error: said } };
  };
const echoText =
  (status: number): Script =>
  ({ authorization, body }): Reply => ({ status, text: `you sent ${authorization} and ${body}` });

const SCRIPTS: [string, Script][] = [
  ...[200, 302, 400, 401, 403, 404, 429, 500, 503].map((status): [string, Script] => [`${status}`, echo(status)]),
  ...[200, 201, 400, 404, 502].map((status): [string, Script] => [`${status} as text`, echoText(status)]),
  ['a cut', (_, response) => void response.socket?.destroy()],
  ['no HTTP', (_, response) => void response.socket?.end('HTTP/1.1 what? Authorization: nobody\r\n\r\n')],
  ['silence', () => undefined],
];

describe.each(CALLS)('no error of %s holds token, secret, header or query', (_, call) => {
  it.each(SCRIPTS)('after %s', async (name, script) => {
    zpa = await startScriptedZpa(script, granted);
    const client = zpa.zpa({ readSecret: async () => withSecret, requestTimeoutMs: name === 'silence' ? 100 : 5_000 });
    const text = printed(await failureOf(call(client)));
    expect(text).not.toMatch(
      /eyJhbGciOi|signature-part|cs-8fJ2|do-not-show|Bearer (?!\[hidden\])|Salary|7777777|[?&](search|page)/,
    );
  });
});

describe('no error of a sign-in holds a credential', () => {
  const signIns: [string, Script][] = [
    ...[200, 400, 401, 403, 429, 500].map((status): [string, Script] => [`${status}`, echo(status)]),
    ['400 as text', echoText(400)],
    ['200 as text', echoText(200)],
    ['a cut', (_, response) => void response.socket?.destroy()],
  ];
  it.each(signIns)('after %s', async (_, signIn) => {
    zpa = await startScriptedZpa(() => ({ status: 204 }), signIn);
    for (const secret of [withSecret, withKey]) {
      const text = printed(await failureOf(zpa.zpa({ readSecret: async () => secret }).probe()));
      expect(text).not.toMatch(/cs-8fJ2|do-not-show|PRIVATE KEY|MII[A-Z]|eyJ/);
    }
  });

  it('nor does that of a reader that quotes the secret', async () => {
    zpa = await startScriptedZpa(() => ({ status: 204 }));
    const readSecret = () => Promise.reject(Object.assign(new Error(`bad: ${withSecret}`), { secret: withSecret }));
    const tenant = { cloud: 'BETA', auth: 'oneapi', customerId: CUSTOMER, endpoint: zpa.url } as const;
    expect(printed(await failureOf(zpa.zpa({ tenant, readSecret }).probe()))).not.toMatch(/cs-8fJ2|do-not-show/);
  });
});
