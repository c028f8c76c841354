import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { files, type SourceFile } from "./source-files.ts";

const PAGES = files(/\.md$/);
const EVERYTHING = files(/./).map(({ path }) => path);
const FOLDERS = new Set(
  EVERYTHING.flatMap((path) => {
    const parts = path.split("/");
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
  }),
);
const isThere = (path: string) => EVERYTHING.includes(path) || FOLDERS.has(path);

/** The name by which a page's own headings are linked: lower case, no punctuation, hyphens for blanks. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, "")
    .trim()
    .replaceAll(" ", "-");

/** Links of a page that lead nowhere: no such file, or no such heading in it. */
function brokenLinks({ path, text }: SourceFile): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file).replace(/\/$/, "");
    if (!isThere(target)) return [`${path} links to ${link}: no such file`];
    const page = PAGES.find((one) => one.path === target);
    if (anchor === undefined || page === undefined) return [];
    const anchors = [...page.text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
    return anchors.includes(anchor) ? [] : [`${path} links to ${link}: no such heading`];
  });
}

/** Code files that a page names and that are nowhere: `submit/send.ts` may stand in any folder. */
function namedAndGone({ path, text }: SourceFile): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, "");
  const named = [...prose.matchAll(/`([\w./-]+\.(?:ts|mts|mjs))`/g)].map(([, name = ""]) => name);
  return named
    .filter((name) => !EVERYTHING.some((one) => one === name || one.endsWith(`/${name}`)))
    .map((name) => `${path} names ${name}: no such file`);
}

test("a link of a page leads to a file, and to a heading of it", () => {
  expect(PAGES.flatMap(brokenLinks)).toEqual([]);
  const text = "## A `b`, c\n[x](gone.ts) [y](#gone) [z](#a-b-c) [w](../package.json)";
  expect(brokenLinks({ path: "docs/architecture.md", text })).toEqual([
    "docs/architecture.md links to gone.ts: no such file",
    "docs/architecture.md links to #gone: no such heading",
    "docs/architecture.md links to #a-b-c: no such heading",
  ]);
});

test("a file of code that a page names is there", () => {
  expect(PAGES.flatMap(namedAndGone)).toEqual([]);
  expect(namedAndGone({ path: "docs/x.md", text: "`submit/gone.ts`, `submit/send.ts`" })).toEqual([
    "docs/x.md names submit/gone.ts: no such file",
  ]);
});
