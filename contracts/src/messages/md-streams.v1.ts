import * as z from "zod";
import { Asker } from "../asker.ts";
import { replyOf } from "../denial.ts";
import { Quote } from "../instrument.ts";
import { ABSENCES, type Absence, DataType, KnownValue } from "../market-value.ts";
import { Base64Url, ConId, CurrencyCode, ForeignText, UtcText } from "../primitives.ts";

const LINES_MAX = 500;
/** Keep one message below what the bus takes. */
export const UPDATES_MAX = 100;
export const WHY_CHARS_MAX = 160;

export const LINE_STATES = {
  opening: "Asked for at the broker; nothing has come yet.",
  running: "The broker tells every change.",
  interrupted: "What it said may not hold any more: the broker is away, or has not spoken since it came back.",
  refused: "The broker refuses it; it is asked for again later.",
  noRoom: "As many lines are open as may be.",
} as const;
export const LineState = z.enum(
  Object.keys(LINE_STATES) as [keyof typeof LINE_STATES, ...(keyof typeof LINE_STATES)[]],
);
export type LineState = z.infer<typeof LineState>;

const Why = ForeignText.max(WHY_CHARS_MAX)
  .nullable()
  .describe("Why it is not running, or why it is delayed, in words; null: no need");
const BrokerCode = z.int().min(100).max(19_999).nullable().describe("The code of the broker behind it; null: none");

/** lines: the whole set that one holder wants, in order of importance. What is not named again in time is closed. */
export const BrokerLinesRequest = z.strictObject({
  holder: Base64Url.max(64).describe("One life of one process"),
  epoch: z.int().min(1).describe("Moves with every request of the holder; what comes late changes nothing"),
  leaseMs: z.int().min(500).max(60_000).describe("Without another request for so long nothing of it is wanted"),
  want: z.array(ConId).max(LINES_MAX),
  resend: z.array(ConId).max(LINES_MAX).describe("Told whole with the next message: something was missed"),
  reopen: z.array(ConId).max(LINES_MAX).describe("Silent although its market is open: opened anew"),
});
export const BrokerLinesReply = replyOf(
  z.strictObject({
    feed: Base64Url.max(64).describe("One life of the process that publishes; another one knows nothing of before"),
    epoch: z.int().min(1).describe("Of the set that holds"),
    linesMax: z.int().min(0).describe("How many streamed lines may be open; the rest is kept for single quotes"),
    lines: z
      .array(z.strictObject({ conid: ConId, state: LineState, code: BrokerCode, why: Why }))
      .max(LINES_MAX)
      .describe("Every line that is wanted and does not run"),
  }),
);

/** A value of a line, without what is the same for all values of it. */
export const LineValue = z.discriminatedUnion("state", [
  KnownValue.pick({ state: true, value: true, unit: true, dataType: true, flags: true }).extend({
    asOf: UtcText.nullable().describe("null: as of the newest tick of the line"),
  }),
  z.strictObject({ state: z.literal("absent"), reason: z.enum(Object.keys(ABSENCES) as [Absence, ...Absence[]]) }),
]);
export type LineValue = z.infer<typeof LineValue>;

const Values = z.strictObject({
  bid: LineValue.exactOptional(),
  ask: LineValue.exactOptional(),
  last: LineValue.exactOptional(),
  close: LineValue.exactOptional(),
  bidSize: LineValue.exactOptional(),
  askSize: LineValue.exactOptional(),
  volume: LineValue.exactOptional(),
});

/** What changed on one line since its last update. */
export const LineUpdate = z.strictObject({
  conid: ConId,
  currency: CurrencyCode,
  sequence: z.int().min(1).describe("Counts the updates of this line in this feed; a gap is a loss"),
  whole: z.boolean().describe("All values are there, so nothing before it matters"),
  state: LineState,
  code: BrokerCode,
  why: Why,
  dataType: DataType,
  asOf: UtcText.describe("Newest tick of the line"),
  source: z.string().max(40),
  flags: Quote.shape.flags,
  values: Values.describe("Those that changed; the others are as they were"),
});
export type LineUpdate = z.infer<typeof LineUpdate>;

/** Lines of one flush. An empty one says only that the feed lives. */
export const LinesBroadcast = z.strictObject({
  feed: Base64Url.max(64),
  updates: z.array(LineUpdate).max(UPDATES_MAX),
});
export type LinesBroadcast = z.infer<typeof LinesBroadcast>;

export const STREAM_STATUSES = {
  opening: "Asked for; no value has come yet.",
  live: "Every change is told. How good the data is stands in its data type.",
  silent: "No word for long although the market is open; it is being opened anew. The values are flagged stale.",
  reconnecting: "The broker or the gateway is away, or has not spoken since it came back. Flagged stale.",
  stale: "A message was lost on the way and the whole has been asked for. Flagged stale.",
  refused: "The broker refuses it, or there is no line left for it. Flagged stale.",
  closed: "Nobody watches it any more; nothing more comes.",
} as const;
export const StreamStatus = z.enum(
  Object.keys(STREAM_STATUSES) as [keyof typeof STREAM_STATUSES, ...(keyof typeof STREAM_STATUSES)[]],
);
export type StreamStatus = z.infer<typeof StreamStatus>;

/** The market of one instrument as it streams: latest wins. Said again every few seconds when nothing changes. */
export const Tick = z.strictObject({
  ...Quote.shape,
  status: StreamStatus,
  code: BrokerCode,
  why: Why,
  stream: Base64Url.max(64).describe("One life of the process that publishes"),
  sequence: z.int().min(1).describe("Rises with each tick of this conid in this stream"),
});
export type Tick = z.infer<typeof Tick>;

const WATCHED_MAX = 250;

/** watch: the whole set that one watcher wants to see streamed, for so long. An empty set ends it. */
export const WatchRequest = z.strictObject({
  asker: Asker,
  watcher: Base64Url.max(64).describe("Chosen by the caller; one asker may have a few"),
  conids: z.array(ConId).max(WATCHED_MAX),
  leaseMs: z.int().min(1_000).max(60_000).describe("Ends by itself after so long without another request"),
});
export const WatchReply = replyOf(
  z.strictObject({
    stream: Base64Url.max(64),
    watched: z
      .array(z.strictObject({ conid: ConId, status: StreamStatus, code: BrokerCode, why: Why }))
      .max(WATCHED_MAX)
      .describe("The ticks come on their subjects; of what is new here at once"),
    evicted: z.array(ConId).max(LINES_MAX).describe("What this request pushed out, the least recently asked first"),
  }),
);
