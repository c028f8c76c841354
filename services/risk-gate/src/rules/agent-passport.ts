import { parseUtcText } from "@countersign/clock/clock";
import type { Facts } from "../facts/fact.ts";
import { partsOf } from "../facts/parts.ts";
import { deny, pass } from "./finding.ts";
import { localTime } from "./local-time.ts";
import { type Passport, passportOf } from "./passports.ts";
import { defineRule, type RuleInput } from "./rule.ts";
import { sentTypes } from "./sent-types.ts";

/** What the agent may ask for at all. One without a passport asks for nothing. */
export const agentPassport = defineRule({
  name: "agentPassport",
  source: "control 24; agents",
  description: "The agent has a passport, and account, instrument, order type and time are in it",
  formula:
    "account, security type, conid, every order type (exits too) and the local time of its zone are in the agent's passport",
  inputs: ["agent", "instrument", "at"],
  unit: "passport",
  limits: null,
  stricter: null,
  codes: ["AGENT_WITHOUT_PASSPORT", "PASSPORT_EXCEEDED"],
  limit: (_limits, { passports }) => `${Object.keys(passports.agents).length} passports`,
  judge: (input) => {
    const { facts, policy } = input;
    const passport = passportOf(policy, facts);
    if (passport === undefined) return deny("AGENT_WITHOUT_PASSPORT", null, `${facts.agent} has none`);
    const outside =
      accountOutside(passport, input) ?? instrumentOutside(passport, input) ?? timeOutside(passport, facts);
    return outside === undefined
      ? pass(facts.agent, "within the passport")
      : deny("PASSPORT_EXCEEDED", facts.agent, outside);
  },
});

function accountOutside({ accounts, orderTypes }: Passport, { terms }: RuleInput): string | undefined {
  if (!accounts.includes(terms.account)) return "the account is not in the passport";
  const other = sentTypes(terms).find((one) => !orderTypes.includes(one));
  return other === undefined ? undefined : `order type ${other} is not in the passport`;
}

function instrumentOutside({ secTypes, conids }: Passport, { terms, facts }: RuleInput): string | undefined {
  for (const { conid, instrument } of partsOf(terms, facts)) {
    if (conids !== null && !conids.includes(conid)) return `instrument ${conid} is not in the passport`;
    if (instrument.state === "missing") return `what ${conid} is, is not known: ${instrument.reason}`;
    const { secType } = instrument.value;
    if (!secTypes.includes(secType)) return `security type ${secType} is not in the passport`;
  }
  return undefined;
}

function timeOutside({ hours }: Passport, { at }: Facts): string | undefined {
  if (hours === null) return undefined;
  const local = localTime(hours.zone, parseUtcText(at));
  if (local === undefined) return `no time zone: ${hours.zone}`;
  const { day, time } = local;
  if (hours.days.some((one) => one === day) && time >= hours.from && time < hours.to) return undefined;
  return `${day} ${time} in ${hours.zone} is not in the passport`;
}
