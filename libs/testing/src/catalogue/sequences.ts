import type { Rows } from "./rows.ts";

/** The life of an order as the broker tells it, callback by callback. */
export const SEQUENCE_ROWS = {
  "market-in-hours":
    "A market order in hours: open, executed, filled, then the commission; a sale skips the first state.",
  "partial-fills":
    "Three partial fills, each with its own pair of callbacks and commission, and a repeated last status.",
  "modify-to-market": "A limit order changed to market ends before its execution is reported.",
  "limit-rests": "A limit order that rests is reported twice.",
  cancel: "A cancel: the status first, the code 202 after it.",
  "cancel-outside-hours": "A cancel of a held order passes through pending, which is reported twice.",
  "stop-waits": "Stop, stop limit and trailing orders wait with the reason that they wait for their trigger.",
  bracket: "Nothing is heard until the last leg is transmitted; children wait for the parent and share a group.",
  "outside-hours": "An order outside trading hours is held with a warning that names the next opening.",
  "ioc-unfillable": "An immediate-or-cancel order that cannot fill is cancelled.",
  fok: "A fill-or-kill order becomes inactive on a paper account.",
  "price-band": "A price too far beyond the market is cancelled with the limit named; a late change is rejected.",
  staged: "An order that is not transmitted is silent until it is sent again; its cancel ends it.",
  "fx-leverage": "A currency order that would need leverage becomes inactive and is rejected.",
  "what-if": "A what-if answers with one open order that carries margins and commission, and changes nothing.",
  "what-if-incomplete": "A what-if may first answer without margins, or with bounds in place of a commission.",
  statuses: "Filled, cancelled and cancelled by the API are final; inactive is not.",
  "execution-correction": "A corrected execution has the same root and the next last segment.",
  "cumulative-fills": "Filled and remaining are cumulative, last and average prices are decimals.",
  "executions-list": "Executions since midnight, each followed by its commission, then the end marker.",
  "day-end": "A day order that outlives its session is cancelled by the system.",
  oca: "When one order of a group fills, the others are cancelled or reduced as the group's type says.",
  modify: "Price, quantity and validity may change in place; a refused change leaves the order as it was.",
} as const satisfies Rows;
