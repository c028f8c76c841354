/** Account ids of IB: individual, advisor and institutional ones, paper (D…) or live. */
const ACCOUNT = /(?<![A-Za-z0-9])(D?[FIU])([0-9]{5,9})(?=[A-Z]?(?![A-Za-z0-9]))/g;

/**
 * Replaces each account by another of the same length: the prefix stays, the digits become its number in the order of
 * appearance. The same account gets the same replacement for the life of the scrubber, so that a text stays consistent
 * in itself. An id of another form is replaced only after it was learned.
 */
export class AccountScrubber {
  readonly #replacements = new Map<string, string>();
  /** Ids that the pattern does not find, longest first. */
  #learned: string[] = [];

  learn(accounts: readonly string[]): void {
    for (const account of accounts) {
      if (account === "" || this.#replacements.has(account)) continue;
      const known = account.replace(ACCOUNT, "") === "";
      this.#replacement(account, known ? account.replace(/[0-9]+$/, "") : "");
      if (known) continue;
      this.#learned = [...this.#learned, account].sort((left, right) => right.length - left.length);
    }
  }

  scrub(text: string): string {
    let scrubbed = text;
    for (const account of this.#learned) {
      if (scrubbed.includes(account)) scrubbed = scrubbed.replaceAll(account, this.#replacement(account, ""));
    }
    return scrubbed.replace(ACCOUNT, (account: string, prefix: string) => this.#replacement(account, prefix));
  }

  #replacement(account: string, prefix: string): string {
    const known = this.#replacements.get(account);
    if (known !== undefined) return known;
    const number = String(this.#replacements.size + 1);
    const replacement = prefix + number.padStart(account.length - prefix.length, "0");
    this.#replacements.set(account, replacement);
    return replacement;
  }
}
