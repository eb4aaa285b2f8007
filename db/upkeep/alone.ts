/** One piece of upkeep of a place at a time: whoever offers it asks first what is under way. */
export class Alone {
  underWay: string | undefined;

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.underWay !== undefined) throw new Error(`Invariant: no ${name} beside a ${this.underWay}`);
    this.underWay = name;
    try {
      return await work();
    } finally {
      this.underWay = undefined;
    }
  }
}
