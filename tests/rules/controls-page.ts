import { table } from "../../contracts/generate/markdown.ts";
import { RULES } from "../../services/risk-gate/src/rules/registry.ts";
import { CONTROLS, REFERENCE_RULES } from "./controls.ts";
import { GENERATED } from "./page.ts";

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

/** docs/generated/controls.md: each control with the rules and places that hold it. */
export function controlsPage(): string {
  const controls = Object.entries(CONTROLS).map(([number, { title, places, lacks }]) => {
    const links = places.map((path) => `[${path}](../../${path})`).join(", ");
    return [number, title, linked(rulesOfControl(Number(number))), links, lacks ?? ""];
  });
  const reference = Object.entries(REFERENCE_RULES).map(([id, title]) => [id, title, linked(rulesOfReference(id))]);
  return [
    "# Controls and where they are",
    GENERATED,
    "The controls of pre-trade and at-trade risk. Rules of the gate are found by the number that they name as their source; what is no rule is held at the place beside it.",
    table(["control", "what", "rules", "places", "not there"], controls),
    "## Rules of the reference",
    table(["rule", "what", "rules here"], reference),
    "",
  ].join("\n\n");
}
