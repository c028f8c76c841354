import type { Clock } from "@countersign/clock/clock";
import { addDays } from "../market/zoned-time.ts";
import { FLEX_CODES, type FlexCode, WARNINGS } from "./flex-codes.ts";
import type { FlexSource, Period } from "./flex-data.ts";
import { flexDate, flexTimestamp } from "./flex-time.ts";
import { FLEX_QUERIES, type FlexQuery, statementText } from "./statement.ts";
import { type Xml, xmlText } from "./xml.ts";

export interface FlexRequest {
  readonly path: string;
  readonly parameters: URLSearchParams;
  /** Empty when the client names none. */
  readonly userAgent: string;
  /** Where this service is reached, for the address of the statement. */
  readonly base: string;
}

export interface FlexServiceDeps {
  readonly clock: Clock;
  readonly token: string;
  readonly source: FlexSource;
}

const SEND_REQUEST = "/AccountManagement/FlexWebService/SendRequest";
const GET_STATEMENT = "/AccountManagement/FlexWebService/GetStatement";
/** Longer than a token has to wait between two requests, so that a statement in the making can be seen. */
const GENERATION_MS = 2_000;
const REFERENCES_MAX = 100;
const FIRST_REFERENCE = 1_000_000_001;
const WEEK_DAYS = 7;
const PER_SECOND_MAX = 1;
const PER_MINUTE_MAX = 10;

interface Reference {
  readonly query: FlexQuery;
  readonly period: Period;
  readonly readyMs: number;
}

/** The two steps of the Flex Web Service: a request gives a reference, and the reference, a while later, a statement. */
export class FlexService {
  readonly #deps: FlexServiceDeps;
  readonly #references = new Map<string, Reference>();
  #next = FIRST_REFERENCE;
  /** Times of the requests of the last minute. */
  #recent: number[] = [];
  #forced: FlexCode[] = [];

  constructor(deps: FlexServiceDeps) {
    this.#deps = deps;
  }

  /** The next `times` requests are answered with this code. */
  fail(code: FlexCode, times: number): void {
    this.#forced.push(...Array.from({ length: times }, () => code));
  }

  /** The document of an answer, or undefined when nothing lives under this path. */
  answer(request: FlexRequest): string | undefined {
    if (request.path !== SEND_REQUEST && request.path !== GET_STATEMENT) return undefined;
    const forced = this.#forced.shift();
    const refusal = forced ?? this.#refusal(request);
    if (refusal !== undefined) return this.#failure(refusal);
    return request.path === SEND_REQUEST ? this.#send(request) : this.#statement(request);
  }

  #refusal({ parameters, userAgent }: FlexRequest): FlexCode | undefined {
    if (userAgent === "" || parameters.get("v") !== "3" || parameters.get("q") === null) return 1020;
    if (parameters.get("t") !== this.#deps.token) return 1015;
    const nowMs = this.#deps.clock.nowMs();
    this.#recent = this.#recent.filter((atMs) => nowMs - atMs < 60_000);
    const lastSecond = this.#recent.filter((atMs) => nowMs - atMs < 1_000).length;
    if (lastSecond >= PER_SECOND_MAX || this.#recent.length >= PER_MINUTE_MAX) return 1018;
    this.#recent.push(nowMs);
    return undefined;
  }

  #send({ parameters, base }: FlexRequest): string {
    const query = FLEX_QUERIES.get(parameters.get("q") ?? "");
    if (query === undefined) return this.#failure(1014);
    const nowMs = this.#deps.clock.nowMs();
    const period = wantedPeriod(parameters, usualPeriod(query, flexDate(nowMs)));
    if (period === undefined) return this.#failure(1003);
    const reference = String(this.#next);
    this.#next += 1;
    this.#references.set(reference, { query, period, readyMs: nowMs + GENERATION_MS });
    const [oldest] = this.#references.keys();
    if (this.#references.size > REFERENCES_MAX && oldest !== undefined) this.#references.delete(oldest);
    const url = { name: "Url", content: `${base}${GET_STATEMENT}` };
    return this.#response([{ name: "Status", content: "Success" }, { name: "ReferenceCode", content: reference }, url]);
  }

  #statement({ parameters }: FlexRequest): string {
    const reference = this.#references.get(parameters.get("q") ?? "");
    if (reference === undefined) return this.#failure(1017);
    const { clock, source } = this.#deps;
    const nowMs = clock.nowMs();
    if (nowMs < reference.readyMs) return this.#failure(1019);
    return statementText(source, reference.query, { period: reference.period, nowMs });
  }

  #failure(code: FlexCode): string {
    return this.#response([
      { name: "Status", content: WARNINGS.has(code) ? "Warn" : "Fail" },
      { name: "ErrorCode", content: String(code) },
      { name: "ErrorMessage", content: FLEX_CODES[code] },
    ]);
  }

  #response(content: readonly Xml[]): string {
    const timestamp = flexTimestamp(this.#deps.clock.nowMs());
    return xmlText({ name: "FlexStatementResponse", attributes: { timestamp }, content });
  }
}

function usualPeriod(query: FlexQuery, today: string): Period {
  return { from: query.type === "AF" ? addDays(today, 1 - WEEK_DAYS) : today, to: today };
}

/** The period that `fd` and `td` ask for; undefined when it is none. */
function wantedPeriod(parameters: URLSearchParams, usual: Period): Period | undefined {
  const from = parameters.get("fd") ?? usual.from;
  const to = parameters.get("td") ?? usual.to;
  const isPeriod = /^\d{8}$/.test(from) && /^\d{8}$/.test(to) && from <= to && to <= usual.to;
  return isPeriod ? { from, to } : undefined;
}
