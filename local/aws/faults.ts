export type AwsService = 'dynamodb' | 'sqs' | 'sns' | 'secretsmanager' | 's3';

/** Which requests a fault hits. */
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
