import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Roster as Content, RosterApprover, RosterKey } from "@countersign/contracts/roster";
import { generateKeyPair, type KeyPair } from "@countersign/ids/ed25519";
import { canonicalHash } from "@countersign/ids/hash";
import { ROSTER_FILE } from "../open-roster.ts";
import type { PasskeySettings } from "../passkey.ts";
import { formatRoots, type Roots } from "../roots.ts";
import { type Roster, rosterOf } from "../roster.ts";
import { rosterText } from "../sign-roster.ts";

export interface TestRoster {
  /** For COUNTERSIGN_ROSTER_ROOTS. */
  readonly rootsText: string;
  readonly roots: Roots;
  readonly roster: Roster;
  /** The session key of a person on the roster; its id is `<person>-session`. */
  keyOf(person: string): KeyPair & { readonly keyId: string };
  /** The signed text; with other approvers or another version, still by the same root. */
  text(change?: Partial<Content>): string;
  write(keysDir: string, change?: Partial<Content>): void;
}

/** A roster for tests: these people, each with a session key, and whoever else is given; signed by a root of its own. */
export function testRoster(
  persons: readonly string[],
  others: readonly RosterApprover[] = [],
  passkeys?: PasskeySettings,
): TestRoster {
  const root = { keyId: "root", ...generateKeyPair() };
  const roots = new Map([[root.keyId, root.publicKey]]);
  const keys = new Map(persons.map((person) => [person, { keyId: `${person}-session`, ...generateKeyPair() }]));
  const approvers = [...keys].map(([person, { keyId, publicKey }]) => {
    const key: RosterKey = { keyId, kind: "session", publicKey };
    return { person, keys: [key] };
  });
  const content: Content = {
    type: "countersign.roster/1",
    version: 1,
    issuedAt: "2026-11-20T10:00:00.000Z",
    approvers: [...approvers, ...others],
  };
  const text = (change: Partial<Content> = {}) => rosterText({ ...content, ...change }, [root]);
  return {
    rootsText: formatRoots(roots),
    roots,
    roster: rosterOf(content, canonicalHash(content), passkeys),
    keyOf: (person) => {
      const key = keys.get(person);
      if (key === undefined) throw new Error(`${person} is not on the test's roster`);
      return key;
    },
    text,
    write: (keysDir, change) => writeFileSync(join(keysDir, ROSTER_FILE), text(change)),
  };
}
