import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** By these alone, as in the gateway: IBKR gives newer paper accounts a further letter before the digits. */
const PAPER = /^(DU|DF)/;

/** In simulator and paper mode only an account that is a paper account by its own number. A port says nothing about it. */
export const paperAccount = defineRule({
  name: "paperAccount",
  source: "control 32",
  description: "In simulator and paper mode the account is a paper account (DU, DF); in live mode it is not",
  formula: "account begins with DU or DF exactly when the mode is not live",
  inputs: ["mode"],
  unit: "prefix",
  limits: null,
  stricter: null,
  codes: ["ACCOUNT_NOT_PAPER"],
  limit: () => "DU or DF",
  judge: ({ terms, facts }) => {
    const paper = PAPER.test(terms.account);
    const prefix = terms.account.slice(0, 2);
    if (paper === (facts.mode !== "live")) return pass(prefix, `fits the mode ${facts.mode}`);
    return deny("ACCOUNT_NOT_PAPER", prefix, `${prefix} does not fit the mode ${facts.mode}`);
  },
});
