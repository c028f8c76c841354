/** Built from source when Go is there. */
export const NATS_RECOMMENDED = "2.15.2";
/** First server whose every durability setting and API level the live mode asks for. */
export const NATS_LIVE_FLOOR = "2.12.0";
/** First server with `sync_interval`; without it an acknowledged write can be lost in a power cut. */
export const NATS_DURABLE_FLOOR = "2.10.0";
/** Below this, core features of the bus are missing. */
export const NATS_FLOOR = "2.9.0";

/** The first `x.y.z` in a text such as `nats-server: v2.15.2`; `undefined` when there is none. */
export function parseNatsVersion(text: string): string | undefined {
  return /\bv?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)/.exec(text)?.[1];
}

/** Below zero: `a` is older. A pre-release is older than its release. */
export function compareNatsVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.preRelease === right.preRelease) return 0;
  if (left.preRelease === undefined) return 1;
  if (right.preRelease === undefined) return -1;
  return left.preRelease < right.preRelease ? -1 : 1;
}

export function isAtLeast(version: string, floor: string): boolean {
  return compareNatsVersions(version, floor) >= 0;
}

/** Same major and minor as the recommended version, or newer. */
export function isRecommendedSeries(version: string): boolean {
  return isAtLeast(version, NATS_RECOMMENDED.replace(/\.\d+$/, ".0"));
}

/** What an operator must know about a server older than we recommend; `undefined` when there is nothing to say. */
export function versionNote(version: string): string | undefined {
  if (isRecommendedSeries(version)) return undefined;
  const recommended = `${NATS_RECOMMENDED} is recommended`;
  if (!isAtLeast(version, NATS_DURABLE_FLOOR)) {
    return `nats-server ${version} cannot prove that an acknowledged write survives a power cut: simulator mode only (${recommended})`;
  }
  if (!isAtLeast(version, NATS_LIVE_FLOOR)) return `nats-server ${version} is too old for live mode (${recommended})`;
  return `nats-server ${version} is older than we test with (${recommended})`;
}

function split(version: string): { numbers: number[]; preRelease: string | undefined } {
  const [core = "", ...rest] = version.split("-");
  return { numbers: core.split(".").map(Number), preRelease: rest.length === 0 ? undefined : rest.join("-") };
}
