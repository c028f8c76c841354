import type { ReservedMargin } from "./reserved-margins.ts";

/** The windows that roll, in ms. */
export const WINDOWS = {
  second: 1_000,
  minute: 60_000,
  fiveMinutes: 300_000,
  tenMinutes: 600_000,
  hour: 3_600_000,
  day: 86_400_000,
} as const;
export type Window = keyof typeof WINDOWS;
export const WINDOW_NAMES = Object.keys(WINDOWS) as readonly Window[];

/** What happened before the order that is judged, and without it. */
export interface Counts {
  readonly messages: number;
  readonly orders: number;
  /** In the account's base currency; null: of one of the orders it is not known. */
  readonly notional: string | null;
}

export interface SessionCounts extends Counts {
  /** When the session began. */
  readonly since: string;
  readonly cancels: number;
  readonly executions: number;
}

/** Of one account, agent or instrument. */
export interface ScopeCounts {
  readonly windows: Readonly<Record<Window, Counts>>;
  /** null: nobody knows when the session of the instrument began. */
  readonly session: SessionCounts | null;
}

/** The counters of everything that an order is about, and what of the account's margin is taken since its what-if. */
export interface OrderCounts {
  readonly account: ScopeCounts;
  readonly agent: ScopeCounts;
  /** Of a change: what the order that it changes has counted; absent: it is a new order. */
  readonly replaced?: string | null;
  /** One for each instrument that the order trades, in the order of its legs. */
  readonly instruments: readonly (ScopeCounts & { readonly conid: number })[];
  /** Absent: there is no what-if. */
  readonly reservedMargin?: ReservedMargin;
}
