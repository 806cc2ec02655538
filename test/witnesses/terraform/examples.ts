import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const page = readFileSync(join(import.meta.dirname, '../../../docs/terraform.md'), 'utf8');

/** The configuration that docs/terraform.md shows under a heading. */
export function exampleUnder(heading: string): string {
  const section = page.split(/^## /m).find((one) => one.startsWith(`${heading}\n`)) ?? '';
  const example = /^```hcl\n(.*?)^```$/ms.exec(section)?.[1];
  if (example === undefined) throw new Error(`docs/terraform.md shows no configuration under "${heading}"`);
  return example;
}

/** The text with one part put in place of another, which has to be there. */
export function edited(configuration: string, part: string | RegExp, by: string): string {
  const changed = configuration.replace(part, by);
  if (changed === configuration) throw new Error(`the configuration has no ${part}`);
  return changed;
}
