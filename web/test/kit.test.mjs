// The page kit in a real browser: its gallery in both languages, both themes and both widths, and what its script does.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { launch, look, tab, WIDTHS } from "./browser.mjs";

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const root = new URL("../..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "orepass-kit-"));
let browser, server, site;

before(async () => {
  execFileSync("cargo", ["run", "--quiet", "--locked", "-p", "ui", "--example", "gallery", "--", folder], { cwd: root });
  const policy = readFileSync(join(folder, "policy.txt"), "utf8");
  server = createServer((request, response) => {
    const path = join(folder, new URL(request.url, "http://x").pathname);
    const found = existsSync(path) && extname(path) in TYPES;
    response.writeHead(found ? 200 : 404, { "content-type": TYPES[extname(path)] || "text/html", "content-security-policy": policy });
    response.end(found ? readFileSync(path) : "<!DOCTYPE html><title>none</title>");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  site = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const lang of ["en", "zh"]) for (const theme of ["light", "dark"]) for (const width of WIDTHS) {
  test(`the gallery is sound: ${lang}, ${theme}, ${width} px`, async () => {
    const page = await tab(browser, width);
    await page.goto(`${site}/${lang}-${theme}.html`);
    await look(page, `${lang}-${theme} at ${width}`);
    await page.context().close();
  });
}

async function gallery(options) {
  const page = await tab(browser, 1280, options);
  await page.goto(`${site}/en-light.html`);
  return page;
}

test("a page that refused something takes the reader there", async () => {
  const page = await gallery();
  assert.ok(await page.evaluate(() => document.activeElement.matches("[data-focus]")));
});

test("/ goes to the search, and is a letter where one types", async () => {
  const page = await gallery();
  await page.locator("h1").first().click();
  await page.keyboard.press("/");
  assert.ok(await page.evaluate(() => document.activeElement.matches("[data-search]")));
  await page.keyboard.type("a/b");
  assert.equal(await page.locator("[data-search]").inputValue(), "a/b");
});

test("arrows move in a table, x selects, . goes to the actions, Enter opens", async () => {
  const page = await gallery();
  await page.locator("#lots .scroll").focus();
  for (const key of ["ArrowDown", "ArrowDown", "x"]) await page.keyboard.press(key);
  assert.deepEqual(await page.locator("#lots [name=selected]:checked").evaluateAll((all) => all.map((one) => one.value)), ["1"]);
  await page.keyboard.press(".");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Print labels");
  await page.locator("#lots .scroll").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/lots/1");
});

test("a line is added to a group, and a block from a spreadsheet fills it", async () => {
  const page = await gallery();
  await page.locator("#split [data-add]").click();
  assert.equal(await page.locator('[name="outputs[2].mass_kg"]').count(), 1);
  await page.locator('[name="outputs[2].lot"]').focus();
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "C\t1.50\nD\t2.50\n");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  assert.equal(await page.locator('[name="outputs[2].mass_kg"]').inputValue(), "1.50");
  assert.equal(await page.locator('[name="outputs[3].lot"]').inputValue(), "D");
  assert.equal(await page.locator('[name="outputs[3].mass_kg"]').inputValue(), "2.50");
});

test("c copies the citation of the line in focus", async () => {
  const page = await gallery({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator(".explain .node").first().focus();
  await page.keyboard.press("c");
  await page.waitForFunction(() => document.querySelector("#said").textContent);
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "Orepass result 9, 31.94 % Mn");
});

test("hovering a number says what belongs to it", async () => {
  const page = await gallery();
  await page.locator("#lots [data-tip^='<0.5']").first().hover();
  assert.equal(await page.locator("#tip").textContent(), "<0.5 mg/kg · dry · uncertainty ± 0.4 (k = 2) · GB/T 15899-2021 · typed by hand");
});

test("a copied number has all its digits and nothing else", async () => {
  const page = await gallery();
  const texts = await page.locator("#lots td.number .num a").evaluateAll((all) => all.map((one) => one.textContent));
  assert.ok(texts.includes("17122.5"), texts.join(" "));
});

test("a point of a control chart opens its result", async () => {
  const page = await gallery();
  const canvas = page.locator("#control canvas");
  await canvas.waitFor();
  const place = await page.evaluate(() => {
    const chart = echarts.getInstanceByDom(document.querySelector("#control [data-chart]"));
    return chart.convertToPixel({ seriesIndex: 0 }, [16, 29.02]);
  });
  await canvas.scrollIntoViewIfNeeded();
  await canvas.click({ position: { x: place[0], y: place[1] } });
  await page.waitForURL("**/results/17");
});

test("a form sent without a connection is kept and sent once, when the connection is back", async () => {
  const page = await gallery();
  const sent = [];
  await page.route("**/lots", (route) => { sent.push(route.request().postData()); return route.fulfill({ body: "<title>done</title>", contentType: "text/html" }); });
  await page.context().setOffline(true);
  await page.locator("#receive button").click();
  await page.locator("#receive .notice").waitFor();
  assert.deepEqual(sent, []);
  await page.context().setOffline(false);
  await page.waitForFunction(() => document.title === "done");
  assert.equal(sent.length, 1);
  assert.ok(new URLSearchParams(sent[0]).get("idempotency_key") === "sample-key" && sent[0].includes("wet_kg=25431.5"), sent[0]);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test("without script everything is there: tables for charts, fields for files", async () => {
  const page = await gallery({ javaScriptEnabled: false });
  assert.ok(await page.locator("#control noscript").count());
  await page.locator("#control summary").click();
  assert.ok(await page.locator("#control-twin").getByText("29.02").isVisible());
  assert.ok(await page.locator("#files input[type=file]").isVisible());
  assert.equal(await page.locator('#split button[name="add_line"][value="outputs"]').count(), 1);
});
