/** How creto writes instruments and times: `BTC/USD` and `EUR/USD` with a slash, everything else as it is; ISO 8601 in UTC. */
import { paired } from '../kit/paired.ts';

export const spelled = (symbol: string): string => paired(symbol, '/');

export const iso = (at: number): string => new Date(at).toISOString();
