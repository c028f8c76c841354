import { type LinkBehaviour, linkBehaviourOf } from "@countersign/contracts/ib-codes";

/** A farm that is OK again says nothing about the link, so only the two that restore end a freeze. */
export function linkMeaningOf(code: number, text: string): LinkBehaviour {
  return linkBehaviourOf(code, text);
}

export type FarmState = "ok" | "broken" | "idle" | "connecting";
const FARM_STATES: Readonly<Partial<Record<LinkBehaviour, FarmState>>> = {
  farmOk: "ok",
  farmBroken: "broken",
  farmIdle: "idle",
  farmConnecting: "connecting",
};

export function farmStateOf(meaning: LinkBehaviour): FarmState | undefined {
  return FARM_STATES[meaning];
}

/** TWS ends the sentence with the farm's name, after a colon or, where it says that a farm sleeps, after a full stop. */
export function farmNameOf(text: string): string {
  const name = /[:.]\s*([A-Za-z0-9_.-]+)\s*$/.exec(text)?.[1] ?? "";
  return name === "" ? "unnamed" : (name.split(".").at(-1) ?? name).slice(0, 40);
}
