/**
 * Where requests from outside come in, so many between two drains: the first of a crowd are on their way to the database while the
 * others are worked on. In the order in which they came; nothing urgent waits here, and beyond a bound they are refused.
 */
import { BOUNDS } from './bounds.ts';
import type { Kernel } from './kernel.ts';
import type { Letter } from './letter.ts';
import { Ring } from './ring.ts';
import type { Route } from './router.ts';

export class Door {
  private readonly waiting = new Ring<{ readonly letter: Letter; readonly route: Route }>();
  private passed = 0;

  constructor(private readonly kernel: Kernel) {}

  enter(letter: Letter, route: Route): void {
    const { waiting, kernel } = this;
    if (route.isControl) kernel.post.send(letter, route);
    else if (waiting.length === 0 && this.isOpen) this.pass(letter, route);
    else if (waiting.length < BOUNDS.door) waiting.push({ letter, route });
    else letter.ask?.fail('refused', 'too many requests wait at the door');
  }

  /** Who waited will never come in. */
  clear(): void {
    this.waiting.clear();
  }

  private get isOpen(): boolean {
    return this.passed < this.kernel.ports.scheduler.requestsPerDrain;
  }

  /** What was sent asks for its drain first, so that the next ones come in behind it. */
  private pass(letter: Letter, route: Route): void {
    const { post, ports } = this.kernel;
    post.send(letter, route);
    this.passed += 1;
    if (this.passed === 1 && ports.scheduler.requestsPerDrain < Number.POSITIVE_INFINITY)
      ports.scheduler.defer(this.admit);
  }

  private readonly admit = (): void => {
    const { waiting } = this;
    this.passed = 0;
    while (waiting.length > 0 && this.isOpen) {
      const { letter, route } = waiting.shift()!;
      this.pass(letter, route);
    }
  };
}
