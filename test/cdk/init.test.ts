import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CONFIGURATION_VARIABLE, readDeployment } from '../../cdk/configuration/load-configuration.ts';
import { run } from '../../functions/ops/program.ts';
import { createRecordingConsole } from '../unit/ops/recording-console.ts';
import { synthesise } from './synthesise.ts';

it('what `zpa-changes init` writes can be synthesised', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-init-'));
  const flags = ['--name', 'prod', '--region', 'eu-west-3', '--alarm-email', "o'neil@acme.example", '--tenant', 'acme'];
  const more = ['--customer-id', '7', '--vanity', 'acme', '--source', 'desk'];
  const console = createRecordingConsole();
  expect(await run(['init', ...flags, ...more], { console, cwd: folder, env: {} })).toBe(0);
  const { stacks, isExample } = await readDeployment({
    [CONFIGURATION_VARIABLE]: join(folder, 'zpa-changes.config.ts'),
  });
  expect(isExample).toBe(false);
  const [configuration] = stacks;
  expect(stacks).toHaveLength(1);
  expect(configuration).toMatchObject({ name: 'prod', region: 'eu-west-3', alarmEmail: "o'neil@acme.example" });
  const { stack } = synthesise(configuration);
  expect(stack.region).toBe('eu-west-3');
  await rm(folder, { recursive: true });
});
