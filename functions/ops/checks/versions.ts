import type { StackState } from '../../../shared/aws/inspect/stack-state.ts';
import type { Clock } from '../../../shared/ports/ports.ts';
import { type Finding, formatSpan, ok, unknown, wrong } from './finding.ts';

type Versions = {
  /** This product's, and that of the Node that runs it (`24.1.0`). */
  cli: string;
  node: string;
  stack(): Promise<StackState>;
  clock: Pick<Clock, 'now'>;
};

/** Older ones do not run the sources. */
const LEAST_NODE = 24;
const DONE = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/;

export const DESCRIBE_STACK = ['cloudformation:DescribeStacks'];

/** Checks that Node is new enough. */
export function checkNode({ node, cli }: Pick<Versions, 'node' | 'cli'>): Finding[] {
  if (Number.parseInt(node, 10) >= LEAST_NODE) return [ok(`the command line is version ${cli}, on Node ${node}`)];
  return [wrong(`this is Node ${node}`, `Use Node ${LEAST_NODE} or newer.`)];
}

/** Checks that the stack is deployed in full, protected, and of the version of this command line. */
export async function checkStack({ cli, stack, clock }: Omit<Versions, 'node'>): Promise<Finding[]> {
  const { status, version, isProtected, deployedAt } = await stack();
  const deployed = `deployed ${formatSpan(clock.now() - deployedAt)} ago`;
  if (status.endsWith('_IN_PROGRESS'))
    return [unknown(`a deployment is in progress (${status})`, 'Wait until it is complete.')];
  if (!DONE.test(status))
    return [wrong(`the last deployment failed (${status})`, 'Check it in the CloudFormation console.')];
  const protection = isProtected ? [] : [wrong('the stack is not protected against deletion', 'Deploy it again.')];
  return [judgeVersion(cli, version, deployed), ...protection];
}

function judgeVersion(cli: string, version: string | undefined, deployed: string): Finding {
  if (version === cli) return ok(`the stack has version ${version}, ${deployed}`);
  if (version === undefined) return unknown(`the version of the stack is unknown, ${deployed}`, 'Deploy this version.');
  const says = `the stack has version ${version}, ${deployed}, but the command line has version ${cli}`;
  return wrong(says, 'Deploy this version, or use the command line of the deployed version.');
}
