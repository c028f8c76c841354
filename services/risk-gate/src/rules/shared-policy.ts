import { PricingPlan } from "@countersign/contracts/costs";
import { DataType } from "@countersign/contracts/market-value";
import { AccountId } from "@countersign/contracts/primitives";
import * as z from "zod";
import { Passports } from "./passports.ts";
import type { Direction } from "./strictness.ts";

/** What more than one rule, or the gathering of facts, reads of the policy. Everything else belongs to one rule. */
export const sharedPolicy = {
  accounts: z.array(AccountId).min(1).max(100).describe("The only accounts that orders may be for"),
  rateDataTypes: z.array(DataType).min(1).describe("What an exchange rate may be made of"),
  pricing: z
    .record(AccountId, PricingPlan)
    .describe("How the broker bills each account; of one that is not named no commission is estimated"),
  passports: Passports.describe("What each agent may do; one without a passport does not trade"),
};
const SharedPolicy = z.strictObject(sharedPolicy);
export type SharedPolicy = z.infer<typeof SharedPolicy>;

/** Of each shared part, which change makes it stricter; passports are compared one by one. */
export const SHARED_DIRECTIONS: Readonly<Record<Exclude<keyof SharedPolicy, "passports">, Direction>> = {
  accounts: "fewer",
  rateDataTypes: "fewer",
  pricing: "none",
};
