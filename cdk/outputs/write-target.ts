import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { toStdout } from '../../shared/runtime/standard-streams.ts';
import { readDeployment } from '../configuration/load-configuration.ts';
import { type Outputs, toTarget } from './target.ts';

/** Last step of `npm run deploy`: writes the outputs of each stack that was deployed to the CLI's target file. */
const root = resolve(import.meta.dirname, '../..');
const { stacks } = await readDeployment(process.env);
const outputs = JSON.parse(readFileSync(resolve(root, 'cdk.out/outputs.json'), 'utf8')) as Record<string, Outputs>;
for (const stack of stacks) {
  const deployed = outputs[stack.name];
  if (deployed === undefined) continue;
  const file = resolve(root, `.zpa-changes/${stack.name}.json`);
  mkdirSync(resolve(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(toTarget(deployed, stack), null, 2)}\n`);
  toStdout(`The CLI works on this stack with --target ${file}\n`);
}
