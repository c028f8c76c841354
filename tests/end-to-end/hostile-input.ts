import { request } from "node:http";
import * as fc from "fast-check";

/** A request as bytes on the wire; nothing between the generator and the socket repairs it. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Characters of a body that a server may leave unread. */
const LARGE = 4_096;

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

export function send(base: string, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const setHost = headers.host === undefined;
    const call = request({ hostname, port, method, path, headers, setHost, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    call.on("error", (error) => {
      // Who is refused before the end of a large body may find the line cut before it reads why.
      if ("code" in error && error.code === "ECONNRESET" && (body?.length ?? 0) > LARGE)
        resolve({ status: 413, text: "" });
      else reject(error);
    });
    call.end(body);
  });
}

const NASTY = ["\ud800", "a\udc00b", "\u0000", "\u202e", "😀", "__proto__", "constructor", "toString", "", " ", "NaN"];
const WORDS = [
  "1e308",
  "-1",
  "0",
  "9".repeat(400),
  "x".repeat(3_000),
  "ACTIVE",
  "../..",
  "%",
  "*",
  ">",
  "$KV.CONTROL.>",
];

const text = fc.oneof(
  fc.constantFrom(...NASTY, ...WORDS),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
);
const deep = fc.integer({ min: 1, max: 60_000 }).map((depth) => nested(depth));
export const anything = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: fc.jsonValue({ stringUnit: "binary" }) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 53, 1e308, [], {}, [null]) },
  { weight: 1, arbitrary: deep },
);

/** Lists in each other, as a value whose JSON is written by hand: no serializer goes that deep. */
class Nested {
  readonly depth: number;
  constructor(depth: number) {
    this.depth = depth;
  }
}
const nested = (depth: number) => new Nested(depth);

/** JSON in which half surrogate pairs, `__proto__` as a key and very deep lists arrive as they are. */
export function jsonOf(value: unknown): string {
  if (value instanceof Nested) return "[".repeat(value.depth) + "]".repeat(value.depth);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${jsonOf(item)}`).join(",")}}`;
}

/** A good object of which some fields are replaced, left out, or joined by unknown ones. */
export function spoiled(good: Readonly<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const keys = Object.keys(good);
  const change = fc.tuple(
    fc.oneof(fc.constantFrom(...keys, "extra"), text),
    fc.oneof(anything, fc.constant(undefined)),
  );
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const entries = new Map<string, unknown>(Object.entries(good));
    for (const [key, value] of changes) entries.set(key, value);
    return Object.fromEntries(entries);
  });
}

/** What a header may hold on the wire: visible Latin-1. */
export const headerText = fc.oneof(
  fc.constantFrom(
    "",
    "*/*",
    "application/json",
    "text/event-stream",
    "gzip",
    "utf-16",
    "null",
    "1",
    "[::1]",
    "2025-06-18",
  ),
  fc
    .array(fc.integer({ min: 0x20, max: 0xff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units.filter((unit) => unit < 0x7f || unit > 0x9f)).trim()),
);

/** Some headers of a request spoiled. */
export function withHeaders(good: Record<string, string>, names: string[]): fc.Arbitrary<Record<string, string>> {
  const change = fc.tuple(fc.constantFrom(...names), headerText);
  return fc.array(change, { maxLength: 2 }).map((changes) => ({ ...good, ...Object.fromEntries(changes) }));
}
