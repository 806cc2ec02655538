/** An answer before it is dressed with headers. `body` undefined: none (204). */
export type Answer = {
  status: number;
  body?: unknown;
  /** Controller errors are printed over several lines, with spaces around colons, as recorded. */
  error?: true;
  /** Sent as it is instead of `body`. */
  text?: string;
  headers?: Record<string, string>;
};

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const done: Answer = { status: 204 };

type ErrorParts = { exception?: string; params?: string[]; id: string; reason: string };
/** Key order as recorded: exception, params, id, reason. */
export function controllerError(status: number, { exception, params, id, reason }: ErrorParts): Answer {
  return {
    status,
    error: true,
    body: { ...(exception !== undefined && { exception }), ...(params !== undefined && { params }), id, reason },
  };
}

/** ZPA answers 400, not 404, for what is not there; digits are comma-grouped in the sentence only (recorded 2026-03). */
export function notFound(id: string, status = 400): Answer {
  const shown = /^\d+$/.test(id) ? id.replace(/\B(?=(\d{3})+$)/g, ',') : id;
  return controllerError(status, {
    params: [id],
    id: 'resource.not.found',
    reason: `No resource exists with the given id/name :${shown}`,
  });
}

const invalid = (field: string) => ({
  id: 'invalid.resource.argument',
  reason: `One or more input fields ${field} are not valid.`,
});

/**
 * A field of the body: without params, as documented for segment groups (help.zscaler.com, Configuring Segment Groups
 * Using API) and seen in a public trace of an application segment.
 */
export const invalidArgument = (field: string): Answer => controllerError(400, invalid(field));

/** A part of the path or query: params name it, as in a public trace of another resource. */
export const invalidParameter = (name: string): Answer => controllerError(400, { params: [name], ...invalid(name) });

/** Documented: deleting what is still used. */
export const referenced = (by: string, name: string): Answer =>
  controllerError(400, {
    params: [by, name],
    id: 'resource.referenced',
    reason: `Resource is being referenced in ${by} : ${name}.`,
  });

/** The id is known from other resources; the sentence is ours. */
export const alreadyExists = (name: string, status = 400): Answer =>
  controllerError(status, {
    params: [name],
    id: 'resource.already.exist',
    reason: `Resource already exists with the given name :${name}`,
  });

export const payloadTooLarge: Answer = controllerError(400, {
  id: 'payload.size.exceeded',
  reason: 'The payload size exceeds the allowed limit.',
});

export const notAllowed: Answer = controllerError(400, {
  id: 'operation.not.allowed',
  reason: 'The resource is read only.',
});

/** The id is known from zscaler-sdk-go; the sentence is ours. */
export const restrictedEntity: Answer = controllerError(400, {
  id: 'non.restricted.entity.authorization.failed',
  reason: 'The resource is a restricted entity.',
});

export const badOperand = (operand: string): Answer =>
  controllerError(400, {
    params: [operand],
    id: 'filtering.input.invalid.operand',
    reason: `Invalid operand:${operand} in Filtering criteria.`,
  });

/** Documented: 401 of the controller, which legacy hosts answer. */
export const accessDenied: Answer = controllerError(401, { id: 'access.denied', reason: 'Access denied' });

export const forbidden: Answer = { status: 403 };

/** Documented for every operation, without a body. */
export const wrongMethod = (allowed: readonly string[]): Answer => ({
  status: 405,
  headers: { allow: allowed.join(', ') },
});
export const wrongMediaType: Answer = { status: 415 };

/** OneAPI's gateway for an unknown path: plain text under a JSON content type (recorded 2026-02). */
export const unrouted: Answer = { status: 404, text: '404 Not Found', headers: { 'content-type': 'application/json' } };

/** OneAPI's gateway without a valid token: one space of indent, content-length 71, no rate-limit headers (recorded). */
export const unauthorized: Answer = {
  status: 401,
  text: '{\n "detail": "unauthorized",\n "type": "",\n "title": "",\n "status": ""\n}',
  headers: { 'content-type': 'application/json', 'x-oneapi-api-category': 'public' },
};

export const tooMany = (retryAfterSeconds: number): Answer => ({
  ...controllerError(429, {
    exception: 'invalid.toomanyrequests',
    id: 'invalid.toomanyrequests',
    reason: 'Exceeded the number of requests allowed.',
  }),
  headers: { 'retry-after': `${retryAfterSeconds}s` },
});

/** The text of an answer; '' where it has no body. */
export function answerText(answer: Answer): string {
  if (answer.text !== undefined) return answer.text;
  if (answer.body === undefined) return '';
  return answer.error ? printError(answer.body) : JSON.stringify(answer.body);
}

/** As the controller prints: two spaces of indent, ` : ` after keys, arrays on one line with inner spaces. */
function printError(body: unknown): string {
  if (typeof body !== 'object' || body === null) return JSON.stringify(body);
  const value = (one: unknown): string =>
    Array.isArray(one) ? `[ ${one.map((item) => JSON.stringify(item)).join(', ')} ]` : JSON.stringify(one);
  const lines = Object.entries(body).map(([key, one]) => `  ${JSON.stringify(key)} : ${value(one)}`);
  return `{\n${lines.join(',\n')}\n}`;
}
