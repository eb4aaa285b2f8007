/**
 * Fewer points of a curve that look like all of them: Largest-Triangle-Three-Buckets (Steinarsson, Downsampling Time Series for Visual
 * Representation, University of Iceland, 2013, section 4.2). First and last point are kept.
 */

/** Indices of the points kept, rising: exactly `count` of them, or all where there are no more. Throws RangeError below 3. */
export function lttb<Point>(
  points: readonly Point[],
  count: number,
  xOf: (point: Point) => number,
  yOf: (point: Point) => number,
): readonly number[] {
  if (!(Number.isInteger(count) && count >= 3))
    throw new RangeError(`count must be a whole number from 3, is ${count}`);
  const { length } = points;
  if (length <= count) return points.map((_, index) => index);
  const width = (length - 2) / (count - 2);
  const kept = [0];
  for (let bucket = 0; bucket < count - 2; bucket += 1) {
    const from = Math.floor(bucket * width) + 1;
    const to = Math.floor((bucket + 1) * width) + 1;
    const next = points.slice(to, Math.min(Math.floor((bucket + 2) * width) + 1, length));
    const beyondX = next.reduce((sum, point) => sum + xOf(point), 0) / next.length;
    const beyondY = next.reduce((sum, point) => sum + yOf(point), 0) / next.length;
    const before = points[kept.at(-1)!]!;
    const [beforeX, beforeY] = [xOf(before), yOf(before)];
    let largest = -1;
    let chosen = from;
    for (let index = from; index < to; index += 1) {
      const point = points[index]!;
      const area = Math.abs(
        (beforeX - beyondX) * (yOf(point) - beforeY) - (beforeX - xOf(point)) * (beyondY - beforeY),
      );
      if (area > largest) {
        largest = area;
        chosen = index;
      }
    }
    kept.push(chosen);
  }
  return [...kept, length - 1];
}
