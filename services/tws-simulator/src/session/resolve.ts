import type { ContractQuery } from "../codec/contract-fields.ts";
import type { Session } from "./session.ts";
import { sendError, type World } from "./world.ts";

/** Finds the one instrument of a request or tells the client why not. */
export function resolve(world: World, session: Session, request: { reqId: number; contract: ContractQuery }) {
  const found = world.broker.find(request.contract);
  if (found.kind === "one") return found.instrument;
  const text =
    found.kind === "none"
      ? "No security definition has been found for the request"
      : `The contract description specified for ${found.symbol} is ambiguous.`;
  sendError(session, request.reqId, 200, text);
  return undefined;
}
