/** How creto writes instruments: `BTC/USD` and `EUR/USD` with a slash, everything else as it is. */
import { paired } from '../kit/paired.ts';

export const spelled = (symbol: string): string => paired(symbol, '/');
