/** An error as AWS words it: `code` is the exception's name, `queryCode` its name in the older query protocol. */
export class AwsError extends Error {
  override name = 'AwsError';
  readonly code: string;
  readonly queryCode: string;
  readonly status: number;

  constructor(code: string, message: string, options: { queryCode?: string; status?: number } = {}) {
    super(message);
    this.code = code;
    this.queryCode = options.queryCode ?? code;
    this.status = options.status ?? 400;
  }
}

/** The request lacks `name`. */
export function missingParameter(name: string): AwsError {
  return new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${name}.`, {
    queryCode: 'MissingParameter',
  });
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}

/** The operation exists at AWS, not here, or nowhere. */
export function unknownOperation(operation: string): AwsError {
  return new AwsError('UnknownOperationException', `The operation ${operation} is not offered by this endpoint.`, {
    queryCode: 'InvalidAction',
  });
}
