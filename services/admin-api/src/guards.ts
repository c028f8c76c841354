import type { MiddlewareHandler } from "hono";
import { deny } from "./problem.ts";
import type { Services } from "./services.ts";

/** Nothing from elsewhere, nothing inline, no frame around it; what the page shows is text. */
const HEADERS: Record<string, string> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; " +
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** Host and Origin must be ours, so that no page elsewhere reaches this API through a name that it controls. */
export function guards({ config, mode }: Pick<Services, "config" | "mode">): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    context.header("countersign-mode", mode);
    const host = hostNameOf(`http://${context.req.header("host") ?? ""}`);
    if (host === undefined || !config.allowedHosts.includes(host)) deny("FORBIDDEN", "This host name is not served.");
    const origin = context.req.header("origin");
    if (origin !== undefined && !config.allowedHosts.includes(hostNameOf(origin) ?? "")) {
      deny("FORBIDDEN", "Requests from this origin are not served.");
    }
    await next();
  };
}

function hostNameOf(url: string): string | undefined {
  try {
    return new URL(url).hostname || undefined;
  } catch {
    return undefined;
  }
}
