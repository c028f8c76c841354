import type { Instrument } from "@countersign/contracts/instrument";
import { line } from "./frames.ts";
import type { ScriptedTws } from "./scripted-tws.ts";

export const PEER_ACCOUNT = "DU1234567";
/** The largest double, with which TWS writes that a figure is missing. */
export const UNSET = "1.7976931348623157E308";
const STOCK = { conid: 265598, symbol: "AAPL", secType: "STK", exchange: "SMART", currency: "USD" };
/** As much of an instrument as a read needs. */
export const AAPL_STOCK = STOCK as Instrument;

/** What a scripted TWS answers, and what it was asked. */
export function peerOf(tws: () => ScriptedTws) {
  return {
    /** Answers the request with this message id; `ID` stands for its request id, which is token `at`. */
    answers(messageId: string, at: number, ...frames: readonly string[]): void {
      tws().script = (tokens) =>
        tokens[0] === messageId ? frames.map((text) => line(text.replace(/\bID\b/g, tokens[at] ?? ""))) : [];
    },
    asked: (messageId: string) => tws().requests.filter(([first]) => first === messageId),
  };
}
