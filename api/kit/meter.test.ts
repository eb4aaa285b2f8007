/** What traders use is handed over whole, however many they are. */
import { expect, test } from 'vitest';
import { BOUNDS } from '../../runtime/bounds.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { Meter } from './meter.ts';

test('a hand-over of very many traders comes in pieces that a mailbox takes, and loses none', () => {
  const house = new FakeHouse();
  const meter = new Meter(house);
  const sizes: number[] = [];
  for (let index = 0; index < 3_000; index += 1) {
    const before = house.told.length;
    meter.count(`agent-${index}`, 1);
    if (house.told.length > before) sizes.push(house.told.length - before);
  }
  meter.flush();
  expect(house.told).toHaveLength(3_000);
  expect(new Set(house.told.map((message) => (message as { traderId?: string }).traderId)).size).toBe(3_000);
  expect(Math.max(...sizes)).toBeLessThan(BOUNDS.mailbox);
});
