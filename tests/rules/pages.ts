import { controlsPage } from "./controls-page.ts";
import { denialsPage } from "./denials-page.ts";
import { rulesPage } from "./page.ts";

/** The generated pages about the risk gate. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/generated/rules.md": () => rulesPage(),
  "docs/generated/controls.md": controlsPage,
  "docs/generated/denials.md": denialsPage,
};
