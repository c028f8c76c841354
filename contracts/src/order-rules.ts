import type { OrderType, TimeInForce } from "./order.ts";

/** The prices and distances that an order may have, beside its quantity. */
export const ORDER_FIELDS = {
  limitPrice: "a limit price",
  stopPrice: "a stop price",
  triggerPrice: "a trigger price",
  trail: "a trailing amount or percent",
  limitOffset: "a limit offset",
  offset: "an offset",
} as const;
export type OrderField = keyof typeof ORDER_FIELDS;

export interface OrderRule {
  readonly required: readonly OrderField[];
  readonly optional: readonly OrderField[];
  readonly timesInForce: readonly TimeInForce[];
  /** Whether it may work outside regular trading hours; a type that TWS would silently keep inside them may not ask. */
  readonly outsideRth: boolean;
  /** Whether it may be the entry of a bracket; then its time in force must be one that rests. */
  readonly exits: boolean;
  readonly text: string;
}

/** The order waits until it fills or its time is over. */
export const RESTING = ["DAY", "GTC", "GTD"] as const;
const ANY = [...RESTING, "IOC", "FOK"] as const;

/** Which combination is an order at all. What is not here is refused before anybody is asked. */
export const ORDER_RULES = {
  MKT: { required: [], optional: [], timesInForce: ANY, outsideRth: false, exits: true, text: "at the market" },
  LMT: {
    required: ["limitPrice"],
    optional: [],
    timesInForce: ANY,
    outsideRth: true,
    exits: true,
    text: "at the limit price or better",
  },
  STP: {
    required: ["stopPrice"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    exits: true,
    text: "a market order once the market trades at the stop price or worse",
  },
  "STP LMT": {
    required: ["stopPrice", "limitPrice"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    exits: true,
    text: "a limit order once the market trades at the stop price or worse",
  },
  TRAIL: {
    required: ["trail"],
    optional: ["stopPrice"],
    timesInForce: RESTING,
    outsideRth: true,
    exits: false,
    text: "a stop that follows the market at the trailing distance and never moves back",
  },
  "TRAIL LIMIT": {
    required: ["trail", "stopPrice", "limitOffset"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    exits: false,
    text: "a trailing stop that becomes a limit order, the limit at the offset from the stop",
  },
  MIT: {
    required: ["triggerPrice"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    exits: true,
    text: "a market order once the market touches the trigger price from the worse side",
  },
  LIT: {
    required: ["triggerPrice", "limitPrice"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    exits: true,
    text: "a limit order once the market touches the trigger price from the worse side",
  },
  MOC: {
    required: [],
    optional: [],
    timesInForce: ["DAY"],
    outsideRth: false,
    exits: false,
    text: "at the closing price",
  },
  LOC: {
    required: ["limitPrice"],
    optional: [],
    timesInForce: ["DAY"],
    outsideRth: false,
    exits: false,
    text: "at the closing price, if it is the limit price or better",
  },
  MOO: {
    required: [],
    optional: [],
    timesInForce: ["OPG"],
    outsideRth: false,
    exits: false,
    text: "at the opening price",
  },
  LOO: {
    required: ["limitPrice"],
    optional: [],
    timesInForce: ["OPG"],
    outsideRth: false,
    exits: false,
    text: "at the opening price, if it is the limit price or better",
  },
  MIDPRICE: {
    required: [],
    optional: ["limitPrice"],
    timesInForce: ["DAY"],
    outsideRth: false,
    exits: false,
    text: "at the midpoint of the quote or better, not worse than the limit price where there is one",
  },
  REL: {
    required: ["offset"],
    optional: ["limitPrice"],
    timesInForce: RESTING,
    outsideRth: false,
    exits: false,
    text: "pegged to the near side of the quote, better by the offset, not worse than the limit price where there is one",
  },
} as const satisfies Record<OrderType, OrderRule>;
