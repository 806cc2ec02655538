import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Other clients for ZPA, as `npm run bench -- setup` installs them: exact versions, in a folder that git ignores. */
export const CACHE = join(import.meta.dirname, '.cache');
export const SOURCES = join(import.meta.dirname, 'clients');

export type Client = {
  name: string;
  version: string;
  /** The program of one job: customer (and address) as arguments, steps on stdin, what failed on stdout. */
  command: (at: { url: string; customer: string }) => [string, ...string[]];
  /** The file that `setup` makes. */
  installed: string;
  /** Knows only Zscaler's own hosts: reached through the simulator's CONNECT, with its certificate. */
  throughProxy: boolean;
};

const python = (folder: string) => join(CACHE, folder, 'bin', 'python');

export const GO_MODULE = 'github.com/zscaler/zscaler-sdk-go/v3';

export const CLIENTS: readonly Client[] = [
  {
    name: 'pyzscaler',
    version: '1.6.0',
    installed: python('pyzscaler'),
    command: ({ url, customer }) => [python('pyzscaler'), join(SOURCES, 'pyzscaler_job.py'), url, customer],
    throughProxy: false,
  },
  {
    name: 'zscaler-sdk-python',
    version: '1.11.3',
    installed: python('zscaler-sdk-python'),
    command: ({ customer }) => [python('zscaler-sdk-python'), join(SOURCES, 'zscaler_sdk_python_job.py'), customer],
    throughProxy: true,
  },
  {
    name: 'zscaler-sdk-go',
    version: '3.8.40',
    installed: join(CACHE, 'zscaler-sdk-go', 'job'),
    command: ({ customer }) => [join(CACHE, 'zscaler-sdk-go', 'job'), customer],
    throughProxy: true,
  },
];

export const isInstalled = ({ installed }: Client): boolean => existsSync(installed);
