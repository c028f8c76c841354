import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { ROSTER_FILE } from "@countersign/roster/open-roster";
import { formatRoots } from "@countersign/roster/roots";
import { rosterText } from "@countersign/roster/sign-roster";
import { writeWhole } from "./write-whole.ts";

const ROOT = "local-root";
const PERSON = "operator";
/** As config/auto-approval.yaml names its key. */
const POLICY = "standing-policy";

/**
 * The roster of an embedded system, made once: one operator with a session key, signed by one root. The root's private
 * half lies beside the keys folder and not in it, because no service may know it. Gives the public half of the root.
 */
export function prepareRoster(dataDir: string): string {
  const folder = join(dataDir, "roots");
  const roots = join(folder, "roots.txt");
  if (existsSync(roots)) return readFileSync(roots, "utf8").trim();
  const keysDir = join(dataDir, "keys");
  const sessions = join(keysDir, "session-keys");
  for (const path of [folder, sessions]) mkdirSync(path, { recursive: true, mode: 0o700 });
  const root = { keyId: ROOT, ...generateKeyPair() };
  const session = generateKeyPair();
  const key = { keyId: `${PERSON}-session`, kind: "session" as const, publicKey: session.publicKey };
  const issuedAt = utcText(createSystemClock().nowMs());
  const policy = generateKeyPair();
  const policyKey = { keyId: POLICY, kind: "policy" as const, publicKey: policy.publicKey };
  const approvers = [
    { person: PERSON, keys: [key] },
    { person: POLICY, keys: [policyKey] },
  ];
  writeWhole(join(folder, `${ROOT}.pem`), root.privateKeyPem);
  writeWhole(join(sessions, `${PERSON}.pem`), session.privateKeyPem);
  writeWhole(join(keysDir, "policy-key.pem"), policy.privateKeyPem);
  writeWhole(
    join(keysDir, ROSTER_FILE),
    rosterText({ type: "countersign.roster/1", version: 1, issuedAt, approvers }, [root]),
  );
  // Last: its presence says that all the others are there.
  writeWhole(roots, `${formatRoots(new Map([[root.keyId, root.publicKey]]))}\n`);
  return formatRoots(new Map([[root.keyId, root.publicKey]]));
}
