/**
 * Lets a command outlive the reader of its output, as in `gitops plan | head`: what it says from then on is lost. It goes on,
 * as a deployment must not break off half-way because nobody listens any more.
 */
export function outliveReader(output: NodeJS.EventEmitter): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
