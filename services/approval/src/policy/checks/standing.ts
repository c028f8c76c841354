import { type Check, fail, holds, missing, withPolicy } from "../check.ts";

/** Whether the policy is one that counts now, and whether anything forbids to act on it. */

export const policy: Check = {
  name: "policy",
  look: ({ document, mode }) => {
    if (document.state === "none") return missing("there is no policy");
    if (document.state === "invalid") return fail(document.reasons.join("; "));
    const { policy: found, ref, signers } = document;
    if (found.mode !== mode) return fail(`it is for ${found.mode}, this is ${mode}`);
    return holds(`signed by ${signers.map(({ person }) => person).join(" and ")}`, {
      value: `${ref.id} v${found.version}`,
    });
  },
};

/** One byte more or less is another policy, which nobody turned on. */
export const turnedOn: Check = {
  name: "turnedOn",
  look: ({ ledger, document }) => {
    if (ledger.mode === "off" || ledger.turnedOn === undefined) return fail("it is off");
    if (document.state === "none" || document.ref === undefined) return missing("there is no policy");
    const [limit, value] = [ledger.turnedOn.hash, document.ref.hash];
    return value === limit
      ? holds(`mode ${ledger.mode}`, { value, limit })
      : fail("another policy lies there than the one that was turned on", { value, limit });
  },
};

export const killSwitch: Check = {
  name: "killSwitch",
  look: ({ kill, autoOff, facts }) => {
    if (kill.level !== "ACTIVE") return fail(`${kill.level}: ${kill.reason}`, { value: kill.level, limit: "ACTIVE" });
    if (autoOff !== undefined) return fail(`policies are stopped: ${autoOff}`, { value: "AUTO_OFF", limit: "ACTIVE" });
    if ("missing" in facts || facts.kill.state === "missing") return missing("the gate does not say its level");
    const { level, reason } = facts.kill.value;
    const numbers = { value: level, limit: "ACTIVE" };
    return level === "ACTIVE" ? holds("ACTIVE here and at the gate", numbers) : fail(`${level}: ${reason}`, numbers);
  },
};

export const verdict: Check = {
  name: "verdict",
  look: ({ facts, ticket }) => {
    if ("missing" in facts) return missing(`the gate gave none: ${facts.missing}`);
    const { outcome, rules, policyHash } = facts.verdict;
    const failing = rules.filter((rule) => rule.outcome !== "pass").map(({ rule }) => rule);
    if (outcome !== "pass" || failing.length > 0)
      return fail(`denied, or a person's to confirm: ${failing.join(", ")}`);
    return policyHash === ticket.policyHash
      ? holds(`${rules.length} rules passed`)
      : fail("the gate's limits are others than those of the ticket");
  },
};

export const scope = withPolicy("scope", ({ policy: { accounts, agents }, ticket }) => {
  const { account } = ticket.terms;
  if (!accounts.includes(account)) return fail(`account ${account} is not named`, { value: account });
  if (!agents.includes(ticket.agent)) return fail(`agent ${ticket.agent} is not named`, { value: ticket.agent });
  return holds(`${ticket.agent} for ${account}`);
});
