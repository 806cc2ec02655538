import { DEFAULT_SEED } from '../../zpa-simulator/tenant/default-seed.ts';
import type { SeedInput } from '../../zpa-simulator/tenant/seed.ts';

/** The customers of the simulator that the local tenants point at. */
export const CUSTOMER = '216196257331281920';
export const OTHER_CUSTOMER = '216196257331282999';

/** API clients of the simulator: they open nothing but a simulator on this machine. */
export const WRITE_CLIENT = { clientId: 'simulator', clientSecret: 'simulator' };
export const READ_CLIENT = { clientId: 'simulator-read', clientSecret: 'simulator-read' };

/** Applications of everyday use, in no group yet. */
const OFFICE_APPLICATIONS = [
  { id: '216196257331373001', name: 'Ticket Desk' },
  { id: '216196257331373002', name: 'Time Tracking' },
  { id: '216196257331373003', name: 'Travel Booking' },
  { id: '216196257331373004', name: 'Phone Book' },
  { id: '216196257331373005', name: 'Room Booking' },
  { id: '216196257331373006', name: 'Learning Portal' },
];

const { applications = [], groups = [], rules = [], microtenants = [] } = DEFAULT_SEED;

/** The simulator's own tenant, with what the sample tickets need besides, and a second customer: a lane of its own. */
export const LOCAL_SEED: SeedInput = {
  credentials: [
    { ...WRITE_CLIENT, adminId: '216196257331372705' },
    { ...READ_CLIENT, rights: 'read', adminId: '216196257331372706' },
  ],
  customers: {
    [CUSTOMER]: {
      microtenants,
      applications: [...applications, ...OFFICE_APPLICATIONS],
      groups: [
        ...groups,
        { id: '216196257331373010', name: 'Field Service', description: 'Empty, but a rule names it' },
      ],
      rules: [
        ...rules,
        {
          id: '216196257331373020',
          name: 'Field engineers',
          conditions: [{ operands: [{ objectType: 'APP_GROUP', lhs: 'id', rhs: '216196257331373010' }] }],
        },
      ],
    },
    [OTHER_CUSTOMER]: {
      applications: [{ id: '216196257331373101', name: 'Warehouse' }],
      groups: [{ id: '216196257331373110', name: 'Logistics', applications: ['216196257331373101'] }],
    },
  },
};
