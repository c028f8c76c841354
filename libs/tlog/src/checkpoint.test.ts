import { generateKeyPair, sign } from "@countersign/ids/ed25519";
import { expect, test } from "vitest";
import { readCheckpoint, signedText } from "./checkpoint.ts";

const { privateKeyPem, publicKey } = generateKeyPair();
const checkpoint = {
  ...{ type: "countersign.checkpoint/1" as const, size: 3, at: "2026-01-01T00:00:00.000Z" },
  ...{ head: "ab".repeat(32), root: "cd".repeat(32) },
};
const signed = { checkpoint, publicKey, signature: sign(privateKeyPem, signedText(checkpoint)) };

test("a checkpoint is read back as its key signed it", () => {
  expect(readCheckpoint(`${JSON.stringify(signed)}\n`)).toEqual(signed);
});

test.each([
  ["over another size", { ...signed, checkpoint: { ...checkpoint, size: 4 } }],
  ["over another root", { ...signed, checkpoint: { ...checkpoint, root: "00".repeat(32) } }],
  ["under another key", { ...signed, publicKey: generateKeyPair().publicKey }],
  ["with a field more", { ...signed, more: 1 }],
  ["without its signature", { checkpoint, publicKey }],
])("%s -> none", (_what, changed) => {
  expect(readCheckpoint(JSON.stringify(changed))).toBeUndefined();
});

test.each(["", "{", "null"])("%j -> none", (text) => {
  expect(readCheckpoint(text)).toBeUndefined();
});
