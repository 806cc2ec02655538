import { expect, it } from 'vitest';
import { synthesise } from './synthesise.ts';

/**
 * Every resource of the stack by type and logical name. If a line is renamed or removed, CloudFormation deletes that
 * resource and creates another. Take care of tables, buckets, queues and secrets. A version of a function is renamed
 * with its content, which is left out here.
 */
it('the stack consists of these resources', () => {
  const { template } = synthesise();
  const { Resources } = template.toJSON() as { Resources: Record<string, { Type: string }> };
  const lines = Object.entries(Resources).map(
    ([id, { Type }]) => `${Type.replace('AWS::', '')} ${id.replace(/(?<=CurrentVersion)\w+/, '…')}`,
  );
  expect(lines.sort().join('\n')).toMatchSnapshot();
});

it('the stack cannot be deleted by mistake: a person has to take the protection away first', () => {
  expect(synthesise().stack.terminationProtection).toBe(true);
});
