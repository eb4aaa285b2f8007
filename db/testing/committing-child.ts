/** A process for kill tests: becomes the writer of a place and commits group after group, each acknowledged by a line on stdout. */
import { openEmbedded, openPostgres } from '../open.ts';
import { GroupWriter, orderRow, upsertOrder } from './groups.ts';

const [kind = '', where = ''] = process.argv.slice(2);
const { store } =
  kind === 'embedded'
    ? openEmbedded({ directory: where })
    : openPostgres({ url: where, archiveDirectory: '/nonexistent' });
await store.open('live');
const writer = new GroupWriter(await store.takeEpoch());
for (;;) {
  const group = writer.next(['{"a":1}', '{"b":2}', '{"c":3}'], { upserts: [upsertOrder(orderRow('newest'))] });
  const upserts = [upsertOrder(orderRow('newest', { sequence: group.sequence }))];
  await store.commit({ ...group, upserts, cursors: [{ agent: 'orders', sequence: group.sequence }] });
  process.stdout.write(`${group.sequence}\n`);
}
