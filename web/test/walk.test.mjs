// The whole product in a real browser: the demo institute is made and served, and somebody walks through it from a
// file in the intake to a dossier that verifies. Every page and list answers in both languages; axe looks on.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, look, tab, WIDTHS } from "./browser.mjs";

const root = new URL("../..", import.meta.url).pathname;
const orepass = process.env.OREPASS || join(root, "target/debug/orepass");
const files = join(root, "../shared/data/instruments");
const PASSWORD = "ore to certificate";
const folder = mkdtempSync(join(tmpdir(), "orepass-walk-"));
const data = join(folder, "institute");
let browser, server, site, tour;
let shapes = []; // one address of each shape of page, filled by the test that reaches them all

before(async () => {
  assert.ok(existsSync(orepass), `${orepass} is not built; name it in OREPASS`);
  tour = execFileSync(orepass, ["demo", "--data", data], { encoding: "utf8" });
  const port = await free();
  site = `http://127.0.0.1:${port}`;
  server = spawn(orepass, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((ready, failed) => {
    server.stdout.once("data", ready);
    server.once("exit", (code) => failed(new Error(`the server ended with ${code}`)));
  });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

function free() {
  return new Promise((found) => {
    const socket = createServer().listen(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => found(port));
    });
  });
}

/** A tab of somebody who signed in. */
async function signedIn(login, width = 1280, options = {}) {
  const page = await tab(browser, width, options);
  await page.goto(`${site}/sign-in`);
  await page.locator("[name=user_name]").fill(login);
  await page.locator("[name=password]").fill(PASSWORD);
  await page.locator("main form button").click();
  await page.waitForURL(`${site}/`);
  return page;
}

/** The addresses that the tour names on the line with these words. */
function stop(words) {
  const line = tour.split("\n").find((one) => one.includes(words));
  assert.ok(line, `the tour says nothing of ${words}`);
  return line.match(/http:\/\/[^/]+(\/\S*)/)[1];
}

async function open(page, path, name = path, without = []) {
  const answer = await page.goto(site + path);
  assert.equal(answer.status(), 200, name);
  await look(page, name, without);
}

test("the sign-in is sound, and a wrong password is told from a right one", async () => {
  const page = await tab(browser);
  await open(page, "/sign-in");
  await page.locator("[name=user_name]").fill("analyst");
  await page.locator("[name=password]").fill("not the password");
  await page.locator("main form button").click();
  await page.locator("[role=alert], .error").first().waitFor();
  page.wrong.length = 0; // the browser notes the answer 422 itself
  await look(page, "sign-in, refused");
  await page.context().close();
});

test("a real instrument file goes in, and every row of it is accounted for", { skip: !existsSync(files) }, async () => {
  const page = await signedIn("analyst");
  await open(page, "/intake");
  await page.locator("input[type=file]").setInputFiles(join(files, "varian-vista-pro-icp.csv"));
  await page.locator("[name=method]").selectOption({ label: "ICP-MN-01 · 2026" });
  await page.locator("[name=instrument]").selectOption({ label: "ICP-1" });
  await page.locator("main form button.primary").click();
  await page.waitForURL("**/intake/import-*");
  await page.waitForFunction(() => document.body.innerText.includes("varian-vista-pro-icp.csv"));
  // The file does not tell day from month: it asks, and nothing of it is recorded until somebody says.
  await page.locator("[name=order]").waitFor();
  await look(page, "a file that asks for its date order");
  assert.match(await page.locator("main").innerText(), /Needs a decision: date order/);
  await page.locator("[name=order]").selectOption("day_first");
  await page.locator("main form button.primary").click();
  await page.waitForURL("**/intake/import-*");
  for (let tries = 0; tries < 40 && !(await page.locator(".badge", { hasText: "Finished" }).count()); tries += 1) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  await look(page, "the receipt");
  const text = await page.locator("main").innerText();
  assert.match(text, /Need a decision|Refused/);
  const again = page.url();
  await page.goto(`${site}/intake`);
  await page.locator("input[type=file]").setInputFiles(join(files, "varian-vista-pro-icp.csv"));
  await page.locator("[name=method]").selectOption({ label: "ICP-MN-01 · 2026" });
  await page.locator("main form button.primary").click();
  await page.waitForURL("**/intake/import-*");
  assert.equal(new URL(page.url()).pathname, new URL(again).pathname, "the same file is the same import");
  await page.context().close();
});

test("what waits for each of them", async () => {
  for (const login of ["analyst", "labhead", "quality", "shift"]) {
    const page = await signedIn(login);
    await look(page, `today of ${login}`);
    await page.context().close();
  }
});

test("a number opens down to the token in the raw file", async () => {
  const page = await signedIn("auditor");
  await open(page, stop("where a number comes from"));
  const token = page.locator(".explain mark, mark").first();
  await token.waitFor();
  const label = await page.locator("h1").innerText();
  assert.ok(label.includes((await token.innerText()).trim()), `${label} is not ${await token.innerText()}`);
  await page.context().close();
});

test("a held lot says why, a lot that is ready says so, and genealogy stands behind both", async () => {
  const page = await signedIn("quality");
  const held = stop("a held lot, and why");
  await open(page, held);
  assert.match(await page.locator("main").innerText(), /filter cloth/i);
  await open(page, stop("a lot ready to be released"));
  for (const words of ["where a blend comes from", "what of it is at a customer"]) await open(page, stop(words));
  const lot = held.match(/lot-\d+/)[0];
  for (const path of [`/lots/${lot}`, `/history/${lot}`, `/impact/${lot}`, `/trace/${lot}`]) await open(page, path);
  await page.context().close();
});

test("a held lot says so wherever it is named, and whoever may not release it is told who can", async () => {
  const held = stop("a held lot, and why").match(/lot-\d+/)[0];
  const shift = await signedIn("shift");
  await open(shift, `/lots/${held}`);
  assert.ok(await shift.locator(".record .badge.held").count(), "the lot's head");
  assert.equal(await shift.locator(".record .primary").count(), 0, "nothing to press for a shift supervisor");
  await shift.locator(".record .barred summary").click();
  assert.match(await shift.locator(".record .barred p").innerText(), /Quality manager \(Gao Min/);
  await open(shift, `/history/${held}`);
  assert.ok(await shift.locator(".record .badge.held").count(), "the head of its history");
  assert.deepEqual(await shift.locator(".tabs a").allInnerTexts(), ["Overview", "Explain", "Trace", "History"]);
  await open(shift, `/quality/release/${held}`);
  assert.ok(await shift.locator(".barred", { hasText: "Release" }).count());
  await shift.context().close();
});

test("releasing a held lot is refused in words, names and links, where the button was", async () => {
  const page = await signedIn("quality");
  await open(page, stop("a held lot, and why"));
  const form = page.locator("form[action='/do/lot.release']");
  await page.locator("details", { has: form }).locator("summary").click();
  await form.locator("[name=signature_password]").fill(PASSWORD);
  await form.locator("button").last().click();
  await page.locator(".refusal").waitFor();
  page.wrong.length = 0; // the browser notes the answer 422 itself
  await look(page, "the refusal");
  const said = await page.locator(".refusal").innerText();
  assert.doesNotMatch(said, /\b(lot|hold|person|method)-\d+\b|\d\dZ/, said);
  assert.match(said, /Gao Min/);
  await page.context().close();
});

test("search, ledger, people", async () => {
  const page = await signedIn("quality");
  await page.keyboard.press("/");
  await page.keyboard.type("MS-08");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search**");
  await look(page, "search");
  for (const path of ["/ledger", "/ledger/12", "/people", "/authorisations", "/authorisations/matrix", "/refusals"]) await open(page, path);
  await page.context().close();
});

test("language, theme and phone", async () => {
  for (const width of WIDTHS) {
    const page = await signedIn("quality", width);
    const paths = ["/lots", stop("a held lot, and why"), stop("where a number comes from")];
    for (const [lang, theme] of [["en", "dark"], ["zh", "light"]]) {
      await page.context().addCookies([{ name: "orepass_lang", value: lang, url: site }, { name: "orepass_theme", value: theme, url: site }]);
      for (const path of paths) await open(page, path, `${path}, ${lang}, ${theme}, ${width} px`);
      assert.equal(await page.locator("html").getAttribute("lang"), lang === "zh" ? "zh-CN" : "en");
    }
    await page.context().close();
  }
});

test("on a phone the open tab and what a row is stay in sight; forms say in Chinese what a field is for", async () => {
  const page = await signedIn("metallurgist", 390);
  await page.context().addCookies([{ name: "orepass_lang", value: "zh", url: site }]);
  await page.goto(`${site}/laboratory/worksheets`);
  const tab = await page.locator(".near .tabs [aria-current]").boundingBox();
  assert.ok(tab.x >= 0 && tab.x + tab.width <= 390, `the open tab stands at ${tab.x}`);
  await page.goto(`${site}/balance/losses`);
  const cell = page.locator(".table tbody tr:first-child td").first();
  const before = await cell.boundingBox();
  const moved = await page.locator(".table > .scroll").evaluate((box) => { box.scrollLeft = 200; return box.scrollLeft; });
  assert.ok(moved > 0, "the table is wider than the phone");
  assert.equal((await cell.boundingBox()).x, before.x);
  for (const command of ["lot.receive", "balance.open", "flowsheet.define"]) {
    await open(page, `/do/${command}`);
    const hints = await page.locator("main form .hint").allInnerTexts();
    assert.ok(hints.length, `${command} says nothing of its fields`);
    assert.deepEqual(hints.filter((hint) => !/\p{Script=Han}/u.test(hint)), [], command);
  }
  await page.context().close();
});

test("a dossier is downloaded and a stranger verifies it; a changed byte is found", async () => {
  const page = await signedIn("quality");
  await open(page, stop("certificate C-2026-0001"));
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator('a[href$="/dossier"]').first().click()]);
  const dossier = join(folder, "dossier.zip");
  await download.saveAs(dossier);
  const verify = (path) => spawnSync(orepass, ["verify", path], { encoding: "utf8" });
  const good = verify(dossier);
  assert.equal(good.status, 0, good.stdout + good.stderr);
  const bytes = readFileSync(dossier);
  bytes[bytes.indexOf("%PDF-") + 5000] ^= 1;
  const spoilt = join(folder, "spoilt.zip");
  writeFileSync(spoilt, bytes);
  assert.equal(verify(spoilt).status, 4);
  const replaced = tour.split("\n").find((one) => one.includes("superseded by")).match(/(\/\S*certificate-\d+)/)[1].replace(/^\/\/[^/]+/, "");
  await open(page, replaced);
  assert.match(await page.locator("main").innerText(), /superseded/i);
  await page.context().close();
});

