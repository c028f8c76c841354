/** Apple's stock, or for the legs of a combination options on it: what a ticket says of what its terms name. */
export function ticketInstrument(terms: { readonly legs?: readonly { readonly conid: number }[] }) {
  if (terms.legs === undefined) return STOCK;
  const option = { ...STOCK, secType: "OPT", primaryExchange: "", multiplier: "100" };
  const { symbol, exchange, currency, multiplier } = option;
  const legs = terms.legs.map(({ conid }) => ({ ...option, conid }));
  return { symbol, exchange, currency, multiplier, secType: "BAG", legs };
}

const STOCK = {
  conid: 265598,
  symbol: "AAPL",
  secType: "STK",
  exchange: "SMART",
  primaryExchange: "NASDAQ",
  currency: "USD",
  multiplier: "1",
  longName: "APPLE INC",
};
