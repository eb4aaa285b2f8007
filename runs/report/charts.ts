/** Curves as SVG: drawn in a fixed box that scales with the page, with their scale in words for who can't see them. */
import type { RunTrade } from '../../domain/run.ts';
import type { CurvePoint } from './report.ts';
import { escapeHtml, priceText, timeText } from './text.ts';

const WIDTH = 960;
const HEIGHT = 240;
const LEFT = 84;
const BOTTOM = 22;
const TOP = 8;
/** More marks than this would cover the price. */
const MARKED_TRADES_MAX = 400;

interface Frame {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  readonly low: number;
  readonly high: number;
}

function frameOf(points: readonly CurvePoint[], floor?: number): Frame {
  const values = points.map(({ value }) => value);
  const low = Math.min(floor ?? Number.POSITIVE_INFINITY, ...values);
  const high = Math.max(...values);
  const [first, last] = [points[0]!.at, points.at(-1)!.at];
  const room = high > low ? high - low : 1;
  return {
    low,
    high,
    x: (at) => LEFT + ((at - first) / Math.max(1, last - first)) * (WIDTH - LEFT - 4),
    y: (value) => TOP + (1 - (value - low) / room) * (HEIGHT - TOP - BOTTOM),
  };
}

const at2 = (value: number): string => value.toFixed(1);

function axes({ x, y, low, high }: Frame, points: readonly CurvePoint[], textOf: (value: number) => string): string {
  const [first, last] = [points[0]!.at, points.at(-1)!.at];
  const levels = [low, (low + high) / 2, high].map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${at2(y(value))}" y2="${at2(y(value))}"/>` +
      `<text x="${LEFT - 6}" y="${at2(y(value) + 4)}" text-anchor="end">${escapeHtml(textOf(value))}</text>`,
  );
  const ends = [
    `<text x="${at2(x(first))}" y="${HEIGHT - 4}">${timeText(first)}</text>`,
    `<text x="${WIDTH}" y="${HEIGHT - 4}" text-anchor="end">${timeText(last)}</text>`,
  ];
  return [...levels, ...ends].join('');
}

const svg = (label: string, content: string): string =>
  `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">${content}</svg>`;

const EMPTY = '<p class="empty">There is nothing to draw.</p>';

/** `floor` is a value that the scale holds in any case. */
export function curveChart(
  label: string,
  points: readonly CurvePoint[],
  textOf: (value: number) => string,
  look: { readonly floor?: number; readonly area?: boolean } = {},
): string {
  if (points.length === 0) return EMPTY;
  const frame = frameOf(points, look.floor);
  const line = points.map(({ at, value }) => `${at2(frame.x(at))},${at2(frame.y(value))}`).join(' ');
  const base = at2(frame.y(look.floor ?? frame.low));
  const area = look.area
    ? `<polygon class="area" points="${LEFT},${base} ${line} ${at2(frame.x(points.at(-1)!.at))},${base}"/>`
    : '';
  return svg(
    `${label}, from ${textOf(points[0]!.value)} to ${textOf(points.at(-1)!.value)}, between ${textOf(frame.low)} and ${textOf(frame.high)}`,
    `${axes(frame, points, textOf)}${area}<polyline class="line" points="${line}"/>`,
  );
}

/** The price with a line from each entry to its exit. */
export function tradesChart(prices: readonly CurvePoint[], trades: readonly RunTrade[]): string {
  if (prices.length === 0) return EMPTY;
  const frame = frameOf(prices);
  const line = prices.map(({ at, value }) => `${at2(frame.x(at))},${at2(frame.y(value))}`).join(' ');
  const marked = trades.slice(0, MARKED_TRADES_MAX);
  const marks = marked.map(({ direction, entryAt, entryPrice, exitAt, exitPrice, pnl }) => {
    const [x1, y1, x2, y2] = [frame.x(entryAt), frame.y(entryPrice), frame.x(exitAt), frame.y(exitPrice)].map(at2);
    const told = `${direction} ${priceText(entryPrice)} to ${priceText(exitPrice)}, ${pnl > 0 ? 'won' : 'not won'}`;
    return (
      `<g class="${pnl > 0 ? 'won' : 'lost'}"><title>${escapeHtml(told)}</title>` +
      `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/><circle cx="${x1}" cy="${y1}" r="2.5"/></g>`
    );
  });
  return svg(
    `Price with ${marked.length} of ${trades.length} trades, between ${priceText(frame.low)} and ${priceText(frame.high)}`,
    `${axes(frame, prices, priceText)}<polyline class="price" points="${line}"/>${marks.join('')}`,
  );
}
