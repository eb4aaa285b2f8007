/** What TypeScript knows of redis.mjs. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Ends the server; everything in it is gone. */
  stop(): Promise<void>;
  /** Kills the server. */
  halt(): Promise<void>;
  /** Starts it again on the same port, empty. */
  resume(): Promise<void>;
}
export function redisMissing(): string | undefined;
export function startRedis(settings?: Readonly<Record<string, string>>): Promise<RedisServer>;
