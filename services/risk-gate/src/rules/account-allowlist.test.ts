import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { accountAllowlist } from "./account-allowlist.ts";

const NO_NUMBER = { value: null, headroom: null };

/** The policy of the tests has DU1234567. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(accountAllowlist, {
  ...{ unit: "accounts", tightens: null },
  finds: { limit: "1 allowed", ...NO_NUMBER, says: "allowed and managed by the broker" },
});
const managed = (...accounts: string[]) => ({ accounts: known(accounts, "broker", AT) });
const CODE = "ACCOUNT_NOT_PERMITTED" as const;

denies("an account that the policy does not name", CODE, {
  ...{ terms: { account: "DU7654321" }, facts: managed("DU7654321") },
  finds: { ...NO_NUMBER, says: "not on the allowlist" },
});
denies("an account that the broker does not manage", CODE, {
  ...{ facts: managed("DU7654321"), finds: { ...NO_NUMBER, says: "the broker does not manage this account" } },
});
passes("the second of two accounts", {
  policy: { accounts: ["DU7654321", "DU1234567"] },
  facts: managed("DU7654321", "DU1234567"),
  finds: { limit: "2 allowed", ...NO_NUMBER },
});
boundary("the account, and its neighbour in the last digit", CODE, {
  inside: {
    ...{ terms: { account: "DU1234567" }, facts: managed("DU1234567", "DU1234568") },
    finds: NO_NUMBER,
  },
  outside: {
    ...{ terms: { account: "DU1234568" }, facts: managed("DU1234567", "DU1234568") },
    finds: NO_NUMBER,
  },
});
missingDenies("the broker's accounts are not known", CODE, {
  facts: { accounts: missing("no answer") },
  finds: { ...NO_NUMBER, says: "not known: no answer" },
});
missingDenies("the broker manages none", CODE, { facts: managed() });
const ACCOUNTS = ["DU1234567", "DU7654321", "DF1234567", "U1234567"];
property(
  "passes exactly when policy and broker both have the account",
  fc.tuple(fc.constantFrom(...ACCOUNTS), fc.subarray(ACCOUNTS)),
  {
    make: ([account, held]) => ({ terms: { account }, facts: managed(...held) }),
    holds: ({ outcome }, [account, held]) =>
      (outcome === "pass") === (account === "DU1234567" && held.includes(account)),
  },
);
