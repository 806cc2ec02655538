import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { inspect } from './inspect-error.ts';

/** `version`: the product's, as the deployment wrote it into the stack's outputs. */
export type StackState = {
  status: string;
  isProtected: boolean;
  madeAt: number;
  deployedAt: number;
  version: string | undefined;
};

const answerSchema = z.object({
  Stacks: z
    .array(
      z.object({
        StackStatus: z.string(),
        EnableTerminationProtection: z.boolean().default(false),
        CreationTime: z.date(),
        LastUpdatedTime: z.date().optional(),
        Outputs: z
          .array(z.object({ OutputKey: z.string().optional(), OutputValue: z.string().optional() }))
          .default([]),
      }),
    )
    .min(1),
});

/** Reads the state of a deployed stack. */
export async function readStackState(from: ClientOrEnv<CloudFormationClient>, name: string): Promise<StackState> {
  const client = clientFrom(from, CloudFormationClient);
  const command = new DescribeStacksCommand({ StackName: name });
  const answer = answerSchema.parse(await inspect(`Describing the stack ${name}`, () => client.send(command)));
  const [stack] = answer.Stacks;
  if (stack === undefined) throw new Error('the schema wants a stack');
  return {
    status: stack.StackStatus,
    isProtected: stack.EnableTerminationProtection,
    madeAt: stack.CreationTime.getTime(),
    deployedAt: (stack.LastUpdatedTime ?? stack.CreationTime).getTime(),
    version: stack.Outputs.find(({ OutputKey }) => OutputKey === 'Version')?.OutputValue,
  };
}
