/** The services that this AWS has. */
export const faultServices = ['dynamodb', 'sqs', 'sns', 'secretsmanager', 's3'] as const;

export type AwsService = (typeof faultServices)[number];

/** The requests that a fault hits. */
export type FaultMatch = {
  service: AwsService;
  /** `PutItem`, `SendMessage`, `Publish`, `GetSecretValue`; for S3 the HTTP method. Absent: any. */
  operation?: string;
  /** Judges the request's body as text. Absent: any. */
  body?: (text: string) => boolean;
};

export type Faults = {
  /** The next `times` (1) matching requests take effect, but the connection closes without an answer. */
  dropResponse(match: FaultMatch, times?: number): void;
  /** The next `times` (1) matching requests are answered with this HTTP status and have no effect. */
  fail(match: FaultMatch, status: number, times?: number): void;
  /** Faults armed and not used up. */
  pending(): number;
  clear(): void;
};

/** The faults as the front consumes them, before it routes a request. */
export type FaultBox = Faults & {
  /** Uses up and answers the first fault that matches. */
  take(request: {
    service: AwsService;
    operation: string;
    body: string;
  }): { drop: true } | { status: number } | undefined;
};

type Armed = { match: FaultMatch; left: number; effect: { drop: true } | { status: number } };

export function createFaults(): FaultBox {
  let armed: Armed[] = [];
  const arm = (match: FaultMatch, effect: Armed['effect'], times = 1) => {
    armed.push({ match, left: times, effect });
  };
  return {
    dropResponse: (match, times) => arm(match, { drop: true }, times),
    fail: (match, status, times) => arm(match, { status }, times),
    pending: () => armed.reduce((sum, one) => sum + one.left, 0),
    clear: () => {
      armed = [];
    },
    take: ({ service, operation, body }) => {
      const hit = armed.find(
        ({ match }) =>
          match.service === service &&
          (match.operation === undefined || match.operation === operation) &&
          (match.body === undefined || match.body(body)),
      );
      if (hit === undefined) return undefined;
      hit.left -= 1;
      armed = armed.filter((one) => one.left > 0);
      return hit.effect;
    },
  };
}
