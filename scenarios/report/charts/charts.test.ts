/** The charts show the machines as they are: every state, every transition, nothing on top of another, and only ways that exist. */
import { describe, expect, it } from 'vitest';
import { orderMachine } from '../../../machines/order.machine.ts';
import { traderMachine } from '../../../machines/trader.machine.ts';
import { drawChart } from './draw.ts';
import { type Box, layoutOf } from './layout.ts';
import { pathThrough } from './path.ts';
import { shapeOf } from './shape.ts';

const order = shapeOf(orderMachine);
const trader = shapeOf(traderMachine);

describe('the shape of a machine', () => {
  it('has its states with their parents, and its ends', () => {
    const ids = order.nodes.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['new', 'gating', 'gating.risk', 'working', 'filled', 'ended']));
    expect(order.nodes.find(({ id }) => id === 'gating.risk')?.parent).toBe('gating');
    expect(order.nodes.filter(({ isFinal }) => isFinal).map(({ id }) => id)).toEqual(['filled', 'ended', 'booked']);
    expect(order.initial).toBe('new');
  });
  it('has transitions by message, by deadline and at once, down to the innermost state', () => {
    const labels = (from: string, to: string) =>
      order.edges.find((edge) => edge.from === from && edge.to === to)?.labels;
    expect(labels('new', 'gating.halt')).toEqual(['order.submit']);
    expect(labels('gating', 'ended')).toContain('after 5000');
    expect(labels('reported', 'filled')).toEqual(['at once']);
  });
});

describe('the layout', () => {
  const inside = (inner: Box, outer: Box) =>
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height;
  const apart = (a: Box, b: Box) =>
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
  it.each([
    ['order', order],
    ['trader', trader],
  ])('puts %s states inside their parents and apart from all others', (_, shape) => {
    const { boxes, width, height } = layoutOf(shape);
    const all = [...boxes.values()];
    expect(all).toHaveLength(shape.nodes.length);
    for (const box of all) {
      expect(inside(box, { ...box, x: 0, y: 0, width, height })).toBe(true);
      const parent = boxes.get(box.node.parent ?? '');
      if (parent) expect(inside(box, parent)).toBe(true);
      for (const other of all) {
        const related = other.node.id.startsWith(box.node.id) || box.node.id.startsWith(other.node.id);
        if (!related) expect(apart(box, other)).toBe(true);
      }
    }
  });
});

describe('a path', () => {
  it('goes through the transient states between two that are on record', () => {
    const { states, edges } = pathThrough(order, ['intended', 'sending', 'filled']);
    expect(states).toEqual(['intended', 'sending', 'reported', 'filled']);
    expect(edges).toContain('reported filled');
  });
  it('takes what a parent state takes', () => {
    expect(pathThrough(order, ['gating.risk', 'ended']).edges).toEqual(['gating.risk ended']);
    expect(pathThrough(trader, ['windingDown.closing', 'active']).states).toEqual(['windingDown.closing', 'active']);
  });
  it('leaves a gap where the machine has no way, and ignores what it does not know', () => {
    expect(pathThrough(order, ['filled', 'nowhere', 'working'])).toEqual({ states: ['filled', 'working'], edges: [] });
  });
});

describe('the drawing', () => {
  it('counts each entity once, and marks only what was taken', () => {
    const path = pathThrough(order, ['new', 'gating.halt', 'gating.compliance', 'gating.halt']);
    const svg = drawChart('order', order, [path, path]).toString();
    expect(svg).toContain('gating.compliance: 2 came through');
    expect(svg).toContain('working: 0 came through');
    expect(svg).toMatch(/class="state taken" data-state="gating"/);
    expect(svg).toMatch(/class="edge taken" data-edge="new gating.halt"/);
  });
});