/** Addresses in a page that lead further into the site. */
function links(html) {
  const all = [...html.matchAll(/<a [^>]*href="(\/[^"#]*)/g)].map((found) => found[1].replaceAll("&amp;", "&"));
  const aside = /format=|sort=|page=|lang=|theme=|\/(dossier|pdf|json|proof|label\.pdf|xlsx|report|sheet|labels|rack)$|\/raw\/|^\/(assets|api|gallery)\/|^\/ledger\/(checkpoint|key)$/;
  return all.filter((href) => !href.startsWith("//") && !aside.test(href));
}

test("every page that can be reached answers, in both languages", async () => {
  const readers = { en: await signedIn("director"), zh: await signedIn("director") };
  for (const [lang, page] of Object.entries(readers)) {
    await page.context().addCookies([{ name: "orepass_lang", value: lang, url: site }]);
  }
  const seen = new Map(); // one address of each shape is enough
  const queue = ["/"];
  const read = async (path, lang) => {
    const answer = await readers[lang].request.get(site + path);
    assert.equal(answer.status(), 200, `${path} in ${lang}`);
    const html = await answer.text();
    assert.ok(html.includes(`<html lang="${lang === "zh" ? "zh-CN" : "en"}"`), `${path} in ${lang}`);
    const key = html.match(/>\s*((?:page|column|field|command|list|state|choice|refusal)-[a-z]+-[a-z-]+)\s*</);
    assert.equal(key, null, `${path} in ${lang} shows a key for a word: ${key?.[1]}`);
    return html;
  };
  while (queue.length) {
    const path = queue.shift();
    const shape = path.replace(/\?.*/, "").replace(/-?\d+/g, "-N").replace(/\/[^/]*-N[^/]*/g, "/N").replace(/(charts\/N)\/.*/, "$1");
    if (seen.has(shape)) continue;
    seen.set(shape, path);
    const [english] = await Promise.all([read(path, "en"), read(path, "zh")]);
    queue.push(...links(english));
  }
  assert.ok(seen.size > 40, [...seen.keys()].join(" "));
  const tab = /\/(explain|trace|history)$/; // leads on to a page that is looked at elsewhere
  shapes = [...seen.values()].filter((path) => !tab.test(path));
  for (const page of Object.values(readers)) await page.context().close();
});

/** All ways in which a page is seen: language, theme, width. */
const LOOKS = ["en", "zh"].flatMap((lang) => ["light", "dark"].flatMap((theme) => WIDTHS.map((width) => [lang, theme, width])));

/** Looks at paths: at each in one of the ways, turn by turn, or at each in all of them. */
async function lookAt(login, paths, inAll, without) {
  for (const [at, [lang, theme, width]] of LOOKS.entries()) {
    const page = await signedIn(login, width);
    await page.context().addCookies([{ name: "orepass_lang", value: lang, url: site }, { name: "orepass_theme", value: theme, url: site }]);
    for (const path of paths.filter((_, turn) => inAll || turn % LOOKS.length === at)) {
      await open(page, path, `${path}, ${lang}, ${theme}, ${width} px`, without);
    }
    await page.context().close();
  }
}

test("every page that can be reached is sound, in all languages, themes and widths by turns", async () => {
  assert.ok(shapes.length, "reached above");
  await lookAt("director", shapes, false);
});

test("the gallery's index is sound in every way, and every page in it in one", async () => {
  await lookAt("director", ["/gallery", "/help"], true);
  const page = await signedIn("director");
  await page.goto(`${site}/gallery`);
  const entries = await page.locator(".gallery-index a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  assert.ok(entries.length > 30, entries.join(" "));
  await page.context().close();
  await lookAt("director", entries, false, ["landmark-unique", "page-has-heading-one"]); // several samples of one page stand below each other
});
