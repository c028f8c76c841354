import type { Clock } from "@countersign/clock/clock";
import type { ApprovalStatement, PasskeyAssertion, SignedApproval } from "@countersign/contracts/order";
import type { RosterApprover } from "@countersign/contracts/roster";
import { challengeOf, type PasskeySettings } from "@countersign/roster/passkey";
import {
  type RegistrationResponse,
  registeredKey,
  registrationOptions,
} from "@countersign/roster/passkey-registration";
import type { Roster } from "@countersign/roster/roster";
import type { ApprovalSigner, ToApprove } from "./approval-signing.ts";
import { OpenQuestions } from "./open-questions.ts";
import { deny } from "./problem.ts";

/** So long a person may take; approval refuses a statement that is older. */
const LIFE_MS = 60_000;
const OPEN_MAX = 1_000;

/** What the browser needs to ask the authenticator. */
export interface PasskeyQuestion {
  readonly challenge: string;
  readonly statement: ApprovalStatement;
  readonly origin: string;
  readonly rpId: string;
  readonly credentialIds: string[];
  readonly timeoutMs: number;
}

/** Asks people for their passkeys. It holds no key: neither can it approve by itself nor add anybody to the roster. */
export class Passkeys {
  readonly #given: { readonly roster: Roster; readonly signer: ApprovalSigner };
  readonly #approvals: OpenQuestions<ApprovalStatement>;
  readonly #registrations: OpenQuestions<true>;

  constructor(given: { clock: Clock; roster: Roster; signer: ApprovalSigner }) {
    this.#given = given;
    this.#approvals = new OpenQuestions(given.clock, { max: OPEN_MAX, lifeMs: LIFE_MS });
    this.#registrations = new OpenQuestions(given.clock, { max: OPEN_MAX, lifeMs: LIFE_MS });
  }

  /** Whether this person could sign with a passkey here. */
  has(person: string): boolean {
    return this.#given.roster.passkeys !== undefined && this.#keysOf(person).length > 0;
  }

  /** Where a browser can sign for this proposal; null: passkeys are not set up. They work on this origin and no other. */
  pageOf(proposalId: string): string | null {
    const { passkeys } = this.#given.roster;
    return passkeys === undefined ? null : `${passkeys.origin}/proposals/${proposalId}`;
  }

  question(given: ToApprove): PasskeyQuestion {
    const { origin, rpId } = this.#settings();
    this.#requireRoster();
    const credentialIds = this.#keysOf(given.approver).map((key) => key.credentialId);
    if (credentialIds.length === 0) deny("NOT_AN_APPROVER", `${given.approver} has no passkey on the roster.`);
    const statement = this.#given.signer.statement(given);
    const challenge = challengeOf(statement);
    this.#approvals.ask(challenge, given.approver, statement);
    return { challenge, statement, origin, rpId, credentialIds, timeoutMs: LIFE_MS };
  }

  /** The answer with the statement it belongs to. Whether it is good is judged by approval and by the gateway. */
  answer(person: string, challenge: string, passkey: PasskeyAssertion): SignedApproval {
    const statement = this.#approvals.take(challenge, person);
    if (statement === undefined)
      return deny("PASSKEY_INVALID", "This challenge is not open: used, too old, or not yours.");
    this.#requireRoster();
    const key = this.#keysOf(person).find((one) => one.credentialId === passkey.credentialId);
    if (key === undefined) return deny("NOT_AN_APPROVER", "This passkey is not on the roster.");
    return { statement, keyId: key.keyId, passkey };
  }

  async registration(person: string) {
    const options = await registrationOptions(this.#settings(), { person, known: this.#given.roster.keysOf(person) });
    this.#registrations.ask(options.challenge, person, true);
    return { origin: this.#settings().origin, options };
  }

  /** The entry for the roster. It counts when the roots have signed a roster with it, and not before. */
  async register(
    person: string,
    given: { name: string; challenge: string; response: RegistrationResponse },
  ): Promise<RosterApprover> {
    const { name: keyId, challenge, response } = given;
    if (this.#registrations.take(challenge, person) === undefined) {
      deny("PASSKEY_INVALID", "This challenge is not open: used, too old, or not yours.");
    }
    const key = await registeredKey(this.#settings(), { keyId, challenge, response });
    if (typeof key === "string") return deny("PASSKEY_INVALID", key);
    return { person, keys: [key] };
  }

  #settings(): PasskeySettings {
    return (
      this.#given.roster.passkeys ??
      deny("PASSKEY_INVALID", "Passkeys are not set up: COUNTERSIGN_APPROVAL_ORIGIN is missing.")
    );
  }

  #requireRoster(): void {
    const status = this.#given.roster.status();
    if (!status.ok) deny("ROSTER_REFUSED", `No roster to rely on: ${status.reason}`);
  }

  #keysOf(person: string) {
    return this.#given.roster.keysOf(person).filter((key) => key.kind === "passkey");
  }
}
