import { flag, type Reply, wireText } from "./literals.ts";

export function encodeNewsProviders(providers: readonly { readonly code: string; readonly name: string }[]): Reply {
  const tokens = providers.flatMap((provider) => [provider.code, wireText(provider.name)]);
  return { name: "newsProviders", tokens: ["85", String(providers.length), ...tokens] };
}

export interface HeadlineView {
  /** `YYYY-MM-DD HH:MM:SS.0`, UTC. */
  readonly time: string;
  readonly provider: string;
  readonly articleId: string;
  readonly headline: string;
}

export function encodeHistoricalNews(reqId: number, news: HeadlineView): Reply {
  const tokens = ["86", String(reqId), news.time, news.provider, news.articleId, wireText(news.headline)];
  return { name: "historicalNews", tokens };
}

export function encodeHistoricalNewsEnd(reqId: number, hasMore: boolean): Reply {
  return { name: "historicalNewsEnd", tokens: ["87", String(reqId), flag(hasMore)] };
}

/** `type` 0 is text or HTML, 1 is binary as base 64. */
export function encodeNewsArticle(reqId: number, article: { readonly type: 0 | 1; readonly text: string }): Reply {
  return { name: "newsArticle", tokens: ["83", String(reqId), String(article.type), wireText(article.text)] };
}

export interface BulletinView {
  readonly id: number;
  /** 1 = news, 2 = an exchange is down, 3 = an exchange is up again. */
  readonly type: 1 | 2 | 3;
  readonly text: string;
  readonly exchange: string;
}

export function encodeNewsBulletin(bulletin: BulletinView): Reply {
  const tokens = ["14", "1", String(bulletin.id), String(bulletin.type), wireText(bulletin.text), bulletin.exchange];
  return { name: "updateNewsBulletin", tokens };
}
