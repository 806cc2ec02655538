import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Answer, answerText } from '../api/answers.ts';
import type { HeaderSet } from './headers.ts';

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** The whole body; undefined if it is larger than anything sensible or the caller went away. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > MAX_BODY_BYTES) return undefined;
      chunks.push(bytes);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}

export type SendOptions = { gzip: boolean; truncated?: boolean };

/**
 * Sends as the recordings show: chunked, compressed for callers that take it, bodiless without content headers. Answers
 * of the gateway itself (401, 404) are short, plain and have a content-length.
 */
export function send(response: ServerResponse, answer: Answer, headers: HeaderSet, options: SendOptions): void {
  if (response.destroyed) return;
  const body = answerText(answer);
  response.sendDate = false;
  response.statusCode = answer.status;
  const all = { ...headers, ...framing(answer, body, options) };
  for (const [name, value] of Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))) response.setHeader(name, value);
  // The recorded answers carry neither `connection` nor `keep-alive`; the connection stays open all the same.
  response.removeHeader('connection');
  if (options.truncated) truncate(response, body);
  else response.end('content-encoding' in all ? gzipSync(body) : body);
}

function framing(answer: Answer, body: string, { gzip, truncated }: SendOptions): HeaderSet {
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  if (body === '') return answer.status === 204 ? {} : length;
  if (answer.text !== undefined || truncated) return length;
  return { 'transfer-encoding': 'chunked', ...(gzip && { 'content-encoding': 'gzip' }) };
}

export function takesGzip(request: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(request.headers['accept-encoding'] ?? ''));
}

/** Half of the body under a content-length of all of it; for a bodiless answer, half of its head. */
function truncate(response: ServerResponse, body: string): void {
  if (body === '') {
    const socket = response.socket;
    socket?.write(`HTTP/1.1 ${response.statusCode} No Content\r\ncache-control: no-st`, () => socket.destroy());
    return;
  }
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.destroy());
}

/** Closes the connection with RST. */
export function reset(response: ServerResponse): void {
  const socket = response.socket;
  if (socket && 'resetAndDestroy' in socket) socket.resetAndDestroy();
  else response.destroy();
}
