import type { Roster } from "@countersign/contracts/roster";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { canonicalHash } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { checkRoster } from "./check-roster.ts";
import { rosterText } from "./sign-roster.ts";

const first = { keyId: "root-1", ...generateKeyPair() };
const second = { keyId: "root-2", ...generateKeyPair() };
const roots = new Map([first, second].map((root) => [root.keyId, root.publicKey]));
const keyOf = (keyId: string, kind: "session" | "policy" = "session") => ({
  keyId,
  kind,
  publicKey: generateKeyPair().publicKey,
});
const cose = (hex: string) => Buffer.from(hex, "hex").toString("base64url");
const [x, y] = ["11".repeat(32), "22".repeat(32)];
const p256 = cose(`a5010203262001215820${x}225820${y}`);
const ed25519 = cose(`a4010103272006215820${x}`);
const passkey = { keyId: "phone", kind: "passkey" as const, credentialId: "abcd", publicKey: p256 };
const alice = { person: "alice", keys: [keyOf("alice-session"), passkey] };
const bob = { person: "bob", keys: [keyOf("bob-session")] };
const content: Roster = {
  type: "countersign.roster/1",
  version: 5,
  issuedAt: "2026-11-20T10:00:00.000Z",
  approvers: [alice, bob],
};
const signed = (change: Partial<Roster> = {}, by = [first, second]) => rosterText({ ...content, ...change }, by);
const changed = (edit: (file: { roster: { version: number }; signatures: { keyId: string }[] }) => void) => {
  const file = JSON.parse(signed());
  edit(file);
  return JSON.stringify(file);
};
const judge = (text: string, seen?: { version: number; hash: string }) => {
  const checked = checkRoster(text, roots, seen);
  return checked.outcome === "accepted" ? "accepted" : checked.reason;
};

describe("a roster counts only when every root has signed it", () => {
  test("signed by both roots -> accepted", () => expect(judge(signed())).toBe("accepted"));
  test("with passkeys of either algorithm, two of the same among them -> accepted", () => {
    const other = { ...passkey, keyId: "stick", credentialId: "efgh", publicKey: ed25519 };
    const second = {
      ...passkey,
      keyId: "watch",
      credentialId: "ijkl",
      publicKey: cose(`a5010203262001215820${y}225820${x}`),
    };
    expect(judge(signed({ approvers: [{ person: "alice", keys: [passkey, other, second] }] }))).toBe("accepted");
  });
  test("signed by both and by a root of later -> accepted", () => {
    expect(judge(signed({}, [first, second, { keyId: "root-3", ...generateKeyPair() }]))).toBe("accepted");
  });

  const stranger = generateKeyPair();
  /** The same 32 bytes: the lowest bit of the last letter means nothing. */
  const misspelt = (key: string) => {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return `${key.slice(0, -1)}${letters[letters.indexOf(key.slice(-1)) + 1]}`;
  };
  const twice = keyOf("twice");
  test.each<[string, string, RegExp]>([
    ["no JSON", "{", /no JSON/],
    ["another type", signed().replace("countersign.roster/1", "countersign.roster/2"), /roster\.type/],
    ["an unknown field", changed((file) => Object.assign(file.roster, { admin: true })), /admin/],
    ["an unknown field beside it", changed((file) => Object.assign(file, { admin: true })), /admin/],
    ["one signature missing", signed({}, [first]), /root-2 has not signed/],
    ["no signature", signed({}, []), /root-1 has not signed/],
    ["one by another key", signed({}, [first, { ...stranger, keyId: "root-2" }]), /root-2 does not verify/],
    ["one field changed after signing", changed((file) => Object.assign(file.roster, { version: 6 })), /not verify/],
    [
      "a root twice",
      changed((file) => file.signatures.push(...file.signatures.slice(0, 1))),
      /root-1 has signed twice/,
    ],
    [
      "a key id twice",
      signed({ approvers: [alice, { person: "bob", keys: [keyOf("phone")] }] }),
      /phone stands .* twice/,
    ],
    ["a person twice", signed({ approvers: [alice, { ...bob, person: "alice" }] }), /alice stands there twice/],
    [
      "one key for two people",
      signed({
        approvers: [
          { person: "alice", keys: [twice] },
          { person: "bob", keys: [{ ...twice, keyId: "other" }] },
        ],
      }),
      /under two ids/,
    ],
    [
      "one key for two people, spelled in two ways",
      signed({
        approvers: [
          { person: "alice", keys: [twice] },
          { person: "bob", keys: [{ ...twice, keyId: "other", publicKey: misspelt(twice.publicKey) }] },
        ],
      }),
      /not the one spelling/,
    ],
    [
      "one passkey for two people, its public key spelled in two ways",
      signed({
        approvers: [
          { person: "alice", keys: [passkey] },
          { person: "bob", keys: [{ ...passkey, keyId: "other", credentialId: "zzzz", publicKey: misspelt(p256) }] },
        ],
      }),
      /not the one spelling/,
    ],
    [
      "one passkey for two people",
      signed({ approvers: [alice, { person: "bob", keys: [{ ...passkey, keyId: "other", publicKey: ed25519 }] }] }),
      /under two ids/,
    ],
    [
      "the session key of one person as the passkey of another",
      signed({
        approvers: [
          { person: "alice", keys: [{ ...twice, publicKey: cose(x) }] },
          { person: "bob", keys: [{ ...passkey, keyId: "other", publicKey: ed25519 }] },
        ],
      }),
      /under two ids/,
    ],
    ...[
      ["in another order", `a5032601022001215820${x}225820${y}`],
      ["with a length in two bytes", `a501020326200121590020${x}225820${y}`],
      ["with a key besides", `a60102032620012158 20${x}225820${y}0401`.replace(" ", "")],
      ["with bytes behind it", `a5010203262001215820${x}225820${y}00`],
      ["of another algorithm", `a501020338222001215820${x}225820${y}`],
      ["that is none", "00"],
    ].map(([how, hex = ""]): [string, string, RegExp] => [
      `a passkey's public key ${how}`,
      signed({
        approvers: [
          alice,
          { person: "bob", keys: [{ ...passkey, keyId: "other", credentialId: "zzzz", publicKey: cose(hex) }] },
        ],
      }),
      /other is no ES256 or EdDSA key in canonical COSE/,
    ]),
    [
      "a person with a policy's key",
      signed({ approvers: [{ person: "alice", keys: [keyOf("one"), keyOf("two", "policy")] }] }),
      /of a person and of a policy/,
    ],
  ])("%s -> refused, and it says why", (_, text, reason) => expect(judge(text)).toMatch(reason));

  test("no roots at all -> refused", () => {
    expect(checkRoster(signed(), new Map(), undefined).outcome).toBe("refused");
  });
});

describe("a roster never goes back", () => {
  const hash = canonicalHash(content);
  test("the version that was seen -> accepted; one lower -> refused; one higher -> accepted", () => {
    expect(judge(signed(), { version: 5, hash })).toBe("accepted");
    expect(judge(signed({ version: 4 }), { version: 5, hash })).toMatch(/version 4 is older than version 5/);
    expect(judge(signed({ version: 6 }), { version: 5, hash })).toBe("accepted");
  });
  test("the version that was seen with another content -> refused", () => {
    expect(judge(signed({ approvers: [alice] }), { version: 5, hash })).toMatch(/another content/);
  });
});
