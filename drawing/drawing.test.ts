/** What every report is drawn with: escaping, scales, axes and lines. */
import { describe, expect, it } from 'vitest';
import { lineChart } from './line-chart.ts';
import { markup, trusted } from './markup.ts';
import { page } from './page.ts';
import { duration, linear, plainNumber, roundTicks, timeTicks, timeWithin } from './scale.ts';

describe('markup', () => {
  it('escapes what is put into it, also in attributes and lists', () => {
    const evil = `<script>"&'`;
    const text = markup`<p title="${evil}">${[evil, markup`<b>${evil}</b>`]}</p>`.toString();
    expect(text).not.toContain('<script>');
    expect(text).toContain('title="&lt;script&gt;&quot;&amp;&#39;"');
    expect(text).toContain('<b>&lt;script&gt;');
  });
  it('leaves nothing behind for what is absent, and zero for zero', () => {
    expect(markup`a${undefined}b${false}c${0}`.toString()).toBe('abc0');
  });
  it('lets our own text through as it is', () => {
    expect(markup`${trusted('a > b')}`.toString()).toBe('a > b');
  });
});

describe('scales', () => {
  it('map the ends to the ends, and a single value to the middle', () => {
    const scale = linear(10, 20, 0, 100);
    expect([scale.at(10), scale.at(15), scale.at(20)]).toEqual([0, 50, 100]);
    expect(linear(7, 7, 0, 100).at(7)).toBe(50);
  });
  it('have round ticks inside their span', () => {
    expect(roundTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(roundTicks(149.3, 150.4, 4).map((value) => value.toFixed(1))).toEqual(['149.5', '150.0']);
    expect(roundTicks(3, 3, 5)).toEqual([3]);
  });
  it('have ticks at full times, never more than wanted', () => {
    const start = Date.UTC(2026, 2, 2, 14, 0, 30);
    const ticks = timeTicks(start, start + 3_600_000, 10);
    expect(ticks.length).toBeLessThanOrEqual(10);
    expect(ticks.every((at) => at % 600_000 === 0)).toBe(true);
    expect(timeTicks(0, 40 * 365 * 86_400_000, 10).length).toBeLessThanOrEqual(11);
  });
  it('write times as finely as the span needs', () => {
    const at = Date.UTC(2019, 11, 16, 14, 30);
    const day = 86_400_000;
    expect([day, 2 * day, 400 * day].map((span) => timeWithin(at, span))).toEqual([
      '14:30:00',
      '12-16 14:30',
      '2019-12-16',
    ]);
  });
  it('write durations in their two largest units', () => {
    expect([0, 1_500, 150_000, 7_200_000, 5_400_000, 90_061_000, 172_800_000].map(duration)).toEqual([
      '0 s',
      '1.5 s',
      '2 min 30 s',
      '2 h',
      '1 h 30 min',
      '1 d 1 h',
      '2 d',
    ]);
  });
  it('write numbers as finely as their span needs', () => {
    expect([plainNumber(1.0851, 0.002), plainNumber(21_000, 500), plainNumber(5, 0)]).toEqual([
      '1.08510',
      '21000',
      '5.00',
    ]);
  });
});

describe('a line chart', () => {
  const chart = { title: 'Price', from: 0, to: 1_000 };
  it('has a line for each series within its frame', () => {
    const points = [
      { at: 0, value: 1 },
      { at: 1_000, value: 3 },
    ];
    const svg = lineChart({ ...chart, series: [{ name: 'bid', points }] }).toString();
    expect(svg.match(/<polyline/g)).toHaveLength(1);
    const places = /points="([\d., ]+)"/.exec(svg)?.[1]?.split(/[ ,]/).map(Number) ?? [];
    expect(places[0]).toBeLessThan(places[2] ?? 0);
    expect(places[1]).toBeGreaterThan(places[3] ?? 0);
  });
  it('gives each of three dozen lines a look of its own, which the page knows', () => {
    const series = Array.from({ length: 36 }, (_, index) => ({
      name: `line ${index}`,
      points: [
        { at: 0, value: index },
        { at: 1_000, value: index + 1 },
      ],
    }));
    const looks = [
      ...lineChart({ ...chart, series })
        .toString()
        .matchAll(/polyline class="line ([^"]+)"/g),
    ];
    const names = looks.map(([, look = '']) => look);
    expect(new Set(names).size).toBe(36);
    const style = page({ title: 'lines', body: markup`` });
    const colors = new Set(names.map((look) => /c\d+/.exec(look)?.[0] ?? ''));
    const known = [...colors].map((name) => new RegExp(`\\.${name}\\{stroke:(#[0-9a-f]{6})`).exec(style)?.[1]);
    expect(new Set(known).size).toBe(12);
    expect(known).not.toContain(undefined);
  });
  it('draws what holds until it changes as stairs', () => {
    const points = [
      { at: 0, value: 1 },
      { at: 400, value: 3 },
      { at: 1_000, value: 2 },
    ];
    const svg = lineChart({ ...chart, series: [{ name: 'balance', points, holds: true }] }).toString();
    const places =
      /polyline[^>]* points="([^"]+)"/
        .exec(svg)?.[1]
        ?.split(' ')
        .map((pair) => pair.split(',')) ?? [];
    const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
    expect(places).toHaveLength(5);
    expect([xs[1] === xs[2], xs[3] === xs[4], ys[0] === ys[1], ys[2] === ys[3]]).toEqual([true, true, true, true]);
  });
  it('fills the room to its base, writes values as it is told, and lays marks over the lines', () => {
    const points = [
      { at: 0, value: 0.5 },
      { at: 1_000, value: 1 },
    ];
    const svg = lineChart({
      ...{ ...chart, series: [{ name: 'fall', points }], base: 0, textOf: (value) => `${value * 100} %` },
      over: (x, y) => markup`<circle class="mark" cx="${x.at(500)}" cy="${y.at(0)}" r="1"/>`,
    }).toString();
    const corners = /<polygon class="area" points="([^"]+)"/.exec(svg)?.[1]?.split(' ') ?? [];
    expect(corners).toHaveLength(4);
    const level = /class="mark" cx="\d+" cy="([\d.]+)"/.exec(svg)?.[1];
    expect(Number(corners[0]?.split(',')[1])).toBeCloseTo(Number(level), 0);
    expect(svg).toContain('>100 %</text>');
  });
  it('shows a single point as a dot, and says when there is nothing', () => {
    const dot = lineChart({ ...chart, series: [{ name: 'bid', points: [{ at: 5, value: 1 }] }] }).toString();
    expect(dot).toContain('<circle');
    expect(lineChart({ ...chart, series: [] }).toString()).toContain('nothing to draw');
  });
});

describe('a page', () => {
  it('fetches nothing and forbids the browser to', () => {
    const text = page({ title: 'A <b>', body: markup`<p>x</p>`, script: 'const a = 1 < 2;' });
    expect(text).toContain('default-src &#39;none&#39;');
    expect(text).toContain('<title>A &lt;b&gt;</title>');
    expect(text).toContain('1 < 2');
    expect(text).not.toMatch(/(src|href)=/);
  });
});
