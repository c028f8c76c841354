import { describe, expect, test } from "vitest";
import { compareNatsVersions, isAtLeast, isRecommendedSeries, parseNatsVersion, versionNote } from "./nats-version.ts";

describe("parseNatsVersion", () => {
  test.each([
    ["nats-server: v2.15.2\n", "2.15.2"],
    ["nats-server: v2.9.10", "2.9.10"],
    ["nats-server: v2.16.0-RC.3", "2.16.0-RC.3"],
    ["command not found", undefined],
  ])("%j -> %s", (text, version) => {
    expect(parseNatsVersion(text)).toBe(version);
  });
});

describe("compareNatsVersions", () => {
  test("numbers are compared as numbers, and a pre-release comes before its release", () => {
    const sorted = ["2.15.2", "2.9.10", "2.15.0-RC.1", "2.10.0", "2.15.0"].sort(compareNatsVersions);
    expect(sorted).toEqual(["2.9.10", "2.10.0", "2.15.0-RC.1", "2.15.0", "2.15.2"]);
  });

  test("a floor is met by itself and not by what is just below it", () => {
    expect(isAtLeast("2.10.0", "2.10.0")).toBe(true);
    expect(isAtLeast("2.9.99", "2.10.0")).toBe(false);
  });

  test("any patch of the recommended series counts as recommended, its predecessor does not", () => {
    expect(isRecommendedSeries("2.15.0")).toBe(true);
    expect(isRecommendedSeries("2.14.9")).toBe(false);
  });
});

describe("versionNote", () => {
  test.each([
    ["2.9.10", /simulator mode only/],
    ["2.11.17", /too old for live/],
    ["2.14.5", /older than we test with/],
  ])("%s -> says what it lacks", (version, note) => {
    expect(versionNote(version)).toMatch(note);
  });

  test("the recommended series -> nothing to say", () => {
    expect(versionNote("2.15.2")).toBeUndefined();
  });
});
