/** The strategies that can be asked for by name, in backtests, for live runs and by the contracts. A new one is one line here. */
import { floor } from './floor.ts';
import { max } from './max.ts';
import { smaCross } from './sma-cross.ts';
import type { StrategyDefinition } from './strategy.ts';

export const STRATEGIES: readonly StrategyDefinition[] = [floor, max, smaCross];

const byName = new Map(STRATEGIES.map((strategy) => [strategy.name, strategy]));

export const findStrategy = (name: string): StrategyDefinition | undefined => byName.get(name);
