import type { ApprovalStatement, SignedApproval, Ticket } from "@countersign/contracts/order";
import { createSigner, generateKeyPair } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { rosterOf } from "@countersign/roster/roster";

const KEYS = generateKeyPair();
const KEY_ID = "operator-session";
export const POLICY_KEY_ID = "standing-policy";
const signReally = createSigner(KEYS.privateKeyPem);

const content = {
  type: "countersign.roster/1" as const,
  version: 1,
  issuedAt: "2026-01-01T00:00:00.000Z",
  approvers: [
    ...["operator", "agent-0"].map((person) => ({
      person,
      keys: [{ keyId: `${person}-session`, kind: "session" as const, publicKey: KEYS.publicKey }],
    })),
    { person: POLICY_KEY_ID, keys: [{ keyId: POLICY_KEY_ID, kind: "policy" as const, publicKey: KEYS.publicKey }] },
  ],
};

/** One approver, an agent who has got a key of an approver, and a policy. */
export const ROSTER = rosterOf(content, canonicalHash(content));

/** What was sealed in this schedule, and with what: nobody else can make a seal. */
let seals = new Map<string, string>();

/** Of the schedule before nothing counts. */
export function forgetSeals(): void {
  seals = new Map();
}

/** In most schedules a seal stands in for the signature, which would take most of the time. */
function sealOf(text: string): string {
  const known = seals.get(text);
  if (known !== undefined) return known;
  const seal = `seal-${seals.size}`;
  seals.set(text, seal);
  return seal;
}

export function isSealed(text: string, signature: string): boolean {
  return seals.get(text) === signature;
}

/** A signature as this schedule has them. */
export function sealOrSign(text: string, really: boolean): string {
  return really ? signReally(text) : sealOf(text);
}

export interface Signing {
  readonly at: string;
  readonly expiresAt: string;
  readonly nonce: string;
  /** Real Ed25519. */
  readonly really: boolean;
  readonly approver?: string;
  /** Changes after the signature was made. */
  readonly change?: (statement: ApprovalStatement) => ApprovalStatement;
}

export function countersign(ticket: Ticket, ticketHash: string, signing: Signing): SignedApproval {
  const { at, expiresAt, nonce, really, approver = "operator", change = (same) => same } = signing;
  const said = { ticket, ticketHash, approver, approvedAt: at, expiresAt, reason: null, nonce };
  const statement: ApprovalStatement = { type: "countersign.approval/1", ...said };
  const text = canonicalJson(statement);
  const signature = sealOrSign(text, really);
  return { statement: change(statement), keyId: approver === "operator" ? KEY_ID : `${approver}-session`, signature };
}
