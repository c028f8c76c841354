import type { ReplyReader } from "../reply-reader.ts";
import type { BrokerEvent, WireContract } from "../wire.ts";

/** One message of TWS, its id already read, to what it says. Throws BrokenPeer when it does not fit. */
export type ReadReply = (reader: ReplyReader, serverVersion: number) => BrokerEvent | readonly BrokerEvent[];
/** By message id. */
export type ReplyTable = Readonly<Record<number, ReadReply>>;

const TEXT_MAX = 500;

/** The eleven contract fields of positions and portfolio rows; the exchange is the primary one. */
export function readPositionContract(reader: ReplyReader): WireContract {
  const conid = reader.integer();
  const symbol = reader.text(40);
  const secType = reader.text(10);
  const lastTradeDate = reader.text(40);
  const strike = reader.decimalBut("0");
  const right = reader.text(5);
  const multiplier = reader.decimalBut("0");
  const exchange = reader.text(20);
  const currency = reader.text(3);
  const localSymbol = reader.text(40);
  const tradingClass = reader.text(40);
  const named = { conid, symbol, secType, lastTradeDate, strike, right, multiplier };
  return { ...named, exchange, primaryExchange: exchange, currency, localSymbol, tradingClass };
}

/** Text for people: cleaned, cut. */
export const words = (reader: ReplyReader) => reader.text(TEXT_MAX);
