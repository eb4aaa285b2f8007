/** For kill tests: a process becomes the writer of a place and commits group after group, each acknowledged by a line on stdout. */
import { type OpenedPlace, openEmbedded, openPostgres } from '../open.ts';
import { GroupWriter, orderRow, upsertOrder } from './groups.ts';

/** `where` is a directory or the address of a server. */
export const openAt = (where: string): OpenedPlace =>
  where.startsWith('postgres:')
    ? openPostgres({ url: where, archiveDirectory: '/nonexistent' })
    : openEmbedded({ directory: where });

export async function commitForever(where: string): Promise<never> {
  const { store } = openAt(where);
  await store.open('live');
  const writer = new GroupWriter(await store.takeEpoch());
  for (;;) {
    const group = writer.next(['{"a":1}', '{"b":2}', '{"c":3}']);
    const { sequence } = group;
    const upserts = [upsertOrder(orderRow('newest', { sequence }))];
    await store.commit({ ...group, upserts, cursors: [{ agent: 'orders', sequence }] });
    process.stdout.write(`${sequence}\n`);
  }
}
