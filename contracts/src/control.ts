import * as z from "zod";
import { Actor } from "./order.ts";
import {
  AccountId,
  ConId,
  CurrencyCode,
  DateText,
  DecimalText,
  freeText,
  PrincipalId,
  ProposalId,
  Sha256Hex,
  UtcText,
} from "./primitives.ts";

/** Strictest last. Missing, unreadable or unconfirmed means HALTED. */
export const KILL_LEVELS = ["ACTIVE", "REDUCE_ONLY", "HALTED"] as const;
export const KillLevel = z.enum(KILL_LEVELS);
export type KillLevel = z.infer<typeof KillLevel>;

/** The stricter of two levels. */
export function strictest(a: KillLevel, b: KillLevel): KillLevel {
  return KILL_LEVELS.indexOf(a) >= KILL_LEVELS.indexOf(b) ? a : b;
}

/** global, account.<id>, agent.<id> or instrument.<conId>: the tail of the key in the control stream. */
export const KillScope = z.union(
  [
    z.literal("global"),
    z.templateLiteral(["account.", AccountId]),
    z.templateLiteral(["agent.", PrincipalId]),
    z.string().regex(/^instrument\.[1-9][0-9]{0,9}$/, { abort: true }),
  ],
  "must be global, account.<id>, agent.<id> or instrument.<conid>",
);
export type KillScope = z.infer<typeof KillScope>;

/** What HALTED does to orders that work at the broker: each of ours by its own cancel, and with `all` the broker's global cancel too. */
export const CancelOrders = z.enum(["own", "all"]);
export type CancelOrders = z.infer<typeof CancelOrders>;

export const KillSetting = z.strictObject({
  type: z.literal("kill/1"),
  level: KillLevel,
  actor: Actor,
  reason: freeText(500),
  at: UtcText,
  cancelOrders: CancelOrders.describe(
    "Only with HALTED; `all` only with the scope global. Absent: orders stay",
  ).exactOptional(),
  cancelOf: z
    .int()
    .min(1)
    .describe("Sequence of the setting whose cancels this one goes on with; absent: they are its own")
    .exactOptional(),
  confirmedBy: Actor.describe("The second person of a loosening, where two are needed").exactOptional(),
});
export type KillSetting = z.infer<typeof KillSetting>;

/**
 * What each service may stop by itself, under a key of its own for each cause and scope: `trip.<service>.<cause>.<scope>`.
 * Such a stop holds until a person resets it.
 */
export const TRIP_CAUSES = {
  "risk-gate": ["daily-loss", "drawdown", "account-values"],
  "broker-gateway": [
    ...(["unknown-order", "two-orders", "strange-order", "audit-lag"] as const),
    ...(["kill-file", "local-latch", "clock-step"] as const),
  ],
  "admin-api": ["audit-mismatch", "operator-absent"],
} as const;
export type TripService = keyof typeof TRIP_CAUSES;
export type TripCause<S extends TripService = TripService> = (typeof TRIP_CAUSES)[S][number];

/** Stops for want of something: their service takes them back when it is there again. All others are a person's to reset. */
export const WITHDRAWABLE_CAUSES = ["account-values", "operator-absent"] as const satisfies readonly TripCause[];
export type WithdrawableCause = (typeof WITHDRAWABLE_CAUSES)[number];

/**
 * Strictest last. AUTO_OFF stops approvals by policy and nothing else. NONE: the service
 * takes a stop for want of something back.
 */
export const TRIP_LEVELS = ["NONE", "AUTO_OFF", "REDUCE_ONLY", "HALTED"] as const;
export const TripLevel = z.enum(TRIP_LEVELS);
export type TripLevel = z.infer<typeof TripLevel>;

/** What a trip means to an order that a person approves. */
export function killLevelOf(level: TripLevel): KillLevel {
  return level === "HALTED" || level === "REDUCE_ONLY" ? level : "ACTIVE";
}

