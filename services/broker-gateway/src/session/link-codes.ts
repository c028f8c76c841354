/** What a notice of TWS or of the client library says about the link as a whole. */
export type LinkMeaning =
  /** TWS lost its servers: orders may not be sent until the way back is reconciled. */
  | "frozen"
  /** TWS has its servers again. */
  | "restored"
  /** The connection is of no use any more. */
  | "ended"
  /** Our client id is taken: somebody else may be writing. */
  | "clientIdTaken"
  /** The client library could not read a message: something may have been missed. */
  | "unreadable"
  | "information";

const MEANINGS: Readonly<Record<number, LinkMeaning>> = {
  326: "clientIdTaken",
  505: "unreadable",
  512: "ended",
  1100: "frozen",
  1101: "restored",
  1102: "restored",
  1300: "ended",
  2110: "frozen",
};

/** A farm that is OK again says nothing about the link, so nothing else unfreezes. */
export function linkMeaningOf(code: number): LinkMeaning {
  return MEANINGS[code] ?? "information";
}
