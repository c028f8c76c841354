import type { ContractQuery } from "../codec/contract-fields.ts";
import { encodeBondDetails } from "../codec/encode-bond.ts";
import { encodeContractDetails, encodeContractDetailsEnd } from "../codec/encode-contract.ts";
import type { RequestOf } from "../codec/requests.ts";
import { findAll, findBySecurityId } from "../market/find-instrument.ts";
import type { Instrument } from "../market/instrument.ts";
import { detailsView } from "./contract-details.ts";
import type { Session } from "./session.ts";
import { sendError, type World } from "./world.ts";

const SECURITY_TYPES = new Set(["STK", "OPT", "FUT", "CASH", "IND", "FOP", "BOND", "CFD", "CRYPTO", "FUND", "CMDTY"]);

function shownExchange(instrument: Instrument, asked: string): string {
  const venue = asked.split(":")[0]?.toUpperCase() ?? "";
  return venue === "" ? instrument.exchange : venue;
}

function checkQuery(query: ContractQuery): string | undefined {
  if (query.conId !== 0) return undefined;
  if (query.symbol === "" && query.localSymbol === "") return "Missing symbol or local symbol";
  if (query.secType === "") return "Please enter a valid security type";
  return SECURITY_TYPES.has(query.secType) || query.secType === "BAG"
    ? undefined
    : "Please enter a valid security type";
}

export function sendContractDetails(world: World, session: Session, request: RequestOf<"reqContractDetails">): void {
  const { reqId, contract } = request;
  const bySecurityId = request.securityId !== "";
  const cause = bySecurityId ? undefined : checkQuery(contract);
  if (cause !== undefined) {
    sendError(session, reqId, 321, `Error validating request.-'bW' : cause - ${cause}`);
    return;
  }
  const found = bySecurityId ? findBySecurityId(world.book, request) : findAll(world.book, contract);
  if (found.length === 0) {
    sendError(session, reqId, 200, "No security definition has been found for the request");
    return;
  }
  for (const instrument of found) {
    const details = detailsView(world, instrument, shownExchange(instrument, contract.exchange));
    const { bond } = instrument;
    session.send(
      bond === undefined
        ? encodeContractDetails(reqId, details, session.serverVersion)
        : encodeBondDetails(reqId, { details, bond }, session.serverVersion),
    );
  }
  session.send(encodeContractDetailsEnd(reqId));
}
