import { createSign, generateKeyPairSync } from "node:crypto";
import type { ApprovalStatement, SignedApproval } from "@countersign/contracts/order";
import type { RosterApprover } from "@countersign/contracts/roster";
import { sha256 } from "@countersign/ids/hash";
import { challengeOf, type PasskeySettings } from "../passkey.ts";

export interface AssertionChange {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly crossOrigin?: boolean;
  /** 0x01: a person was there; 0x04: and was verified. */
  readonly flags?: number;
  readonly signCount?: number;
}

/** An authenticator in software: ES256, a counter, and everything that can be said wrongly. */
export function testPasskey(person: string, settings: PasskeySettings) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const [xBytes, yBytes] = [x, y].map((part) => Buffer.from(part, "base64url"));
  const cose = Buffer.concat([
    Buffer.from("a5010203262001215820", "hex"),
    xBytes ?? Buffer.alloc(0),
    Buffer.from("225820", "hex"),
    yBytes ?? Buffer.alloc(0),
  ]);
  const keyId = `${person}-passkey`;
  const credentialId = sha256(cose).toString("base64url");
  const approver: RosterApprover = {
    person,
    keys: [{ keyId, kind: "passkey", credentialId, publicKey: cose.toString("base64url") }],
  };
  let count = 0;
  const approve = (statement: ApprovalStatement, change: AssertionChange = {}): SignedApproval => {
    count += 1;
    const signCount = Buffer.alloc(4);
    signCount.writeUInt32BE(change.signCount ?? count);
    const rpIdHash = sha256(change.rpId ?? settings.rpId);
    const authenticatorData = Buffer.concat([rpIdHash, Buffer.from([change.flags ?? 0x05]), signCount]);
    const clientData = {
      type: change.type ?? "webauthn.get",
      challenge: change.challenge ?? challengeOf(statement),
      origin: change.origin ?? settings.origin,
      crossOrigin: change.crossOrigin ?? false,
    };
    const clientDataJSON = Buffer.from(JSON.stringify(clientData), "utf8");
    const signer = createSign("sha256").update(authenticatorData).update(sha256(clientDataJSON));
    const text = (bytes: Buffer) => bytes.toString("base64url");
    const passkey = {
      credentialId,
      authenticatorData: text(authenticatorData),
      clientDataJSON: text(clientDataJSON),
      signature: text(signer.sign(privateKey)),
    };
    return { statement, keyId, passkey };
  };
  return { approver, keyId, approve };
}
