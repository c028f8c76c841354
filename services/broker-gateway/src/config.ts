import * as z from "zod";
import { ClientIds } from "./session/client-ids.ts";
import { RestartWindow } from "./session/windows.ts";

const Ms = z.int().min(1).max(3_600_000);

const StopLevel = z.enum(["REDUCE_ONLY", "HALTED"]);

/** config/broker-gateway.yaml. Nothing here has a default. */
export const BrokerGatewayConfig = z.strictObject({
  clientIds: ClientIds,
  marketData: z.enum(["live", "delayed"]).describe("delayed: for users without live subscriptions"),
  messagesPerSecond: z
    .int()
    .min(5)
    .max(500)
    .describe("Below half the data lines of the user: TWS closes the connection above 50 for the usual 100 lines"),
  messagesReservedForOrders: z.int().min(1).max(20).describe("Of messagesPerSecond, for orders and cancels alone"),
  connectDeadlineMs: Ms.describe("From the connection to a session that is ready; then it is tried anew"),
  silenceMaxMs: z.int().min(2_000).max(60_000).describe("A connection without an answer for so long is dead"),
  backOffMs: z.array(Ms).min(1).max(20).describe("Waits between tries to connect; the last one for ever after"),
  clientIdTakenMs: Ms.describe(
    "After TWS said that the id for orders is taken: how long the fallback reads before that id is tried again",
  ),
  leaseMs: z
    .int()
    .min(100)
    .max(60_000)
    .describe("A gateway that has not renewed its lease for so long is replaced by one that stands by"),
  windows: z.array(RestartWindow).max(20).describe("When TWS restarts; nothing is submitted around these times"),
  acknowledgeWithinMs: Ms.describe("An order without any word of TWS for so long is UNKNOWN"),
  closers: z
    .union([z.literal(1), z.literal(2)])
    .describe("Different persons who must agree to settle an UNKNOWN or DISPUTED order; in live it is always two"),
  reconcileEveryMs: z.int().min(5_000).max(600_000).describe("Everything at the broker is read so often"),
  record: z
    .string()
    .min(1)
    .max(500)
    .nullable()
    .describe("File for both directions of the wire, accounts replaced, relative to the data directory; null: none"),
  stops: z
    .strictObject({
      killFile: z
        .string()
        .min(1)
        .max(500)
        .regex(/^\//)
        .nullable()
        .describe("A file whose presence is HALTED, for who has a shell and nothing else; absolute. null: none"),
      unknownOrder: z.strictObject({ afterMs: Ms, level: StopLevel }).describe("An order UNKNOWN for so long"),
      auditLag: z.strictObject({ afterMs: Ms, level: StopLevel }).describe("A record that waits so long for the audit"),
      cancelOrders: z.strictObject({
        pollMs: z.int().min(20).max(5_000).describe("Between two questions what is open at the broker"),
        deadlineMs: z.int().min(500).max(600_000).describe("Then the report says what is left"),
        retryMs: z.int().min(500).max(600_000).describe("After that, as long as the stop holds, it is tried again"),
      }),
    })
    .describe("What stops this gateway by itself, and how orders are cancelled when a stop asks for it"),
  summaryAgeMsMax: Ms.describe("An account summary older than this is read again"),
  contractCacheMs: Ms.describe("How long the description of an instrument is remembered"),
  quotes: z.strictObject({
    linesMax: z.int().min(1).max(1_000).describe("Some less than the user has at TWS, 100 unless more were bought"),
    lineIdleMs: Ms.describe("A line that no stream holds and nobody asked for so long is closed"),
    tickAgeMsMax: Ms.describe(
      "A value is stale when its line said nothing newer for so long; a single quote opens the line anew then",
    ),
    settleMs: Ms.describe("A new line that has said something by then is told as it stands"),
    timeoutMs: z.int().min(1_000).max(11_500).describe("A single quote that has not come by then is a fault"),
  }),
  lines: z.strictObject({
    reserve: z
      .int()
      .min(1)
      .max(100)
      .describe("Of quotes.linesMax, never taken by streams: quotes for orders need them"),
    flushMs: z.int().min(5).max(1_000).describe("What changed on streamed lines is told so often"),
    probeEveryMs: Ms.describe("While another session holds the live data: how often one line asks for it"),
    wholeEveryMs: Ms.describe("How often a streamed line is told whole, which heals what was missed"),
  }),
});
export type BrokerGatewayConfig = z.infer<typeof BrokerGatewayConfig>;
