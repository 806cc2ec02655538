import type { SeedInput } from './seed.ts';

/**
 * A small tenant: the ids of pyZscaler's guide to segment groups (three applications without a group, group 45096653),
 * and around them the content of a real one: groups with applications, a rule that names a group, a read-only group,
 * text that comes back escaped, one microtenant besides the Default one.
 */
export const DEFAULT_SEED: SeedInput = {
  microtenants: [{ id: '216196257331372600', name: 'Subsidiary', description: 'Offices of the subsidiary' }],
  applications: [
    { id: '926196382959075422', name: 'Remote Desktop Gateway', tcpPortRanges: ['3389', '3389'] },
    { id: '926196382959075423', name: 'SSH Jump Host', tcpPortRanges: ['22', '22'] },
    { id: '926196382959075424', name: 'VNC Consoles', tcpPortRanges: ['5900', '5910'] },
    { id: '216196257331372610', name: 'Wiki', description: 'Company wiki' },
    { id: '216196257331372611', name: 'Intranet', domainNames: ['intranet.example.com', 'start.example.com'] },
    { id: '216196257331372612', name: 'Payroll', description: 'Salaries & taxes' },
    { id: '216196257331372613', name: 'Accounting', tcpPortRanges: ['443', '443', '8443', '8443'] },
    { id: '216196257331372614', name: 'Build Server', tcpPortRanges: ['8080', '8080'] },
    { id: '216196257331372615', name: 'Source Control', tcpPortRanges: ['22', '22', '443', '443'] },
    { id: '216196257331372616', name: 'DNS Probe', tcpPortRanges: [], udpPortRanges: ['53', '53'] },
    { id: '216196257331372617', name: 'Decoy Share', tcpPortRanges: ['445', '445'] },
    { id: '216196257331372618', name: 'Unassigned Printer', enabled: false, tcpPortRanges: ['9100', '9100'] },
    { id: '216196257331372619', name: 'Subsidiary Portal', microtenantId: '216196257331372600' },
  ],
  groups: [
    { id: '45096653', name: 'Staging Apps', enabled: false, creationTime: null },
    {
      id: '216196257331372620',
      name: 'Intranet',
      description: 'Everything every employee may open',
      applications: ['216196257331372610', '216196257331372611'],
    },
    {
      id: '216196257331372621',
      name: 'Finance',
      description: "Payroll & accounting <confidential>, ask the controller's office",
      applications: ['216196257331372612', '216196257331372613'],
    },
    {
      id: '216196257331372622',
      name: 'Engineering',
      applications: ['216196257331372614', '216196257331372615', '216196257331372616'],
    },
    {
      id: '216196257331372623',
      name: 'Deception Decoys',
      readOnly: true,
      zscalerManaged: true,
      deception: true,
      applications: ['216196257331372617'],
    },
    {
      id: '216196257331372624',
      name: 'Subsidiary Apps',
      microtenantId: '216196257331372600',
      applications: ['216196257331372619'],
    },
  ],
  rules: [
    {
      id: '216196257331372630',
      name: 'Finance staff',
      description: 'Access to finance from managed devices',
      conditions: [
        { operands: [{ objectType: 'APP_GROUP', lhs: 'id', rhs: '216196257331372621' }] },
        { operands: [{ objectType: 'CLIENT_TYPE', values: ['zpn_client_type_zapp'] }] },
      ],
    },
  ],
};
