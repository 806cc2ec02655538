import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { problem, toLambdaAnswer } from '../../shared/domain/http/http-problem.ts';
import type { CatalogPorts } from './ports.ts';
import { showCatalog } from './show-catalog.ts';

const texts = z.record(z.string(), z.string().optional());

/** The fields of an HTTP API event (payload version 2.0, AWS) that are read; header names arrive in lower case. */
const eventSchema = z.object({
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  headers: texts.default({}),
  queryStringParameters: texts.default({}),
  requestContext: z.object({ http: z.object({ method: z.string(), sourceIp: z.string().default('') }) }),
});

export type CatalogHandler = (event: unknown) => Promise<APIGatewayProxyStructuredResultV2>;

/** The Lambda handler of `GET /catalog`. */
export function createCatalogHandler(ports: CatalogPorts): CatalogHandler {
  return async (event) => {
    return toLambdaAnswer(await answerTo(ports, event));
  };
}

async function answerTo(ports: CatalogPorts, event: unknown) {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) return problem('malformed-request', { detail: 'This is not a request for the catalog.' });
  const { rawPath, rawQueryString, headers, queryStringParameters: query, requestContext } = parsed.data;
  const { method, sourceIp } = requestContext.http;
  const address = rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`;
  const answer = await showCatalog(ports, { method, address, query, headers, sourceIp });
  return method === 'HEAD' ? { ...answer, body: '' } : answer;
}
