import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { toStdout } from '../../shared/runtime/standard-streams.ts';

/**
 * `npm run sbom`: prints a bill of materials of what runs, functions and command line, in CycloneDX. npm makes it from the
 * lockfile and marks the packages that only tools need. Its own `--omit dev` is no use: it leaves out as well what both need.
 */
const TOOL = 'cdx:npm:package:development';

const component = z.looseObject({
  'bom-ref': z.string(),
  properties: z.array(z.object({ name: z.string() })).default([]),
});
const dependency = z.looseObject({ ref: z.string(), dependsOn: z.array(z.string()).default([]) });
const bill = z.looseObject({ components: z.array(component), dependencies: z.array(dependency) });

const ARGUMENTS = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
const all = bill.parse(JSON.parse(execFileSync('npm', ARGUMENTS, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })));
const tools = new Set(
  all.components.flatMap((one) => (one.properties.some(({ name }) => name === TOOL) ? [one['bom-ref']] : [])),
);
const components = all.components.filter((one) => !tools.has(one['bom-ref']));
const dependencies = all.dependencies
  .filter(({ ref }) => !tools.has(ref))
  .map((one) => ({ ...one, dependsOn: one.dependsOn.filter((ref) => !tools.has(ref)) }));
toStdout(`${JSON.stringify({ ...all, components, dependencies }, null, 2)}\n`);
