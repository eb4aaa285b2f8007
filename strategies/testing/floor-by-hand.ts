/** `floor` once more, straight from its rules, in whole tenths of pips so that nothing is rounded: what the strategy is held against. */

export interface FloorFill {
  readonly row: number;
  readonly kind: 'open' | 'close';
  readonly layer: number;
  readonly direction: 1 | -1;
  readonly units: number;
  /** In tenths of pips. */
  readonly price: number;
}

export interface FloorRules {
  readonly base_units: number;
  readonly momentum_lookback: number;
  readonly take_profit_pips: number;
  readonly retracement_pips: number;
  readonly max_retracements: number;
  readonly unit_increment: number;
  readonly max_layers: number;
}

interface Layer {
  readonly number: number;
  readonly direction: 1 | -1;
  retracements: number;
  readonly entries: { readonly units: number; readonly price: number }[];
}

/**
 * Quotes as pairs of bid and ask in tenths of pips. What is open after the last one closes there: what the account
 * holds of it at its side, oldest layer first, and then long against short in the middle.
 */
export function floorByHand(quotes: readonly (readonly [number, number])[], rules: FloorRules): FloorFill[] {
  const fills: FloorFill[] = [];
  let layers: Layer[] = [];
  const close = (layer: Layer, row: number, price: number): void => {
    const { number, direction } = layer;
    for (const { units } of layer.entries) fills.push({ row, kind: 'close', layer: number, direction, units, price });
    layers = layers.filter((other) => other !== layer);
  };
  const enter = (layer: Layer, row: number, units: number, [bid, ask]: readonly [number, number]): void => {
    const price = layer.direction > 0 ? ask : bid;
    layer.entries.push({ units, price });
    fills.push({ row, kind: 'open', layer: layer.number, direction: layer.direction, units, price });
  };
  for (const [row, quote] of quotes.entries()) {
    const [bid, ask] = quote;
    const before = quotes[row - rules.momentum_lookback];
    const momentum = before ? Math.sign(bid + ask - before[0] - before[1]) : 0;
    const open = (number: number): void => {
      if (momentum === 0) return;
      const layer: Layer = { number, direction: momentum as 1 | -1, retracements: 0, entries: [] };
      layers.push(layer);
      enter(layer, row, rules.base_units, quote);
    };
    let closed = false;
    for (const layer of layers.toReversed()) {
      const units = layer.entries.reduce((total, entry) => total + entry.units, 0);
      const cost = layer.entries.reduce((total, entry) => total + entry.units * entry.price, 0);
      const side = layer.direction > 0 ? bid : ask;
      if ((side * units - cost) * layer.direction < rules.take_profit_pips * 10 * units) continue;
      close(layer, row, side);
      closed = true;
    }
    if (closed) continue;
    const newest = layers.at(-1);
    if (!newest) {
      open(1);
      continue;
    }
    const side = newest.direction > 0 ? bid : ask;
    const last = newest.entries.at(-1)!;
    if ((last.price - side) * newest.direction < rules.retracement_pips * 10) continue;
    if (newest.retracements < rules.max_retracements) {
      newest.retracements += 1;
      enter(newest, row, rules.base_units * (1 + newest.retracements * rules.unit_increment), quote);
    } else if (layers.length < rules.max_layers) open(newest.number + 1);
  }
  const row = quotes.length - 1;
  const [bid, ask] = quotes[row]!;
  const held = layers.flatMap(({ number, direction, entries }) =>
    entries.map(({ units }) => ({ layer: number, direction, units })),
  );
  const end = (lot: (typeof held)[number], units: number, price: number): void => {
    const { layer, direction } = lot;
    if (units > 0) fills.push({ row, kind: 'close', layer, direction, units, price });
    lot.units -= units;
  };
  const net = held.reduce((sum, { direction, units }) => sum + direction * units, 0);
  let left = Math.abs(net);
  for (const lot of held.filter(({ direction }) => direction * net > 0)) {
    const units = Math.min(lot.units, left);
    left -= units;
    end(lot, units, net > 0 ? bid : ask);
  }
  for (;;) {
    const pair = ([1, -1] as const).map((side) => held.find(({ direction, units }) => direction === side && units > 0));
    if (!pair[0] || !pair[1]) return fills;
    const units = Math.min(pair[0].units, pair[1].units);
    for (const lot of pair) end(lot!, units, (bid + ask) / 2);
  }
}
