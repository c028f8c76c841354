import { BrokenPeer } from "./frame-gate.ts";
import { checkForLibrary, isForLibrary } from "./library-frames.ts";
import { ACCOUNT_REPLIES } from "./replies/account-replies.ts";
import { CONTRACT_REPLIES } from "./replies/contract-replies.ts";
import { HISTORY_REPLIES } from "./replies/history-replies.ts";
import { MARKET_REPLIES } from "./replies/market-replies.ts";
import { NEWS_REPLIES } from "./replies/news-replies.ts";
import type { ReplyTable } from "./replies/reply-table.ts";
import { SESSION_REPLIES } from "./replies/session-replies.ts";
import { ReplyReader } from "./reply-reader.ts";
import type { BrokerEvent } from "./wire.ts";

const REPLIES: ReplyTable = {
  ...ACCOUNT_REPLIES,
  ...CONTRACT_REPLIES,
  ...MARKET_REPLIES,
  ...HISTORY_REPLIES,
  ...NEWS_REPLIES,
  ...SESSION_REPLIES,
};
/** Known to TWS, never asked for by us, and of no meaning here. */
const IGNORED = new Set([16, 47, 51, 56, 65, 66, 67, 68, 69, 70, 77, 84, 91, 92, 100, 103, 104, 105]);

/**
 * What one message of TWS says. "library": an order or an error, for the client library to read. Throws BrokenPeer on a
 * message that is unknown, too short, too long, or has text where a number belongs.
 */
export function readReply(tokens: readonly string[], serverVersion: number): readonly BrokerEvent[] | "library" {
  const [first = ""] = tokens;
  const messageId = /^[0-9]{1,3}$/.test(first) ? Number(first) : 0;
  try {
    if (isForLibrary(messageId)) {
      checkForLibrary(messageId, tokens, serverVersion);
      return "library";
    }
    const read = REPLIES[messageId];
    if (read !== undefined) return readAll(read, tokens, serverVersion);
    if (IGNORED.has(messageId)) return [];
  } catch (error) {
    if (error instanceof BrokenPeer) throw new BrokenPeer(`message ${messageId}: ${error.message}`);
    throw error;
  }
  throw new BrokenPeer(`an unknown message ${JSON.stringify(first.slice(0, 20))}`);
}

function readAll(read: ReplyTable[number], tokens: readonly string[], serverVersion: number): readonly BrokerEvent[] {
  const reader = new ReplyReader(tokens);
  const said = read(reader, serverVersion);
  if (reader.leftover > 0) throw new BrokenPeer(`${reader.leftover} fields too many`);
  return "kind" in said ? [said] : said;
}
