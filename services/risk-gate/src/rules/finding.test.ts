import { expect, test } from "vitest";
import { confirm, deny, pass } from "./finding.ts";

test("a finding without headroom says null, with one it says how much; only a pass has no code", () => {
  expect(pass("1", "fits")).toEqual({ outcome: "pass", value: "1", headroom: null, message: "fits" });
  expect(pass(null, "fits", "2")).toEqual({ outcome: "pass", value: null, headroom: "2", message: "fits" });
  const soft = { outcome: "confirm", code: "SLIPPAGE_TOO_HIGH", value: "1", message: "above" };
  expect(confirm("SLIPPAGE_TOO_HIGH", "1", "above")).toEqual({ ...soft, headroom: null });
  expect(confirm("SLIPPAGE_TOO_HIGH", "1", "above", "-1")).toEqual({ ...soft, headroom: "-1" });
  const hard = { outcome: "deny", code: "ORDER_RATE", message: "wait" };
  expect(deny("ORDER_RATE", null, "wait")).toEqual({ ...hard, value: null, headroom: null });
  expect(deny("ORDER_RATE", "3", "wait", "-1")).toEqual({ ...hard, value: "3", headroom: "-1" });
});
