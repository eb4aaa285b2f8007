/** Rows by what they belong to: those of a trader, of an account. A group without rows leaves no trace. */

export class GroupedRows<Row extends { readonly id: string }> {
  private readonly groups = new Map<string, Map<string, Row>>();

  /** `groupOf` never changes for a row. */
  constructor(private readonly groupOf: (row: Row) => string) {}

  put(row: Row): void {
    const name = this.groupOf(row);
    const group = this.groups.get(name);
    if (group) {
      group.set(row.id, row);
      return;
    }
    const made = new Map<string, Row>();
    made.set(row.id, row);
    this.groups.set(name, made);
  }

  delete(row: Row): void {
    const name = this.groupOf(row);
    const group = this.groups.get(name);
    // Not emptied first: to take the last entry out of a map makes it anew.
    if (group?.size === 1 && group.has(row.id)) this.groups.delete(name);
    else group?.delete(row.id);
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
