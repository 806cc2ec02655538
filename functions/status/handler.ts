import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import type { StatusPorts } from './ports.ts';
import { showStatus } from './show-status.ts';

/** The fields of an HTTP API event (payload version 2.0, AWS) that are read; header names arrive in lower case. */
const eventSchema = z.object({
  headers: z.record(z.string(), z.string().optional()).catch({}),
  pathParameters: z.object({ token: z.string() }).catch({ token: '' }),
  queryStringParameters: z.object({ change: z.string().optional() }).catch({}),
  requestContext: z.object({ http: z.object({ method: z.string() }) }).catch({ http: { method: 'GET' } }),
});

export type StatusHandler = (event: unknown) => Promise<APIGatewayProxyStructuredResultV2>;

/** The Lambda handler of `GET /changes/{token}`. It answers an unreadable event like an unknown link. */
export function createStatusHandler(ports: StatusPorts): StatusHandler {
  return async (event) => {
    const { headers, pathParameters, queryStringParameters, requestContext } = eventSchema.catch(NOTHING).parse(event);
    const method = requestContext.http.method;
    const { token } = pathParameters;
    const answer = await showStatus(ports, {
      method,
      token,
      member: queryStringParameters.change,
      accept: headers.accept,
    });
    const body = method === 'HEAD' ? '' : answer.body;
    return { statusCode: answer.status, headers: answer.headers, body, isBase64Encoded: false };
  };
}

const NOTHING = {
  headers: {},
  pathParameters: { token: '' },
  queryStringParameters: {},
  requestContext: { http: { method: 'GET' } },
};
