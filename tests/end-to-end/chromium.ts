import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import type { System } from "./system.ts";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

/** A real Chromium of the system: CI installs it; without it a test fails, because a page that nobody opened is not shown to work. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = PATHS.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("no Chromium: install the package chromium");
  return chromium.launch({ executablePath, args: [...FLAGS, "--disable-component-update", "--disable-sync"] });
}

/** Opens an address of the page, and signs in where it asks for that. */
export async function openPage(page: Page, system: System, url: string): Promise<void> {
  await page.goto(url);
  const token = page.locator("#token");
  await page.locator("#main > *").first().waitFor();
  if (!(await token.isVisible())) return;
  await token.fill(system.ready.operatorToken);
  await token.press("Enter");
}
