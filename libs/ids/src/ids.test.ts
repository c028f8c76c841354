import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { generateKeyPair, publicKeyOf, sign, verify } from "./ed25519.ts";
import { base32, canonicalHash, canonicalJson } from "./hash.ts";
import { newNonce, orderRef, proposalId, randomToken } from "./ids.ts";

describe("canonical JSON", () => {
  test("keys are sorted, spaces gone, whatever the order they came in", () => {
    expect(canonicalJson({ b: 1, a: ["x", null, true] })).toBe('{"a":["x",null,true],"b":1}');
    expect(canonicalHash({ a: 1, b: 2 })).toBe(canonicalHash({ b: 2, a: 1 }));
  });
  const sparse: unknown[] = [];
  sparse[1] = 1;
  test.each([
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    { a: undefined },
    [undefined],
    { sparse },
    { f: () => 1 },
    new Date(0),
    "\ud800",
    { "\ud800": 1 },
  ])("%o is no JSON -> TypeError instead of a silent omission", (value) =>
    expect(() => canonicalJson(value)).toThrow(TypeError),
  );
  test("any JSON value -> the same text as the reference implementation of RFC 8785", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(value) === canonicalize(value)));
    const odd = {
      "\u20ac": "\ud83d\ude00",
      "\r": -0,
      "1": 1e-7,
      "\u0080": 1e21,
      ö: [333333333.3333333, '\u007f\u2028"\\'],
    };
    expect(canonicalJson(odd)).toBe(canonicalize(odd));
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`k${40 - at}`, at]));
    const own = JSON.parse('{"__proto__":1,"a":2}');
    for (const one of [many, own, ["\\ud", "\\\\ud800"]]) expect(canonicalJson(one)).toBe(canonicalize(one));
  });
  test("what is no JSON is named with its place", () => {
    expect(() => canonicalJson({ a: [{ b: 1 }, { c: undefined }] })).toThrow("$.a[1].c is undefined");
  });
  test("base32 of RFC 4648's own example", () => expect(base32(Buffer.from("foobar"))).toBe("mzxw6ytboi"));
});

describe("Ed25519", () => {
  const key = generateKeyPair();
  const signature = sign(key.privateKeyPem, "ticket");

  test("a signature verifies over its text only", () => {
    expect(verify(key.publicKey, "ticket", signature)).toBe(true);
    expect(verify(key.publicKey, "ticket ", signature)).toBe(false);
    expect(verify(generateKeyPair().publicKey, "ticket", signature)).toBe(false);
  });
  test("every changed character makes it invalid, and nothing throws", () => {
    for (let index = 0; index < signature.length; index += 1) {
      const other = signature[index] === "A" ? "B" : "A";
      const changed = signature.slice(0, index) + other + signature.slice(index + 1);
      expect(verify(key.publicKey, "ticket", changed)).toBe(false);
    }
  });
  test.each(["", "x", "=".repeat(86), "A".repeat(86)])("%j as key or signature -> false", (text) => {
    expect(verify(text, "ticket", signature)).toBe(false);
    expect(verify(key.publicKey, "ticket", text)).toBe(false);
  });
  test("the public key follows from the private one", () => expect(publicKeyOf(key.privateKeyPem)).toBe(key.publicKey));
});

describe("ids", () => {
  const parts = { account: "DU1234567", agent: "agent", idempotencyKey: "k-1" };
  test("the same key gives the same proposal, each other part another one", () => {
    expect(proposalId(parts)).toBe(proposalId({ ...parts }));
    expect(proposalId(parts)).toMatch(/^prop_[a-z2-7]{26}$/);
    for (const change of [{ account: "DU7654321" }, { agent: "other" }, { idempotencyKey: "k-2" }]) {
      expect(proposalId({ ...parts, ...change })).not.toBe(proposalId(parts));
    }
  });
  test("orderRef fits the broker's field and follows from the ticket", () => {
    const hash = canonicalHash({ ticket: 1 });
    expect(orderRef(hash)).toMatch(/^cs1\.[a-z2-7]{20}$/);
    expect(orderRef(hash)).toBe(orderRef(hash));
  });
  test("tokens carry 256 bits, nonces 128, and none comes twice", () => {
    expect(randomToken("cs")).toMatch(/^cs_[A-Za-z0-9_-]{43}$/);
    expect(newNonce()).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(new Set(Array.from({ length: 100 }, () => newNonce())).size).toBe(100);
  });
});
