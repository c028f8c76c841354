import { OrderType } from "@countersign/contracts/order";
import { AccountId, CurrencyCode, PositiveDecimalText, PrincipalId } from "@countersign/contracts/primitives";
import * as z from "zod";
import type { Facts } from "../facts/fact.ts";
import { TimeOfDay, Zone } from "./local-time.ts";
import type { SharedPolicy } from "./shared-policy.ts";
import type { Direction } from "./strictness.ts";

/** What one agent may do. An order must satisfy this and every other rule: a passport widens nothing. */
export const Passport = z.strictObject({
  accounts: z.array(AccountId).min(1).max(100),
  secTypes: z
    .array(z.string().regex(/^[A-Z]{2,10}$/))
    .min(1)
    .max(20),
  conids: z.array(z.int().min(1)).max(10_000).nullable().describe("null: any instrument of these types"),
  orderTypes: z.array(OrderType).min(1),
  hours: z
    .strictObject({
      zone: Zone,
      days: z
        .array(z.enum(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]))
        .min(1)
        .max(7),
      from: TimeOfDay,
      to: TimeOfDay.describe("Not in it any more"),
    })
    .refine(({ from, to }) => from < to, "from must be before to")
    .nullable()
    .describe("null: whenever the market is open"),
  budgets: z
    .strictObject({
      currency: CurrencyCode.describe("The base currency of every account it names"),
      orders: z.int().min(1).describe("Sent in one session"),
      notional: PositiveDecimalText.describe("Sent in one session, whatever became of it"),
      openRisk: PositiveDecimalText.describe("Of orders that may still fill, at any time"),
      loss: PositiveDecimalText.describe("Realised in one session; then only what reduces"),
    })
    .describe("Of the day"),
});
export type Passport = z.infer<typeof Passport>;

export const Passports = z.strictObject({
  anyAgent: Passport.nullable().describe(
    "Of an agent without one of its own, in simulator mode only; null: it does not trade",
  ),
  agents: z.record(PrincipalId, Passport),
});
export type Passports = z.infer<typeof Passports>;

/** Of each part of a passport, which change makes it stricter. */
export const PASSPORT_DIRECTIONS: Readonly<Record<keyof Passport, Direction>> = {
  ...{ accounts: "fewer", secTypes: "fewer", conids: "fewer", orderTypes: "fewer", hours: "none", budgets: "lower" },
};

/** The agent's own passport; in simulator mode the one of any agent stands in. undefined: it does not trade. */
export function passportOf(
  { passports }: Pick<SharedPolicy, "passports">,
  { agent, mode }: Pick<Facts, "agent" | "mode">,
): Passport | undefined {
  if (Object.hasOwn(passports.agents, agent)) return passports.agents[agent];
  return mode === "simulator" ? (passports.anyAgent ?? undefined) : undefined;
}
