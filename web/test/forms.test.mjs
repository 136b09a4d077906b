// The form of every command, filled through its own controls and sent in a real browser by somebody who may: it
// ends in a receipt, or in a refusal that says rule and remedy in words; and sent wrong, the form says so at the
// field and loses nothing that was typed. The list of commands is the product's own: a command is tried from the
// day it exists, filled from its example with records of the demo institute in place of the example's.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, tab } from "./browser.mjs";

const root = new URL("../..", import.meta.url).pathname;
const orepass = process.env.OREPASS || join(root, "target/debug/orepass");
const PASSWORD = "ore to certificate";
const NEW_PASSWORD = "certificate to ore";
const folder = mkdtempSync(join(tmpdir(), "orepass-forms-"));
const data = join(folder, "institute");
let browser, server, site, commands;
let records = {}; // ids of the demo institute, by kind
const tabs = {}; // one for each login

/** Somebody of the demo institute for each role. */
const LOGINS = {
  analyst: "analyst", "laboratory-head": "labhead", receiver: "receiver", "shift-supervisor": "shift",
  metallurgist: "metallurgist", "quality-manager": "quality", "talent-officer": "talent", director: "director",
  auditor: "auditor", customer: "customer", administrator: "admin",
};

/** What the example cannot know: who gives it, which fields; `done` where nothing less will do. */
const CASES = {
  "account.change_password": { by: "customer", last: true },
  "account.choose_language": { by: "auditor", fields: { lang: "en" }, done: true },
  "account.close": { fields: { person: "Tang Rui" }, last: true },
  "authorisation.grant": { fields: { person: "Deng Yu" }, done: true },
  "person.erase": { fields: { person: "He Bo" }, last: true },
  "role.grant": { fields: { person: "Deng Yu", role: "receiver" }, done: true },
  "role.withdraw": { fields: { person: "Ivy Tan", role: "metallurgist" }, last: true },
  "token.issue": { by: "auditor", fields: { secret_sha256: "" }, done: true, says: /once/i },
  "institute.set": { last: true },
};

/** Forms in which no field can be wrong by itself: nothing in them is required or has a form of its own. */
const NOTHING_WRONG = new Set([]);

before(async () => {
  assert.ok(existsSync(orepass), `${orepass} is not built; name it in OREPASS`);
  execFileSync(orepass, ["demo", "--data", data], { encoding: "utf8" });
  const port = await free();
  site = `http://127.0.0.1:${port}`;
  server = spawn(orepass, ["serve", "--data", data, "--listen", `127.0.0.1:${port}`], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((ready, failed) => {
    server.stdout.once("data", ready);
    server.once("exit", (code) => failed(new Error(`the server ended with ${code}`)));
  });
  browser = await launch();
  const page = await as("director");
  commands = await (await page.request.get(`${site}/api/v1/commands`)).json();
  await learn(page);
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

/** The tab of somebody, signed in. */
async function as(login) {
  if (tabs[login]) return tabs[login];
  const page = await tab(browser);
  await page.goto(`${site}/sign-in`);
  await page.locator("[name=user_name]").fill(login);
  await page.locator("[name=password]").fill(PASSWORD);
  await page.locator("main form button").click();
  await page.waitForURL(`${site}/`);
  tabs[login] = page;
  return page;
}

/** Learns which records there are: from every list, and from the first records of each kind. */
async function learn(page) {
  const read = async (path) => {
    const answer = await page.request.get(`${site}/api/v1${path}`);
    if (answer.status() !== 200) return;
    for (const [id, kind] of (await answer.text()).matchAll(/(?<![\w-])([a-z]+(?:-[a-z]+)*)-\d+(?![\w-])/g)) {
      if (!records[kind]?.includes(id)) records[kind] = [...(records[kind] || []), id];
    }
  };
  const lists = await (await page.request.get(`${site}/api/v1/lists`)).json();
  for (const { path } of lists) await read(`${path}?page_size=50`);
  for (const ids of Object.values({ ...records })) for (const id of ids.slice(0, 3)) await read(`/records/${id}`);
  assert.ok(records.lot?.length > 3 && records.person?.length > 3, Object.keys(records).join(" "));
}

/** The example with records of the institute in place of its own: the same for the same, another for another. */
function real(example) {
  const met = {};
  const place = (value) => {
    if (Array.isArray(value)) return value.map(place);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, place(one)]));
    const kind = typeof value === "string" && value.match(/^([a-z]+(?:-[a-z]+)*)-\d+$/)?.[1];
    if (!kind || !records[kind]) return value;
    met[kind] ||= {};
    met[kind][value] ||= records[kind][Object.keys(met[kind]).length % records[kind].length];
    return met[kind][value];
  };
  return place(example);
}

