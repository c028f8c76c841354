import { controlsPage } from "./controls-page.ts";
import { denialsPage } from "./denials-page.ts";
import { rulesPage } from "./page.ts";
import { settingsPage } from "./settings-page.ts";

/** The generated pages about what services judge and how they are set. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/generated/rules.md": () => rulesPage(),
  "docs/generated/controls.md": controlsPage,
  "docs/generated/denials.md": denialsPage,
  "docs/generated/settings.md": settingsPage,
};
