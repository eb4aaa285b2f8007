/** One world: nothing but ports and adapters reads a clock, draws a random number, sets a timer or calls out. */
import { describe, expect, it } from 'vitest';
import { ambientSources, machineEffects } from './ambient.ts';
import { parseSource, sources } from './source.ts';

describe('ambient sources', () => {
  it('are touched by ports and adapters only', () => expect(ambientSources(sources())).toEqual([]));

  it.each([
    'const at = Date.now();',
    'const now = new Date();',
    'const text = Date();',
    'const draw = Math.random();',
    'const id = crypto.randomUUID();',
    "import { randomUUID } from 'node:crypto'; const id = randomUUID();",
    'setTimeout(() => {}, 5);',
    'globalThis.setInterval(tick, 5);',
    'setImmediate(tick);',
    "await fetch('http://127.0.0.1');",
    "import { setTimeout as sleep } from 'node:timers/promises';",
    'const started = performance.now();',
  ])('are caught when planted: %s', (text) => {
    expect(ambientSources([parseSource('agents/risk/agent.ts', text)])).toHaveLength(1);
  });

  it.each([
    'const iso = new Date(at).toISOString();',
    'const answer = await product.fetch(request);',
    'const parsed = Date.parse(text);',
    "const explanation = 'Date.now() is not for us';",
  ])('are not seen where there is none: %s', (text) => {
    expect(ambientSources([parseSource('agents/risk/agent.ts', text)])).toEqual([]);
  });

  it('are allowed in adapters', () => {
    expect(ambientSources([parseSource('adapters/feed/live.ts', 'const at = Date.now();')])).toEqual([]);
  });
});

describe('machines', () => {
  it('start and address nothing by themselves', () => expect(machineEffects(sources())).toEqual([]));

  it.each([
    "const machine = { states: { busy: { invoke: { src: 'work' } } } };",
    "import { sendTo } from 'xstate';",
    "import { setup, spawnChild } from 'xstate';",
    "import { log as print } from 'xstate';",
  ])('are caught when they do: %s', (text) => {
    expect(machineEffects([parseSource('machines/order.machine.ts', text)])).toHaveLength(1);
  });
});
