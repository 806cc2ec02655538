import { AwsError, invalidParameter } from '../../common/aws-error.ts';

/** SQS's own errors; the query names are those of the "Error codes" section of each action in the API reference. */
const own = (code: string, message: string, queryCode = `AWS.SimpleQueueService.${code}`) =>
  new AwsError(code, message, { queryCode });

export const queueDoesNotExist = () =>
  own(
    'QueueDoesNotExist',
    'The specified queue does not exist for this wsdl version.',
    'AWS.SimpleQueueService.NonExistentQueue',
  );
export const queueNameExists = (attribute: string) =>
  own(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
    'QueueAlreadyExists',
  );
export const invalidAttributeName = (name: string) =>
  own('InvalidAttributeName', `Unknown Attribute ${name}.`, 'InvalidAttributeName');
export const invalidAttributeValue = (name: string) =>
  own('InvalidAttributeValue', `Invalid value for the parameter ${name}.`, 'InvalidAttributeValue');
export const invalidMessageContents = () =>
  own(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    'InvalidMessageContents',
  );
export const receiptHandleIsInvalid = () =>
  own('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.', 'ReceiptHandleIsInvalid');
export const receiptHandleExpired = (handle: string) =>
  invalidParameter(`Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`);
export const messageNotInflight = () => own('MessageNotInflight', 'The specified message is not in flight.');
export const emptyBatchRequest = () => own('EmptyBatchRequest', 'There should be at least one entry in the request.');
export const tooManyEntries = (count: number) =>
  own('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${count}.`);
export const idsNotDistinct = (id: string) => own('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
export const invalidBatchEntryId = () =>
  own(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );
export const batchRequestTooLong = (bytes: number) =>
  own('BatchRequestTooLong', `Batch requests cannot be longer than 1048576 bytes. You have sent ${bytes} bytes.`);
export const resourceNotFound = (message: string) =>
  own('ResourceNotFoundException', message, 'ResourceNotFoundException');