/** `{a: {b: 1}, c: [{d: 2}], e: [1, 2]}` as the names of controls: `a.b`, `c[0].d`, `e`. */
function named(value, above = "", into = {}) {
  for (const [key, one] of Object.entries(value)) {
    const name = above ? `${above}.${key}` : key;
    into[name] = one; // where a control takes the whole of it
    if (Array.isArray(one) && one.length && one.every((line) => line && typeof line === "object" && !Array.isArray(line))) {
      one.forEach((line, at) => named(line, `${name}[${at}]`, into));
    } else if (one && typeof one === "object" && !Array.isArray(one)) {
      named(one, name, into);
    }
  }
  return into;
}

const form = (page, command) => page.locator(`main form[action="/do/${command}"]`);

/** The controls of a form, as a person sees them. */
function controls(page, command) {
  return form(page, command).evaluate((form) =>
    [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.tagName !== "BUTTON" && one.tagName !== "FIELDSET").map((one) => ({
      name: one.name, tag: one.tagName, type: one.type, required: one.required, autocomplete: one.autocomplete,
      options: one.options ? [...one.options].map((option) => ({ value: option.value, text: option.text })) : null,
      list: one.list ? [...one.list.options].map((option) => option.value) : null,
      value: one.type === "checkbox" ? String(one.checked) : one.type === "password" ? "" : one.value,
    })));
}

