import * as z from "zod";

/**
 * What TWS says with a number, and what the gateway does about it: the one list of these codes. A code that does not stand
 * here proves nothing: the order it names is looked up at the broker, and the code is recorded.
 */

export const ORDER_BEHAVIOURS = {
  rejected: "The order is refused: BROKER_REJECTED.",
  rejectedIfNew:
    "Refused when TWS had not taken it before: BROKER_REJECTED. A live order becomes UNKNOWN and is looked up.",
  cancelled:
    "Cancelled when the status beside it says so, and a fill that still arrives counts. Without one: looked up.",
  lookUp:
    "No state by itself: the lists of the broker decide. An order nobody has acknowledged becomes UNKNOWN meanwhile.",
  duplicateId: "UNKNOWN, looked up by its reference, and the next order id is asked for anew. Never sent again.",
  livesOn: "The order lives on; the words are recorded.",
  queryAgain: "UNKNOWN until a complete reading of the broker says more; the code is recorded.",
} as const;
export const REQUEST_BEHAVIOURS = {
  refused: "The question fails with the words of TWS.",
  noInstrument: "Answered as UNKNOWN_INSTRUMENT.",
  badArgument: "Answered as INVALID_ARGUMENT with the words of TWS.",
  paced: "The question fails as BUSY: asked too often, and may be repeated later.",
  makeRoom: "The data line that was unused longest is closed, and the question asked once more.",
  delayed: "Asked once more for delayed data, which is labelled as such.",
  advisory: "Data follows; the question goes on.",
  ignored: "Dropped: nobody waits for it.",
  resubscribe: "A streamed line is opened anew after a growing wait, any other when it is next asked for.",
} as const;
export const LINK_BEHAVIOURS = {
  frozen: "Nothing is submitted and callbacks are still taken, until the way back is reconciled.",
  restoredDataLost: "Orders, executions and positions are read again and every data stream is opened anew.",
  restoredDataKept: "Orders, executions and positions are read again.",
  ended: "The connection is thrown away and a new one made; what was sent and not acknowledged is UNKNOWN.",
  clientIdTaken:
    "The client id is kept and tried again after a while; until it is free TWS is only read, under the fallback id.",
  readOnly: "Nothing is submitted until TWS takes an order or a what-if again.",
  unreadable: "Recorded, and everything is read again: something may have been missed.",
  slowDown: "All questions pause for a second; orders and cancels keep their lane.",
  farmBroken: "The named farm is down; the link and the other farms stay as they are.",
  farmOk: "The named farm is back, and nothing else: it never ends a freeze.",
  farmIdle: "The named farm sleeps until somebody asks.",
  farmConnecting: "The named farm is on its way.",
  competing: "Delayed data is used while another session holds the live data; the cause is named.",
  noted: "Recorded.",
} as const;
const keysOf = <T extends object>(table: T) => Object.keys(table) as [keyof T & string, ...(keyof T & string)[]];

/** What the broker's servers behind TWS are for. */
export const FARM_KINDS = ["marketData", "historicalData", "instrumentData"] as const;
export type FarmKind = (typeof FARM_KINDS)[number];

export const CODE_CLASSES = [
  ...[
    "throttle",
    "capacity",
    "identity",
    "modification",
    "precaution",
    "validation",
    "stale",
    "cancelAnswer",
    "history",
  ],
  ...["notice", "resolve", "reject", "cancelled", "internal", "data", "advisory", "held", "link", "farm", "report"],
] as const;

const Behaviours = {
  order: z.enum(keysOf(ORDER_BEHAVIOURS)).optional().describe("When the code names one of our orders"),
  request: z.enum(keysOf(REQUEST_BEHAVIOURS)).optional().describe("When the code names a question of ours"),
  link: z.enum(keysOf(LINK_BEHAVIOURS)).optional().describe("For the link as a whole, whatever the code names"),
};
export const IbCode = z
  .strictObject({
    code: z.int().min(100).max(19_999),
    upTo: z.int().max(19_999).optional().describe("Last code of a range; rows of their own inside it come first"),
    class: z.enum(CODE_CLASSES),
    meaning: z.string().min(5).max(200),
    ...Behaviours,
    texts: z
      .array(z.strictObject({ has: z.string().min(3), meaning: z.string(), ...Behaviours }))
      .optional()
      .describe("Words that narrow the meaning, compared without case; the first that fits overrides the row"),
    farm: z.enum(FARM_KINDS).optional().describe("Which kind of farm the code speaks of"),
    note: z.string().max(300).default(""),
  })
  .refine((row) => row.order ?? row.request ?? row.link ?? row.class === "report", "a row says what it applies to");
