import { PacingRefused } from "../pacing/refused.ts";
import type { BarPages, PageAnswer, Series } from "./bar-pages.ts";
import type { Page } from "./pages.ts";
import type { Patience } from "./patience.ts";

export interface LoadedPages {
  /** Newest first. */
  readonly answers: readonly { readonly page: Page; readonly answer: PageAnswer; readonly asked: boolean }[];
  readonly notLoaded: readonly Page[];
  /** Why, when it was the broker's pace; else the time was up. */
  readonly refused: PacingRefused | undefined;
}

/** Several pages at a time, newest first, until all are there or the caller's patience ends. A Fault ends it for all. */
export async function loadPages(
  deps: { readonly pages: BarPages; readonly atOnce: number },
  asked: { readonly series: Series; readonly wanted: readonly Page[]; readonly maxAgeMs: number },
  patience: Patience,
): Promise<LoadedPages> {
  const answers = new Map<Page, { answer: PageAnswer; asked: boolean }>();
  const queue = [...asked.wanted];
  let refused: PacingRefused | undefined;
  let isOver = false;
  const work = async () => {
    for (let page = queue.shift(); page !== undefined && !isOver; page = queue.shift()) {
      try {
        const loaded = await patience.waitFor(deps.pages.load(asked.series, page, patience, asked.maxAgeMs));
        if (loaded === undefined) isOver = true;
        else answers.set(page, { answer: loaded.value.value, asked: loaded.value.asked });
      } catch (error) {
        isOver = true;
        if (!(error instanceof PacingRefused)) throw error;
        refused = error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(deps.atOnce, queue.length) }, work));
  const found = asked.wanted.flatMap((page) => {
    const known = answers.get(page);
    return known === undefined ? [] : [{ page, ...known }];
  });
  return { answers: found, notLoaded: asked.wanted.filter((page) => !answers.has(page)), refused };
}
