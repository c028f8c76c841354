import type { Sharing } from "../engine/as-json.ts";
import type { Prng } from "../engine/prng.ts";
import type { Weather } from "../fakes/network.ts";

/** Which faults a schedule has, and how many. Most are off in most schedules, so that each comes in many company. */
export interface Swarm {
  readonly orders: number;
  /** Virtual ms with faults. */
  readonly faultyMs: number;
  readonly bus: Weather;
  readonly wire: Weather;
  /** How often each of these happens in the faulty time. */
  readonly counts: Readonly<Record<FaultKind, number>>;
  readonly broker: {
    readonly dropped: number;
    readonly rejected: number;
    readonly late: number;
    readonly partial: number;
    readonly untold: number;
    readonly market: number;
  };
  /** The gate says no, or nothing, when it is asked again. */
  readonly gateDenies: number;
  readonly gateSilent: number;
  readonly standby: boolean;
  /** Some orders have exits. */
  readonly brackets: boolean;
  /** A standing policy lies there, and somebody turns it on. */
  readonly policy: boolean;
  /** Real signatures and both ends parsed by the contracts. */
  readonly strict: boolean;
  readonly sharing: Sharing;
}

export const FAULT_KINDS = [
  ...["crashApproval", "crashGateway", "effectApproval", "effectGateway", "pauseGateway", "pauseApproval"],
  ...[
    "kill",
    "reduce",
    "busCut",
    "natsPower",
    "natsFull",
    "auditDown",
    "twsCut",
    "twsRestart",
    "twsFrozen",
    "twsSilent",
  ],
  ...[
    "clockStep",
    "cancel",
    "reject",
    "withdraw",
    "approveTwice",
    "forged",
    "intruder",
    "shortApproval",
    "brokerCancels",
  ],
  ...["forgedLog", "midSend", "reduce", "policyOff", "modify"],
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const STRICT_EVERY = 40;
/** In which of so many seeds nobody can change a message that others have too. */
const FROZEN_AT = 20;

const NONE = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<FaultKind, number>;

export function swarmOf(random: Prng, seed: number): Swarm {
  const one = (probability: number, value: number) => (random.chance(probability) ? value : 0);
  const calm = random.chance(0.15);
  const policy = random.chance(0.12);
  const brackets = random.chance(0.1);
  const counts = { ...NONE };
  for (const kind of FAULT_KINDS) counts[kind] = !calm && random.chance(0.14) ? random.between(1, 2) : 0;
  // What matters most happens in the middle of a send.
  counts.midSend = !calm && random.chance(0.2) ? random.between(1, 2) : 0;
  // Changes come to something only where an order works, so they are asked for more often.
  counts.modify = !brackets && random.chance(0.16) ? random.between(1, 3) : 0;
  return {
    orders: random.chance(policy ? 0.15 : 0.65) ? 1 : random.chance(0.8) ? 2 : 3,
    faultyMs: random.between(300, 2_500),
    bus: {
      lost: calm ? 0 : one(0.3, random.chance(0.3) ? 0.12 : 0.04),
      slow: one(0.3, 0.1),
      inDoubt: calm ? 0 : one(0.1, 0.15),
      slowMs: random.between(20, 3_000),
      copyLost: one(0.2, random.chance(0.5) ? 0.2 : 0.6),
    },
    wire: { lost: 0, slow: one(0.3, 0.15), slowMs: random.between(20, 2_500), inDoubt: 0, copyLost: 0 },
    counts,
    broker: {
      ...{ dropped: one(0.1, 0.4), rejected: one(0.15, 0.4), late: one(0.15, 0.5), partial: one(0.4, 0.6) },
      ...{ untold: one(0.2, 0.4), market: one(counts.modify > 0 ? 0.1 : 0.5, 0.5) },
    },
    gateDenies: one(counts.intruder > 0 ? 0.3 : 0.1, 0.5),
    gateSilent: one(0.1, 0.3),
    standby: random.chance(counts.midSend > 0 ? 0.5 : 0.1),
    policy,
    brackets,
    strict: seed % STRICT_EVERY === 0,
    sharing: sharingOf(seed),
  };
}

function sharingOf(seed: number): Sharing {
  if (seed % STRICT_EVERY === 0) return "apart";
  return seed % STRICT_EVERY === FROZEN_AT ? "frozen" : "shared";
}
