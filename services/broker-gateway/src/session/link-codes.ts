import { type FarmKind, ibCode, type LinkBehaviour } from "@countersign/contracts/ib-codes";

export type FarmState = "ok" | "broken" | "idle" | "connecting";

/** One of the broker's servers behind TWS, as TWS last spoke of it. */
export interface Farm {
  readonly name: string;
  readonly kind: FarmKind;
  readonly state: FarmState;
}

const STATES: Readonly<Partial<Record<LinkBehaviour, FarmState>>> = {
  farmOk: "ok",
  farmBroken: "broken",
  farmIdle: "idle",
  farmConnecting: "connecting",
};

const FARMS_MAX = 100;

/** The farms that TWS has named on this connection. One that is well says nothing about the link, nor about another. */
export class Farms {
  readonly #farms = new Map<string, Farm>();

  /** The farm's state before, when the notice is about a farm and changes it. */
  take(
    code: number,
    behaviour: LinkBehaviour,
    text: string,
  ): { readonly farm: Farm; readonly before: FarmState | null } | undefined {
    const state = STATES[behaviour];
    const kind = ibCode(code)?.farm;
    if (state === undefined || kind === undefined) return undefined;
    const farm = { name: farmNameOf(text), kind, state };
    const key = `${kind} ${farm.name}`;
    const before = this.#farms.get(key)?.state ?? null;
    if (before === state || (before === null && this.#farms.size >= FARMS_MAX)) return undefined;
    this.#farms.set(key, farm);
    return { farm, before };
  }

  list(): Farm[] {
    return [...this.#farms.values()];
  }

  clear(): void {
    this.#farms.clear();
  }
}

/** TWS ends the sentence with the farm's name, after a colon or, where it says that a farm sleeps, after a full stop. */
export function farmNameOf(text: string): string {
  const name = /[:.]\s*([A-Za-z0-9_-]+)\s*$/.exec(text)?.[1] ?? "";
  return name === "" ? "unnamed" : name.slice(0, 40);
}
