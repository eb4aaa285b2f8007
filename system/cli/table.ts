/** Rows as text in columns; numbers stand to the right, as does text that is one. */
type Cell = string | number | Right;

interface Right {
  readonly right: string;
}

/** A number that is written in a way of its own. */
export const right = (text: string): Right => ({ right: text });

const textOf = (cell: Cell): string => (typeof cell === 'object' ? cell.right : String(cell));

export function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => textOf(row[index] ?? '').length)),
  );
  const first = rows[0] ?? [];
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, index) => {
        const width = widths[index]!;
        return typeof cell === 'string' ? cell.padEnd(width) : textOf(cell).padStart(width);
      })
      .join('  ')
      .trimEnd();
  const heads = columns.map((column, index) => (typeof first[index] === 'object' ? right(column) : column));
  return [line(heads), ...rows.map(line)].join('\n');
}
