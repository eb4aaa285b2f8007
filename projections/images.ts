/** One map of rows a table: the newest row by id. */
import type { TableName, Tables } from './rows.ts';

export type Images = { readonly [T in TableName]: Map<string, Tables[T]> };

export const emptyImages = (): Images => ({
  accounts: new Map(),
  traders: new Map(),
  orders: new Map(),
  approvals: new Map(),
  halts: new Map(),
  fills: new Map(),
  ledger: new Map(),
  positions: new Map(),
  usage: new Map(),
  tasks: new Map(),
  runs: new Map(),
});

export function clearImages(images: Images): void {
  for (const map of Object.values(images)) map.clear();
}
