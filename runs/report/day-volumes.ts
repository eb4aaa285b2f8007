/** What the data of a run traded on each UTC day, in units of the instrument: what an estimate of capacity is held against. */
import { dayStart, nextDayStart } from '../../domain/calendar.ts';
import type { BarColumns, TickColumns } from '../../market/columns.ts';

/** Adds the volume of these rows, `to` excluded, by the start of their UTC day; a day without any has 0. */
export function addVolumes(
  volumes: Map<number, number>,
  columns: TickColumns | BarColumns,
  from = 0,
  to = columns.length,
): void {
  const times = 'atMs' in columns ? columns.atMs : columns.startMs;
  const { volume } = columns;
  for (let row = from; row < to; ) {
    const [day, ends] = [dayStart(times[row]!), nextDayStart(times[row]!)];
    let total = volumes.get(day) ?? 0;
    for (; row < to && times[row]! < ends; row += 1) total += volume[row]!;
    volumes.set(day, total);
  }
}
