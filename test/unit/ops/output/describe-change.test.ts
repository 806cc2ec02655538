import { expect, it } from 'vitest';
import { describeRequest } from '../../../../functions/ops/output/describe-change.ts';
import { parsed, rawCreate } from '../../domain/sample-changes.ts';

it('says of a create whether it may become an update', () => {
  const applications = [{ id: '11' }];
  expect(describeRequest(parsed(rawCreate({ applications })))).toBe('create "Web Apps": 1 application');
  expect(describeRequest(parsed(rawCreate({ applications, ifExists: 'update' })))).toBe(
    'create or update "Web Apps": 1 application',
  );
});
