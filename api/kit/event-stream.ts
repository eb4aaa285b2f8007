/**
 * Server-sent events of one answer. Invariant: a reader that is slow or gone never makes memory grow: of what may be passed over only the
 * newest waits, and who goes is told of.
 */
const HIGH_WATER_EVENTS = 16;
const encoder = new TextEncoder();

export const EVENT_STREAM = 'text/event-stream';
export const EVENT_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // Proxies hold back what they take for a page.
  'X-Accel-Buffering': 'no',
} as const;

export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  private controller!: ReadableStreamDefaultController<Uint8Array>;
  private passing: object | undefined;
  private isOpen = true;

  /** `gone`: the reader has left before the end. */
  constructor(gone: () => void) {
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.flush(),
        cancel: () => {
          this.isOpen = false;
          gone();
        },
      },
      new CountQueuingStrategy({ highWaterMark: HIGH_WATER_EVENTS }),
    );
  }

  /** Always told, in order. */
  send(event: object): void {
    this.flush();
    this.enqueue(event);
  }

  /** Told if the reader keeps up; else only the newest is. */
  offer(event: object): void {
    if (this.isOpen && (this.controller.desiredSize ?? 0) > 0) this.enqueue(event);
    else this.passing = event;
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.controller.close();
  }

  private flush(): void {
    const { passing } = this;
    this.passing = undefined;
    if (passing) this.enqueue(passing);
  }

  private enqueue(event: object): void {
    if (this.isOpen) this.controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
  }
}
