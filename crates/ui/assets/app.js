// What pages do beyond links and forms. Nothing here is needed: every page works without it.
"use strict";
(() => {
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const typing = (at) => at.matches("input:not([type=checkbox]), select, textarea, [contenteditable]");
  const say = (words) => { const said = $("#said"); if (said) said.textContent = words; };

  // A row of tabs wider than the window begins at the one that is open.
  for (const open of $$(".tabs [aria-current]")) {
    const row = open.closest(".tabs");
    if (row.scrollWidth > row.clientWidth) row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
  }

  // ---- keys -------------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (!(at instanceof Element) || typing(at)) return;
    if (event.key === "/") {
      const search = $("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "c") {
      copyCitation(at);
    } else {
      tableKey(event, at);
    }
  });

  function copyCitation(at) {
    const node = at.closest("[data-cite]") || $("[data-cite]:hover") || $("[data-cite]");
    if (!node || !navigator.clipboard) return;
    navigator.clipboard.writeText(node.dataset.cite).then(() => say($("#said").dataset.copied));
  }

  // Arrows move in the table that has the focus, Enter opens, x selects, . goes to what can be done with the selected.
  function tableKey(event, at) {
    const box = at.closest(".scroll");
    const table = box && $("table[data-keys]", box);
    if (!table) return;
    const rows = [...table.tBodies[0].rows];
    const here = rows.findIndex((row) => row.classList.contains("at"));
    const own = at === box || at.matches("input");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = Math.min(rows.length - 1, Math.max(0, here + (event.key === "ArrowDown" ? 1 : -1)));
      rows[here]?.classList.remove("at");
      rows[next].classList.add("at");
      rows[next].scrollIntoView({ block: "nearest" });
      say(rows[next].innerText);
    } else if (event.key === "Enter" && own && rows[here]?.dataset.href) {
      event.preventDefault();
      location.assign(rows[here].dataset.href);
    } else if (event.key === "x" && here >= 0) {
      const tick = $("input[name=selected]", rows[here]);
      if (tick) tick.checked = !tick.checked;
    } else if (event.key === ".") {
      $(".row-actions button", table.closest(".table"))?.focus();
    }
  }

  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("tr[data-href]");
    if (row && !event.target.closest("a, button, input, label, summary") && !String(getSelection())) {
      location.assign(row.dataset.href);
    }
    for (const open of $$("details.person[open], details.columns[open], details.more[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  // ---- what belongs to a number, on hover and focus ------------------------------------------------------------------
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the title says the same to those who listen
  function showTip(event) {
    const on = event.target.closest?.("[data-tip]");
    if (!on) { tip.hidden = true; return; }
    if (event.type === "mouseover") on.removeAttribute("title"); // the browser's own would stand on top of it
    if (!on.hasAttribute("aria-description")) on.setAttribute("aria-description", on.dataset.tip);
    tip.textContent = on.dataset.tip;
    tip.hidden = false;
    const place = on.getBoundingClientRect();
    const left = Math.min(innerWidth - tip.offsetWidth - 8, Math.max(8, place.left));
    const above = place.top - tip.offsetHeight - 4;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 4 ? above : place.bottom + 4}px`;
  }

  // ---- files dropped on a page ----------------------------------------------------------------------------------------
  function dropArea(area) {
    const input = $("input[type=file]", area);
    const names = $(".drop-names", area);
    const over = (on) => (event) => { event.preventDefault(); area.classList.toggle("over", on); };
    area.addEventListener("dragover", over(true));
    area.addEventListener("dragleave", over(false));
    area.addEventListener("drop", (event) => {
      over(false)(event);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", () => {
      const list = [...input.files].map((file) => file.name).join(", ");
      names.textContent = list && `${area.dataset.dropName} ${list}`;
    });
  }

  // A form with files shows how much is sent.
  function upload(form) {
    form.addEventListener("submit", (event) => {
      const bar = $("progress.upload", form);
      const files = $$("input[type=file]", form).some((input) => input.files.length);
      if (!bar || !files || event.defaultPrevented) return;
      event.preventDefault();
      const request = new XMLHttpRequest();
      const body = new FormData(form, event.submitter);
      const address = new URL(event.submitter?.getAttribute("formaction") || form.action, location).href;
      bar.hidden = false;
      request.upload.addEventListener("progress", (sent) => {
        if (sent.lengthComputable) bar.value = (100 * sent.loaded) / sent.total;
      });
      request.addEventListener("load", () => {
        show(request.status < 300 && request.responseURL !== address, request.responseURL, request.responseText);
      });
      request.addEventListener("error", () => { bar.hidden = true; form.submit(); });
      request.open("POST", address);
      request.send(body);
    });
  }

  // ---- forms that outlive a lost connection ---------------------------------------------------------------------------
  // Kept on the device and sent when the connection is back. The key in the form makes sending twice happen once.
  const KEPT = "orepass-kept";
  const kept = () => JSON.parse(localStorage.getItem(KEPT) || "[]");
  const keep = (all) => (all.length ? localStorage.setItem(KEPT, JSON.stringify(all)) : localStorage.removeItem(KEPT));

  function outliving(form) {
    form.addEventListener("submit", (event) => {
      if (navigator.onLine || event.defaultPrevented) return;
      event.preventDefault();
      const pairs = [...new FormData(form, event.submitter)];
      const key = form.elements.idempotency_key.value;
      keep([...kept().filter((one) => one.key !== key), { key, action: form.action, pairs }]);
      const notice = document.createElement("p");
      notice.className = "notice held";
      notice.setAttribute("role", "status");
      notice.textContent = form.dataset.keep;
      $(".notice", form)?.remove();
      form.prepend(notice);
    });
  }

  async function sendKept() {
    const [first, ...others] = navigator.onLine ? kept() : [];
    if (!first) return;
    try {
      const answer = await fetch(first.action, { method: "POST", body: new URLSearchParams(first.pairs) });
      if (answer.status >= 500) return;
      keep(others);
      show(answer.ok && answer.url !== first.action, answer.url, await answer.text());
    } catch { /* still no connection: the next event tries again */ }
  }

  // The answer to a form sent by script takes the place of the page, as without script.
  function show(moved, address, text) {
    if (moved) { location.assign(address); return; }
    document.open(); document.write(text); document.close();
  }

  // ---- repeated lines: add one, paste a block from a spreadsheet ------------------------------------------------------
  function addLine(table) {
    const body = table.tBodies[0];
    const count = body.rows.length;
    const line = body.rows[count - 1].cloneNode(true);
    for (const control of $$("input, select", line)) {
      control.name = control.name.replace(/\[\d+\]/, `[${count}]`);
      control.id = control.id.replace(/-\d+--/, `-${count}--`);
      control.setAttribute("aria-label", (control.getAttribute("aria-label") || "").replace(/\d+$/, count + 1));
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
      control.value = "";
    }
    for (const error of $$(".error", line)) error.remove();
    body.append(line);
    return line;
  }

  function repeated(table) {
    const button = $(`[data-add="${CSS.escape(table.dataset.repeat)}"]`, table.closest("fieldset"));
    button?.addEventListener("click", (event) => {
      event.preventDefault();
      $("input, select", addLine(table))?.focus();
    });
    table.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
      if (!/[\t\n]/.test(text)) return;
      event.preventDefault();
      const cell = event.target.closest("td");
      const top = cell.parentElement.sectionRowIndex;
      text.split(/\r?\n/).forEach((line, down) => {
        while (table.tBodies[0].rows.length <= top + down) addLine(table);
        line.split("\t").forEach((value, right) => {
          const target = table.tBodies[0].rows[top + down].cells[cell.cellIndex + right];
          const control = target && $("input, select", target);
          if (control) control.value = value.trim();
        });
      });
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(tip);
    for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, showTip);
    $$("[data-drop]").forEach(dropArea);
    $$("form[enctype]").forEach(upload);
    $$("table[data-repeat]").forEach(repeated);
    $$("form[data-keep]").forEach(outliving);
    addEventListener("online", sendKept);
    sendKept();
    $("[data-focus]")?.focus();
  });
})();
