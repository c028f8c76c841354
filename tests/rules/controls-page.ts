import { table } from "../../contracts/generate/markdown.ts";
import { RULES } from "../../services/risk-gate/src/rules/registry.ts";
import { CONTROLS } from "./controls.ts";
import { GENERATED } from "./page.ts";
import { REFERENCE_RULES, SETTINGS } from "./reference.ts";

/** The rules whose source names a control by its number: "control 1", "controls 18, 24". */
export function rulesOfControl(number: number): readonly string[] {
  return RULES.filter(({ source }) => numbersIn(source).includes(number)).map(({ name }) => name);
}

function numbersIn(source: string): number[] {
  return [...source.matchAll(/controls? ([0-9]+(?:, [0-9]+)*)/g)].flatMap(([, list = ""]) =>
    list.split(", ").map(Number),
  );
}

/** The rules whose source names a rule of the reference by its letter. */
export function rulesOfReference(id: string): readonly string[] {
  return RULES.filter(({ source }) => new RegExp(`\\b${id}\\b`).test(source)).map(({ name }) => name);
}

const linked = (names: readonly string[]) =>
  names.map((name) => `[${name}](rules.md#${name.toLowerCase()})`).join(", ");

const paths = (places: readonly string[]) => places.map((path) => `[${path}](../../${path})`);
const held = (rules: readonly string[], places: readonly string[]) =>
  [linked(rules), ...paths(places)].filter((text) => text !== "").join(", ");

/** docs/generated/controls.md: each control with the rules and places that hold it. */
export function controlsPage(): string {
  const head = ["what", "held by", "what is judged", "not done, and why"];
  const controls = Object.entries(CONTROLS).map(([number, { title, places, judged, not = "" }]) => {
    return [number, title, held(rulesOfControl(Number(number)), places), judged, not];
  });
  const reference = Object.entries(REFERENCE_RULES).map(([id, { title, judged, not = "" }]) => {
    return [id, title, held(rulesOfReference(id), []), judged, not];
  });
  const settings = SETTINGS.map(({ source, title, rules, places, judged, not = "" }) => {
    return [source, title, held(rules, places), judged, not];
  });
  return [
    "# Controls and where they are",
    GENERATED,
    "The controls of pre-trade and at-trade risk. Rules of the gate are found by the number that they name as their source; what is no rule is held at the place beside it.",
    table(["control", ...head], controls),
    "## Rules of the reference",
    table(["rule", ...head], reference),
    "## Safety settings of comparable systems",
    "C1 to C3: checks of orders. G: numbers. I: configuration.",
    table(["from", ...head], settings),
    "",
  ].join("\n\n");
}
