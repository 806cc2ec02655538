import { z } from 'zod';
import { LOCAL_CREDENTIALS } from '../ticket-systems/open.ts';

/** A call of a local ticket system's API by one of its people; answers the body. */
export async function callAs<Shape>(
  person: string,
  method: string,
  url: string,
  shape: z.ZodType<Shape>,
  body?: unknown,
): Promise<Shape> {
  const login = Buffer.from(`${person}:${LOCAL_CREDENTIALS.servicenow.password}`).toString('base64');
  const response = await fetch(url, {
    method,
    headers: { authorization: `Basic ${login}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname} by ${person}: ${response.status} ${text}`);
  return shape.parse(text === '' ? undefined : JSON.parse(text));
}

/** A schema for answers that are ignored. */
export const anything = z.unknown();
