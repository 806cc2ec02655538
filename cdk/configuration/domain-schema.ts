import * as z from 'zod';

/** The name under which webhooks and status links are reached. */
export const domainSchema = z.strictObject({
  hostName: z
    .string()
    .max(253)
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
  /** ARN of its certificate in ACM, in the region of the stack. */
  certificateArn: z.string().regex(/^arn:[\w-]+:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/),
  /** Id of its zone in Route 53, where the stack makes the record; without it, somebody makes it elsewhere. */
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/)
    .optional(),
});

export type DomainConfiguration = z.output<typeof domainSchema>;
