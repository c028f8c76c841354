import { type Check, compiledCheck } from "@countersign/bus/compiled-check";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import { Heartbeat } from "@countersign/contracts/messages/heartbeat.v1";
import { AUDIT_APPENDS, FACTS, RPCS } from "@countersign/contracts/subjects";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import facts from "./golden/facts.json" with { type: "json" };
import messages from "./golden/messages.json" with { type: "json" };

/** What the bus takes without asking the schema, the schema must take, and give back unchanged. */

interface Case {
  readonly schema: z.ZodType;
  readonly check: Check;
  readonly examples: readonly unknown[];
}

const { heartbeat, linesFeed, tick, auditAppend, fault: _, ...rpcs } = messages;
const rpcExamples: Record<string, { request: unknown; reply: unknown }> = rpcs;
const factExamples: Record<string, readonly unknown[]> = facts;
const SCHEMAS: [string, z.ZodType, readonly unknown[]][] = [
  ...Object.entries(RPCS).flatMap(([name, rpc]): [string, z.ZodType, unknown[]][] => [
    [`${name} request`, rpc.request, [rpcExamples[name]?.request]],
    [`${name} reply`, rpc.reply, [rpcExamples[name]?.reply]],
  ]),
  ...Object.entries(FACTS).map(([name, { body }]): [string, z.ZodType, readonly unknown[]] => [
    name,
    body,
    factExamples[name] ?? [],
  ]),
  ["append to the audit", AUDIT_APPENDS["mcp-edge"].request, [auditAppend.request]],
  ["heartbeat", Heartbeat, [heartbeat]],
  ["lines", MARKET_FEEDS.lines.body, [linesFeed]],
  ["tick", MARKET_FEEDS.tick.body, [tick]],
];
const CASES = SCHEMAS.flatMap(([name, schema, examples]): [string, Case][] => {
  const check = compiledCheck(schema);
  return check === undefined ? [] : [[name, { schema, check, examples }]];
});

test("nearly every message is recognised without its schema", () => {
  expect(CASES.length / SCHEMAS.length).toBeGreaterThan(0.95);
});

const NASTY: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 1, 0.5, 2 ** 53, -(2 ** 53), 1e308, Number.NaN, Number.POSITIVE_INFINITY],
  ...["", " ", "0", "-0", "00", "1e5", "1.", "NaN", "AAPL\n", "\u202e", "a".repeat(5_000), "ok", "denied", "known"],
  ...[[], [null], {}, { outcome: "ok" }, JSON.parse('{"__proto__": 1}'), new Date(0), new Map(), undefined],
];

/** A copy with one place of the value changed: put in, taken out, or something else instead. */
function changed(value: unknown, pick: (most: number) => number): unknown {
  const isInner = typeof value === "object" && value !== null && pick(8) > 0;
  if (!isInner) return NASTY[pick(NASTY.length)];
  if (Array.isArray(value)) {
    const at = pick(value.length + 1);
    const one = at < value.length ? changed(value[at], pick) : (value[0] ?? null);
    return [...value.slice(0, at), ...(pick(4) === 0 ? [] : [one]), ...value.slice(at + 1)];
  }
  const keys = Object.keys(value);
  const key = keys[pick(keys.length + 1)] ?? (["extra", "__proto__", "toJSON", "constructor"][pick(4)] as string);
  const entries = Object.entries(value).filter(([name]) => name !== key);
  if (pick(4) === 0) return Object.fromEntries(entries);
  return Object.fromEntries([...entries, [key, changed((value as Record<string, unknown>)[key], pick)]]);
}

describe.each(CASES)("%s", (_name, { schema, check, examples }) => {
  test("its examples are taken without the schema", () => {
    for (const example of examples) expect(check(example)).toBe(true);
  });

  test("what is taken without the schema fits it and comes out as it went in", () => {
    const numbers = fc.infiniteStream(fc.nat({ max: 1_000_000 }));
    fc.assert(
      fc.property(fc.constantFrom(...examples), fc.integer({ min: 1, max: 3 }), numbers, (example, changes, stream) => {
        const pick = (most: number) => (stream.next().value as number) % most;
        let value: unknown = example;
        for (let count = 0; count < changes; count += 1) value = changed(value, pick);
        if (!check(value)) return;
        const parsed = schema.safeParse(value);
        expect(parsed.success).toBe(true);
        expect(parsed.data).toStrictEqual(value);
      }),
      { numRuns: 60 },
    );
  });
});

test("a key that would be the prototype of what is made from it -> left to the schema", () => {
  const check = compiledCheck(z.record(z.string(), z.string()));
  expect(check?.(JSON.parse('{"a":"x"}'))).toBe(true);
  expect(check?.(JSON.parse('{"__proto__":"x"}'))).toBe(false);
});

test("a condition in code is asked once the rest fits; what it refuses is refused", () => {
  const asked: unknown[] = [];
  const condition = (value: { a: string }) => asked.push(value) > 0 && value.a === "x";
  const check = compiledCheck(z.strictObject({ a: z.string() }).refine(condition));
  expect([{ a: "x" }, { a: "y" }, { a: 1 }, {}, { a: "x", b: 1 }].map((value) => check?.(value))).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(asked).toEqual([{ a: "x" }, { a: "y" }]);
});

describe("a schema that could change what it takes is not compiled", () => {
  test.each([
    ["strips", z.object({ a: z.string() })],
    ["lets others through", z.looseObject({ a: z.string() })],
    ["fills in", z.strictObject({ a: z.string().default("x") })],
    ["catches", z.strictObject({ a: z.string().catch("x") })],
    ["trims", z.strictObject({ a: z.string().trim() })],
    ["changes case", z.array(z.string().toLowerCase())],
    ["transforms", z.strictObject({ a: z.string().transform((text) => text.length) })],
    ["coerces", z.strictObject({ a: z.coerce.string() })],
    ["judges with issues of its own", z.strictObject({ a: z.string() }).superRefine(() => undefined)],
    ["overwrites", z.string().overwrite((text) => `${text}!`)],
    ["a number of a size in bits", z.int32()],
    ["a format", z.email()],
    ["a date", z.date()],
    ["a sticky expression", z.string().regex(/a/y)],
    ["keys of an enum", z.record(z.enum(["a", "b"]), z.string())],
    ["an open tuple", z.tuple([z.string()], z.int())],
    ["a promise", z.promise(z.string())],
    ["any number of times", z.set(z.string())],
  ])("%s", (_what, schema) => {
    expect(compiledCheck(schema as z.ZodType)).toBeUndefined();
  });
});
