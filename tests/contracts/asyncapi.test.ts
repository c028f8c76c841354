import { HEADER } from "@countersign/bus/headers";
import { expect, test } from "vitest";
import { HEADER_TEXTS } from "../../contracts/generate/headers.ts";

test("the headers that the document names are those that the bus sends", () => {
  const { subject, sequence, ...sent } = HEADER;
  expect([subject, sequence]).toEqual(["Nats-Subject", "Nats-Sequence"]);
  expect(Object.keys(HEADER_TEXTS).sort()).toEqual(Object.values(sent).sort());
});
