/** The log of a process: JSON lines on standard error. */
import { pino } from 'pino';
import type { Log } from '../runtime/ports.ts';

export function openLog(level: string): Log {
  const logger = pino({ level, base: null }, pino.destination(2));
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields?: Readonly<Record<string, unknown>>) =>
      logger[name]({ event, ...fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
