/** Series over time as an SVG: lines, axes, and marks for moments that explain a bend. A series of one point is a dot. */
import { type Markup, markup } from './markup.ts';
import { dateAndTime, linear, plainNumber, roundTicks, type Scale, timeTicks, timeWithin } from './scale.ts';

export interface Series {
  readonly name: string;
  /** Rising in time; epoch milliseconds. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
  /** Each value holds until the next one comes: drawn as stairs. */
  readonly holds?: boolean;
}
export interface Moment {
  readonly at: number;
  readonly what: string;
  readonly kind: string;
}
export interface LineChart {
  readonly title: string;
  readonly series: readonly Series[];
  readonly moments?: readonly Moment[];
  /** All drawings of a page share one span of time. */
  readonly from: number;
  readonly to: number;
  /** How the axis writes a value of a scale that spans so much; else with as many places as that needs. */
  readonly textOf?: (value: number, span: number) => string;
  /** A value that the scale holds in any case: the room between it and the first line is filled. */
  readonly base?: number;
  /** Lies over the lines. */
  readonly over?: (x: Scale, y: Scale) => Markup;
}

export const CHART = { width: 1_120, height: 220, left: 80, right: 12, top: 10, bottom: 22 } as const;
const COLORS = 12;
/** Full, broken, dotted: further lines of the same colours. */
const STROKES = ['', ' broken', ' dotted'] as const;

export function lineChart(chart: LineChart): Markup {
  const { title, series, moments = [], from, to, textOf, base, over } = chart;
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  if (values.length === 0) return markup`<p class="empty">${title}: nothing to draw.</p>`;
  const { width, height, left, right, top, bottom } = CHART;
  const [low, high] = extent(base === undefined ? values : [...values, base]);
  const x = linear(from, to, left, width - right);
  const y = linear(low, high, height - bottom, top);
  return markup`<figure><figcaption>${title} <span class="key">${series.map(legend)}</span></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
${yAxis(y, textOf)}${timeAxis(x, height - bottom)}
${moments.map(({ at, what, kind }) => markup`<line class="moment ${kind}" x1="${place(x.at(at))}" x2="${place(x.at(at))}" y1="${top}" y2="${height - bottom}"><title>${dateAndTime(at)} ${what}</title></line>`)}
${base !== undefined && area(series[0]?.points ?? [], base, x, y)}
${series.map((one, index) => line(one, index, x, y))}${over?.(x, y)}
</svg></figure>`;
}

/** A little air above and below, so that a line never lies on the frame. */
function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const air = high > low ? (high - low) * 0.05 : Math.max(Math.abs(high) * 0.001, 1e-6);
  return [low - air, high + air];
}

const place = (value: number): string => value.toFixed(1);
const colorOf = (index: number): string => `c${index % COLORS}${STROKES[Math.floor(index / COLORS) % STROKES.length]}`;
const legend = ({ name }: Series, index: number): Markup => markup`<span class="${colorOf(index)}">${name}</span> `;

function line({ name, points, holds }: Series, index: number, x: Scale, y: Scale): Markup {
  const [first] = points;
  if (!first) return markup``;
  if (points.length === 1)
    return markup`<circle class="dot ${colorOf(index)}" cx="${place(x.at(first.at))}" cy="${place(y.at(first.value))}" r="2"><title>${name}</title></circle>`;
  return markup`<polyline class="line ${colorOf(index)}" points="${pathOf(holds ? stairsOf(points) : points, x, y)}"><title>${name}</title></polyline>`;
}

const stairsOf = (points: Series['points']): Series['points'] =>
  points.flatMap((point, index) =>
    index === 0 ? [point] : [{ at: point.at, value: points[index - 1]!.value }, point],
  );

const pathOf = (points: Series['points'], x: Scale, y: Scale): string =>
  points.map(({ at, value }) => `${place(x.at(at))},${place(y.at(value))}`).join(' ');

function area(points: Series['points'], base: number, x: Scale, y: Scale): Markup {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return markup``;
  const level = place(y.at(base));
  return markup`<polygon class="area" points="${place(x.at(first.at))},${level} ${pathOf(points, x, y)} ${place(x.at(last.at))},${level}"/>`;
}

const yAxis = (y: Scale, textOf = plainNumber): Markup =>
  markup`${roundTicks(y.min, y.max, 5).map(
    (value) =>
      markup`<line class="grid" x1="${CHART.left}" x2="${CHART.width - CHART.right}" y1="${place(y.at(value))}" y2="${place(y.at(value))}"/><text class="axis" text-anchor="end" x="${CHART.left - 6}" y="${place(y.at(value) + 4)}">${textOf(value, y.max - y.min)}</text>`,
  )}`;

/** Half of a date: nearer to the frame's end than this a label would be cut. */
const LABEL_ROOM = 34;
const anchorAt = (x: number): string => (x > CHART.width - LABEL_ROOM ? 'end' : 'middle');

/** Also for drawings of other kinds over the same span. */
export const timeAxis = (x: Scale, bottom: number): Markup =>
  markup`${timeTicks(x.min, x.max, 10).map(
    (at) =>
      markup`<line class="grid" x1="${place(x.at(at))}" x2="${place(x.at(at))}" y1="0" y2="${bottom}"/><text class="axis" text-anchor="${anchorAt(x.at(at))}" x="${place(x.at(at))}" y="${bottom + 15}">${timeWithin(at, x.max - x.min)}</text>`,
  )}`;
