import type { Mutant } from "./mutants.ts";

const CLAIM = "libs/bus/src/claim.ts";
const VIEW = "libs/bus/src/control-view.ts";

export const LOG_MUTANTS: readonly Mutant[] = [
  {
    name: "claim skipped",
    patches: [
      {
        file: CLAIM,
        from: "    const result = await bus.append(FACTS.claim, params, body, {",
        to: `    if (body.purpose === "send") return { outcome: "claimed", sequence: view.sequence() };
    const result = await bus.append(FACTS.claim, params, body, {`,
      },
    ],
  },
  {
    name: "claim against any control stream",
    patches: [{ file: CLAIM, from: "      expectedStreamSequence: view.sequence(),\n", to: "" }],
  },
  {
    name: "writer's epoch not checked",
    patches: [
      {
        file: CLAIM,
        from: `if (writer !== undefined && writer.epoch !== body.writerEpoch) return { outcome: "superseded" };`,
        to: "",
      },
      {
        file: "services/broker-gateway/src/open-writer.ts",
        from: "if (writer !== undefined && writer.epoch > writerEpoch)",
        to: "if (writer === undefined)",
      },
      {
        file: "services/broker-gateway/src/lease/writer-lease.ts",
        from: `this.#deps.onLost("another gateway holds the lease");`,
        to: "",
      },
      { file: "services/broker-gateway/src/session/hold.ts", from: "if (!now.writer.leaseHeld())", to: "if (false)" },
    ],
  },
  {
    name: "claim of another taken for ours",
    patches: [
      {
        file: CLAIM,
        from: `if (existing !== undefined) return { outcome: "alreadyClaimed", claim: existing.body };`,
        to: `if (existing !== undefined) return { outcome: "claimed", sequence: existing.sequence };`,
      },
    ],
  },
  {
    name: "stale view of the kill switch",
    patches: [
      {
        file: VIEW,
        from: "return this.#clock.monotonicMs() - this.#confirmedAtMs <= STALE_AFTER_MS;",
        to: "return true;",
      },
    ],
  },
  {
    name: "only the global kill switch",
    patches: [
      {
        file: "libs/bus/src/control-state.ts",
        from: `const keys = ["global"];`,
        to: `const keys = ["global"];\n  if (keys.length > 0) return keys;`,
      },
    ],
  },
  {
    name: "gap in the control stream ignored",
    patches: [
      { file: VIEW, from: "const gap = message.sequence !== this.#sequence + 1;", to: "const gap = false;" },
      { file: VIEW, from: "if (lastSequence > this.#sequence && this.#sequence === before)", to: "if (false)" },
    ],
  },
];
