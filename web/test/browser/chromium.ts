import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

const PLACES = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const SCREENSHOTS = fileURLToPath(new URL("../../../screenshots/", import.meta.url));

/** The system's Chromium; undefined when there is none. */
const executable = PLACES.find((place) => place !== undefined && existsSync(place));

/** Why tests of the browser are skipped; false when they are not. */
export const noChromium: string | false =
  executable === undefined &&
  "there is no Chromium (Debian: apt-get install chromium; elsewhere set CHROMIUM to its path)";

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(executable === undefined ? {} : { executablePath: executable }),
    // Chromium refuses its sandbox to root.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
}

/** A page of its own, with what went wrong in it. */
export interface Opened {
  readonly page: Page;
  /** Errors of scripts, refused resources, violations of the policy. */
  readonly problems: string[];
  /** All addresses that were asked for. */
  readonly addresses: string[];
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const problems: string[] = [];
  const addresses: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      problems.push(message.text());
    }
  });
  page.on("request", (request) => addresses.push(request.url()));
  return { page, problems, addresses };
}

/** Keeps a picture as build output. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
}
