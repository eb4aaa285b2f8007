/** Imports point inwards only, as the house's plan says. */
import { describe, expect, it } from 'vitest';
import { guessedImports, wrongDirections } from './directions.ts';
import { parseSource, sources } from './source.ts';

const offendersOf = (path: string, text: string) => wrongDirections([parseSource(path, text)]);

describe('import directions', () => {
  it('has no import against the plan', () => expect(wrongDirections(sources())).toEqual([]));
  it('names files with their extension', () => expect(guessedImports(sources())).toEqual([]));

  it.each([
    ['domain/price.ts', "import { z } from '../messages/order.ts';"],
    ['runtime/turn.ts', "import type { Side } from '../domain/order.ts';"],
    ['messages/order.ts', "import { createKernel } from '../runtime/kernel.ts';"],
    ['agents/risk/agent.ts', "import { x } from '../orders/agent.ts';"],
    ['agents/risk/agent.ts', "import type { Row } from '../../db/orders.ts';"],
    ['db/journal.ts', "import { createKernel } from '../runtime/kernel.ts';"],
    ['api/creto/trades.ts', "import { x } from '../tmt/errors.ts';"],
    ['api/creto/trades.ts', "import { orders } from '../../db/tables/orders.ts';"],
    ['machines/order.machine.ts', "import { x } from '../agents/orders/agent.ts';"],
    ['main.ts', "import { orders } from './db/orders.ts';"],
    ['controls/collar.ts', "export { x } from '../machines/order.machine.ts';"],
    ['controls/collar.ts', "const x = await import('../system/product.ts');"],
  ])('catches a planted import in %s: %s', (path, text) => {
    expect(offendersOf(path, text)).toHaveLength(1);
  });

  it.each([
    ['messages/order.ts', "import { SIDES } from '../domain/order.ts';"],
    ['db/journal.ts', "import { CommitError } from '../runtime/store.ts';"],
    ['db/journal.ts', "import type { Catalog } from '../runtime/message.ts';"],
    ['db/journal.ts', "import { type Message, type Envelope } from '../runtime/message.ts';"],
    ['api/creto/trades.ts', "import { route } from '../kit/route.ts';"],
    ['api/creto/trades.ts', "import { page } from '../../db/queries/orders.ts';"],
    ['system/product.ts', "import { orders } from '../agents/orders/agent.ts';"],
    ['domain/price.ts', "import { Decimal } from 'decimal.js';"],
  ])('lets %s import what it may: %s', (path, text) => {
    expect(offendersOf(path, text)).toEqual([]);
  });

  it('catches a planted import without extension', () => {
    expect(guessedImports([parseSource('domain/a.ts', "import { b } from './b';")])).toHaveLength(1);
  });
});
