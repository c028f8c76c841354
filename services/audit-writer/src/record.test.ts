import { sha256Hex } from "@countersign/ids/hash";
import { GENESIS_HASH, unseal } from "@countersign/tlog/audit-chain";
import { describe, expect, test } from "vitest";
import { faultsOf, seal } from "./record.ts";
import { entry } from "./test-support.ts";

const AT = "2026-01-01T00:00:00.000Z";
const first = seal({ seq: 0, hash: GENESIS_HASH }, "approval", AT, entry("one"));
const second = seal(first, "approval", AT, entry("two"));
const stored = { sequence: 2, subject: "audit.v1.rec.tool_called", text: second.text };

describe("audit record", () => {
  test("sealed -> its hash is that of its bytes, and it names the one before", () => {
    expect(second.hash).toBe(sha256Hex(second.text));
    expect(second.record).toMatchObject({ seq: 2, prev: first.hash, producer: "approval" });
    expect(unseal(second.text)).toEqual(second);
    expect(faultsOf(stored, first.hash)).toEqual([]);
  });

  test.each([
    ["at another place", { ...stored, sequence: 3 }, first.hash, /says that it is record 2/],
    ["after another record", stored, GENESIS_HASH, /does not name the hash/],
    ["under another kind", { ...stored, subject: "audit.v1.rec.kill_changed" }, first.hash, /stands under/],
    ["with a space more", { ...stored, text: second.text.replace(":", ": ") }, first.hash, /canonical/],
    ["with a key more", { ...stored, text: second.text.replace("{", '{"a":1,') }, first.hash, /not an audit record/],
    ["of nobody", { ...stored, text: second.text.replace('"approval"', '"nobody"') }, first.hash, /unknown producer/],
    ["not JSON", { ...stored, text: "" }, first.hash, /not an audit record/],
  ])("a record %s -> a fault that says so", (_, tampered, prev, expected) => {
    expect(faultsOf(tampered, prev).join()).toMatch(expected);
  });
});