export type IbCode = z.infer<typeof IbCode>;
export type OrderBehaviour = keyof typeof ORDER_BEHAVIOURS;
export type RequestBehaviour = keyof typeof REQUEST_BEHAVIOURS;
export type LinkBehaviour = keyof typeof LINK_BEHAVIOURS;

const NEW = "rejectedIfNew";
const ROWS: readonly z.input<typeof IbCode>[] = [
  {
    code: 100,
    class: "throttle",
    order: "queryAgain",
    request: "paced",
    link: "slowDown",
    meaning: "More than 50 messages in one second",
    note: "Prevented by the gateway's own limit of 40 with a lane for orders; three times in a row and TWS hangs up.",
  },
  {
    code: 101,
    class: "capacity",
    request: "makeRoom",
    meaning: "As many data lines are open as the account has",
    note: "The line that is closed is one that nobody asked for; a quote on the way to an order does not fail for it.",
  },
  {
    code: 103,
    class: "identity",
    order: "duplicateId",
    meaning: "The order id was used before",
    note: "Another client or an earlier life of ours counts higher.",
  },
  { code: 104, class: "modification", order: "lookUp", meaning: "A filled order cannot be changed" },
  {
    code: 105,
    class: "modification",
    order: "lookUp",
    meaning: "The change does not fit the original order",
    note: "The original stays live.",
  },
  {
    code: 106,
    class: "modification",
    order: "lookUp",
    meaning: "The order cannot be transmitted",
    note: "The original stays live.",
  },
  {
    code: 107,
    class: "modification",
    order: "lookUp",
    meaning: "The order is incomplete and cannot be transmitted",
    note: "The original stays live.",
  },
  {
    code: 109,
    class: "precaution",
    order: NEW,
    meaning: "The price is outside of the band that TWS is set to",
    note: "A price inside the band needs a new approval.",
  },
  {
    code: 110,
    class: "validation",
    order: NEW,
    meaning: "The price is not a multiple of the tick",
    note: "Prevented by the market rules before a proposal; a refused change leaves the original live.",
  },
  { code: 135, class: "stale", order: "lookUp", meaning: "TWS knows no order with this id" },
  { code: 161, class: "cancelAnswer", order: "lookUp", meaning: "The order cannot be cancelled in its state" },
  {
    code: 162,
    class: "history",
    request: "refused",
    meaning: "Historical data refused",
    texts: [
      { has: "pacing violation", meaning: "Asked too often", request: "paced" },
      { has: "no data", meaning: "There is no data for this time", request: "refused" },
      { has: "no market data permissions", meaning: "No permission for this data", request: "refused" },
    ],
    note: "The text tells why.",
  },
  { code: 165, class: "notice", order: "livesOn", request: "ignored", meaning: "Note of the historical data service" },
  {
    code: 200,
    class: "resolve",
    order: NEW,
    request: "noInstrument",
    meaning: "No instrument fits, or several do",
    texts: [{ has: "ambiguous", meaning: "Several instruments fit", order: NEW, request: "refused" }],
    note: "In numbers shortly before 1100 it proves nothing.",
  },
  { code: 201, class: "reject", order: "rejected", meaning: "Order rejected, with a reason" },
  {
    code: 202,
    class: "cancelled",
    order: "cancelled",
    meaning: "Order cancelled",
    note: "The status that comes beside it wins.",
  },
  { code: 203, class: "reject", order: NEW, meaning: "The instrument is not available to this account" },
  {
    code: 300,
    class: "internal",
    order: "livesOn",
    request: "ignored",
    meaning: "TWS knows no stream with this request id",
  },
  {
    code: 320,
    class: "validation",
    order: "queryAgain",
    request: "refused",
    meaning: "TWS could not read the message",
    note: "Our encoding does not fit the server version.",
  },
  {
    code: 321,
    class: "validation",
    order: NEW,
    request: "badArgument",
    meaning: "TWS refused the fields of the message",
    texts: [
      { has: "read-only", meaning: "The API of TWS is read-only", order: NEW, request: "refused", link: "readOnly" },
    ],
  },
  { code: 322, class: "internal", order: "queryAgain", request: "refused", meaning: "The same is under way already" },
  {
    code: 326,
    class: "identity",
    link: "clientIdTaken",
    meaning: "The client id is in use",
    note: "Never another id for writing: orders of one id can only be cancelled under it.",
  },
  {
    code: 329,
    class: "modification",
    order: "lookUp",
    meaning: "The order type cannot be changed like this",
    note: "The original stays live.",
  },
  { code: 354, class: "data", request: "delayed", meaning: "No subscription for this data" },
  {
    code: 366,
    class: "notice",
    order: "livesOn",
    request: "ignored",
    meaning: "TWS knows no historical question with this id",
  },
  { code: 382, class: "precaution", order: NEW, meaning: "The order is larger than TWS is set to allow" },
  { code: 383, class: "precaution", order: NEW, meaning: "The order is worth more than TWS is set to allow" },
  { code: 387, class: "validation", order: NEW, meaning: "The order type is not supported here" },
  { code: 388, class: "validation", order: NEW, meaning: "The quantity is below the minimum" },
  {
    code: 399,
    class: "notice",
    order: "livesOn",
    meaning: "Message about the order, for example that it waits for the open",
    note: "Shown word for word.",
  },
  { code: 404, class: "held", order: "livesOn", meaning: "Shares are being located before the short sale" },
  {
    code: 413,
    class: "validation",
    order: "queryAgain",
    request: "refused",
    meaning: "A what-if without the transmit flag",
    note: "Prevented: the flag is always sent.",
  },
  {
    code: 420,
    class: "history",
    request: "refused",
    meaning: "Live bars or ticks refused",
    texts: [{ has: "pacing violation", meaning: "Asked too often", request: "paced" }],
    note: "The text tells why.",
  },
  {
    code: 434,
    class: "validation",
    order: NEW,
    meaning: "The quantity is zero",
    note: "Prevented by the schema of the order.",
  },
  {
    code: 451,
    class: "precaution",
    order: NEW,
    meaning: "The order is above the limits that TWS is set to",
    note: "Our own limit should be the lower one.",
  },
  { code: 460, class: "reject", order: NEW, meaning: "No permission to trade this" },
  {
    code: 492,
    class: "notice",
    order: "livesOn",
    request: "advisory",
    meaning: "Note about the data of the order's instrument",
  },
  {
    code: 501,
    class: "link",
    link: "noted",
    meaning: "The client library is connected already",
    note: "Each connection has its own object.",
  },
  { code: 502, class: "link", link: "ended", meaning: "No connection to the port" },
  {
    code: 503,
    class: "link",
    order: "queryAgain",
    request: "refused",
    link: "noted",
    meaning: "TWS is too old for this request",
  },
  { code: 504, class: "link", link: "ended", meaning: "The client library is not connected" },
  { code: 505, class: "link", link: "unreadable", meaning: "A message that the client library does not know" },
  { code: 506, class: "link", link: "ended", meaning: "A server version that the client library does not speak" },
  { code: 507, class: "link", link: "ended", meaning: "A message of a wrong length" },
  { code: 512, class: "link", order: "queryAgain", link: "ended", meaning: "Sending the order failed" },
  { code: 1100, class: "link", link: "frozen", meaning: "TWS lost its servers" },
  { code: 1101, class: "link", link: "restoredDataLost", meaning: "TWS has its servers again, data streams are lost" },
  { code: 1102, class: "link", link: "restoredDataKept", meaning: "TWS has its servers again, data streams are kept" },
  {
    code: 1300,
    class: "link",
    link: "ended",
    meaning: "TWS moved its port and drops this connection",
    note: "The port is a setting of ours: the gateway names the new one and does not follow by itself.",
  },
  { code: 2103, class: "farm", farm: "marketData", link: "farmBroken", meaning: "A market data farm is down" },
  { code: 2104, class: "farm", farm: "marketData", link: "farmOk", meaning: "A market data farm is there" },
  { code: 2105, class: "farm", farm: "historicalData", link: "farmBroken", meaning: "A historical data farm is down" },
  { code: 2106, class: "farm", farm: "historicalData", link: "farmOk", meaning: "A historical data farm is there" },
  { code: 2107, class: "farm", farm: "historicalData", link: "farmIdle", meaning: "A historical data farm sleeps" },
  { code: 2108, class: "farm", farm: "marketData", link: "farmIdle", meaning: "A market data farm sleeps" },
  {
    code: 2109,
    class: "notice",
    order: "livesOn",
    request: "advisory",
    meaning: "Warning: outside of regular hours is ignored",
  },
  { code: 2110, class: "link", link: "frozen", meaning: "TWS cannot reach its servers" },
  {
    code: 2119,
    class: "farm",
    farm: "marketData",
    link: "farmConnecting",
    meaning: "A market data farm is connecting",
  },
  { code: 2148, class: "notice", order: "livesOn", request: "advisory", meaning: "Warning about the order" },
  {
    code: 2157,
    class: "farm",
    farm: "instrumentData",
    link: "farmBroken",
    meaning: "The instrument data farm is down",
  },
  { code: 2158, class: "farm", farm: "instrumentData", link: "farmOk", meaning: "The instrument data farm is there" },
  { code: 2188, class: "notice", order: "livesOn", request: "advisory", meaning: "Warning about the data" },
  {
    code: 2100,
    upTo: 2199,
    class: "notice",
    order: "livesOn",
    request: "advisory",
    link: "noted",
    meaning: "Any other warning",
    note: "A warning never ends an order.",
  },
  { code: 10052, class: "validation", order: NEW, meaning: "The time in force is not supported here" },
  { code: 10089, class: "data", request: "delayed", meaning: "The data needs a further subscription for the API" },
  { code: 10090, class: "advisory", request: "advisory", meaning: "A part of the data is not subscribed" },
  {
    code: 10147,
    class: "cancelAnswer",
    order: "lookUp",
    meaning: "The order to be cancelled is not found",
    note: "All open and completed orders are read before anything is concluded.",
  },
  {
    code: 10148,
    class: "cancelAnswer",
    order: "lookUp",
    meaning: "The order to be cancelled has ended",
    note: "Filled may be how it ended.",
  },
  { code: 10167, class: "advisory", request: "advisory", meaning: "Not subscribed, delayed data is shown" },
  { code: 10168, class: "data", request: "delayed", meaning: "Not subscribed, and delayed data is not switched on" },
  { code: 10182, class: "data", request: "resubscribe", meaning: "The subscription failed" },
  { code: 10186, class: "data", request: "delayed", meaning: "Not subscribed, delayed data is not switched on" },
  { code: 10189, class: "data", request: "resubscribe", meaning: "The tick-by-tick subscription failed" },
  {
    code: 10197,
    class: "data",
    request: "delayed",
    link: "competing",
    meaning: "Another session of the same user holds the live data",
    note: "A second user name for the gateway ends it.",
  },
  {
    code: 10243,
    class: "validation",
    order: NEW,
    meaning: "This size is not possible through the API: a fraction, or an amount of cash",
  },
  { code: 10244, class: "validation", order: NEW, meaning: "No amount of cash for this instrument" },
  {
    code: 10268,
    class: "validation",
    order: NEW,
    meaning: "An attribute of the order is not supported any more",
    note: "Prevented: the attribute is never sent.",
  },
  {
    code: 10299,
    class: "validation",
    request: "refused",
    meaning: "Crypto bars are made of aggregated trades",
    note: "Prevented: AGGTRADES is asked for by itself.",
  },
  {
    code: 10311,
    class: "precaution",
    order: "lookUp",
    meaning: "TWS is set to stop orders that are routed directly",
    note: "Route to SMART with the primary exchange named.",
  },
  {
    code: 10349,
    class: "notice",
    order: "livesOn",
    meaning: "A preset of TWS changed the time in force",
    note: "Prevented: the time in force is always sent.",
  },
  {
    code: 1001,
    class: "report",
    meaning: "Flex: the statement cannot be made now",
    note: "Asked again later, one question at a time.",
  },
  {
    code: 1019,
    class: "report",
    meaning: "Flex: the statement is still being made",
    note: "Asked again later, one question at a time.",
  },
];

