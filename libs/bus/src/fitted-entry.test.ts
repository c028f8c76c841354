import { AUDIT_BODY_BYTES_MAX, type AuditEntry } from "@countersign/contracts/audit";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { expect, test } from "vitest";
import { AuditOutbox } from "./audit-outbox.ts";
import { fittedEntry } from "./fitted-entry.ts";

const entryOf = (body: AuditEntry["body"]): AuditEntry => ({
  kind: "order.refused",
  at: "2026-03-02T10:00:00.000Z",
  correlationId: "prop_a",
  actor: { kind: "service", id: "approval" },
  body,
});
const bytesOf = (entry: AuditEntry) => Buffer.byteLength(canonicalJson(entry.body));

test("a record that fits is the very same", () => {
  const entry = entryOf({ text: "x".repeat(AUDIT_BODY_BYTES_MAX - 20) });
  expect(fittedEntry(entry)).toBe(entry);
});

test.each<[string, AuditEntry["body"]]>([
  ["one long text", { code: "A", text: "x".repeat(200_000) }],
  ["a text of many bytes in few characters", { code: "A", text: "\u4e2d".repeat(20_000) }],
  ["a thousand long members", Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`m${i}`, "x".repeat(900)]))],
  ["half a surrogate pair in what is left out", { code: "A", text: "\ud800".repeat(30_000) }],
])("%s -> shorter than the bound, and what is left out is named by length and hash", (_, body) => {
  const fitted = fittedEntry(entryOf(body));
  expect(bytesOf(fitted)).toBeLessThanOrEqual(AUDIT_BODY_BYTES_MAX);
  const { leftOut, ...kept } = fitted.body as {
    leftOut: { count: number; longest: { name: string; sha256: string }[] };
  };
  expect(Object.keys(kept).length + leftOut.count).toBe(Object.keys(body).length);
  expect(body).toMatchObject(kept);
  for (const { name, sha256 } of leftOut.longest)
    expect(sha256).toBe(canonicalHash(JSON.parse(JSON.stringify(body[name]).replaceAll("\\ud800", "\\ufffd"))));
});

test("in the outbox a record that is too long keeps none behind it waiting", async () => {
  const took: string[] = [];
  const audit = async (entry: AuditEntry) => {
    if (bytesOf(entry) > AUDIT_BODY_BYTES_MAX) throw new Error("an audit record of too many bytes");
    took.push(entry.kind);
  };
  const outbox = new AuditOutbox({ audit, max: 10, onDelayed: () => undefined, onDropped: () => undefined });
  await outbox.note(entryOf({ text: "x".repeat(100_000) }));
  await outbox.note({ ...entryOf({}), kind: "order.edge" });
  expect([took, outbox.status().ok]).toEqual([["order.refused", "order.edge"], true]);
});
