import { expect, test } from "vitest";
import { negotiate } from "./version-gates.ts";

test.each([
  ["v100..193", 193],
  ["v157..178", 178],
  ["v157..178 +PACEAPI", 178],
  ["v100..200", 193],
  ["v187", 187],
  ["v177..177", 177],
])("%s -> %i", (hello, serverVersion) => {
  expect(negotiate(hello)).toEqual({ kind: "agreed", serverVersion });
});

test.each(["v100..176", "v194..200", "v1e3", "", "193", "v100-193"])("%j -> refused", (hello) => {
  expect(negotiate(hello)).toMatchObject({ kind: "refused" });
});
