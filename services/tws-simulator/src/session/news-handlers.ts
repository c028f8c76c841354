import {
  encodeHistoricalNews,
  encodeHistoricalNewsEnd,
  encodeNewsArticle,
  encodeNewsBulletin,
  encodeNewsProviders,
} from "../codec/encode-news.ts";
import type { RequestOf } from "../codec/requests.ts";
import type { HistoricalNewsRequest } from "../codec/requests-data.ts";
import { articleOf, bulletinAt, NEWS_PROVIDERS, newsOf } from "../market/news.ts";
import { zonedInstantMs, zonedTime } from "../market/zoned-time.ts";
import type { Session } from "./session.ts";
import { refuse, refuseInvalid, type World } from "./world.ts";

const HEADLINES_MAX = 300;
const CODES: ReadonlySet<string> = new Set(NEWS_PROVIDERS.map(({ code }) => code));

export function sendNewsProviders(session: Session): void {
  session.send(encodeNewsProviders(NEWS_PROVIDERS));
}

/** `2026-11-21 10:00:00.0`, UTC; undefined for another form. */
function parseNewsTime(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})(?:\.\d{1,3})?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hour, minute, second] = match;
  return zonedInstantMs(`${year}${month}${day}`, Number(hour) * 60 + Number(minute), "UTC", Number(second));
}

function newsTime(epochMs: number): string {
  const { date, hour, minute, second } = zonedTime(epochMs, "UTC");
  const [h, m, s] = [hour, minute, second].map((part) => String(part).padStart(2, "0"));
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)} ${h}:${m}:${s}.0`;
}

/** Headlines newest first, then the end with whether there are more. */
export function sendHistoricalNews(world: World, session: Session, request: HistoricalNewsRequest): undefined {
  const { reqId } = request;
  const instrument = world.book.get(request.conId);
  if (instrument === undefined) {
    return refuse(session, reqId, 200, "No security definition has been found for the request");
  }
  const providers = new Set(request.providers.split("+").filter((code) => code !== ""));
  if (providers.size === 0 || [...providers].some((code) => !CODES.has(code))) {
    return refuse(session, reqId, 10276, "News feed is not allowed.");
  }
  const nowMs = world.clock.nowMs();
  const afterMs = request.start === "" ? 0 : parseNewsTime(request.start);
  const untilMs = request.end === "" ? nowMs : parseNewsTime(request.end);
  if (afterMs === undefined || untilMs === undefined) return refuseInvalid(session, reqId, "Invalid date or time");
  const count = Math.min(Math.max(request.count, 0), HEADLINES_MAX);
  const span = { afterMs, untilMs: Math.min(untilMs, nowMs), count };
  const { found, hasMore } = newsOf(world, { instrument, providers, ...span });
  for (const { timeMs, ...news } of found) {
    session.send(encodeHistoricalNews(reqId, { ...news, time: newsTime(timeMs) }));
  }
  session.send(encodeHistoricalNewsEnd(reqId, hasMore));
}

export function sendNewsArticle(world: World, session: Session, request: RequestOf<"reqNewsArticle">): undefined {
  const { reqId, provider, articleId } = request;
  const text = articleOf(world, { provider, articleId, nowMs: world.clock.nowMs() });
  if (text === undefined) {
    return refuse(session, reqId, 10172, "Failed to request news article:Not found");
  }
  session.send(encodeNewsArticle(reqId, { type: 0, text }));
}

/** With `all` the bulletin of this hour comes at once; from then on each new one. */
export function startBulletins(world: World, session: Session, request: RequestOf<"reqNewsBulletins">): void {
  const bulletin = bulletinAt(world.clock.nowMs());
  session.subscriptions.bulletinSeen = bulletin.id;
  if (request.all) session.send(encodeNewsBulletin(bulletin));
}

export function stopBulletins(session: Session): void {
  session.subscriptions.bulletinSeen = undefined;
}

export function pushBulletin(world: World, session: Session): void {
  const { bulletinSeen } = session.subscriptions;
  const bulletin = bulletinAt(world.clock.nowMs());
  if (bulletinSeen === undefined || bulletinSeen === bulletin.id) return;
  session.subscriptions.bulletinSeen = bulletin.id;
  session.send(encodeNewsBulletin(bulletin));
}
