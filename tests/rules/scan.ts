import { files } from "../architecture/source-files.ts";

/** What a rule is shown to do. The calls are those of services/risk-gate/src/testing/rule-tests.ts, which fail when they show nothing. */
export const CALLS = ["denies", "boundary", "missingDenies", "property", "confirms", "passes"] as const;
export type Call = (typeof CALLS)[number];

export interface RuleTestFile {
  readonly path: string;
  readonly rule: string;
  /** The names of its tests, by what they show. */
  readonly names: Readonly<Record<Call, readonly string[]>>;
}

const RULE = /^.*\bruleTests\(\s*([a-zA-Z]+)/gm;
const NAMED = new RegExp(`^\\s*(${CALLS.join("|")})\\(\\s*"((?:[^"\\\\]|\\\\.)+)"`, "gm");

/** Every test file of a rule: one rule in each, called by its name. */
export function scanRuleTests(): readonly RuleTestFile[] {
  return files(/^services\/risk-gate\/src\/rules\/.*\.test\.ts$/).flatMap(({ path, text }) => {
    const rules = [...text.matchAll(RULE)].map(([, rule = ""]) => rule);
    const [rule] = rules;
    if (rule === undefined) return [];
    if (rules.length > 1) throw new Error(`${path} tests several rules: one file for each`);
    const named = [...text.matchAll(NAMED)];
    const of = (call: Call) => named.flatMap(([, found, name = ""]) => (found === call ? [name] : []));
    const names = {
      ...{ denies: of("denies"), boundary: of("boundary"), missingDenies: of("missingDenies") },
      ...{ property: of("property"), confirms: of("confirms"), passes: of("passes") },
    };
    return [{ path, rule, names }];
  });
}
