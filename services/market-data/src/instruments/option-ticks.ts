import { Fault } from "@countersign/contracts/denial";
import { requestBehaviourOf } from "@countersign/contracts/ib-codes";
import type { InstrumentBroker } from "./broker.ts";
import { OPTION_TICKS } from "./option-values.ts";

const SAID = /^TWS (\d+): (.*)$/s;

/** The line of an option. Live where the user may have it, else delayed as quotes are; each value says which it is. */
export async function optionTicks(broker: Pick<InstrumentBroker, "ticks">, conid: number) {
  const request = { conid, genericTicks: OPTION_TICKS, snapshot: false };
  try {
    return await broker.ticks({ ...request, dataType: "live" });
  } catch (error) {
    if (!isForDelayed(error)) throw error;
    return broker.ticks({ ...request, dataType: "delayed" });
  }
}

/** TWS refused with a code that says: not live for this user, or not now. */
function isForDelayed(error: unknown): boolean {
  const [, code, text = ""] = (error instanceof Fault && SAID.exec(error.message)) || [];
  return code !== undefined && requestBehaviourOf(Number(code), text) === "delayed";
}
