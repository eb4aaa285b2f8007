/** Work that goes on beside its caller, a few at a time. The first failure is told to whoever waits next, and nobody else. */
export class InFlight {
  private readonly running = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly max: number) {}

  start(work: Promise<void>): void {
    const run: Promise<void> = work
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Resolves when there is room for one more. Throws what an earlier one threw. */
  async room(): Promise<void> {
    while (this.running.size >= this.max) await Promise.race(this.running);
    this.throwFailure();
  }

  /** Resolves when all have ended. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
    this.throwFailure();
  }

  /** Resolves when all have ended, however. */
  async ended(): Promise<void> {
    await Promise.all(this.running);
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }
}
