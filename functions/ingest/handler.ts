import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { problem, toLambdaAnswer } from '../../shared/domain/http/http-problem.ts';
import { handleDelivery } from './handle-delivery.ts';
import type { Delivery, IngestPorts } from './ports.ts';

/** The fields of an HTTP API event (payload version 2.0, AWS) that ingest reads; header names arrive in lower case. */
const eventSchema = z.object({
  headers: z.record(z.string(), z.string().optional()).default({}),
  pathParameters: z.object({ source: z.string() }),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    domainName: z.string(),
    stage: z.string().default('$default'),
    http: z.object({ method: z.string(), sourceIp: z.string().optional() }),
  }),
});

export type IngestHandler = (event: unknown) => Promise<APIGatewayProxyStructuredResultV2>;

/** `publicUrl` replaces the event's own host in status links, for a deployment behind another address. */
export function createIngestHandler(ports: IngestPorts, publicUrl: string | undefined): IngestHandler {
  return async (event) => {
    const parsed = eventSchema.safeParse(event);
    const answer = parsed.success
      ? await handleDelivery(ports, toDelivery(parsed.data, publicUrl))
      : problem('malformed-request', { detail: 'The request lacks what an HTTP API passes on.' });
    return toLambdaAnswer(answer);
  };
}

function toDelivery(event: z.output<typeof eventSchema>, publicUrl: string | undefined): Delivery {
  const { domainName, stage, http } = event.requestContext;
  return {
    method: http.method,
    source: event.pathParameters.source,
    sourceIp: http.sourceIp,
    headers: event.headers,
    body: { text: event.body, base64: event.isBase64Encoded },
    publicUrl: publicUrl ?? `https://${domainName}${stage === '$default' ? '' : `/${stage}`}`,
  };
}
