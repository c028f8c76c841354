import { readFileSync, statSync } from "node:fs";
import type { Roster as Content, RosterKey } from "@countersign/contracts/roster";
import { type Checked, checkRoster } from "./check-roster.ts";
import type { PasskeySettings } from "./passkey.ts";
import type { Roots } from "./roots.ts";
import type { SeenVersion } from "./seen-version.ts";

/** A key of the roster and whose it is. */
export interface OwnedKey {
  readonly person: string;
  readonly key: RosterKey;
}

export type RosterStatus =
  | { readonly ok: true; readonly version: number; readonly hash: string }
  | { readonly ok: false; readonly reason: string };

/** Who may approve, as it stands at the moment of each question. While there is no roster to rely on, nobody may. */
export interface Roster {
  status(): RosterStatus;
  /** undefined: not on the roster. */
  keyOf(keyId: string): OwnedKey | undefined;
  /** Empty: this person is not on the roster. */
  keysOf(person: string): readonly RosterKey[];
  /** Where passkeys are used; absent: none are accepted. */
  readonly passkeys?: PasskeySettings;
}

export interface RosterSource {
  readonly file: string;
  readonly roots: Roots;
  readonly seen: SeenVersion;
  readonly passkeys?: PasskeySettings;
}

/**
 * The roster in a file, looked at anew for every question and read again when it has changed. Missing, malformed, not
 * signed by every root or older than before: refused until a good one lies there; the last good one does not live on.
 */
export function rosterInFile(given: RosterSource): Roster {
  let stamp: string | undefined;
  let now = view({ outcome: "refused", reason: "not read yet" });
  const current = () => {
    const found = stampOf(given.file);
    if (found === stamp && found !== undefined) return now;
    stamp = found;
    now = view(found === undefined ? { outcome: "refused", reason: `${given.file} is missing` } : read(given));
    return now;
  };
  return {
    status: () => current().status,
    keyOf: (keyId) => current().byId.get(keyId),
    keysOf: (person) => current().byPerson.get(person) ?? [],
    ...(given.passkeys !== undefined && { passkeys: given.passkeys }),
  };
}

/** A roster that does not change: for tests and for tools. */
export function rosterOf(content: Content, hash: string, passkeys?: PasskeySettings): Roster {
  const { status, byId, byPerson } = view({ outcome: "accepted", roster: content, hash });
  return {
    status: () => status,
    keyOf: (keyId) => byId.get(keyId),
    keysOf: (person) => byPerson.get(person) ?? [],
    ...(passkeys !== undefined && { passkeys }),
  };
}

function read({ file, roots, seen }: RosterSource): Checked {
  try {
    const checked = checkRoster(readFileSync(file, "utf8"), roots, seen.last());
    if (checked.outcome === "accepted") seen.note({ version: checked.roster.version, hash: checked.hash });
    return checked;
  } catch (error) {
    return { outcome: "refused", reason: error instanceof Error ? error.message : String(error) };
  }
}

function view(checked: Checked) {
  const approvers = checked.outcome === "accepted" ? checked.roster.approvers : [];
  const status: RosterStatus =
    checked.outcome === "accepted"
      ? { ok: true, version: checked.roster.version, hash: checked.hash }
      : { ok: false, reason: checked.reason };
  const owned = approvers.flatMap(({ person, keys }) => keys.map((key): OwnedKey => ({ person, key })));
  return {
    status,
    byId: new Map(owned.map((one) => [one.key.keyId, one])),
    byPerson: new Map(approvers.map(({ person, keys }) => [person, keys])),
  };
}

/** undefined: no file. */
function stampOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat && `${stat.mtimeMs} ${stat.ctimeMs} ${stat.size} ${stat.ino}`;
}

/** The check for a heartbeat: whether anybody may approve now, and why not. */
export function rosterCheck(roster: Pick<Roster, "status">) {
  return {
    name: "roster",
    check: async () => {
      const status = roster.status();
      return { ok: status.ok, detail: status.ok ? `version ${status.version}` : status.reason.slice(0, 300) };
    },
  };
}
