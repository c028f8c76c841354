import type { Mutant } from "./mutants.ts";

const POLICY = "services/approval/src/policy";

export const POLICY_MUTANTS: readonly Mutant[] = [
  {
    name: "policy approves under REDUCE_ONLY",
    patches: [
      {
        file: `${POLICY}/checks/standing.ts`,
        from: 'if (kill.level !== "ACTIVE") return fail(',
        to: 'if (kill.level === "HALTED") return fail(',
      },
      {
        file: "services/broker-gateway/src/submit/verify-policy.ts",
        from: 'if (input.level !== "ACTIVE") return denied(',
        to: 'if (input.level === "HALTED") return denied(',
      },
      {
        // What stops policies alone would stop it too: a level above it says the same.
        file: "libs/bus/src/control-view.ts",
        from: 'return level === "ACTIVE" ? this.#state.autoOff(scopes) : reason;',
        to: "return this.#state.autoOff(scopes);",
      },
    ],
  },
  {
    name: "throttle leaves the policy on",
    patches: [
      {
        file: `${POLICY}/use.ts`,
        from: 'turnsOff: ledger.mode === "on" && before + 1 >= throttle.max,',
        to: "turnsOff: before > throttle.max,",
      },
    ],
  },
  {
    name: "approved by policy beside its ledger",
    patches: [
      {
        file: `${POLICY}/engine.ts`,
        from: "if (await deps.ledger.append(entry)) {",
        to: "if (entry !== undefined) {",
      },
    ],
  },
  {
    name: "room of the policy taken twice",
    patches: [
      {
        file: "libs/bus/src/folded-log.ts",
        from: "        expectedSequence: this.#sequence,\n",
        to: "",
      },
    ],
  },
  {
    name: "policy on record as a person",
    patches: [
      {
        file: "contracts/src/approvals.ts",
        from: 'kind: by === "policy" ? "policy" : "operator"',
        to: 'kind: by === "policy" ? "operator" : "operator"',
      },
    ],
  },
];
