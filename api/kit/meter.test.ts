/** What traders use is handed over whole, however many they are. */
import { expect, test } from 'vitest';
import { BOUNDS } from '../../runtime/bounds.ts';
import { FakeHouse } from '../testing/fake-house.ts';
import { Meter } from './meter.ts';

test('of very many traders the first are handed over one by one, the rest in a piece that a mailbox takes, and none is lost', () => {
  const house = new FakeHouse();
  const meter = new Meter(house);
  const sizes: number[] = [];
  for (let index = 0; index < 3_000; index += 1) {
    const before = house.told.length;
    meter.count(`agent-${index}`, 1);
    if (house.told.length > before) sizes.push(house.told.length - before);
  }
  expect(sizes).toEqual(sizes.map(() => 1));
  const before = house.told.length;
  meter.flush();
  expect(house.told.length - before).toBeLessThan(BOUNDS.mailbox);
  expect(house.told).toHaveLength(3_000);
  expect(new Set(house.told.map((message) => (message as { traderId?: string }).traderId)).size).toBe(3_000);
});
