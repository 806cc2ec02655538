import { expect } from 'vitest';
import { CUSTOMER } from '../../../local/world/configuration/seed.ts';
import type { World } from '../../../local/world/world.ts';
import { createLatestReports } from '../../../shared/aws/latest-reports.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { writerWords } from '../../../shared/domain/drift/render/finding-words.ts';
import { latestKeys } from '../../../shared/domain/drift/render/report-files.ts';
import { renderWords } from '../../../shared/domain/drift/render/words.ts';
import type { Finding } from '../../../shared/domain/drift/report.ts';
import { parseReport } from '../../../shared/domain/drift/report-schema.ts';
import { endings, inWorld, update } from '../../system/in-world.ts';
import { type Api, type Workspace, withCertificate, withWorkspace } from './workspace.ts';

/** The id that ZPA writes down for what Terraform's own API client wrote, and for what the product's wrote. */
export const TERRAFORM_ADMIN = '216196257331372799';
export const OWN_ADMIN = '216196257331372705';

/** How ZPA may treat the members and the left-out fields that Terraform's provider sends to v2: both are plausible. */
export const V2_WAYS = {
  ignores: { 'v2-applications-key': 'ignored', 'v2-omitted-fields': 'keep' },
  replaces: { 'v2-applications-key': 'replaces', 'v2-omitted-fields': 'reset' },
} as const;
export type Tenant = { api: Api; v2: keyof typeof V2_WAYS };

export type Scene = {
  terraform: Workspace;
  simulator: World['simulator'];
  /** Sends an approved update and waits until the worker has written it. */
  ticket(group: string, fields: Record<string, unknown>): Promise<void>;
  /** The same for a change of any action. */
  change(fields: Record<string, unknown>): Promise<void>;
  /** The name of the group that an application segment is in. */
  groupOf(application: string): string | undefined;
  /** Makes the drift report; answers its findings, each in one line: group, facet, and the sentence about the writer. */
  drift(): Promise<string[]>;
};

/** Runs `story` in a whole world in which Terraform works on the same tenant with an API client of its own. */
export async function besideTerraform({ api, v2 }: Tenant, story: (scene: Scene) => Promise<void>): Promise<void> {
  await withCertificate((tls, certFile) =>
    inWorld({ configure: asOnThePage, simulator: { tls, quirks: V2_WAYS[v2] } }, async (world) => {
      const { simulator } = world;
      const client = { clientId: 'terraform', clientSecret: 'terraform' };
      simulator.addCredential({ ...client, adminId: TERRAFORM_ADMIN });
      const credentials = { ...client, customerId: CUSTOMER };
      await withWorkspace({ simulatorUrl: simulator.url, certFile, api, credentials }, (terraform) =>
        story(sceneOf(world, terraform)),
      );
    }),
  );
}

function sceneOf(world: World, terraform: Workspace): Scene {
  const { simulator } = world;
  let sent = 0;
  const change = async (fields: Record<string, unknown>) => {
    const key = `T${++sent}`;
    const { status, body } = await world.deliver('ops', { ...update(key, {}, {}), ...fields });
    expect({ status, body }).toMatchObject({ status: 202 });
    expect(await endings(world, [key])).toEqual(['applied']);
  };
  const { environment } = world;
  const reports = createLatestReports({ env: environment, bucket: environment.REPORTS_BUCKET ?? '' });
  const [lane] = world.refs('ops', ['any']).map((ref) => latestKeys(ref.lane).json);
  return {
    terraform,
    simulator,
    drift: async () => {
      await world.runDrift();
      const report = parseReport((await reports.read(lane ?? '')) ?? '');
      if (report === undefined) throw new Error('no report was made');
      return report.findings.map(lineOf);
    },
    change,
    ticket: (group, fields) => change({ group: { name: group }, ...fields }),
    groupOf: (application) => {
      const id = simulator.store.application(application)?.segmentGroupId;
      return id && simulator.store.group(id)?.name;
    },
  };
}

function lineOf({ kind, group, facet, application, writer }: Finding): string {
  const { at: _, ...who } = writer ?? { id: 'nobody', of: 'group', kind: 'unknown' };
  const says = renderWords(writerWords(who, kind), (foreign) => foreign);
  return `${group.name} ${kind} ${application?.name ?? facet}: ${says}`;
}

/** The product may move application segments, and knows the client of Terraform. */
function asOnThePage(configuration: Configuration): Configuration {
  const { ops } = configuration.sources;
  if (ops === undefined) throw new Error('the local configuration has a source for the CLI');
  const flags = ['takeFromOtherGroups', 'moveApplicationsTo'] as const;
  const grants = ops.grants.map((grant) => ({ ...grant, flags: [...grant.flags, ...flags] }));
  const writers = { [TERRAFORM_ADMIN]: { name: 'Terraform pipeline', kind: 'terraform' } } as const;
  const tenants = Object.entries(configuration.tenants).map(([name, tenant]) => [name, { ...tenant, writers }]);
  return {
    ...configuration,
    tenants: Object.fromEntries(tenants),
    sources: { ...configuration.sources, ops: { ...ops, grants } },
  };
}
