/** Who reads what a command prints may have seen enough (`| head -1`): it ends then, without a word. */

/** Not everything was told, so that nobody may take it for held. */
const CUT_OFF = 1;

export function endWithReader(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(CUT_OFF);
  });
}
