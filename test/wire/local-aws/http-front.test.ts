import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpFront } from '../../../local/lambda/http-front.ts';

type Handler = (event: APIGatewayProxyEventV2) => unknown;

async function startFront(handler: Handler, timeoutMs = 5000) {
  const front = await startHttpFront({
    routes: [
      { route: 'POST /webhooks/{source}', function: { name: 'ingest', timeoutMs, handler } },
      { route: 'GET /changes/{token}', function: { name: 'status', timeoutMs, handler } },
    ],
  });
  onTestFinished(() => front.close());
  return front.url;
}

/** `fetch` cannot send the same header twice. */
function post(url: string, headers: Record<string, string | string[]>, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => resolve(text(response)));
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('the HTTP front', () => {
  it('turns a request into an event of payload format 2.0', async () => {
    const events: APIGatewayProxyEventV2[] = [];
    const url = await startFront((event) => {
      events.push(event);
      return { statusCode: 202 };
    });
    const headers = {
      'content-type': 'application/json',
      'User-Agent': 'ticket-system',
      'X-Note': ['one', 'two'],
      Cookie: 'a=1; b=2',
    };
    await post(`${url}/webhooks/service%20now?x=1&x=2&y=`, headers, '{"ä":1}');
    expect(events).toEqual([
      {
        version: '2.0',
        routeKey: 'POST /webhooks/{source}',
        rawPath: '/webhooks/service%20now',
        rawQueryString: 'x=1&x=2&y=',
        cookies: ['a=1', 'b=2'],
        headers: expect.objectContaining({
          'content-type': 'application/json',
          'user-agent': 'ticket-system',
          'x-note': 'one,two',
        }),
        queryStringParameters: { x: '1,2', y: '' },
        pathParameters: { source: 'service now' },
        requestContext: expect.objectContaining({
          domainName: '127.0.0.1',
          stage: '$default',
          routeKey: 'POST /webhooks/{source}',
          time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
          http: {
            method: 'POST',
            path: '/webhooks/service%20now',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'ticket-system',
          },
        }),
        body: '{"ä":1}',
        isBase64Encoded: false,
      },
    ]);
    expect(events[0]?.headers).not.toHaveProperty('cookie');
  });

  it('passes bodies that are not text base64-encoded, byte for byte', async () => {
    const url = await startFront((event) => ({ statusCode: 200, body: `${event.isBase64Encoded} ${event.body}` }));
    const send = async (contentType: string, body: Uint8Array<ArrayBuffer>) => {
      const init = { method: 'POST', headers: { 'content-type': contentType }, body };
      return (await fetch(`${url}/webhooks/x`, init)).text();
    };
    expect(await send('application/octet-stream', new Uint8Array([0, 255]))).toBe('true AP8=');
    expect(await send('application/x-www-form-urlencoded', new Uint8Array([97, 61, 49]))).toBe('true YT0x');
    expect(await send('text/plain', new Uint8Array([104, 105]))).toBe('false hi');
  });

  it('answers with status, headers, cookies and body of the result', async () => {
    const url = await startFront(() => ({
      statusCode: 201,
      headers: { 'X-Count': 3, 'content-type': 'application/octet-stream' },
      cookies: ['a=1', 'b=2'],
      body: 'AP8=',
      isBase64Encoded: true,
    }));
    const response = await fetch(`${url}/changes/t`);
    expect(response.status).toBe(201);
    expect(response.headers.get('x-count')).toBe('3');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  it('takes a result without status code for the JSON body', async () => {
    const url = await startFront(() => ({ applied: 1 }));
    const response = await fetch(`${url}/changes/t`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await response.json()).toEqual({ applied: 1 });
  });

  it.each([
    ['GET', '/webhooks/x'],
    ['POST', '/webhooks/'],
    ['POST', '/webhooks/x/y'],
    ['GET', '/'],
  ])('knows no route for %s %s', async (method, path) => {
    const url = await startFront(() => ({ statusCode: 200 }));
    const response = await fetch(url + path, { method });
    expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('a secret: hunter2'))],
    ['answers nonsense', () => ({ statusCode: 'ok' })],
    ['does not end in time', () => new Promise(() => undefined)],
  ] as [string, Handler][])('answers 500 and nothing else when the function %s', async (_, handler) => {
    const url = await startFront(handler, 50);
    const response = await fetch(`${url}/changes/t`);
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });

  it('refuses a body of more than ten megabytes', async () => {
    const url = await startFront((event) => ({ statusCode: 200, body: String(event.body?.length) }));
    const send = (length: number) =>
      fetch(`${url}/webhooks/x`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: 'x'.repeat(length),
      });
    expect(await (await send(10 * 1024 * 1024)).text()).toBe(String(10 * 1024 * 1024));
    expect((await send(10 * 1024 * 1024 + 1)).status).toBe(413);
  });

  it('works requests beside each other', async () => {
    const both = Promise.withResolvers<void>();
    let open = 0;
    const url = await startFront(async () => {
      open += 1;
      if (open === 2) both.resolve();
      await both.promise;
      return { statusCode: 200 };
    });
    const answers = await Promise.all([fetch(`${url}/changes/a`), fetch(`${url}/changes/b`)]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  });
});
