import { ConfigError } from "@countersign/config/load";
import type { ApprovalStatement, PasskeyAssertion } from "@countersign/contracts/order";
import type { RosterKey } from "@countersign/contracts/roster";
import { canonicalJson, sha256 } from "@countersign/ids/hash";

/** The one page on which passkeys are used. What was signed for another page does not count. */
export interface PasskeySettings {
  /** `https://countersign.example`, or `http://localhost:4002` on one machine. */
  readonly origin: string;
  /** Its host name: passkeys are bound to it. */
  readonly rpId: string;
}

export type PasskeyKey = Extract<RosterKey, { kind: "passkey" }>;

/** Reads an origin. Browsers give passkeys to https and to localhost only, and never to an address of numbers. */
export function parseApprovalOrigin(text: string): PasskeySettings {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url?.protocol === "http:" && url.hostname === "localhost";
  const isNamed = url?.protocol === "https:" && !/^[0-9.]+$|^\[/.test(url.hostname);
  if (url === undefined || url.origin !== text || !(isLocal || isNamed)) {
    throw new ConfigError(`${text} is no origin for passkeys: https://host[:port], or http://localhost:port`);
  }
  return { origin: text, rpId: url.hostname };
}

/** What the authenticator is asked to sign: SHA-256 of the canonical statement, and so of the whole ticket. Base64url. */
export function challengeOf(statement: ApprovalStatement): string {
  return sha256(canonicalJson(statement)).toString("base64url");
}

/**
 * Why this assertion is not the person's signature under this statement; undefined: it is. User verification, the page and
 * the challenge are demanded. The library is loaded by the first passkey and not before.
 */
export async function assertionRefusal(
  settings: PasskeySettings,
  key: PasskeyKey,
  given: { statement: ApprovalStatement; passkey: PasskeyAssertion },
): Promise<string | undefined> {
  const { credentialId, ...response } = given.passkey;
  if (credentialId !== key.credentialId) return "it was made with another credential";
  if (isCrossOrigin(response.clientDataJSON)) return "it was made inside another page";
  const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: credentialId,
        rawId: credentialId,
        type: "public-key",
        response,
        clientExtensionResults: {},
      },
      expectedChallenge: challengeOf(given.statement),
      expectedOrigin: settings.origin,
      expectedRPID: settings.rpId,
      requireUserVerification: true,
      credential: {
        id: key.credentialId,
        publicKey: new Uint8Array(Buffer.from(key.publicKey, "base64url")),
        counter: 0,
      },
    });
    return verified && authenticationInfo.userVerified ? undefined : "the signature does not verify";
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 300) : String(error);
  }
}

/** How often the authenticator says it has signed; 0: it does not count, as those that are synchronised do not. */
export function signCountOf({ authenticatorData }: PasskeyAssertion): number {
  const bytes = Buffer.from(authenticatorData, "base64url");
  return bytes.length >= 37 ? bytes.readUInt32BE(33) : 0;
}

function isCrossOrigin(clientDataJSON: string): boolean {
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8"));
    return typeof data !== "object" || data === null || ("crossOrigin" in data && data.crossOrigin !== false);
  } catch {
    return true;
  }
}
