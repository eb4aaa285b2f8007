/** How far a long run has come, on one line of a terminal that is written again and again; nothing where nobody looks. */

export interface Progress {
  show(text: string): void;
  /** Takes the line away, so that something else can be written. */
  clear(): void;
}

export function openProgress(stream: NodeJS.WriteStream, wanted: boolean): Progress {
  let shown = false;
  const isSeen = wanted && stream.isTTY;
  const clear = (): void => {
    if (shown) stream.write('\r\u001b[K');
    shown = false;
  };
  return {
    show(text) {
      if (!isSeen) return;
      clear();
      stream.write(text);
      shown = true;
    },
    clear,
  };
}
