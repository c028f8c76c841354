import { freeText } from "@countersign/contracts/primitives";
import { expect, test } from "vitest";
import * as z from "zod";
import { invalidFields } from "./invalid-fields.ts";

const Input = z.strictObject({ inner: z.strictObject({ reason: freeText(20) }), count: z.int() });
const say = { whole: "body", unknownKey: "is not known" };
const judged = (value: unknown) => {
  const parsed = Input.safeParse(value);
  if (parsed.success) throw new Error("the input is good");
  return invalidFields(parsed.error, say);
};

test("every field that is wrong is named, no value is repeated", () => {
  const { message, fields } = judged({ inner: { reason: "secret\u202e" }, count: "secret", more: 1 });
  expect(fields.map(({ field }) => field)).toEqual(["inner.reason", "count", "more"]);
  expect(message).not.toContain("secret");
  expect(fields[0]?.problem).toContain("invisible characters");
});

test("an input that is no object is called by its name", () => {
  expect(judged(null).fields[0]?.field).toBe("body");
});

test("the name of an unknown key is cleaned and cut, also in the middle of a pair", () => {
  const { fields, message } = judged({ inner: { reason: "x" }, count: 1, [`\u001b${"x".repeat(38)}😀`]: 1 });
  expect(fields[0]?.field).toBe(` ${"x".repeat(38)}\ufffd`);
  expect(message.isWellFormed()).toBe(true);
});
