import type { Session } from "./session.ts";
import { sendError, type World } from "./world.ts";

/** False for an account that is none of this login; the client is told. */
export function knows(world: World, session: Session, reqId: number, account: string): boolean {
  if (world.state.accountIds.includes(account)) return true;
  sendError(session, reqId, 321, `Error validating request.-'bW' : cause - Invalid account code '${account}'`);
  return false;
}
