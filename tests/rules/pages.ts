import { rulesPage } from "./page.ts";

/** The generated pages about the risk gate. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/generated/rules.md": () => rulesPage(),
};
