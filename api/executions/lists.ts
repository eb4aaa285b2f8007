/** Pages of the contract: `count`, absolute addresses of the next and the previous page, and the same as a `Link` header. */
import { z } from '@hono/zod-openapi';
import { wholeNumber } from '../kit/validate.ts';

const PAGE_MAX = 1_000_000;
const PAGE_SIZE_MAX = 1_000;
export const SEQUENCE_MAX = 999_999_999;

export const pagingQuery = (pageSize: number) => ({
  page: wholeNumber(1, PAGE_MAX).default(1).openapi({ type: 'integer', minimum: 1, default: 1 }),
  page_size: wholeNumber(1, PAGE_SIZE_MAX)
    .default(pageSize)
    .openapi({ type: 'integer', minimum: 1, maximum: PAGE_SIZE_MAX, default: pageSize }),
});

export const pageSchema = { count: z.int(), next: z.string().nullable(), previous: z.string().nullable() };

export interface Paged {
  readonly page: number;
  readonly page_size: number;
}

export const offsetOf = ({ page, page_size }: Paged): number => (page - 1) * page_size;

function addressOf(url: URL, page: number): string {
  const address = new URL(url);
  address.searchParams.set('page', String(page));
  return address.href;
}

/** Fields and headers of a page of `count` things. */
export function pageOf(url: URL, { page, page_size }: Paged, count: number) {
  const pages = Math.ceil(count / page_size);
  const next = page < pages ? addressOf(url, page + 1) : null;
  const previous = page > 1 ? addressOf(url, Math.min(page - 1, Math.max(1, pages))) : null;
  const links = [
    ...(next === null ? [] : [`<${next}>; rel="next"`]),
    ...(previous === null ? [] : [`<${previous}>; rel="prev"`]),
  ];
  return {
    fields: { count, next, previous },
    headers: links.length > 0 ? { Link: links.join(', ') } : {},
  };
}
