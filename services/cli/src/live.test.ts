import { expect, test } from "vitest";
import { liveText } from "./live.ts";

test("each gate on its line with its evidence, and the outcome last", () => {
  const gates = [
    { gate: "featureEnabled", ok: true, evidence: "on" },
    { gate: "safetyFlag", ok: false, evidence: "off" },
    { gate: "approvalRecord", ok: null, evidence: "two persons" },
  ];
  expect(liveText({ mode: "paper", open: false, gates }).split("\n")).toEqual([
    "open        featureEnabled  on",
    "SHUT        safetyFlag      off",
    "each order  approvalRecord  two persons",
    "",
    "mode paper: live orders are refused",
  ]);
});