/** Every row, checked; ranges after the codes that stand for themselves. */
export const IB_CODES: readonly IbCode[] = ROWS.map((row) => IbCode.parse(row));

const byCode = new Map(IB_CODES.filter((row) => row.upTo === undefined).map((row) => [row.code, row]));
const ranges = IB_CODES.filter((row) => row.upTo !== undefined);

/** The row of a code; undefined: it stands in no row, and proves nothing. */
export function ibCode(code: number): IbCode | undefined {
  return byCode.get(code) ?? ranges.find((row) => code >= row.code && code <= (row.upTo ?? row.code));
}

/** The row, or the part of it that the words of TWS narrow it to. */
function narrowed(code: number, text: string): Partial<Pick<IbCode, "order" | "request" | "link">> {
  const row = ibCode(code);
  const words = text.toLowerCase();
  return row?.texts?.find(({ has }) => words.includes(has)) ?? row ?? {};
}

/** What a code about an order means for it; one that is not in the table: the order is asked for again. */
export function orderBehaviourOf(code: number, text: string): OrderBehaviour {
  return narrowed(code, text).order ?? "queryAgain";
}

/** What a code means for the request that it answers; one that is not in the table: it was refused. */
export function requestBehaviourOf(code: number, text: string): RequestBehaviour {
  return narrowed(code, text).request ?? "refused";
}

/** What a code means for the link to TWS; one that is not in the table is noted. */
export function linkBehaviourOf(code: number, text: string): LinkBehaviour {
  return narrowed(code, text).link ?? "noted";
}
