import { type Tradable, Tradables } from "../broker/tradables.ts";
import type { ContractQuery, DataLeg } from "../codec/contract-fields.ts";
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

/** The same for a request that may name a combination by its legs. */
export function resolveTradable(
  world: World,
  session: Session,
  request: { readonly reqId: number; readonly contract: ContractQuery; readonly legs: readonly DataLeg[] },
): Tradable | undefined {
  if (request.contract.secType !== "BAG") {
    const instrument = resolve(world, session, request);
    return instrument === undefined ? undefined : { instrument, legs: [] };
  }
  const readable = request.legs.every((leg) => world.book.has(leg.conId) && leg.ratio > 0);
  if (!readable || request.legs.length < 2) {
    sendError(session, request.reqId, 200, "No security definition has been found for the request");
    return undefined;
  }
  const legs = request.legs.map((leg) => ({ ...leg, ...UNSAID }));
  const combo = { legs, legPrices: [], smartParameters: [] };
  return new Tradables(world.book, world.market).of({ conId: 0, combo });
}

/** What a leg has in an order only. */
const UNSAID = { exchange: "", openClose: 0, shortSaleSlot: 0, designatedLocation: "", exemptCode: -1 } as const;
