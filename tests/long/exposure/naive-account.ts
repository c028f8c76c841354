/**
 * An account as a child would keep it: whole numbers, one array of positions, one of orders, and nothing else. Values are
 * in cents of the base currency. It shares no code with the rules.
 */
export interface NaiveInstrument {
  readonly conid: number;
  readonly name: string;
  readonly assetClass: "STK" | "OPT";
  readonly industry: string;
  readonly multiplier: number;
  /** Price in whole units of its currency, and hundredths of the base currency for one of those. */
  readonly price: number;
  readonly rateCents: number;
}

export const INSTRUMENTS: readonly NaiveInstrument[] = [
  { conid: 1, name: "ONE", assetClass: "STK", industry: "Technology", multiplier: 1, price: 50, rateCents: 100 },
  { conid: 2, name: "TWO", assetClass: "STK", industry: "Technology", multiplier: 1, price: 20, rateCents: 125 },
  { conid: 3, name: "THREE", assetClass: "OPT", industry: "Energy", multiplier: 100, price: 1, rateCents: 100 },
  { conid: 4, name: "FOUR", assetClass: "STK", industry: "Energy", multiplier: 1, price: 80, rateCents: 100 },
];

export interface NaiveOrder {
  readonly id: string;
  readonly at: number;
  readonly side: "BUY" | "SELL";
  left: number;
  filled: number;
  /** How far above the market it may trade, per mille; reserved at that price. */
  above: number;
}

export interface NaiveAccount {
  readonly positions: number[];
  orders: NaiveOrder[];
}

/** What the account is allowed, in units and in cents. */
export const ALLOWED = {
  units: 60,
  value: 300_000,
  industry: 320_000,
  optionClass: 200_000,
  gross: 550_000,
  long: 400_000,
  short: 250_000,
  instruments: 3,
} as const;
/** What the account is worth; its value does not change with what it holds. */
export const WORTH_CENTS = 1_000_000;

export function fill(account: NaiveAccount, order: NaiveOrder, quantity: number): void {
  const traded = Math.min(quantity, order.left);
  order.left -= traded;
  order.filled += traded;
  account.positions[order.at] = (account.positions[order.at] ?? 0) + (order.side === "BUY" ? traded : -traded);
  account.orders = account.orders.filter(({ left }) => left > 0);
}

export function copyOf({ positions, orders }: NaiveAccount): NaiveAccount {
  return { positions: [...positions], orders: orders.map((order) => ({ ...order })) };
}

/** The first limit that what the account really holds is beyond; undefined: none. */
export function broken({ positions }: NaiveAccount): string | undefined {
  const values = INSTRUMENTS.map(
    ({ multiplier, price, rateCents }, at) => (positions[at] ?? 0) * multiplier * price * rateCents,
  );
  const sum = (of: readonly number[]) => of.reduce((all, one) => all + one, 0);
  const sizes = values.map(Math.abs);
  const inGroup = (fits: (one: NaiveInstrument) => boolean) =>
    sum(sizes.filter((_, at) => fits(INSTRUMENTS[at] as NaiveInstrument)));
  const checks: [string, number, number][] = [
    ["units", Math.max(...positions.map(Math.abs)), ALLOWED.units],
    ["value of one", Math.max(...sizes), ALLOWED.value],
    ["Technology", inGroup(({ industry }) => industry === "Technology"), ALLOWED.industry],
    ["Energy", inGroup(({ industry }) => industry === "Energy"), ALLOWED.industry],
    ["options", inGroup(({ assetClass }) => assetClass === "OPT"), ALLOWED.optionClass],
    ["gross", sum(sizes), ALLOWED.gross],
    ["long", sum(values), ALLOWED.long],
    ["short", -sum(values), ALLOWED.short],
    ["instruments", positions.filter((held) => held !== 0).length, ALLOWED.instruments],
  ];
  return checks.find(([, is, most]) => is > most)?.[0];
}
