// The one form in which an authenticator gives away a public key of the two algorithms that a registration here allows:
// canonical CBOR (CTAP 2.1 section 8) of a COSE key (RFC 9053 section 7), as WebAuthn asks for it (section 6.5.1.1).

/** ES256 on P-256: key type 2, algorithm -7, curve 1, x, y. */
const ES256 = /^a5010203262001215820[0-9a-f]{64}225820[0-9a-f]{64}$/;
/** EdDSA on Ed25519: key type 1, algorithm -8, curve 6, x. */
const EDDSA = /^a4010103272006215820([0-9a-f]{64})$/;

/** Whether these bytes, base64url, are the only way to write the key that they are: in another order it would look like a second one. */
export function isCanonicalCoseKey(publicKey: string): boolean {
  const hex = hexOf(publicKey);
  return ES256.test(hex) || EDDSA.test(hex);
}

/** The raw key of EdDSA, base64url, as session keys are written; undefined: it is one of ES256. */
export function ed25519Of(publicKey: string): string | undefined {
  const x = EDDSA.exec(hexOf(publicKey))?.[1];
  return x && Buffer.from(x, "hex").toString("base64url");
}

function hexOf(publicKey: string): string {
  return Buffer.from(publicKey, "base64url").toString("hex");
}
