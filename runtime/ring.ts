/** A queue in an array that wraps around: no allocation a message once it has grown. Bounds are the caller's to ask about. */
const UNUSED = room<never>(1);
UNUSED.length = 0;

/** Filled, because an array that has only held nothing is of another kind to the engine than one that holds objects. */
function room<T>(size: number): (T | undefined)[] {
  return new Array<T | undefined>(size).fill(undefined);
}

export class Ring<T> {
  private items: (T | undefined)[] = UNUSED;
  private head = 0;
  length = 0;

  push(item: T): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.head + this.length) & (this.items.length - 1)] = item;
    this.length += 1;
  }

  /** Puts an item in front of all others: a message that is tried again. */
  unshift(item: T): void {
    if (this.length === this.items.length) this.grow();
    this.head = (this.head - 1) & (this.items.length - 1);
    this.items[this.head] = item;
    this.length += 1;
  }

  peek(): T | undefined {
    return this.length === 0 ? undefined : this.items[this.head];
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.head];
    this.items[this.head] = undefined;
    this.head = (this.head + 1) & (this.items.length - 1);
    this.length -= 1;
    return item;
  }

  /** Takes the item at `index` out and keeps the order of the others. */
  takeAt(index: number): T | undefined {
    if (index === 0) return this.shift();
    const mask = this.items.length - 1;
    const item = this.items[(this.head + index) & mask];
    for (let at = index; at > 0; at -= 1) this.items[(this.head + at) & mask] = this.items[(this.head + at - 1) & mask];
    this.items[this.head] = undefined;
    this.head = (this.head + 1) & mask;
    this.length -= 1;
    return item;
  }

  some(test: (item: T) => boolean): boolean {
    const mask = this.items.length - 1;
    for (let at = 0; at < this.length; at += 1) if (test(this.items[(this.head + at) & mask]!)) return true;
    return false;
  }

  /** Empties the ring and gives back its room. */
  clear(): T[] {
    const all: T[] = [];
    for (let item = this.shift(); item !== undefined; item = this.shift()) all.push(item);
    this.items = UNUSED;
    this.head = 0;
    return all;
  }

  private grow(): void {
    const bigger = room<T>(Math.max(4, this.items.length * 2));
    for (let at = 0; at < this.length; at += 1) bigger[at] = this.items[(this.head + at) & (this.items.length - 1)];
    this.items = bigger;
    this.head = 0;
  }
}
