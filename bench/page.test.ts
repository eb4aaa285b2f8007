import { expect, test } from 'vitest';
import { type Taken, tableOf, withTable } from './page.ts';

const taken = { on: '2026-01-02', machine: '2 × Chip, Node 20', load: 0.3 };
const line = (figure: string, rest: Partial<Taken>): Taken => ({
  ...{ figure, unit: 'orders/s', ours: 12_345.6, reference: 2_000, referenceName: 'peer' },
  ...taken,
  ...rest,
});

test('a figure has a row for each reference, its own value once, in the order of the figures', () => {
  const lines = [
    { ...line('second', { ours: 'failed', ok: false, target: 1 }), load: undefined },
    line('first', { ratio: 6.17, target: 6, ok: true, readNs: 120 }),
    line('first', { referenceName: 'other', reference: 'not measured' }),
    line('gone', {}),
  ];
  expect(tableOf(lines, ['first', 'second']).split('\n')).toEqual([
    'Taken on 2 × Chip, Node 20.',
    '',
    '| figure | ours | reference | ratio | target | | taken, load average and ns a read before |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    '| `first` | 12,350 orders/s | peer 2,000 | 6.17 | 6 | reached | 2026-01-02, 0.3, 120 ns |',
    '|  |  | other not measured |  |  |  |  |',
    '| `second` | failed orders/s | peer 2,000 |  | 1 | **missed** | 2026-01-02, not noted |',
  ]);
});

test('the table takes the place between its marks and leaves all else as it was', () => {
  const [begin, end] = ['<!-- Written by `npm run bench -- --write`. -->', '<!-- End of what it writes. -->'];
  const page = `# Figures\n${begin}\nold\n${end}\nbehind\n`;
  expect(withTable(page, 'new')).toBe(`# Figures\n${begin}\nnew\n${end}\nbehind\n`);
  expect(withTable(withTable(page, 'once'), 'new')).toBe(withTable(page, 'new'));
  expect(() => withTable('# Figures', 'new')).toThrow('no place');
});
