import { contractView } from "../broker/order-views.ts";
import { encodeScannerData, encodeScannerParameters } from "../codec/encode-scanner.ts";
import type { ScannerRequest } from "../codec/requests-data.ts";
import { plainNumber } from "../codec/token-reader.ts";
import { SCAN_LOCATIONS, SCAN_TYPES, type ScanFilter, scan } from "../market/scan.ts";
import { scannerParametersXml } from "../market/scanner-parameters.ts";
import type { Session } from "./session.ts";
import { refuse, sendError, type World } from "./world.ts";

const SCANS_MAX = 10;
const ROWS_MAX = 50;
const DECIMAL_DIGITS_MAX = 30;

export function sendScannerParameters(session: Session): void {
  session.send(encodeScannerParameters(scannerParametersXml()));
}

/** `priceAbove=5;volumeAbove=1000;` as a map; what is no number is no limit. */
function pairsOf(filters: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of filters.split(";")) {
    const [tag = "", value = ""] = pair.split("=");
    const number = plainNumber(value);
    if (number !== undefined && number.length <= DECIMAL_DIGITS_MAX) pairs.set(tag, number);
  }
  return pairs;
}

function filterOf(request: ScannerRequest): ScanFilter {
  const pairs = pairsOf(request.filters);
  return {
    abovePrice: request.abovePrice ?? pairs.get("priceAbove"),
    belowPrice: request.belowPrice ?? pairs.get("priceBelow"),
    aboveVolume: request.aboveVolume ?? pairs.get("volumeAbove"),
    stockType: request.stockType.toUpperCase(),
  };
}

function problem(
  session: Session,
  request: ScannerRequest,
): { readonly code: number; readonly text: string } | undefined {
  const { streams } = session.subscriptions;
  if (streams.has("scanner", request.reqId)) return { code: 102, text: "Duplicate ticker ID." };
  const historical = "Historical Market Data Service error message:";
  if (streams.count("scanner") >= SCANS_MAX) {
    return { code: 162, text: `${historical}API scanner subscription limit of ${SCANS_MAX} reached` };
  }
  if (!SCAN_TYPES.has(request.scanCode)) {
    return { code: 162, text: `${historical}Scanner type with code ${request.scanCode} is disabled` };
  }
  if (SCAN_LOCATIONS.get(request.location)?.instrument !== request.instrument) {
    return { code: 162, text: `${historical}Scanner location with code ${request.location} is disabled` };
  }
  return undefined;
}

/** Sends the rows of a scan now and again every half minute. */
export function startScan(world: World, session: Session, request: ScannerRequest): undefined {
  const { reqId, scanCode, location } = request;
  const found = problem(session, request);
  if (found !== undefined) return refuse(session, reqId, found.code, found.text);
  const wanted = request.rows === undefined || request.rows < 1 ? ROWS_MAX : Math.min(request.rows, ROWS_MAX);
  const filter = filterOf(request);
  const push = () => {
    const instruments = scan(world, { scanCode, location, filter, nowMs: world.clock.nowMs() }).slice(0, wanted);
    const rows = instruments.map((instrument, rank) => {
      return { rank, contract: contractView(instrument), marketName: instrument.marketName };
    });
    session.send(encodeScannerData(reqId, rows));
  };
  push();
  session.subscriptions.streams.start("scanner", reqId, push);
}

/** TWS confirms the end of a scan with 162. */
export function stopScan(session: Session, reqId: number): undefined {
  if (!session.subscriptions.streams.stop("scanner", reqId)) {
    return refuse(session, reqId, 365, `No scanner subscription found for ticker id:${reqId}`);
  }
  const text = `Historical Market Data Service error message:API scanner subscription cancelled: ${reqId}`;
  sendError(session, reqId, 162, text);
}
