//! The ledger: its entries, its signed head, the proof of each, and a verification of all of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use maud::{Markup, html};
use serde::Serialize;
use site::{FileOut, Miss, View, Visit, word};
use store::Store;
use ui::kit::Link;
use ui::kit::blocks::{self, Notice};
use ui::kit::record::page_head;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{State, Words};

use super::VERIFIERS;
use crate::answers::{Asker, Event, Named, event};

const PAGE: u32 = 100;

#[derive(Serialize)]
struct Head {
    entries: u64,
    key: String,
    last_report: Option<String>,
    shown: Vec<Event>,
    next_before: Option<u64>,
}

/// What the last verification of this process found.
#[derive(Clone)]
enum Verification {
    None,
    Runs,
    Passed(Box<store::LedgerReport>, kernel::Instant),
    Wrong(String, kernel::Instant),
}

static LAST: Mutex<Verification> = Mutex::new(Verification::None);

fn last() -> MutexGuard<'static, Verification> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a verification of everything beside the requests; the ledger's page shows how it ends.
pub fn start_verification(store: &Arc<Store>) {
    {
        let mut last = last();
        if matches!(*last, Verification::Runs) {
            return;
        }
        *last = Verification::Runs;
    }
    let store = Arc::clone(store);
    std::thread::spawn(move || {
        let found = match store::verify(&store, true) {
            Ok(report) => Verification::Passed(Box::new(report), store.now()),
            Err(wrong) => Verification::Wrong(wrong.to_string(), store.now()),
        };
        *last() = found;
    });
}

/// The newest entries, or those before one.
pub fn list(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let before = visit.asked("before").parse().unwrap_or(i64::MAX as u64);
    let entries = store::log::count(visit.db)?;
    let stored = store::log::entries(visit.db, before, PAGE)?;
    let mut ask = Asker::new(visit.store, visit.db);
    let shown = stored.into_iter().map(|entry| event(&mut ask, entry)).collect::<Result<Vec<_>, _>>()?;
    let next_before = shown.last().map(|event| event.entry).filter(|entry| *entry > 0);
    let key = visit.store.verifier()?.to_string();
    let mut first = BTreeMap::new();
    for subject in shown.iter().filter_map(|event| event.subjects.first()) {
        if let Ok(record) = subject.parse::<kernel::Ref>() {
            first.insert(subject.clone(), ask.name(record)?);
        }
    }
    let words = visit.words;
    let verification = last().clone();
    let table = table(words, &shown, &first);
    let body = html! {
        (page_head(&words.t("ledger-title"), Some(&words.t("ledger-lead")), None))
        (blocks::facts([
            (words.t("ledger-entries").as_str(), html! { (ui::format::grouped(&entries.to_string())) }),
            (words.t("ledger-key").as_str(), html! { a href="/ledger/key" { code { (key) } } }),
            (words.t("ledger-checkpoint").as_str(), html! { a href="/ledger/checkpoint" { "checkpoint" } }),
        ]))
        (report(words, &verification))
        @if visit.actor.has_any(VERIFIERS) && !matches!(verification, Verification::Runs) {
            form.inline method="post" action="/ledger/verify" {
                input type="hidden" name="csrf" value=(visit.csrf);
                p { button { (words.t("ledger-verify")) } }
            }
        }
        (table.render(words))
        @if let Some(before) = next_before {
            p { a href={ "/ledger?before=" (before) } { (words.t("ledger-older")) } }
        }
    };
    let last_report = match &verification {
        Verification::Wrong(wrong, _) => Some(wrong.clone()),
        Verification::Passed(report, _) => Some(format!("ok: {} entries", report.entries)),
        _ => None,
    };
    let mut view =
        View::new(words.t("ledger-title"), body, &Head { entries, key, last_report, shown, next_before });
    view.refresh = matches!(verification, Verification::Runs).then_some(2);
    Ok(view)
}

fn report(words: &Words, verification: &Verification) -> Markup {
    match verification {
        Verification::None => html! {},
        Verification::Runs => html! { (Notice::new(State::Neutral, words.t("ledger-verifying"))) },
        Verification::Passed(report, at) => {
            let said = words.tv(
                "ledger-verified",
                &[
                    ("entries", report.entries.into()),
                    ("rows", report.rows.into()),
                    ("files", report.files.into()),
                    ("at", words.instant(at.timestamp()).into()),
                ],
            );
            html! { (Notice::new(State::Pass, said)) }
        }
        Verification::Wrong(wrong, at) => {
            let at = words.instant(at.timestamp());
            let said = words.tv("ledger-wrong", &[("wrong", wrong.as_str().into()), ("at", at.into())]);
            html! { (Notice::new(State::Fail, said)) }
        }
    }
}

/// `first` names the first subject of each entry.
fn table(words: &Words, shown: &[Event], first: &BTreeMap<String, Named>) -> Table {
    let columns = vec![
        Column::number("entry", words.t("answer-entry"), ""),
        Column::text("at", words.t("answer-at")),
        Column::text("what", words.t("answer-what")),
        Column::text("by", words.t("answer-by")),
        Column::text("subjects", words.t("answer-subjects")),
        Column::text("reason", words.t("field-reason")),
    ];
    let rows = shown.iter().map(|event| Row {
        href: Some(format!("/ledger/{}", event.entry)),
        id: None,
        cells: vec![
            Cell::Link(Link::new(event.entry.to_string(), format!("/ledger/{}", event.entry))),
            event.at.parse().map_or(Cell::Text(event.at.clone()), Cell::Instant),
            Cell::Text(what(words, event)),
            Cell::Text(by(words, event)),
            Cell::Markup(html! {
                @if let Some(subject) = event.subjects.first() {
                    a href={ "/history/" (subject) } {
                        (first.get(subject).map_or(subject.as_str(), |named| &named.label))
                    }
                }
                @if event.subjects.len() > 1 { " +" (event.subjects.len() - 1) }
            }),
            event.reason.clone().map_or(Cell::Blank, Cell::Text),
        ],
    });
    Table::plain("entries", words.t("ledger-title"), columns, rows.collect())
}

