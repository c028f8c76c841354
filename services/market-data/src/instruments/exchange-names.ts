import type { Exchanges } from "../calendar/exchange-table.ts";

/** Names that the table of exchanges does not have: of cities, and of exchanges of futures alone. Each to the code of TWS. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ...{ TOKYO: "TSEJ", LONDON: "LSE", PARIS: "SBF", AMSTERDAM: "AEB", MILAN: "BVME", MADRID: "BM", ZURICH: "EBS" },
  ...{ STOCKHOLM: "SFB", COPENHAGEN: "CPH", HELSINKI: "HEX", OSLO: "OSE", VIENNA: "VSE", TORONTO: "TSE" },
  ...{ "NASDAQ.NMS": "NASDAQ", "NASDAQ.SCM": "NASDAQ", NMS: "NASDAQ", XNGS: "NASDAQ", XNMS: "NASDAQ" },
  ...{ XCME: "CME", GLOBEX: "CME", XCBT: "CBOT", ECBOT: "CBOT", XNYM: "NYMEX", XCEC: "COMEX", XCBO: "CBOE" },
  ...{ XEUR: "EUREX", DTB: "EUREX" },
};

/** One exchange under all its names. A name that nobody knows is its own code. */
export class ExchangeNames {
  readonly #exchanges: Exchanges;

  constructor(exchanges: Exchanges) {
    this.#exchanges = exchanges;
  }

  /** What TWS calls it. */
  code(text: string): string {
    const name = text.trim().toUpperCase();
    const known = OTHER_NAMES[name] ?? name;
    return this.#exchanges.find(known)?.exchange.codes[0] ?? known;
  }

  same(left: string, right: string): boolean {
    return this.code(left) === this.code(right);
  }
}
