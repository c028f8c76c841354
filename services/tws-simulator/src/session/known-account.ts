import type { Session } from "./session.ts";
import { sendError, type World } from "./world.ts";

/** False for an account that is none of this login; the client is told. */
export function knows(world: World, session: Session, reqId: number, account: string): boolean {
  if (world.state.accountIds.includes(account)) return true;
  sendError(session, reqId, 321, `Error validating request.-'bW' : cause - Invalid account code '${account}'`);
  return false;
}

/** False for a model: there is none here, and the figures of the whole account are none of it. The client is told. */
export function knowsModel(session: Session, reqId: number, model: string): boolean {
  if (model === "") return true;
  sendError(session, reqId, 321, `Error validating request.-'bW' : cause - Invalid model code '${model}'`);
  return false;
}

/** Subscriptions of one kind that a client may hold. */
const SUBSCRIPTIONS_MAX = 500;

/** True when a client may not subscribe once more; it is told. */
export function isFull(session: Session, held: ReadonlyMap<number, unknown>, reqId: number): boolean {
  if (held.has(reqId) || held.size < SUBSCRIPTIONS_MAX) return false;
  const cause = "Maximum number of requests exceeded; desubscribe to previous request first";
  sendError(session, reqId, 322, `Error processing request.-'bW' : cause - ${cause}`);
  return true;
}
