import {
  CreatePolicyVersionCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  paginateListPolicies,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import { clientOptions } from '../../../shared/aws/clients.ts';
import type { Say } from '../report/steps.ts';

type Statement = { Action: string | string[] };
type Policy = { Statement: Statement[] };

/**
 * AWS authorises a batch call by the action of the single call (Service Authorization Reference, SQS and SNS); the
 * emulator wants an action of the batch's own name. So each policy that names the single action gets the other one too:
 * those of the deployed roles, and those that the stack has for people.
 */
export async function grantBatchActions(env: Record<string, string>, say: Say): Promise<void> {
  const client = new IAMClient(clientOptions(env));
  const changed = [...(await widenRoles(client)), ...(await widenPolicies(client))];
  client.destroy();
  say(`batch actions added to ${changed.length} roles and policies, which AWS does not need`);
}

async function widenRoles(client: IAMClient): Promise<string[]> {
  const changed: string[] = [];
  for await (const { Roles = [] } of paginateListRoles({ client }, {})) {
    for (const { RoleName } of Roles) {
      const { PolicyNames = [] } = await client.send(new ListRolePoliciesCommand({ RoleName }));
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument = '' } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        const policy = decodeURIComponent(PolicyDocument);
        const wider = withBatchActions(policy);
        if (wider === policy) continue;
        await client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: wider }));
        changed.push(RoleName ?? '');
      }
    }
  }
  return changed;
}

async function widenPolicies(client: IAMClient): Promise<string[]> {
  const changed: string[] = [];
  for await (const { Policies = [] } of paginateListPolicies({ client }, { Scope: 'Local' })) {
    for (const { Arn: PolicyArn, DefaultVersionId: VersionId } of Policies) {
      const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
      const policy = decodeURIComponent(PolicyVersion?.Document ?? '');
      const wider = withBatchActions(policy);
      if (wider === policy) continue;
      await client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: wider, SetAsDefault: true }));
      changed.push(PolicyArn ?? '');
    }
  }
  return changed;
}

const BATCHED = /^(sqs:(SendMessage|DeleteMessage|ChangeMessageVisibility)|sns:Publish)$/;

/** Adds the batch's action to each statement that allows the single one; another policy is returned as it is. */
export function withBatchActions(text: string): string {
  const policy = JSON.parse(text) as Policy;
  const Statement = policy.Statement.map((statement) => {
    const actions = [statement.Action].flat();
    const batches = actions.filter((action) => BATCHED.test(action)).map((action) => `${action}Batch`);
    return { ...statement, Action: [...new Set([...actions, ...batches])] };
  });
  const added = Statement.some(({ Action }, index) => Action.length > [policy.Statement[index]?.Action].flat().length);
  return added ? JSON.stringify({ ...policy, Statement }) : text;
}
