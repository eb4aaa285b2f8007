/** What TypeScript knows of postgres.mjs. */
export interface PostgresCluster {
  /** Directory of the server's programs (psql, pgbench). */
  readonly bin: string;
  readonly port: number;
  readonly url: string;
  /** Ends the server and removes everything. */
  stop(): void;
  /** `immediate` is a crash of the server. */
  halt(mode?: 'fast' | 'immediate'): void;
  resume(): void;
}
export function postgresBinaries(): string;
export function startPostgres(settings?: Readonly<Record<string, string>>): Promise<PostgresCluster>;
