import type * as z from 'zod';
import { stackName } from '../../shared/domain/configuration/configuration.ts';
import type { ConfigurationFault } from '../../shared/runtime/configuration-error.ts';
import { deploymentFaults } from './deployment-faults.ts';
import type { fileSchema, StackConfiguration } from './stack-configuration.ts';

type File = z.output<typeof fileSchema>;
type Stage = NonNullable<File['stages']>[string];

/** The stacks of a file: one for each stage, by default named after it, or the only one of a file without stages. */
export function stacksOf({ stages, ...common }: File): StackConfiguration[] {
  if (stages === undefined) return [common];
  return Object.entries(stages).map(([stage, own]) => stackOf(common, stage, own));
}

function stackOf(common: StackConfiguration, stage: string, own: Stage): StackConfiguration {
  const given = (part: object) => Object.entries(part).filter(([, value]) => value !== undefined);
  const schedules = { ...common.schedules, ...Object.fromEntries(given(own.schedules ?? {})) };
  return { ...common, name: `${common.name}-${stage}`, ...Object.fromEntries(given(own)), schedules };
}

/**
 * The faults at `now` of a file that is well-formed, each at the place where it was written: of several stages that
 * have it in common it is told once.
 */
export function fileFaults(file: File, now: number): ConfigurationFault[] {
  const stacks = stacksOf(file);
  const stages = Object.entries(file.stages ?? {});
  const faults = stacks.flatMap((stack, index) => {
    const found = deploymentFaults(stack, now);
    const [stage, own] = stages[index] ?? [];
    if (stage === undefined) return found;
    const earlier = stacks.slice(0, index).map(({ name }) => name);
    return [
      ...found.map((fault) => ({ ...fault, path: placeOf(fault.path, stage, own) })),
      ...nameFaults(stack.name, `stages.${stage}.name`, earlier),
    ];
  });
  return [...new Map(faults.map((fault) => [fault.path, fault])).values()];
}

function placeOf(path: string, stage: string, own: unknown): string {
  const written = path.split('.').reduce<unknown>((within, field) => (within as Record<string, unknown>)?.[field], own);
  return written === undefined ? path : `stages.${stage}.${path}`;
}

function nameFaults(name: string, path: string, earlier: readonly string[]): ConfigurationFault[] {
  if (earlier.includes(name)) return [{ path, value: name, remedy: "is another stage's name too; each has its own" }];
  if (stackName.safeParse(name).success) return [];
  return [{ path, value: name, remedy: 'is too long for a name; give this stage a shorter one of its own' }];
}
