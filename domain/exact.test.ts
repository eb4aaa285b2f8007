/** Short numbers in machine integers must give what decimal.js gives, digit for digit. */
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Exact, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP } from './exact.ts';

const Wide = Decimal.clone({ precision: 40, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -30, toExpPos: 40 });
const canonical = (value: Decimal): string => (value.isZero() ? '0' : value.toFixed());

const digits = (max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: max }).map((all) => all.join(''));
const number = fc
  .tuple(fc.boolean(), digits(20), fc.option(digits(12), { nil: undefined }))
  .map(([negative, whole, part]) => `${negative ? '-' : ''}${whole}${part === undefined ? '' : `.${part}`}`);
const small = fc
  .tuple(fc.boolean(), digits(6), fc.option(digits(5), { nil: undefined }))
  .map(([negative, whole, part]) => `${negative ? '-' : ''}${whole}${part === undefined ? '' : `.${part}`}`);
const either = fc.oneof(number, small);

test('sums, differences, products and comparisons are those of decimal.js', () => {
  fc.assert(
    fc.property(either, either, (a, b) => {
      const [x, y] = [Exact.from(a), new Wide(a)];
      expect(x.plus(b).toFixed()).toBe(canonical(y.plus(b)));
      expect(x.minus(b).toFixed()).toBe(canonical(y.minus(b)));
      expect(x.times(b).toFixed()).toBe(canonical(y.times(b)));
      expect(x.comparedTo(b)).toBe(y.comparedTo(b));
      expect(x.negated().toFixed()).toBe(canonical(y.negated()));
      expect(x.abs().toFixed()).toBe(canonical(y.abs()));
      expect(x.isZero()).toBe(y.isZero());
    }),
    { numRuns: 3_000 },
  );
});

test('texts are added, subtracted, multiplied and compared as decimal.js does it', () => {
  const near = fc.tuple(small, fc.constantFrom('', '0', '00', '1')).map(([a, more]) => [a, `${a}${more}`] as const);
  const pair = fc.oneof(fc.tuple(either, either), near);
  fc.assert(
    fc.property(pair, ([a, b]) => {
      const [x, y] = [new Wide(a), new Wide(b)];
      expect(Exact.sum(a, b)).toBe(canonical(x.plus(y)));
      expect(Exact.difference(a, b)).toBe(canonical(x.minus(y)));
      expect(Exact.product(a, b)).toBe(canonical(x.times(y)));
      expect(Exact.compared(a, b)).toBe(x.comparedTo(y));
      expect(Exact.sign(a)).toBe(x.isZero() ? 0 : x.isNegative() ? -1 : 1);
    }),
    { numRuns: 3_000 },
  );
});

test('texts at the edge of what a machine integer holds are exact', () => {
  const edge = fc.tuple(
    fc.constantFrom('9007199254740991', '9007199254740993', '0.9007199254740991', '0.01', '-0', '1'),
  );
  fc.assert(
    fc.property(edge, edge, fc.boolean(), ([a], [b], isNegative) => {
      const other = isNegative && !b.startsWith('-') ? `-${b}` : b;
      const [x, y] = [new Wide(a), new Wide(other)];
      expect(Exact.sum(a, other)).toBe(canonical(x.plus(y)));
      expect(Exact.difference(a, other)).toBe(canonical(x.minus(y)));
      expect(Exact.product(a, other)).toBe(canonical(x.times(y)));
      expect(Exact.compared(a, other)).toBe(x.comparedTo(y));
    }),
  );
});

test('quotients and remainders are those of decimal.js', () => {
  fc.assert(
    fc.property(either, either, (a, b) => {
      fc.pre(!new Wide(b).isZero());
      expect(Exact.from(a).dividedBy(b).toFixed()).toBe(canonical(new Wide(a).dividedBy(b)));
      expect(Exact.from(a).mod(b).toFixed()).toBe(canonical(new Wide(a).mod(b)));
    }),
    { numRuns: 3_000 },
  );
});

test('quotients of products, which have more places than any text that is read, are those of decimal.js', () => {
  const places = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 8 }));
  fc.assert(
    fc.property(places, places, fc.constantFrom('2', '8', '3', '0.4'), ([a, aPlaces], [b, bPlaces], divisor) => {
      const [x, y] = [new Wide(a).dividedBy(10 ** aPlaces), new Wide(b).dividedBy(10 ** bPlaces)];
      const product = Exact.from(x.toFixed()).times(y.toFixed());
      expect(product.dividedBy(divisor).toFixed()).toBe(canonical(x.times(y).dividedBy(divisor)));
    }),
    { numRuns: 1_000 },
  );
});

test('rounding is that of decimal.js in every mode', () => {
  fc.assert(
    fc.property(
      either,
      fc.integer({ min: 0, max: 8 }),
      fc.constantFrom(ROUND_UP, ROUND_DOWN, ROUND_HALF_EVEN),
      (a, places, mode) => {
        expect(Exact.from(a).toDecimalPlaces(places, mode).toFixed()).toBe(
          canonical(new Wide(a).toDecimalPlaces(places, mode)),
        );
        expect(Exact.from(a).toNearest('0.25').toFixed()).toBe(canonical(new Wide(a).toNearest('0.25')));
      },
    ),
  );
});

test('text is canonical whatever it came from', () => {
  const texts: readonly [string | number, string][] = [
    ['00150.2500', '150.25'],
    ['-0', '0'],
    ['-0.000', '0'],
    [1e21, '1000000000000000000000'],
    [1e-7, '0.0000001'],
    [0.1, '0.1'],
    ['7', '7'],
  ];
  for (const [given, wanted] of texts) expect(Exact.from(given).toFixed()).toBe(wanted);
});

test('what is no number is refused', () => {
  for (const bad of ['', '-', 'abc', '1e999999999999', 'NaN', 'Infinity', '1.2.3'])
    for (const work of [Exact.from, Exact.sign, (text: string) => Exact.sum('1', text)])
      expect(() => work(bad)).toThrow();
  expect(() => Exact.from('1').dividedBy('0')).toThrow(RangeError);
});
