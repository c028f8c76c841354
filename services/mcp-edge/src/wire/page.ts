import * as z from "zod";

/** No list answers with more than this. */
const PAGE_BYTES_MAX = 25_000;

export const Limit = z.int().min(1).max(100).optional().describe("Items per page, default 25");
export const Cursor = z
  .string()
  .regex(/^o[0-9]{1,6}$/)
  .optional()
  .describe("next_cursor of the page before");

export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

/** One page of a list that is there as a whole; cut by number and by size, and never silently. */
export function pageOf<T>(
  all: readonly T[],
  request: PageRequest,
): { items: T[]; next_cursor: string | null; truncated: boolean } {
  const start = request.cursor === undefined ? 0 : Number(request.cursor.slice(1));
  const items: T[] = [];
  let bytes = 0;
  for (const item of all.slice(start, start + (request.limit ?? 25))) {
    bytes += JSON.stringify(item).length;
    if (items.length > 0 && bytes > PAGE_BYTES_MAX) break;
    items.push(item);
  }
  const end = start + items.length;
  const truncated = end < all.length;
  return { items, next_cursor: truncated ? `o${end}` : null, truncated };
}
