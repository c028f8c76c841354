import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

export const accountAllowlist = defineRule({
  name: "accountAllowlist",
  source: "controls 18, 24",
  description: "The account is on the allowlist, and the broker manages it",
  formula: "account in policy.accounts, and in the accounts that the broker manages",
  inputs: ["accounts"],
  unit: "accounts",
  limits: null,
  stricter: null,
  codes: ["ACCOUNT_NOT_PERMITTED"],
  limit: (_limits, policy) => `${policy.accounts.length} allowed`,
  judge: ({ terms, facts, policy }) => {
    if (!policy.accounts.includes(terms.account)) {
      return deny("ACCOUNT_NOT_PERMITTED", null, "the account is not on the allowlist");
    }
    if (facts.accounts.state === "missing") {
      return deny("ACCOUNT_NOT_PERMITTED", null, `the broker's accounts are not known: ${facts.accounts.reason}`);
    }
    if (!facts.accounts.value.includes(terms.account)) {
      return deny("ACCOUNT_NOT_PERMITTED", null, "the broker does not manage this account");
    }
    return pass(null, "allowed and managed by the broker");
  },
});
