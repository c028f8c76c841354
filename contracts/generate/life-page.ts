import { EVENTS, FACETS, NOTES, type OrderEvent, REMARKS, STATES, type State, TRANSITIONS } from "../src/life.ts";
import { GENERATED, table } from "./markdown.ts";

const states = Object.keys(STATES) as State[];

interface Edge {
  readonly from: State;
  readonly event: OrderEvent;
  readonly to: State;
}

function edges(): Edge[] {
  return states.flatMap((from) =>
    (Object.entries(TRANSITIONS[from]) as [OrderEvent, State][]).map(([event, to]) => ({ from, event, to })),
  );
}

/** One arrow for each pair of states, with all its events. */
function arrows(all: readonly Edge[]): string[] {
  const byPair = Map.groupBy(all, ({ from, to }) => `${from} --> ${to}`);
  return [...byPair].map(([arrow, group]) => `  ${arrow} : ${group.map(({ event }) => event).join(", ")}`);
}

/** The usual path first: the ugly rows make a picture with everything unreadable. */
const isUgly = ({ from, to }: Edge) => [from, to].some((state) => state === "UNKNOWN" || state === "DISPUTED");

function diagram(all: readonly Edge[], withEnds: boolean): string {
  const shown = states.filter((state) => all.some(({ from, to }) => from === state || to === state));
  const ends = shown.filter((state) => STATES[state].terminal).map((state) => `  ${state} --> [*]`);
  const start = withEnds ? ["  [*] --> PROPOSED : proposed"] : [];
  return ["```mermaid", "stateDiagram-v2", ...start, ...arrows(all), ...(withEnds ? ends : []), "```"].join("\n");
}

/** docs/generated/order-life.md: the life of an order as the table has it. */
export function lifePage(): string {
  const all = edges();
  const stateRows = states.map((state) => [`\`${state}\``, STATES[state].terminal ? "final" : "", STATES[state].text]);
  const eventRows = (Object.keys(EVENTS) as OrderEvent[]).map((event) => [
    `\`${event}\``,
    EVENTS[event].facet,
    EVENTS[event].text,
  ]);
  const edgeRows = all.map(({ from, event, to }) => [`\`${from}\``, `\`${event}\``, `\`${to}\``]);
  return [
    "# The life of an order",
    GENERATED,
    `An order has ${FACETS.length} logs, one for each author: ${FACETS.join(", ")}. Whatever is not in the table below does not happen.`,
    "## The usual way",
    diagram(
      all.filter((edge) => !isUgly(edge) && edge.from !== edge.to),
      true,
    ),
    "## When nobody knows, or the broker contradicts",
    diagram(
      all.filter((edge) => isUgly(edge) && edge.from !== edge.to),
      false,
    ),
    "## States",
    table(["state", "", "meaning"], stateRows),
    "## Events",
    table(["event", "log", "meaning"], eventRows),
    `From the intent on ${NOTES.map((event) => `\`${event}\``).join(", ")} are noted in whatever state the order is, and leave it there.`,
    `From the admission on the same holds for ${REMARKS.map((event) => `\`${event}\``).join(", ")}.`,
    "## Every edge",
    table(["from", "event", "to"], edgeRows),
    "",
  ].join("\n\n");
}
