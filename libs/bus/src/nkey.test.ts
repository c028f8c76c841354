import { createAccount, createUser, encode, fromSeed } from "@nats-io/nkeys";
import { expect, test } from "vitest";
import { readNKey } from "./nkey.ts";

const newSeed = () => new TextDecoder().decode(createUser().getSeed());
const bytes = (text: string) => new TextEncoder().encode(text);

test("public key and signature are those of the client library, whatever the seed and the nonce", () => {
  for (const nonce of ["a", "Zx-09_nonce", "ü".repeat(40), `${"n".repeat(300)}`]) {
    const seed = newSeed();
    const theirs = fromSeed(bytes(seed));
    const { publicKey, authenticator } = readNKey(seed);
    expect(publicKey).toBe(theirs.getPublicKey());
    expect(authenticator(nonce)).toEqual({ nkey: publicKey, sig: encode(theirs.sign(bytes(nonce))) });
  }
});

test("a server that asks for no proof gets the name alone", () => {
  const { publicKey, authenticator } = readNKey(newSeed());
  expect(authenticator()).toEqual({ nkey: publicKey, sig: "" });
});

test("each letter changed, one missing, one too many, the seed of an account, nothing -> refused, and nothing of it is told", () => {
  const seed = newSeed();
  const changed = [...seed].map((letter, at) => seed.slice(0, at) + (letter === "A" ? "B" : "A") + seed.slice(at + 1));
  const account = new TextDecoder().decode(createAccount().getSeed());
  const wrong = [...changed, seed.slice(1), seed.slice(0, -1), `${seed}AA`, seed.toLowerCase(), account, "", "\n"];
  for (const text of wrong) expect(() => readNKey(text), text).toThrow(/^not the seed of a NATS user$/);
});
