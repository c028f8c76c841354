import type { Quote, QuoteField } from "@countersign/contracts/instrument";
import { type MarketValue, numberOf } from "@countersign/contracts/market-value";
import { compare, decimal, isZero } from "@countersign/money/decimal";

type Flag = Quote["flags"][number];

/** What is odd about a market, each kind told apart: a reader that does not know a kind must not take it for another. */
export function flagsOf(
  values: Pick<Record<QuoteField, MarketValue>, "bid" | "ask" | "last">,
  line: { readonly halted: boolean; readonly auctionPrice: string | null; readonly partly: boolean },
): Flag[] {
  const [bid, ask, last] = [numberOf(values.bid), numberOf(values.ask), numberOf(values.last)];
  const flags: Flag[] = [...sides(bid, ask)];
  if (bid === null && ask === null && last === null) flags.push("noPrice");
  const signs = [values.bid, values.ask, values.last].flatMap((one) => (one.state === "known" ? one.flags : []));
  for (const sign of ["zero", "negative"] as const) if (signs.includes(sign)) flags.push(sign);
  if (line.halted) flags.push("halted");
  const auction = line.auctionPrice !== null && !isZero(decimal(line.auctionPrice));
  if (auction && bid === null && ask === null) flags.push("auctionOnly");
  if (line.partly) flags.push("notSubscribed");
  return flags;
}

function sides(bid: string | null, ask: string | null): Flag[] {
  if (bid === null && ask === null) return [];
  if (bid === null || ask === null) return ["oneSided"];
  const order = compare(decimal(bid), decimal(ask));
  if (order > 0) return ["crossed"];
  return order === 0 ? ["locked"] : [];
}
