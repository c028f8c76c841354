import { buildBook } from "../../services/tws-simulator/src/market/book.ts";

const STREAMS = 200;
/** More than TWS gives every user: the limit is one of the account, and a user with twice the lines may send twice as fast. */
export const STREAM_LINES = 220;
const STREAMED_TYPES = ["STK", "CASH", "FUT", "CRYPTO", "OPT"];

/** Instruments of the simulator that have a quote. */
export const STREAMED: readonly number[] = [...buildBook().values()]
  .filter(({ secType }) => STREAMED_TYPES.includes(secType))
  .slice(0, STREAMS)
  .map(({ conId }) => conId);
