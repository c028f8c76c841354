import { deny, pass, type Rule } from "./rule.ts";

export const permittedInstruments: Rule = {
  name: "permittedInstruments",
  description: "Security type, currency and contract id are permitted",
  unit: "conid",
  limit: ({ instruments }) => `${instruments.secTypes.join(", ")} in ${instruments.currencies.join(", ")}`,
  judge: ({ terms, facts, policy }) => {
    const no = (message: string) => deny("INSTRUMENT_NOT_PERMITTED", String(terms.conid), message);
    const { secTypes, currencies, conidsOnly, conidsNever } = policy.instruments;
    if (facts.instrument.state === "missing") return no(`instrument unknown: ${facts.instrument.reason}`);
    const instrument = facts.instrument.value;
    if (instrument.conid !== terms.conid) return no("the contract details are of another instrument");
    if (conidsNever.includes(terms.conid)) return no("the instrument is on the denied list");
    if (conidsOnly !== null && !conidsOnly.includes(terms.conid))
      return no("the instrument is not on the permitted list");
    if (!secTypes.includes(instrument.secType)) return no(`security type ${instrument.secType} is not permitted`);
    if (!currencies.includes(instrument.currency)) return no(`currency ${instrument.currency} is not permitted`);
    return pass(String(terms.conid), `${instrument.secType} in ${instrument.currency}`);
  },
};
