/** How a worker lets go of its queue. */
import { expect, it } from 'vitest';
import { closeWorker } from './background.ts';

it('a worker that ends takes no entry that nobody attends to, and waits for those in hand', async () => {
  const said: string[] = [];
  let isTaking = true;
  let letGo = (): void => undefined;
  const inHand = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const server = {
    async close() {
      isTaking = false;
      await inHand;
      said.push('the queue is left');
    },
  };
  const attendant = {
    async close() {
      said.push(isTaking ? 'an entry is lost' : 'jobs are let go of');
      letGo();
    },
  };
  await closeWorker(server, attendant);
  expect(said).toEqual(['jobs are let go of', 'the queue is left']);
});
