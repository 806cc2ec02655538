import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readDeployment } from '../configuration/load-configuration.ts';
import { type Outputs, toTarget } from './target.ts';

/** Last step of `npm run deploy`: writes the stack's outputs to the CLI's target file. */
const root = resolve(import.meta.dirname, '../..');
const { configuration } = await readDeployment(process.env);
const { name } = configuration;
const outputs = JSON.parse(readFileSync(resolve(root, 'cdk.out/outputs.json'), 'utf8')) as Record<string, Outputs>;
const file = resolve(root, `.zpa-changes/${name}.json`);
mkdirSync(resolve(file, '..'), { recursive: true });
writeFileSync(file, `${JSON.stringify(toTarget(outputs[name] ?? {}, configuration), null, 2)}\n`);
process.stdout.write(`The CLI works on this stack with --target ${file}\n`);
