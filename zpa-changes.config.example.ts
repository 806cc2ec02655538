import type { StackConfigurationInput } from './cdk/configuration/stack-configuration.ts';

/** The stack. Copy this file to `zpa-changes.config.ts`; docs/deploy.md says what each field means. Tenants and sources are no part of it. */
export default {
  name: 'zpa-changes',
  region: 'eu-central-1',
  alarmEmail: 'network-security@example.com',
  mostLanes: 20,
} satisfies StackConfigurationInput;
