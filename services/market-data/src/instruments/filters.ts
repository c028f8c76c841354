import type { ByText, InstrumentRef } from "@countersign/contracts/messages/md-instruments.v1";
import type { ExchangeNames } from "./exchange-names.ts";

/** What a caller may ask of an instrument besides its name; null: any. */
export type Filters = Pick<ByText, "secType" | "exchange" | "currency">;

interface Listed {
  readonly ref: Pick<InstrumentRef, "secType" | "exchange" | "primaryExchange" | "currency">;
  /** Undefined: not known, so that only the listing decides. */
  readonly validExchanges?: readonly string[];
}

export function passes(filters: Filters, { ref, validExchanges }: Listed, exchanges: ExchangeNames): boolean {
  const { secType, exchange, currency } = filters;
  return (
    (secType === null || ref.secType === secType) &&
    (currency === null || ref.currency === currency) &&
    (exchange === null || listedOn(exchange, ref, validExchanges, exchanges))
  );
}

/** Where it is listed; SMART is no exchange but a router, and stands for any that it reaches, as far as that is known. */
function listedOn(
  exchange: string,
  ref: Listed["ref"],
  validExchanges: readonly string[] | undefined,
  exchanges: ExchangeNames,
): boolean {
  if (exchange === "SMART")
    return validExchanges?.includes("SMART") ?? (ref.exchange === "SMART" || ref.exchange === "");
  return exchanges.same(exchange, ref.primaryExchange === "" ? ref.exchange : ref.primaryExchange);
}

/** Where an instrument is listed, in words. */
export function listingOf({ primaryExchange, exchange, currency }: Listed["ref"]): string {
  return `on ${primaryExchange === "" ? exchange : primaryExchange} in ${currency}`;
}
