import { call } from "./api.js";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** A passkey works on one origin only; elsewhere the browser would say so in words that help nobody. */
function demandOrigin(origin) {
  if (location.origin !== origin) throw new Error(`Passkeys work at ${origin}: open this page there.`);
}

/** Has the person's authenticator sign the ticket that was shown and what was `said` to it, and hands the signature over. */
export async function approveWithPasskey(view, said) {
  const path = `/api/v1/proposals/${view.proposalId}`;
  const asked = await call("POST", `${path}/passkey-question`, said);
  demandOrigin(asked.origin);
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(asked.challenge),
      rpId: asked.rpId,
      allowCredentials: asked.credentialIds.map((id) => ({ type: "public-key", id: toBytes(id) })),
      userVerification: "required",
      timeout: asked.timeoutMs,
    },
  });
  const { authenticatorData, clientDataJSON, signature } = credential.response;
  const passkey = {
    credentialId: toText(credential.rawId),
    authenticatorData: toText(authenticatorData),
    clientDataJSON: toText(clientDataJSON),
    signature: toText(signature),
  };
  return call("POST", `${path}/approve-with-passkey`, { challenge: asked.challenge, passkey });
}

/** Makes a passkey and gives the entry for the roster, which somebody with the root keys has to sign. */
export async function registerPasskey(name) {
  const { origin, options } = await call("POST", "/api/v1/passkeys/question");
  demandOrigin(origin);
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: options.excludeCredentials.map((one) => ({ ...one, id: toBytes(one.id) })),
  };
  const credential = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = credential.response;
  const response = {
    id: toText(credential.rawId),
    clientDataJSON: toText(clientDataJSON),
    attestationObject: toText(attestationObject),
  };
  return call("POST", "/api/v1/passkeys/entry", { name, challenge: options.challenge, response });
}