export const Trip = z.strictObject({
  type: z.literal("trip/1"),
  level: TripLevel,
  reason: freeText(500),
  evidence: z
    .array(z.strictObject({ name: z.string().max(64), value: z.string().max(200) }))
    .max(20)
    .describe("The figures that caused it"),
  cancelOrders: CancelOrders.describe("As in a setting of the kill switch").exactOptional(),
  at: UtcText,
});
export type Trip = z.infer<typeof Trip>;

/** A person's reset of one trip, and of no later one. */
export const TripReset = z.strictObject({
  type: z.literal("trip-reset/1"),
  tripSequence: z.int().min(1).describe("Sequence of the newest trip that it resets"),
  actor: Actor,
  confirmedBy: Actor.exactOptional(),
  reason: freeText(500),
  at: UtcText,
});
export type TripReset = z.infer<typeof TripReset>;

/** What an account's losses are held against; only a person's reset of a drawdown lowers the highest value. */
export const AccountMarks = z.strictObject({
  type: z.literal("account-marks/1"),
  currency: CurrencyCode,
  session: DateText.describe("The day of `dayStart`, in the zone of the session"),
  dayStart: DecimalText.describe(
    "Net liquidation at the start of that day, by the broker's own reckoning; never less than at the last look before it",
  ),
  highWaterMark: DecimalText.describe("Highest net liquidation ever seen"),
  rebasedAfter: z.int().min(0).describe("Sequence of the drawdown after whose reset the mark began anew; 0: never"),
  week: z
    .strictObject({
      monday: DateText,
      start: DecimalText.describe("Net liquidation at the start of the first day of this week that was seen"),
    })
    .exactOptional(),
  deposit: z
    .strictObject({ amount: DecimalText, at: UtcText })
    .describe("The last rise of the value that no profit explains: all marks were raised by it; absent: none was seen")
    .exactOptional(),
  withdrawn: DecimalText.describe(
    "Falls of the value that no loss explains: they count as losses until a person resets the stop that they caused",
  ).exactOptional(),
  withdrawnSince: z
    .strictObject({ day: DecimalText, week: DecimalText })
    .describe("What of `withdrawn` came after `dayStart` and after the start of the week; absent: all of it")
    .exactOptional(),
  seen: z
    .strictObject({
      session: DateText,
      value: DecimalText,
      daily: DecimalText,
      unrealized: DecimalText.nullable().describe("null: the broker gave none"),
      at: UtcText,
    })
    .describe(
      "A look at the account that nothing uncertain came before: what moved since then while nobody looked is told from it",
    )
    .exactOptional(),
  confirmedAfter: z
    .int()
    .min(0)
    .describe("Sequence of the newest stop after whose reset `withdrawn` was taken off the marks; absent: never")
    .exactOptional(),
  at: UtcText,
});
export type AccountMarks = z.infer<typeof AccountMarks>;

/** The right to send one order, once. Accepted by the server only against the newest sequence of the whole control stream. */
export const Claim = z.strictObject({
  type: z.literal("claim/1"),
  proposalId: ProposalId,
  ticketHash: Sha256Hex,
  writerEpoch: z.int().min(1),
  purpose: z.enum(["send", "void"]).describe("void: fences an intent that will never be sent"),
  at: UtcText,
});
export type Claim = z.infer<typeof Claim>;

/** Who writes to the socket. A new epoch makes every claim of the old writer fail. */
export const WriterEpoch = z.strictObject({
  type: z.literal("writer/1"),
  epoch: z.int().min(1),
  instance: z.string().min(8).max(64),
  at: UtcText,
});
export type WriterEpoch = z.infer<typeof WriterEpoch>;

/** Who may be the writer, for as long as it keeps saying so; what another does with it is measured by its own clock. */
export const WriterLease = z.strictObject({
  type: z.literal("lease/1"),
  instance: z.string().min(8).max(64),
  leaseMs: z.int().min(100).max(60_000).describe("Not renewed for so long, it is free"),
  released: z.boolean().describe("true: given up, free at once"),
  at: UtcText,
});
export type WriterLease = z.infer<typeof WriterLease>;

export const KillScopes = z.strictObject({ account: AccountId, agent: PrincipalId, conid: ConId });
export type KillScopes = z.infer<typeof KillScopes>;
