import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Clock } from '../../shared/ports.ts';
import type { LambdaFunction } from './invocation.ts';

export type HttpRoute = {
  /** `POST /webhooks/{source}`, as in `FUNCTIONS`. */
  route: string;
  function: LambdaFunction<APIGatewayProxyEventV2>;
};

export type HttpFrontOptions = { port?: number; routes: readonly HttpRoute[]; clock?: Clock };
export type HttpFront = { url: string; close(): Promise<void> };

/** An HTTP API of API Gateway (payload version 2.0) on 127.0.0.1. */
export async function startHttpFront(_options: HttpFrontOptions): Promise<HttpFront> {
  throw new Error('being built');
}
