import fc from "fast-check";
import { expect, test } from "vitest";
import { ruleTests } from "../testing/rule-tests.ts";
import { paperAccount } from "./paper-account.ts";

const { denies, boundary, property, passes } = ruleTests(paperAccount, {
  ...{ unit: "prefix", tightens: null, finds: { limit: "DU or DF", value: "DU", headroom: null } },
});
const order = (mode: "simulator" | "paper" | "live", account: string) => ({ terms: { account }, facts: { mode } });

denies("an account with money in paper mode", "ACCOUNT_NOT_PAPER", {
  ...order("paper", "U1234567"),
  finds: { value: "U1", headroom: null, says: "U1 does not fit the mode paper" },
});
denies("an account in whose number a paper account's stands", "ACCOUNT_NOT_PAPER", {
  ...order("paper", "UDU1234567"),
  finds: { value: "UD", headroom: null },
});
denies("a paper account with a letter before its digits in live mode", "ACCOUNT_NOT_PAPER", {
  ...order("live", "DUX1234567"),
  finds: { value: "DU", headroom: null, says: "DU does not fit the mode live" },
});
denies("an account with money in the simulator", "ACCOUNT_NOT_PAPER", {
  ...order("simulator", "U1234567"),
  finds: { value: "U1", headroom: null, says: "U1 does not fit the mode simulator" },
});
denies("a paper account in live mode", "ACCOUNT_NOT_PAPER", {
  ...order("live", "DU1234567"),
  finds: { value: "DU", headroom: null, says: "DU does not fit the mode live" },
});
passes("a paper account with a letter before its digits", {
  ...order("paper", "DUX1234567"),
  finds: { value: "DU", headroom: null, says: "fits the mode paper" },
});
passes("an adviser's paper account", {
  ...order("paper", "DF1234567"),
  finds: { value: "DF", headroom: null, says: "fits the mode paper" },
});
boundary("one letter makes the difference", "ACCOUNT_NOT_PAPER", {
  inside: { ...order("live", "U1234567"), finds: { value: "U1", headroom: null } },
  outside: { ...order("live", "DU1234567"), finds: { value: "DU", headroom: null } },
});
property(
  "passes exactly when prefix and mode fit",
  fc.tuple(
    fc.constantFrom("simulator", "paper", "live"),
    fc.constantFrom("DU", "DF", "DUX", "DFX", "U", "F", "DX"),
    fc.nat(9_999_999),
  ),
  {
    make: ([mode, prefix, digits]) => order(mode as "live", `${prefix}${String(digits).padStart(7, "0")}`),
    holds: ({ outcome }, [mode, prefix]) => (outcome === "pass") === (/^D[UF]/.test(prefix) === (mode !== "live")),
  },
);

test("the mode is all that it reads", () => expect(paperAccount.inputs).toEqual(["mode"]));
