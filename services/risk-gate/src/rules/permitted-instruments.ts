import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass, type Rule, type RuleInput } from "./rule.ts";

export const permittedInstruments: Rule = {
  name: "permittedInstruments",
  description: "Security type, currency and contract id are permitted",
  unit: "conid",
  limit: ({ instruments }) => `${instruments.secTypes.join(", ")} in ${instruments.currencies.join(", ")}`,
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
};

function judgePart({ conid, ...part }: Part, { policy }: RuleInput): Finding {
  const no = (message: string) => deny("INSTRUMENT_NOT_PERMITTED", String(conid), message);
  const { secTypes, currencies, conidsOnly, conidsNever } = policy.instruments;
  if (part.instrument.state === "missing") return no(`instrument unknown: ${part.instrument.reason}`);
  const instrument = part.instrument.value;
  if (instrument.conid !== conid) return no("the contract details are of another instrument");
  if (conidsNever.includes(conid)) return no("the instrument is on the denied list");
  if (conidsOnly !== null && !conidsOnly.includes(conid)) return no("the instrument is not on the permitted list");
  if (!secTypes.includes(instrument.secType)) return no(`security type ${instrument.secType} is not permitted`);
  if (!currencies.includes(instrument.currency)) return no(`currency ${instrument.currency} is not permitted`);
  return pass(String(conid), `${instrument.secType} in ${instrument.currency}`);
}
