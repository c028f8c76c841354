import { createHash } from "node:crypto";
import { createSigner, generateKeyPair } from "@countersign/ids/ed25519";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openNote, readTreeHead, signNote, treeHeadText, verifierKeyOf } from "./note.ts";

/** The example in the documentation of golang.org/x/mod/sumdb/note: a signature that this code did not make. */
const GO = {
  key: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  signature:
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
};
const { privateKeyPem, publicKey } = generateKeyPair();
const signer = { name: "example.com/log", publicKey, sign: createSigner(privateKeyPem) };
const key = verifierKeyOf(signer);

describe("a signed note", () => {
  test("of another implementation is opened with its key, and is not when a letter of it differs", () => {
    expect(openNote(`${GO.text}\n${GO.signature}`, GO.key)).toBe(GO.text);
    expect(openNote(`${GO.text.replace("answer", "Answer")}\n${GO.signature}`, GO.key)).toBeUndefined();
  });

  test("of ours is opened by our key, by no other, and by no key whose id is wrong", () => {
    const note = signNote("some text\n", signer);
    expect(openNote(note, key)).toBe("some text\n");
    expect(openNote(note, GO.key)).toBeUndefined();
    expect(openNote(note, verifierKeyOf({ ...signer, publicKey: generateKeyPair().publicKey }))).toBeUndefined();
    expect(openNote(note, key.replace(/\+[0-9a-f]{8}\+/, "+00000000+"))).toBeUndefined();
  });

  test("of two signers is opened by the key of each", () => {
    const two = signNote("x\n", signer) + GO.signature;
    expect(openNote(two, key)).toBe("x\n");
    expect(openNote(two, GO.key)).toBeUndefined();
    expect(openNote(`${GO.text}\n${GO.signature}${signNote(GO.text, signer).split("\n").at(-2)}\n`, GO.key)).toBe(
      GO.text,
    );
  });

  test("with any one byte changed -> not opened, or opened as what was signed", () => {
    const note = Buffer.from(signNote(treeHeadText({ origin: signer.name, size: 7, root: "ab".repeat(32) }), signer));
    for (const [at, byte] of note.entries()) {
      const changed = Buffer.from(note);
      changed[at] = byte ^ 1;
      expect(openNote(changed.toString("utf8"), key)).toBeUndefined();
    }
  });

  test("by what is no Ed25519 key, though its id is that of its name and bytes -> not opened", () => {
    const text = "some text\n";
    const good = Buffer.from(key.split("+").slice(2).join("+"), "base64");
    const under = (name: string, bytes: Buffer) => {
      const id = createHash("sha256").update(`${name}\n`).update(bytes).digest().subarray(0, 4);
      const signature = Buffer.concat([id, Buffer.from(signer.sign(text), "base64url")]).toString("base64");
      return openNote(`${text}\n— ${name} ${signature}\n`, `${name}+${id.toString("hex")}+${bytes.toString("base64")}`);
    };
    expect(under(signer.name, good)).toBe(text);
    expect(under(signer.name, Buffer.concat([Buffer.from([2]), good.subarray(1)]))).toBeUndefined();
    expect(under(signer.name, good.subarray(0, 32))).toBeUndefined();
    expect(under(signer.name, Buffer.concat([good, Buffer.alloc(1)]))).toBeUndefined();
    expect(under("two words", good)).toBeUndefined();
  });

  test("whose signature is shorter, longer, of another id or in another spelling -> not opened", () => {
    const note = signNote("x\n", signer);
    const [, bytes = Buffer.alloc(0)] = [0, Buffer.from(note.trimEnd().split(" ").at(-1) ?? "", "base64")];
    const by = (changed: Buffer, spelt = changed.toString("base64")) =>
      openNote(`x\n\n— ${signer.name} ${spelt}\n`, key);
    expect(by(bytes)).toBe("x\n");
    expect(by(bytes.subarray(0, -1))).toBeUndefined();
    expect(by(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeUndefined();
    expect(by(Buffer.concat([Buffer.alloc(4), bytes.subarray(4)]))).toBeUndefined();
    expect(by(bytes, bytes.toString("base64").replace(/=*$/, ""))).toBeUndefined();
    expect(openNote(note.trimEnd(), key)).toBeUndefined();
  });

  test("that is no note at all -> not opened", () => {
    fc.assert(fc.property(fc.string(), (text) => openNote(text, key) === undefined));
    for (const text of ["", "\n\n", "x\n\n— example.com/log AAAA\n", `x\n\n— example.com/log ${"A".repeat(92)}\n`])
      expect(openNote(text, key)).toBeUndefined();
  });
});

test.each(["two words", "a+b", ""])("a key under the name %j -> TypeError", (name) => {
  expect(() => verifierKeyOf({ name, publicKey })).toThrow(TypeError);
});

describe("the head of a tree", () => {
  test("goes into a note and comes out of it the same", () => {
    const head = { origin: "example.com/log", size: 12_345, root: "0f".repeat(32) };
    expect(readTreeHead(treeHeadText(head))).toEqual(head);
  });

  test.each([
    ["a size with a leading zero", "o\n01\n"],
    ["a size below zero", "o\n-1\n"],
    ["a size that is no number", "o\n1e3\n"],
    ["no origin", "\n1\n"],
  ])("%s -> no head", (_what, start) => {
    expect(readTreeHead(`${start}${Buffer.alloc(32).toString("base64")}\n`)).toBeUndefined();
  });

  test.each(["AAAA", "", `${Buffer.alloc(32).toString("base64")} `, Buffer.alloc(32).toString("base64url")])(
    "a root of %j -> no head",
    (root) => expect(readTreeHead(`o\n1\n${root}\n`)).toBeUndefined(),
  );
});
