import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import type { Headers } from '../../shared/domain/source/scheme.ts';
import type { Clock, Log, Meter, SecretReader } from '../../shared/ports/ports.ts';
import type { CatalogStore } from '../../shared/reading/catalog-cache.ts';

/** The function only reads, and it has no client of ZPA. */
export type CatalogPorts = {
  configuration: Configuration;
  catalogs: Pick<CatalogStore, 'read'>;
  secrets: SecretReader;
  clock: Pick<Clock, 'now'>;
  log: Log;
  meter: Meter;
};

/** An HTTP request; nothing in it is trusted. */
export type CatalogRequest = {
  method: string;
  /** `/catalog?kind=group`, as sent; signatures cover it. */
  address: string;
  /** Each parameter once; one that came several times is joined with commas. */
  query: Readonly<Record<string, string | undefined>>;
  headers: Headers;
  sourceIp: string;
};
