import { CurrencyCode } from "@countersign/contracts/primitives";
import * as z from "zod";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule, type RuleInput } from "./rule.ts";

const Conids = z.array(z.int().min(1)).max(10_000);
const Limits = z.strictObject({
  secTypes: z.array(z.string().regex(/^[A-Z]{2,10}$/)).min(1),
  currencies: z.array(CurrencyCode).min(1),
  exchanges: z
    .array(z.string().regex(/^[A-Z0-9.]{1,20}$/))
    .min(1)
    .nullable()
    .describe(
      "Where the instrument is listed: its primary exchange, or its exchange where it has none; null: anywhere",
    ),
  conidsOnly: Conids.nullable().describe("null: any instrument of these types and currencies"),
  conidsNever: Conids.describe("Wins over everything else"),
});
type Limits = z.infer<typeof Limits>;

export const permittedInstruments = defineRule({
  name: "permittedInstruments",
  source: "control 18",
  description: "Security type, currency, exchange and contract id are permitted",
  formula:
    "secType, currency and listing exchange are permitted; conid is on the only-list where there is one, and never on the denied list",
  inputs: ["instrument"],
  unit: "conid",
  limits: Limits,
  stricter: { secTypes: "fewer", currencies: "fewer", exchanges: "fewer", conidsOnly: "fewer", conidsNever: "more" },
  codes: ["INSTRUMENT_NOT_PERMITTED"],
  limit: ({ secTypes, currencies }) => `${secTypes.join(", ")} in ${currencies.join(", ")}`,
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
});

function judgePart({ conid, ...part }: Part, { limits }: RuleInput<Limits>): Finding {
  const refused = (message: string) => deny("INSTRUMENT_NOT_PERMITTED", String(conid), message);
  const { secTypes, currencies, exchanges, conidsOnly, conidsNever } = limits;
  if (part.instrument.state === "missing") return refused(`instrument unknown: ${part.instrument.reason}`);
  const instrument = part.instrument.value;
  if (instrument.conid !== conid) return refused("the contract details are of another instrument");
  if (conidsNever.includes(conid)) return refused("the instrument is on the denied list");
  if (conidsOnly !== null && !conidsOnly.includes(conid)) return refused("the instrument is not on the permitted list");
  if (!secTypes.includes(instrument.secType)) return refused(`security type ${instrument.secType} is not permitted`);
  if (!currencies.includes(instrument.currency)) return refused(`currency ${instrument.currency} is not permitted`);
  const listed = instrument.primaryExchange || instrument.exchange;
  if (exchanges !== null && !exchanges.includes(listed))
    return refused(`exchange ${listed || "unknown"} is not permitted`);
  return pass(String(conid), `${instrument.secType} in ${instrument.currency}`);
}
