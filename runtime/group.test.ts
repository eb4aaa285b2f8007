/** Of a row of a read model only the newest image goes with a group, in the place where it was first written, however many rows there are. */
import { expect, test } from 'vitest';
import { Gathering } from './group.ts';

test.each([3, 15, 16, 17, 400])('of %i rows each goes once, as it was written last', (count) => {
  const { images } = new Gathering(1);
  const wanted: { table: string; key: string; row: { version: number } }[] = [];
  for (const version of [1, 2, 3])
    for (let index = 0; index < count; index += 1) {
      // The same key in two tables is two rows.
      const image = { table: index % 2 === 0 ? 'orders' : 'fills', key: `key-${index >> 1}`, row: { version } };
      images.put(image);
      if (version === 3) wanted.push(image);
    }
  expect(images.all).toEqual(wanted);
});
