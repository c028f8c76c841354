import { deny, pass, type Rule } from "./rule.ts";

export const accountAllowlist: Rule = {
  name: "accountAllowlist",
  description: "The account is on the allowlist, and the broker manages it",
  unit: "accounts",
  limit: (policy) => `${policy.accounts.length} allowed`,
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
};
