import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Hono } from "hono";

export interface PageFile {
  readonly type: string;
  readonly body: string;
}

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** All files of the page, read once: no path of a request ever reaches the file system. */
export function readPages(folder: string): ReadonlyMap<string, PageFile> {
  const files = readdirSync(folder).flatMap((name) => {
    const type = TYPES[extname(name)];
    return type === undefined ? [] : [[name, { type, body: readFileSync(join(folder, name), "utf8") }] as const];
  });
  return new Map(files);
}

/** The page at / and at each proposal's address; the same file, which reads the address itself. */
export function servePage(app: Hono, pages: ReadonlyMap<string, PageFile>): void {
  for (const [path, name] of [
    ["/", "index.html"],
    ["/proposals/:id{prop_[a-z2-7]{26}}", "index.html"],
  ] as const) {
    app.get(path, (context) => send(context, pages.get(name)));
  }
  app.get("/assets/:name", (context) => send(context, pages.get(context.req.param("name"))));
}

function send(
  context: {
    body(text: string, status: 200, headers: Record<string, string>): Response;
    notFound(): Response | Promise<Response>;
  },
  file: PageFile | undefined,
) {
  return file === undefined ? context.notFound() : context.body(file.body, 200, { "content-type": file.type });
}
