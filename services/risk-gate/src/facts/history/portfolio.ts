import type { Book, WorkingOrder } from "../book/book.ts";
import { totalsOf } from "../book/totals.ts";
import { isNothing } from "../book/worst-case.ts";
import { type Alignment, align, lossesOn, on } from "./alignment.ts";
import type { Past } from "./closes.ts";
import { CORRELATION_FLOOR_PPM, type History } from "./history.ts";
import { Profits } from "./profits.ts";
import { correlationPpm } from "./statistics.ts";

/** One account's past, had it held what it holds now; kept from one order to the next. */
export class PortfolioHistory {
  #pasts: ReadonlyMap<number, Past> = new Map();
  #aligned: Alignment = { dates: [], returns: new Map(), losses: new Map() };
  #profits = new Profits([]);
  /** By the two instruments, for as long as the dates stay the same. */
  #correlations = new Map<string, number>();

  /** Text: why nothing can be said. `parts`: the instruments of the order. */
  of(
    { book, working }: { book: Book; working: readonly WorkingOrder[] },
    parts: readonly number[],
    pastOf: (conid: number) => Past | string,
  ): History | string {
    const { exposures } = totalsOf(book, working);
    const held = read(
      [...exposures].filter(([, one]) => !isNothing(one)).map(([conid]) => conid),
      pastOf,
    );
    const own = read(parts, pastOf);
    if (typeof held === "string") return held;
    if (typeof own === "string") return own;
    // An order's instrument that lacks a date of the others leaves them fewer dates, for this order only.
    const fits = [...own.values()].every((past) => on(past, this.#alignedTo(held).dates) !== undefined);
    if (!fits || held.size === 0) return this.#with(new Map([...held, ...own]), { exposures, own });
    return this.#told({
      aligned: this.#aligned,
      profits: this.#followed(exposures),
      own,
      correlations: this.#correlations,
    });
  }

  #alignedTo(pasts: ReadonlyMap<number, Past>): Alignment {
    const isSame =
      pasts.size === this.#pasts.size && [...pasts].every(([conid, past]) => this.#pasts.get(conid) === past);
    if (isSame) return this.#aligned;
    const aligned = align(pasts);
    const sameDates = aligned.dates.join() === this.#aligned.dates.join();
    const replaced = [...pasts].some(([conid, past]) => (this.#pasts.get(conid) ?? past) !== past);
    if (!sameDates || replaced) {
      this.#profits = new Profits(aligned.dates);
      this.#correlations = new Map();
    }
    this.#pasts = pasts;
    this.#aligned = aligned;
    return aligned;
  }

  #followed(exposures: ReturnType<typeof totalsOf>["exposures"]): Profits {
    this.#profits.follow(exposures, this.#aligned);
    return this.#profits;
  }

  #with(
    all: ReadonlyMap<number, Past>,
    { exposures, own }: { exposures: ReturnType<typeof totalsOf>["exposures"]; own: ReadonlyMap<number, Past> },
  ): History | string {
    const aligned = align(all);
    const profits = new Profits(aligned.dates);
    profits.follow(exposures, aligned);
    return this.#told({ aligned, profits, own, correlations: new Map() });
  }

  #told({
    aligned: { dates, returns },
    profits,
    own,
    correlations,
  }: {
    aligned: Alignment;
    profits: Profits;
    own: ReadonlyMap<number, Past>;
    correlations: Map<string, number>;
  }): History | string {
    const parts = [...own].map(([conid, past]) => {
      const { averageVolume, volumeSessions } = past;
      const losses = lossesOn(past, dates);
      return {
        conid,
        returns: on(past, dates) ?? [],
        own: past.returns.map(({ ppm }) => ppm),
        averageVolume,
        volumeSessions,
        ...(losses && { losses }),
      };
    });
    const correlated = parts.flatMap((part) =>
      [...returns].flatMap(([conid, other]) => {
        if (conid === part.conid) return [];
        const key = `${conid} ${part.conid}`;
        const ppm = correlations.get(key) ?? correlationPpm(other, part.returns) ?? 0;
        correlations.set(key, ppm);
        return Math.abs(ppm) >= CORRELATION_FLOOR_PPM ? [{ conid, with: part.conid, ppm }] : [];
      }),
    );
    const told = profits.told();
    if (told === undefined) return "its profits are too large to be added exactly";
    return { dates, parts, profits: told, correlated };
  }
}

function read(conids: readonly number[], pastOf: (conid: number) => Past | string): ReadonlyMap<number, Past> | string {
  const pasts = new Map<number, Past>();
  for (const conid of conids) {
    const past = pastOf(conid);
    if (typeof past === "string") return `${conid}: ${past}`;
    pasts.set(conid, past);
  }
  return pasts;
}
