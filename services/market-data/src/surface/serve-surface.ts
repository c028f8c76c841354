import type { Clock } from "@countersign/clock/clock";
import { RPCS } from "@countersign/contracts/subjects";
import type { Served } from "../pacing/asking.ts";
import type { Paced } from "../pacing/paced.ts";
import { AgedReads } from "./aged-reads.ts";
import type { SurfaceConfig } from "./config.ts";
import { detailsOf } from "./details.ts";

export const SURFACE_SERVED = [
  RPCS.marketDepth,
  RPCS.marketHistogram,
  RPCS.scanCatalogue,
  RPCS.marketScan,
  RPCS.newsSources,
  RPCS.newsHeadlines,
  RPCS.newsArticle,
  RPCS.instrumentDetails,
] as const;

export interface SurfaceDeps {
  readonly clock: Clock;
  readonly config: SurfaceConfig;
  readonly paced: Paced;
}

const ONCE = { weight: 1, hard: false } as const;
const OTHER = { kind: "other", ...ONCE } as const;

/** The rest of what can be read of the market: one answer of the broker each, kept for a while, in its turn. */
export function serveSurface(bus: Served, deps: SurfaceDeps): AgedReads {
  const { clock, config, paced } = deps;
  const reads = new AgedReads(clock, config.entriesMax);
  const keyOf = (what: string, question: object) => `${what} ${JSON.stringify(question)}`;

  bus.serve(RPCS.marketDepth, ({ asker, maxAgeMs, ...question }) =>
    reads.get(keyOf("depth", question), Math.min(maxAgeMs, config.depthTtlMs), () =>
      paced({ kind: "depth", conid: question.conid, ...ONCE }, () => bus.request(RPCS.depth, question)),
    ),
  );
  bus.serve(RPCS.marketHistogram, ({ asker, maxAgeMs, ...question }) =>
    reads.get(keyOf("histogram", question), Math.min(maxAgeMs, config.histogramTtlMs), () =>
      paced({ kind: "bars", conid: question.conid, ...ONCE }, () => bus.request(RPCS.histogram, question)),
    ),
  );
  bus.serve(RPCS.scanCatalogue, ({ maxAgeMs }) =>
    reads.get("catalogue", Math.min(maxAgeMs, config.catalogueTtlMs), () =>
      paced(OTHER, () => bus.request(RPCS.scanParameters, {})),
    ),
  );
  bus.serve(RPCS.marketScan, ({ asker, maxAgeMs, ...question }) =>
    reads.get(keyOf("scan", question), Math.min(maxAgeMs, config.scanTtlMs), () =>
      paced({ kind: "scanner", ...ONCE }, () => bus.request(RPCS.scan, question)),
    ),
  );
  bus.serve(RPCS.newsSources, ({ maxAgeMs }) =>
    reads.get("news sources", Math.min(maxAgeMs, config.catalogueTtlMs), () =>
      paced(OTHER, () => bus.request(RPCS.newsProviders, {})),
    ),
  );
  bus.serve(RPCS.newsHeadlines, ({ asker, maxAgeMs, ...question }) =>
    reads.get(keyOf("headlines", question), Math.min(maxAgeMs, config.headlinesTtlMs), () =>
      paced(OTHER, () => bus.request(RPCS.headlines, question)),
    ),
  );
  bus.serve(RPCS.newsArticle, ({ asker, maxAgeMs, ...question }) =>
    reads.get(keyOf("article", question), Math.min(maxAgeMs, config.articleTtlMs), () =>
      paced(OTHER, () => bus.request(RPCS.article, question)),
    ),
  );
  bus.serve(RPCS.instrumentDetails, ({ maxAgeMs, conid }) =>
    reads.get(`details ${conid}`, Math.min(maxAgeMs, config.detailsTtlMs), () => detailsOf(bus, paced, conid)),
  );
  return reads;
}
