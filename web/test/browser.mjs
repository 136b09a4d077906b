// What the page tests share: a real browser, and one look at a page that finds what nobody should have to report.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The widths every page is looked at. */
export const WIDTHS = [1280, 390];

/** A browser without a window that asks nobody but the page's server. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/** A new tab that remembers every error of its pages in `tab.wrong`. */
export async function tab(browser, width = 1280, options = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...options });
  const page = await context.newPage();
  page.wrong = [];
  page.on("console", (line) => {
    if (["error", "warning"].includes(line.type())) page.wrong.push(`${page.url()}: ${line.text()}`);
  });
  page.on("pageerror", (error) => page.wrong.push(`${page.url()}: ${error.message}`));
  return page;
}

/** Waits until charts stand, then: no script error, nothing blocked by the policy, no sideways scrolling, axe silent
 * (but for the rules left out, for a reason given there). */
export async function look(page, name, without = []) {
  const charts = page.locator("[data-chart]");
  if (await charts.count()) await page.locator("[data-chart] canvas").last().waitFor();
  assert.deepEqual(page.wrong, [], `${name}: errors`);
  const [wide, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= window, `${name}: scrolls sideways, ${wide} px in ${window}`);
  const session = await page.context().newCDPSession(page); // the page's own policy would refuse an injected script
  await session.send("Runtime.evaluate", { expression: axe });
  const options = { runOnly: RULES, rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])) };
  const { violations } = await page.evaluate((options) => globalThis.axe.run(document, options), options);
  const found = violations.map((one) => `${one.id}: ${one.help}\n    ${one.nodes.map((node) => node.html.slice(0, 160)).join("\n    ")}`);
  assert.deepEqual(found, [], `${name}: axe`);
}
