import picocolors from 'picocolors';
import type { LocalTarget } from '../world/local-target.ts';
import type { World } from '../world/world.ts';

type Introduced = {
  entryUrl: string;
  limits: string;
  target: LocalTarget;
  /** The sample tickets are sent now. */
  sends: boolean;
};

/** The first screenful of `npm start`: what this is, what to open, what happens next, and then the addresses. */
export function introduction(world: World, { entryUrl, limits, target, sends }: Introduced): string {
  const { bold, dim } = picocolors;
  return [
    bold('zpa-changes applies approved tickets to Zscaler Private Access (ZPA).'),
    'This demo runs on this machine alone: the product, a simulated ZPA, and small ServiceNow and Jira systems.',
    '',
    `  ${bold('Open')}   ${entryUrl}`,
    ...(sends
      ? [`  ${bold('Watch')}  tickets are filed, approved and applied now, one line for each step${pace(limits)}`]
      : []),
    ...commandLines(target, sends),
    '',
    ...addresses(world, limits).map(dim),
    '',
  ].join('\n');
}

/** A documented limit, and not the software, sets the pace. */
const pace = (limits: string) =>
  limits === 'documented'
    ? ';\n         about 40 s, because the simulated ZPA allows 20 reads and 10 writes in 10 s, as ZPA does'
    : '';

/** `status` needs a change, and without the samples there is none yet. */
function commandLines({ file, keptBy }: LocalTarget, sends: boolean): string[] {
  const command = sends ? 'status CHG0031337/1' : 'lanes list';
  const label = `  ${picocolors.bold('Try')}    `;
  if (keptBy === undefined) return [`${label}npx zpa-changes ${command}`];
  return [
    `${label}npx zpa-changes --target ${file} ${command}`,
    `         in this folder it still uses the demo at ${keptBy}, which was started first, without --target`,
  ];
}

function addresses({ url, configuration, simulator, endpoint, ticketSystems }: World, limits: string): string[] {
  const webhooks = `  webhooks    ${url}/webhooks/{${Object.keys(configuration.sources).join(',')}}`;
  const zpa = `  ZPA         ${simulator.url} (simulated; rate limits: ${limits})`;
  const aws = `  AWS         ${endpoint.url} (simulated; /__aws/ shows its metrics and faults)`;
  if (ticketSystems === undefined) return [webhooks, zpa, aws];
  const { servicenow, jira, receiver } = ticketSystems;
  return [
    `  ServiceNow  ${servicenow.url} (simulated; results appear on the tickets)`,
    `  Jira        ${jira.url} (simulated; results appear on the tickets)`,
    `  other tool  ${receiver.url} (the webhooks that it received)`,
    webhooks,
    zpa,
    aws,
  ];
}
