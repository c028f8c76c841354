import { differencesOf } from "@countersign/bus/provision";
import { STREAM_CONFIGS } from "@countersign/bus/streams";
import * as z from "zod";

type StreamConfigLike = Parameters<typeof differencesOf>[1];

const Jsz = z.object({
  account_details: z
    .array(z.object({ stream_detail: z.array(z.object({ name: z.string(), config: z.looseObject({}) })).optional() }))
    .optional(),
});

/** What the server's monitoring page says of its streams; only there can streams of all accounts be seen. */
export async function streamDrift(monitorUrl: string, signal: AbortSignal): Promise<string[]> {
  const answer = await fetch(`${monitorUrl}/jsz?accounts=true&streams=true&config=true`, { signal });
  const parsed = Jsz.safeParse(await answer.json());
  if (!parsed.success) return ["the monitoring page of nats-server cannot be read"];
  const found = new Map<string, StreamConfigLike>();
  for (const account of parsed.data.account_details ?? []) {
    for (const stream of account.stream_detail ?? []) found.set(stream.name, stream.config as StreamConfigLike);
  }
  return Object.entries(STREAM_CONFIGS).flatMap(([name, { config }]) => {
    const actual = found.get(name);
    if (actual === undefined) return [`stream ${name} is not there`];
    return differencesOf(config, actual).map((difference) => `stream ${name}: ${difference}`);
  });
}
