/** Policy types in the numbering ZPA answers with; those with a default rule keep it last. Recorded: 1, 2, 4, 5. */
export type PolicyType = {
  number: string;
  /** Policy sets are made with the customer: their ids follow its own; a default rule's id is the next one. */
  idOffset: number;
  setName: string;
  description: string;
  defaultRule?: DefaultRule;
};
/** `clientTypes`: its one condition. `ageless`: without creationTime, as recorded. */
type DefaultRule = { action: string; description: string } & Partial<{
  fields: Record<string, unknown>;
  clientTypes: string[];
  ageless: boolean;
}>;

const defaultRule = (kind: string, action: string, more: Partial<DefaultRule> = {}): DefaultRule => ({
  action,
  description: `This is the default ${kind} Policy rule`,
  ...more,
});

export const POLICY_TYPES: Record<string, PolicyType> = {
  ACCESS_POLICY: {
    number: '1',
    idOffset: 5,
    setName: 'Global_Policy',
    description: 'The rules in this policy set are executed first.',
  },
  TIMEOUT_POLICY: {
    number: '2',
    idOffset: 6,
    setName: 'ReAuth_Policy',
    description: 'Re-Authentication policies.',
    defaultRule: defaultRule('Timeout', 'RE_AUTH', {
      ageless: true,
      fields: { reauthTimeout: '-1', reauthIdleTimeout: '-1', customMsg: 'Sign in again to go on' },
    }),
  },
  SIEM_POLICY: { number: '3', idOffset: 8, setName: 'SIEM_Policy', description: 'SIEM policies.' },
  CLIENT_FORWARDING_POLICY: {
    number: '4',
    idOffset: 9,
    setName: 'Bypass_Policy',
    description: 'Bypass policies.',
    defaultRule: defaultRule('Client Forwarding', 'INTERCEPT'),
  },
  ISOLATION_POLICY: {
    number: '5',
    idOffset: 4689,
    setName: 'Isolation_Policy',
    description: 'Isolation policies.',
    defaultRule: defaultRule('Isolation', 'BYPASS_ISOLATE', { clientTypes: ['zpn_client_type_exporter'] }),
  },
  INSPECTION_POLICY: { number: '6', idOffset: 4700, setName: 'Inspection_Policy', description: 'Inspection policies.' },
  CREDENTIAL_POLICY: { number: '7', idOffset: 4702, setName: 'Credential_Policy', description: 'Credential policies.' },
  CAPABILITIES_POLICY: {
    number: '8',
    idOffset: 4704,
    setName: 'Capabilities_Policy',
    description: 'Capabilities policies.',
  },
  CLIENTLESS_SESSION_PROTECTION_POLICY: {
    number: '9',
    idOffset: 4706,
    setName: 'Clientless_Session_Protection_Policy',
    description: 'Clientless session protection policies.',
  },
  REDIRECTION_POLICY: {
    number: '10',
    idOffset: 4708,
    setName: 'Redirection_Policy',
    description: 'Redirection policies.',
  },
  PRIVILEGED_PORTAL_POLICY: {
    number: '11',
    idOffset: 4710,
    setName: 'Privileged_Portal_Policy',
    description: 'Privileged portal policies.',
  },
};

/** Old and new names of one type, as the API accepts both. */
const ALIASES: Record<string, string> = {
  GLOBAL_POLICY: 'ACCESS_POLICY',
  REAUTH_POLICY: 'TIMEOUT_POLICY',
  BYPASS_POLICY: 'CLIENT_FORWARDING_POLICY',
};

export const policyTypeNamed = (name: string): string | undefined => {
  const type = ALIASES[name] ?? name;
  return Object.hasOwn(POLICY_TYPES, type) ? type : undefined;
};
