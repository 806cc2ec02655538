import * as z from 'zod';
import { acrossFields, type FieldsFault, type IsSound } from '../../shared/domain/change/across-fields.ts';

const idOf = (kind: string) => z.string().regex(new RegExp(`^${kind}-[0-9a-f]{2,32}$`));
const listOf = (kind: string) => z.array(idOf(kind)).min(1).max(16);

/** Fields of a vpc that the stack makes, and of one that is there already. */
const MADE = ['cidr', 'zones', 'addresses'] as const;
const ZONES = 2;

const vpcShape = z.strictObject({
  id: idOf('vpc').optional(),
  /** Subnets with a way to the internet, or to whatever ZPA and the ticket systems are reached by. */
  subnetIds: listOf('subnet').optional(),
  securityGroupIds: listOf('sg').optional(),
  /** Range of a vpc that the stack makes, /16 to /26. */
  cidr: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3}){3}\/(1[6-9]|2[0-6])$/)
    .optional(),
  /** Its availability zones; by default the first two of the region. */
  zones: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/))
    .min(2)
    .max(4)
    .optional(),
  /** Allocation ids of Elastic IP addresses that are there already and outlive the stack: a NAT gateway for each. */
  addresses: listOf('eipalloc').optional(),
});

/** The vpc of functions that call ZPA or ticket systems: made by the stack, or one that is there already, by its `id`. */
export const vpcSchema = acrossFields(vpcShape, vpcFaults);

function vpcFaults(vpc: z.output<typeof vpcShape>, isSound: IsSound): FieldsFault[] {
  const faults: FieldsFault[] = [];
  const fault = (field: keyof typeof vpc, message: string) => faults.push({ path: [field], message });
  if (vpc.id !== undefined && vpc.subnetIds === undefined)
    fault('subnetIds', 'is missing; name the subnets of the vpc');
  if (vpc.id === undefined && (vpc.subnetIds ?? vpc.securityGroupIds) !== undefined) {
    fault('id', 'is missing; name the vpc whose subnets these are');
  }
  for (const field of MADE) {
    if (vpc.id !== undefined && vpc[field] !== undefined)
      fault(field, 'is only for a vpc that the stack makes; leave it out');
  }
  if (isSound([], 'addresses', 'zones') && (vpc.addresses?.length ?? 0) > (vpc.zones?.length ?? ZONES)) {
    fault('addresses', 'must be at most one for each zone, of which there are two unless told');
  }
  return faults;
}

export type VpcConfiguration = z.output<typeof vpcSchema>;
