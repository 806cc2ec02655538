import { expect, it } from 'vitest';
import { readStartOptions } from '../../../../local/demo/start-options.ts';

it('names all faults of its options at once, each in a sentence of our own', () => {
  expect(readStartOptions(['--port', '99999', '--limits', 'foo', '--time-factor', 'abc'])).toEqual({
    fault: [
      '--port: must be at most 65535',
      '--time-factor: must be a number',
      '--limits: must be "documented" or "per-url" or "off"',
    ].join('\n'),
  });
  expect(readStartOptions(['--configuration', 'x'])).toEqual({ fault: "Unknown option '--configuration'" });
  expect(readStartOptions(['--', 'x'])).toMatchObject({ fault: expect.stringContaining("'x'") });
});
