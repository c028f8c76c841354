import { RosterKey } from "@countersign/contracts/roster";
import type { PasskeyKey, PasskeySettings } from "./passkey.ts";

/** What a browser is asked in order to make a passkey; its form is the one of WebAuthn. */
export async function registrationOptions(
  settings: PasskeySettings,
  given: { person: string; known: readonly RosterKey[] },
): Promise<{ challenge: string; [name: string]: unknown }> {
  const { generateRegistrationOptions } = await import("@simplewebauthn/server");
  const passkeys = given.known.filter((key) => key.kind === "passkey");
  return {
    ...(await generateRegistrationOptions({
      rpName: "Countersign",
      rpID: settings.rpId,
      userName: given.person,
      userID: new Uint8Array(Buffer.from(given.person, "utf8")),
      attestationType: "none",
      excludeCredentials: passkeys.map(({ credentialId }) => ({ id: credentialId })),
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      supportedAlgorithmIDs: [-8, -7],
    })),
  };
}

/** The answer of the browser, as far as it matters. */
export interface RegistrationResponse {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly attestationObject: string;
}

/** The key for the roster, or why the answer is none. The key counts only when the roots have signed a roster with it. */
export async function registeredKey(
  settings: PasskeySettings,
  given: { keyId: string; challenge: string; response: RegistrationResponse },
): Promise<PasskeyKey | string> {
  const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
  const { id, clientDataJSON, attestationObject } = given.response;
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: given.challenge,
      expectedOrigin: settings.origin,
      expectedRPID: settings.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: [-8, -7],
    });
    if (!verified || registrationInfo === undefined) return "the registration does not verify";
    const { id: credentialId, publicKey } = registrationInfo.credential;
    const key = { keyId: given.keyId, kind: "passkey", credentialId, publicKey: toText(publicKey) };
    const parsed = RosterKey.parse(key);
    return parsed.kind === "passkey" ? parsed : "no passkey";
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 300) : String(error);
  }
}

const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