/** What a control is given. `undefined` leaves it as it is. */
function given(control, value, own) {
  if (control.type === "password") {
    return control.autocomplete === "new-password" ? NEW_PASSWORD : PASSWORD;
  }
  if (own !== undefined) value = own;
  const filled = control.options?.filter((option) => option.value !== "");
  if (filled) {
    if (value === undefined || value === null) return control.required ? filled[0]?.value : undefined;
    const text = value === true ? "yes" : value === false ? "no" : String(value);
    const chosen = filled.find((option) => option.value === text || option.text.includes(text));
    if (!chosen && !/-\d+$/.test(text)) assert.fail(`${control.name} cannot be given ${text}: ${filled.map((option) => option.value).join(", ")}`);
    return (chosen || filled[0])?.value;
  }
  if (control.list) {
    if (value === undefined) return control.required ? control.list[0] : undefined;
    return control.list.find((one) => one.includes(`(${value})`) || one.startsWith(`${value} `)) || control.list[0] || String(value);
  }
  if (value === undefined || value === null) return undefined;
  if (control.type === "checkbox") return value === true || value === "yes";
  if (control.type === "datetime-local") return String(value).slice(0, 16);
  if (control.type === "date") return String(value).slice(0, 10);
  if (Array.isArray(value)) return value.every((one) => typeof one !== "object") ? value.join("\n") : JSON.stringify(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Opens the form of a command and fills it. Gives what was typed, by control. */
async function fill(page, { name, example }) {
  const answer = await page.goto(`${site}/do/${name}`);
  assert.equal(answer.status(), 200, `${name}: the form`);
  const fields = CASES[name]?.fields || {};
  const values = named(real(example));
  // Lines beyond those that are shown are asked for, as a person does.
  for (const key of Object.keys(values)) {
    const [, group, at] = key.match(/^(.*)\[(\d+)\]\.[^.]+$/) || [];
    if (!group) continue;
    const add = form(page, name).locator(`button[name=add_line][value="${group}"]`);
    if (!(await add.count())) continue;
    for (let tries = 0; tries < 12 && !(await form(page, name).locator(`[name^="${group}[${at}]."]`).count()); tries += 1) {
      await add.click();
      await page.waitForTimeout(50);
    }
  }
  for (const control of await controls(page, name)) {
    const value = given(control, values[control.name], fields[control.name]);
    if (value === undefined) continue;
    const found = form(page, name).locator(`[name="${control.name}"]`);
    if (control.type === "checkbox") await found.setChecked(value);
    else if (control.options) await found.selectOption(value);
    else await found.fill(value);
  }
  return controls(page, name);
}

/** Sends the form; gives status and page as the browser ends up with them. */
async function send(page, command) {
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.request().method() === "POST" && one.url().endsWith(`/do/${command}`)),
    form(page, command).locator("p.submit button").click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
}

/** What stands wrong on the page: errors at fields and over the form. */
const errors = (page) => page.locator("main p.error, main .notice.fail").allInnerTexts();

function who({ name, roles }) {
  return CASES[name]?.by || LOGINS[roles.find((role) => LOGINS[role])];
}

async function rightly(command) {
  const page = await as(who(command));
  await fill(page, command);
  const status = await send(page, command.name);
  if (status === 303 || status === 200) {
    const text = await page.locator("body").innerText();
    assert.doesNotMatch(text, /⟦/, command.name);
    assert.match(text, CASES[command.name]?.says || /Recorded as ledger entry/, `${command.name} is done and does not say so`);
    return "done";
  }
  assert.deepEqual(await errors(page), [], `${command.name}: a field cannot be sent`);
  assert.equal(status, 422, command.name);
  const refusal = page.locator(".refusal");
  assert.equal(await refusal.count(), 1, `${command.name}: ${status} without a refusal`);
  const said = await refusal.innerText();
  assert.ok(said.trim().split(/\s+/).length > 5, `${command.name} says too little: ${said}`);
  assert.doesNotMatch(said, /⟦|\{ ?\$/, `${command.name}: ${said}`);
  assert.notEqual(CASES[command.name]?.done, true, `${command.name} is refused: ${said}`);
  return "refused";
}

/** Makes one field wrong: the first that must be given is left empty, else one gets what it cannot take. */
async function spoil(page, command) {
  const all = await controls(page, command.name);
  const field = (control) => form(page, command.name).locator(`[name="${control.name}"]`);
  const plain = (control) => control.type !== "password" && control.type !== "checkbox";
  for (const control of all.filter((one) => one.required && plain(one) && one.value)) {
    if (control.options && !control.options.some((option) => option.value === "")) continue;
    if (control.options) await field(control).selectOption("");
    else await field(control).fill("");
    // Of a name in two languages one stands for both.
    const other = all.find((one) => one.name === control.name.replace(/\.en$/, ".zh") && one !== control);
    if (other) await field(other).fill("");
    return control.name;
  }
  const password = all.find((one) => one.type === "password" && one.required);
  if (password) {
    await field(password).fill("");
    return password.name;
  }
  const typed = all.find((one) => plain(one) && !one.options && !one.type.startsWith("date") && one.name !== "reason");
  if (typed) {
    await field(typed).fill("\u2603".repeat(3000));
    return typed.name;
  }
  return null;
}

async function wrongly(command) {
  const page = await as(who(command));
  await fill(page, command);
  const spoilt = await spoil(page, command);
  if (!spoilt) {
    assert.ok(NOTHING_WRONG.has(command.name), `${command.name}: nothing in it can be made wrong`);
    return;
  }
  const typed = await controls(page, command.name);
  const status = await send(page, command.name);
  assert.equal(status, 422, `${command.name}, wrong at ${spoilt}`);
  const said = await errors(page);
  assert.ok(said.length, `${command.name}: wrong at ${spoilt}, and nothing is said`);
  const now = Object.fromEntries((await controls(page, command.name)).map((control) => [control.name, control.value]));
  const bare = (text) => text.replace(/^.*\(([a-z-]+-\d+)\)$/, "$1").replace(/\r\n/g, "\n").trim();
  for (const { name, value } of typed) {
    if (value === "") continue; // an empty line of a group may be left out
    assert.equal(bare(now[name] ?? "(gone)"), bare(value), `${command.name}: wrong at ${spoilt}, and ${name} is lost`);
  }
}

/** Everything at once: one broken form does not hide the others. */
async function all(act) {
  const outcome = {};
  const broken = [];
  const order = [...commands].sort((a, b) => Number(!!CASES[a.name]?.last) - Number(!!CASES[b.name]?.last));
  for (const command of order) {
    try {
      outcome[command.name] = await act(command);
    } catch (error) {
      broken.push(`${command.name}: ${error.message.split("\n").slice(0, 12).join("\n    ")}`);
    }
  }
  assert.deepEqual(broken, [], `${broken.length} of ${commands.length} forms:\n${broken.join("\n")}`);
  return outcome;
}

test("every case is of a command that there is", () => {
  const names = commands.map((command) => command.name);
  assert.ok(names.length > 60, names.join(" "));
  assert.deepEqual(Object.keys(CASES).filter((name) => !names.includes(name)), []);
  assert.deepEqual(commands.filter((command) => !who(command)).map((command) => command.name), [], "nobody may give it");
});

test("every form sent wrong says so at the field, and loses nothing that was typed", async () => {
  await all(wrongly);
});

test("every form can be sent: it ends in a receipt or in a refusal with words", async (t) => {
  const outcome = await all(rightly);
  const done = Object.keys(outcome).filter((name) => outcome[name] === "done");
  t.diagnostic(`${done.length} done, ${Object.keys(outcome).length - done.length} refused by a rule`);
  assert.ok(done.length > 15, `only ${done.join(" ")}`);
});
