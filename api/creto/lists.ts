/** The form of creto's pages: its own key, then `total, page, limit, hasMore`, and `nextPage` when there is one. */
import type { Page } from '../../projections/queries.ts';
import type { Paging } from '../kit/house.ts';

export function pageFields({ total }: Pick<Page<unknown>, 'total'>, { page, limit }: Paging) {
  const hasMore = page * limit < total;
  return { total, page, limit, hasMore, ...(hasMore && { nextPage: page + 1 }) };
}
