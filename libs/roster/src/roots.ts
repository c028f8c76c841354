import { ConfigError } from "@countersign/config/config-error";
import { Base64Url, PrincipalId } from "@countersign/contracts/primitives";
import { isOneSpelling } from "@countersign/ids/ed25519";

/** The public keys that a roster must be signed by, all of them: key id -> raw Ed25519 public key, base64url. */
export type Roots = ReadonlyMap<string, string>;

const ROOTS_MAX = 20;
const RawKey = Base64Url.length(43).refine(isOneSpelling);

/** Reads `id:key,id:key`. Empty, malformed, or with an id or a key twice: ConfigError. */
export function parseRoots(text: string): Roots {
  const roots = new Map<string, string>();
  for (const part of text.split(",")) {
    const [id = "", key = "", ...rest] = part.trim().split(":");
    const fits = PrincipalId.safeParse(id).success && RawKey.safeParse(key).success && rest.length === 0;
    if (!fits)
      throw new ConfigError("roots of the roster must be id:key with commas, key in base64url (43 characters)");
    if (roots.has(id)) throw new ConfigError(`the root ${id} stands there twice`);
    if ([...roots.values()].includes(key)) throw new ConfigError(`the root ${id} has the key of another root`);
    roots.set(id, key);
  }
  if (roots.size > ROOTS_MAX) throw new ConfigError(`more than ${ROOTS_MAX} roots`);
  return roots;
}

export function formatRoots(roots: Roots): string {
  return [...roots].map(([id, key]) => `${id}:${key}`).join(",");
}
