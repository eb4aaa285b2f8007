/** Rows by what they belong to: those of a trader, of an account. A group without rows leaves no trace. */

export class GroupedRows<Row extends { readonly id: string }> {
  private readonly groups = new Map<string, Map<string, Row>>();

  /** `groupOf` never changes for a row. */
  constructor(private readonly groupOf: (row: Row) => string) {}

  put(row: Row): void {
    const name = this.groupOf(row);
    const group = this.groups.get(name);
    if (group) group.set(row.id, row);
    else this.groups.set(name, new Map([[row.id, row]]));
  }

  delete(row: Row): void {
    const name = this.groupOf(row);
    const group = this.groups.get(name);
    if (group?.delete(row.id) && group.size === 0) this.groups.delete(name);
  }

  of(name: string): readonly Row[] {
    return [...(this.groups.get(name)?.values() ?? [])];
  }

  all(): readonly Row[] {
    return [...this.groups.values()].flatMap((group) => [...group.values()]);
  }

  clear(): void {
    this.groups.clear();
  }
}
