import { existsSync } from "node:fs";

/** What is mutated together, and the quick tests that have to notice. Paths from the root of the project; all tests are pure. */
export interface Group {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

/** Tells the test runner, which is a process of its own, which tests to run: their patterns as JSON. */
export const TESTS_VARIABLE = "COUNTERSIGN_MUTATION_TESTS";

export const GROUPS: Readonly<Record<string, Group>> = {
  life: {
    mutate: ["contracts/src/life.ts"],
    tests: ["contracts/src/life.test.ts"],
  },
  approval: {
    mutate: [
      "libs/roster/src/verify-approvals.ts",
      "libs/roster/src/verify-signature.ts",
      "libs/roster/src/check-roster.ts",
      "services/approval/src/check-approval.ts",
      "services/broker-gateway/src/submit/verify-approval.ts",
      "services/broker-gateway/src/submit/check-log.ts",
      "services/broker-gateway/src/submit/judged.ts",
      "services/risk-gate/src/reduce/smaller-terms.ts",
      "contracts/src/demand.ts",
      "libs/orders/src/confirmations.ts",
      "libs/orders/src/demand.ts",
    ],
    tests: [
      "libs/orders/src/confirmations.test.ts",
      "libs/orders/src/demand.test.ts",
      "libs/roster/src/check-roster.test.ts",
      "libs/roster/src/passkey.test.ts",
      "libs/roster/src/roster.test.ts",
      "libs/roster/src/verify-approvals.test.ts",
      "services/approval/src/check-approval.test.ts",
      "services/broker-gateway/src/submit/verify-approval.test.ts",
      "services/broker-gateway/src/submit/check-log.test.ts",
      "services/broker-gateway/src/submit/judged.test.ts",
      "services/risk-gate/src/reduce/smaller-terms.test.ts",
    ],
  },
  standing: {
    mutate: [
      "services/approval/src/policy/assess.ts",
      "services/approval/src/policy/check.ts",
      "services/approval/src/policy/checks/*.ts",
      "services/approval/src/policy/exchange-time.ts",
      "services/approval/src/policy/periods.ts",
      "services/broker-gateway/src/submit/verify-policy.ts",
    ],
    tests: [
      "services/approval/src/policy/assess.test.ts",
      "services/approval/src/policy/exchange-time.test.ts",
      "services/approval/src/policy/findings.test.ts",
      "services/broker-gateway/src/submit/verify-policy.test.ts",
    ],
  },
  kill: {
    mutate: [
      "contracts/src/control.ts",
      "libs/bus/src/control-state.ts",
      "libs/bus/src/control-view.ts",
      "services/admin-api/src/reset-rules.ts",
    ],
    tests: [
      "contracts/src/control.test.ts",
      "libs/bus/src/control-state.test.ts",
      "libs/bus/src/control-view.test.ts",
      "services/admin-api/src/loosening.test.ts",
    ],
  },
  rules: {
    mutate: [
      "services/risk-gate/src/judge.ts",
      "services/risk-gate/src/rules/*.ts",
      "!services/risk-gate/src/rules/*.test.ts",
      "!services/risk-gate/src/rules/registry.ts",
    ],
    tests: [
      "services/risk-gate/src/rules/*.test.ts",
      "services/risk-gate/src/ablation.test.ts",
      "services/risk-gate/src/judge.test.ts",
      "services/risk-gate/src/policy.test.ts",
    ],
  },
  record: {
    mutate: ["libs/tlog/src/*.ts", "!libs/tlog/src/*.test.ts", "services/cli/src/audit-log/read-folder.ts"],
    tests: ["libs/tlog/src/*.test.ts", "services/cli/src/audit-log/{folder,proof}.test.ts"],
  },
  reconciler: {
    mutate: [
      "services/broker-gateway/src/reconcile/settle.ts",
      "services/broker-gateway/src/fold/plan.ts",
      "services/broker-gateway/src/close/settlement.ts",
      "libs/orders/src/absences.ts",
    ],
    tests: [
      "libs/orders/src/absences.test.ts",
      "services/broker-gateway/src/reconcile/reading.test.ts",
      "services/broker-gateway/src/reconcile/settle.test.ts",
      "services/broker-gateway/src/fold/drafts.test.ts",
      "services/broker-gateway/src/fold/other-side.test.ts",
      "services/broker-gateway/src/fold/plan.test.ts",
      "services/broker-gateway/src/fold/words.test.ts",
      "services/broker-gateway/src/close/settlement.test.ts",
    ],
  },
};

/** Throws when there is no group of that name. */
export function groupOf(name: string | undefined): Group {
  const group = GROUPS[name ?? ""];
  if (group === undefined) throw new RangeError(`no group ${name}; there are: ${Object.keys(GROUPS).join(", ")}`);
  return group;
}

/** Of a group only the named files, without folder and ending, and the tests beside them that are named like them. */
export function onlyOf({ mutate }: Group, names: readonly string[]): Group {
  const folders = [
    ...new Set(mutate.filter((path) => !path.startsWith("!")).map((path) => path.replace(/[^/]+$/, ""))),
  ];
  const inFolders = (ending: string) =>
    folders.flatMap((folder) => names.map((name) => `${folder}${name}${ending}`)).filter((path) => existsSync(path));
  return { mutate: inFolders(".ts"), tests: inFolders(".test.ts") };
}
