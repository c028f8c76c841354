import { toText } from "@countersign/money/decimal";
import { encodeOptionComputation, type OptionComputationView } from "../codec/encode-ticks.ts";
import type { Reply } from "../codec/literals.ts";
import type { RequestOf } from "../codec/requests.ts";
import { type Instrument, isOption } from "../market/instrument.ts";
import type { Quote } from "../market/market.ts";
import {
  impliedVolatility,
  MODEL_VOLATILITY,
  type OptionTerms,
  optionGreeks,
  optionValue,
} from "../market/option-model.ts";
import { resolve } from "./resolve.ts";
import type { Session } from "./session.ts";
import { refuseInvalid, type World } from "./world.ts";

const LIVE = { bid: 10, ask: 11, last: 12, model: 13 } as const;
const DELAYED = { bid: 80, ask: 81, last: 82, model: 83 } as const;
const ASKED_FOR = 53;
const DECIMALS = 8;

function text(value: number | undefined): string | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : String(Number(value.toFixed(DECIMALS)));
}

/** Everything about an option at one volatility; all but the price is unknown when there is none. */
function computation(
  terms: OptionTerms,
  type: number,
  at: { volatility?: number; price: number },
): OptionComputationView {
  const { volatility } = at;
  const greeks = volatility === undefined ? undefined : optionGreeks(terms, volatility);
  return {
    type,
    impliedVolatility: text(volatility),
    delta: text(greeks?.delta),
    optionPrice: text(at.price),
    presentValueOfDividends: greeks === undefined ? undefined : "0",
    gamma: text(greeks?.gamma),
    vega: text(greeks?.vega),
    theta: text(greeks?.theta),
    underlyingPrice: text(terms.underlying),
  };
}

function atPrice(terms: OptionTerms, type: number, price: number): OptionComputationView {
  const volatility = impliedVolatility(terms, price);
  return computation(terms, type, volatility === undefined ? { price } : { volatility, price });
}

/** Volatility and greeks at bid, ask, last and by the model; nothing for what is no option. */
export function optionTicks(
  world: World,
  subject: { readonly reqId: number; readonly instrument: Instrument; readonly delayed: boolean },
  shown: { readonly quote: Quote; readonly atMs: number },
): Reply[] {
  if (!isOption(subject.instrument)) return [];
  const terms = world.market.optionTerms(subject.instrument, shown.atMs);
  const ids = subject.delayed ? DELAYED : LIVE;
  const prices = (["bid", "ask", "last"] as const).map((side) => {
    return atPrice(terms, ids[side], Number(toText(shown.quote[side])));
  });
  const model = computation(terms, ids.model, { volatility: MODEL_VOLATILITY, price: optionValue(terms) });
  return [...prices, model].map((view) => encodeOptionComputation(subject.reqId, view));
}

function termsAsked(
  world: World,
  session: Session,
  request: RequestOf<"calculateImpliedVolatility"> | RequestOf<"calculateOptionPrice">,
): OptionTerms | undefined {
  const { reqId, underlyingPrice } = request;
  const instrument = resolve(world, session, request);
  if (instrument === undefined) return undefined;
  if (!isOption(instrument)) return refuseInvalid(session, reqId, "Contract is not an option");
  const underlying = Number(underlyingPrice ?? "0");
  if (underlying <= 0) return refuseInvalid(session, reqId, "Invalid underlying price");
  return { ...world.market.optionTerms(instrument, world.clock.nowMs()), underlying };
}

export function sendImpliedVolatility(
  world: World,
  session: Session,
  request: RequestOf<"calculateImpliedVolatility">,
): void {
  const terms = termsAsked(world, session, request);
  if (terms === undefined) return;
  const view = atPrice(terms, ASKED_FOR, Number(request.optionPrice ?? "0"));
  session.send(encodeOptionComputation(request.reqId, view));
}

export function sendOptionPrice(world: World, session: Session, request: RequestOf<"calculateOptionPrice">): undefined {
  const terms = termsAsked(world, session, request);
  if (terms === undefined) return undefined;
  const volatility = Number(request.volatility ?? "0");
  if (volatility <= 0) return refuseInvalid(session, request.reqId, "Invalid volatility");
  const view = computation(terms, ASKED_FOR, { volatility, price: optionValue(terms, volatility) });
  session.send(encodeOptionComputation(request.reqId, view));
}
