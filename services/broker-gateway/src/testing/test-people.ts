import type { ApprovalStatement, SignedApproval } from "@countersign/contracts/order";
import { sign } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { testPasskey } from "@countersign/roster/testing/test-passkey";
import { testRoster } from "@countersign/roster/testing/test-roster";

const PASSKEYS = { rpId: "localhost", origin: "http://localhost:8080" };

/** Who may sign in the tests of the gateway: alice and bob with session keys, carol and dave with passkeys, and an agent. */
export class TestPeople {
  readonly #passkeys = ["carol", "dave"].map((person) => testPasskey(person, PASSKEYS));
  readonly #roster = testRoster(
    ["alice", "bob", "agent-1"],
    this.#passkeys.map(({ approver }) => approver),
    PASSKEYS,
  );
  readonly roster = this.#roster.roster;
  readonly rootsText = this.#roster.rootsText;

  write(keysDir: string): void {
    this.#roster.write(keysDir);
  }

  /** By the approver's session key, or by another key in its name. */
  sign(statement: ApprovalStatement, privateKeyPem?: string): SignedApproval {
    const key = this.#roster.keyOf(statement.approver);
    const signature = sign(privateKeyPem ?? key.privateKeyPem, canonicalJson(statement));
    return { statement, keyId: key.keyId, signature };
  }

  /** By the approver's passkey. */
  byPasskey(statement: ApprovalStatement): SignedApproval {
    const found = this.#passkeys.find(({ approver }) => approver.person === statement.approver);
    if (found === undefined) throw new Error(`${statement.approver} has no passkey`);
    return found.approve(statement);
  }
}
