/** What the auto-trader is allowed and how it sizes. Values are exact decimals in account currency; ratios are of equity. */
import type { DecimalText } from '../../domain/decimal.ts';
import type { AssetClass } from '../../domain/instrument.ts';

export interface AutoTraderOptions {
  readonly traderId: string;
  readonly accountId: string;
  readonly userId: string;
  /** Only these are traded; signals of others are not even answered. */
  readonly symbols: readonly string[];
  /** Until the trader's own creation tells its budget. */
  readonly startEquity: DecimalText;
  /** What one position may lose at its stop. */
  readonly riskRatio: DecimalText;
  /** Distance of the stop from the entry, in ATRs of the signal. */
  readonly stopAtrs: DecimalText;
  /** Below the autonomous threshold, so that no person has to be asked. */
  readonly orderValueMax: DecimalText;
  readonly openPositionsMax: number;
  readonly quantitySteps: Readonly<Record<AssetClass, DecimalText>>;
  /** An order without an end after this long is asked after. */
  readonly orderCheckMs: number;
}

export type AutoTraderSettings = Pick<AutoTraderOptions, 'traderId' | 'accountId' | 'userId' | 'symbols'> &
  Partial<AutoTraderOptions>;

export const AUTO_TRADER_DEFAULTS: Omit<AutoTraderOptions, 'traderId' | 'accountId' | 'userId' | 'symbols'> = {
  startEquity: '100000',
  riskRatio: '0.005',
  stopAtrs: '2',
  orderValueMax: '45000',
  openPositionsMax: 5,
  quantitySteps: { fx: '1000', metal: '1', crypto: '0.001', future: '1', equity: '1' },
  orderCheckMs: 60_000,
};