/// Who did it; the system in the reader's word.
pub fn by(words: &Words, event: &Event) -> String {
    system(words, &event.by)
}

/// Replaces the stored word of the system by the reader's.
pub fn system(words: &Words, who: &str) -> String {
    match who.strip_prefix("system") {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => format!("{}{rest}", words.t("via-system")),
        _ => who.to_owned(),
    }
}

/// What happened, in words: the fact's own, else the command's.
pub fn what(words: &Words, event: &Event) -> String {
    let keys = [word("fact", &event.kind), word("command", &event.command)];
    let said = keys.iter().find(|key| words.has(key)).map(|key| words.t(key));
    match said {
        Some(said) if event.kind == "command.refused" => {
            format!("{} · {said}", words.t("fact-command-refused"))
        }
        Some(said) => said,
        None => event.kind.clone(),
    }
}

/// One entry with its canonical record and payload.
pub fn entry(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let seq: u64 = visit.id("entry")?;
    let Some(stored) = store::log::entry(visit.db, seq)? else {
        return Err(Miss::NoSuch(format!("entry {seq}")));
    };
    let canonical = stored.canonical.clone();
    let digest = stored.record.payload.to_base64();
    let mut ask = Asker::new(visit.store, visit.db);
    let event = event(&mut ask, stored)?;
    let words = visit.words;
    let title = words.tv("ledger-entry", &[("entry", seq.to_string().into())]);
    let payload =
        event.payload.as_ref().map(|payload| serde_json::to_string_pretty(payload).unwrap_or_default());
    let at = event.at.parse::<jiff::Timestamp>();
    let body = html! {
        (page_head(&title, Some(&what(words, &event)), None))
        (blocks::facts([
            (words.t("answer-what").as_str(), html! { code { (event.kind) } }),
            (words.t("answer-command").as_str(), html! { code { (event.command) } }),
            (words.t("answer-at").as_str(), html! { @if let Ok(at) = at { (words.time(at)) } }),
            (words.t("answer-by").as_str(), html! { (by(words, &event)) }),
            (words.t("field-reason").as_str(), html! { (event.reason.as_deref().unwrap_or("—")) }),
            (words.t("answer-subjects").as_str(), html! {
                @for subject in &event.subjects { a href={ "/history/" (subject) } { (subject) } " " }
            }),
            (words.t("ledger-digest").as_str(), html! { code { (digest) } }),
            (words.t("ledger-proof").as_str(), html! {
                a href={ "/ledger/" (seq) "/proof" } { "entry-" (seq) ".tlog-proof" }
            }),
        ]))
        (blocks::section(&words.t("ledger-payload"), html! {
            @match &payload {
                Some(payload) => pre tabindex="0" { code { (payload) } },
                None => (Notice::new(State::Held, words.t("ledger-erased"))),
            }
        }))
        (blocks::section(&words.t("ledger-record"), html! { pre tabindex="0" { code { (canonical) } } }))
    };
    Ok(View::new(title, body, &event).under(Link::new(words.t("ledger-title"), "/ledger")))
}

/// The proof that an entry is in the log (C2SP tlog-proof).
pub fn proof(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let seq: u64 = visit.id("entry")?;
    if seq >= store::log::count(visit.db)? {
        return Err(Miss::NoSuch(format!("entry {seq}")));
    }
    let (_, proofs) = visit.store.prove(&[seq])?;
    let text = proofs.first().map(ToString::to_string).unwrap_or_default();
    Ok(plain(format!("entry-{seq}.tlog-proof"), text))
}

/// The latest signed checkpoint (C2SP tlog-checkpoint).
pub fn checkpoint(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let (checkpoint, _) = visit.store.prove(&[])?;
    Ok(FileOut { inline: true, ..plain("checkpoint".to_owned(), checkpoint) })
}

/// The public key (C2SP signed-note verifier key).
pub fn key(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    Ok(plain("ledger.vkey".to_owned(), format!("{}\n", visit.store.verifier()?)))
}

fn plain(name: String, text: String) -> FileOut {
    FileOut { name, content_type: "text/plain; charset=utf-8", bytes: text.into_bytes(), inline: false }
}

/// A tile below `/ledger/tile/` (C2SP tlog-tiles). Hash tiles are anybody's; entries are for the staff.
pub fn tile(store: &Store, path: &str) -> Option<Vec<u8>> {
    let ok = |part: &str| {
        let part = part.strip_prefix('x').unwrap_or(part).trim_end_matches(".p");
        part == "entries" || (!part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let inner = path.strip_prefix("/ledger/tile/")?;
    let dotted = inner.replace(".p/", "/");
    if !dotted.split('/').all(ok) {
        return None;
    }
    std::fs::read(store.folder().join("ledger/tile").join(inner)).ok()
}
