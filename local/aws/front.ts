import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { isOwnCaller } from '../process/own-caller.ts';
import type { AccessGate } from './access/authorise.ts';
import { AwsError } from './common/aws-error.ts';
import { type AwsRequest, readAwsRequest, replay } from './common/aws-request.ts';
import type { EmbeddedService } from './common/embedded-service.ts';
import type { FaultBox } from './common/faults.ts';
import type { SecretsContext } from './secrets/secret.ts';
import { actOnSecrets } from './secrets/service.ts';
import { errorXml, escapeXml } from './sns/query.ts';
import { actOnSns } from './sns/service.ts';
import type { Sqs } from './sqs/service.ts';
import { type Controlled, control, isControl } from './watch/control.ts';

/** The services behind the one address. */
export type Services = {
  sqs: Sqs;
  secrets: SecretsContext;
  dynamodb: EmbeddedService;
  s3: EmbeddedService;
  faults: FaultBox;
  gate: AccessGate;
  control: Controlled;
};

/** One request from arrival to answer. */
export async function serve(services: Services, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isOwnCaller(request))
    return respond(response, 421, 'text/plain', 'This address serves programs of this machine.\n');
  const awsRequest = await readAwsRequest(request);
  const { service, operation } = awsRequest;
  const { url = '/', method = 'GET' } = request;
  if (isControl(url)) {
    const { status, text } = await control(services.control, method, url, awsRequest.body.toString('utf8'));
    return respond(response, status, 'text/plain; charset=utf-8', text);
  }
  try {
    services.gate.check(request, awsRequest);
  } catch (error) {
    return answerError(response, awsRequest, error);
  }
  const fault = services.faults.take({ service, operation, body: awsRequest.body.toString('utf8') });
  if (fault !== undefined && 'status' in fault) {
    countFault(services, awsRequest, fault.status);
    return answerFault(response, awsRequest, fault.status);
  }
  if (fault !== undefined) hangUpInsteadOfAnswering(response);
  if (service === 'dynamodb' || service === 's3') {
    services[service].handle(replay(request, awsRequest.body), response);
    return;
  }
  try {
    await answer(services, awsRequest, response);
  } catch (error) {
    answerError(response, awsRequest, error);
  }
}

async function answer(services: Services, awsRequest: AwsRequest, response: ServerResponse): Promise<void> {
  const text = awsRequest.body.toString('utf8');
  if (awsRequest.service === 'sns') {
    respond(response, 200, 'text/xml', actOnSns(services.sqs.context, new URLSearchParams(text)));
    return;
  }
  const input = readJson(text);
  const output =
    awsRequest.service === 'sqs'
      ? await services.sqs.act(awsRequest.operation, input, hangUpSignal(response))
      : actOnSecrets(services.secrets, awsRequest.operation, input);
  respond(response, 200, contentTypeOf(awsRequest), JSON.stringify(output));
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch (cause) {
    throw new AwsError('SerializationException', `The request is not JSON: ${String(cause)}`);
  }
}

/** Aborts when the caller goes away before it is answered. */
function hangUpSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) controller.abort(new Error('the caller hung up'));
  });
  return controller.signal;
}

function answerError(response: ServerResponse, awsRequest: AwsRequest, error: unknown): void {
  const fault =
    error instanceof AwsError
      ? error
      : new AwsError('InternalFailure', error instanceof Error ? error.message : 'unknown', { status: 500 });
  if (awsRequest.service === 'sns') {
    respond(response, fault.status, 'text/xml', errorXml(fault));
    return;
  }
  if (awsRequest.service === 's3') {
    const body = `<Error><Code>${fault.code}</Code><Message>${escapeXml(fault.message)}</Message></Error>`;
    respond(response, fault.status, 'application/xml', body);
    return;
  }
  const namespace = awsRequest.service === 'sqs' ? 'com.amazonaws.sqs#' : '';
  // SQS's JSON protocol carries the older protocol's error name in a header ("x-amzn-query-error").
  response.setHeader('x-amzn-query-error', `${fault.queryCode};${fault.status < 500 ? 'Sender' : 'Receiver'}`);
  const body = JSON.stringify({ __type: `${namespace}${fault.code}`, message: fault.message });
  respond(response, fault.status, contentTypeOf(awsRequest), body);
}

/** A refusal without effect, worded so that SDK clients understand it in each protocol. */
function answerFault(response: ServerResponse, awsRequest: AwsRequest, status: number): void {
  const code = status >= 500 ? 'InternalServerError' : 'ThrottlingException';
  answerError(response, awsRequest, new AwsError(code, `Scripted fault: ${status}`, { status }));
}

const tableInput = z.looseObject({ TableName: z.string().optional(), RequestItems: z.looseObject({}).optional() });

/** DynamoDB's own metrics of requests that it failed or throttled. */
function countFault(
  { control: { metrics } }: Services,
  { service, operation, body }: AwsRequest,
  status: number,
): void {
  if (service !== 'dynamodb') return;
  const { TableName, RequestItems } = tableInput.parse(readJson(body.toString('utf8')));
  const name = status >= 500 ? 'SystemErrors' : 'ThrottledRequests';
  const dimensions = { TableName: TableName ?? Object.keys(RequestItems ?? {})[0] ?? '', Operation: operation };
  metrics.add({ namespace: 'AWS/DynamoDB', name, dimensions });
}

/** The request takes its effect; the caller only sees the connection close. */
function hangUpInsteadOfAnswering(response: ServerResponse): void {
  response.writeHead = () => response;
  response.write = () => true;
  response.end = () => {
    response.destroy();
    return response;
  };
}

const contentTypeOf = (awsRequest: AwsRequest) =>
  awsRequest.service === 'secretsmanager' ? 'application/x-amz-json-1.1' : 'application/x-amz-json-1.0';

function respond(response: ServerResponse, status: number, contentType: string, body: string): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': contentType, 'x-amzn-requestid': randomUUID() });
  response.end(body);
}
