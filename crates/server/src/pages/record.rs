//! The four questions about any record, as pages: explain, trace, impact, history.

use std::collections::BTreeMap;

use kernel::Ref;
use maud::{Markup, html};
use site::{Miss, View, Visit, word};
use store::RawPlace;
use ui::chart::{FOLD_ABOVE, Genealogy, GenealogyEdge, GenealogyNode};
use ui::gallery::{GalleryEntry, Sample};
use ui::kit::Link;
use ui::kit::blocks::{self, Empty};
use ui::kit::explain::{self as tree, ExplainNode};
use ui::kit::number::Number;
use ui::kit::record::{Action, HistoryEntry, RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, State, Words};

use super::ledger::{by, system, what};
use crate::answers::{self, Asker, Event, Explanation, Impact, Kin, Named, Trace};
use crate::form;

/// How many records of one kind the impact page names; the data has more.
const SHOWN: usize = 200;

fn record(visit: &mut Visit<'_>) -> Result<Ref, Miss> {
    let record: Ref = visit.id("record")?;
    let known = store::log::origin(visit.db, record)?.is_some()
        || visit.store.registry().describe(visit.db, record)?.is_some();
    if known { Ok(record) } else { Err(Miss::NoSuch(record.to_string())) }
}

/// The head of a record's pages, the same for every kind: how it stands, and what is to be done with it next.
struct Head {
    named: Named,
    standing: Vec<Badge>,
    next: Option<Action>,
}

impl Head {
    fn of(visit: &mut Visit<'_>, named: &Named) -> Result<Head, Miss> {
        let (standing, next) = (visit.standing(named.record)?, visit.next(named.record)?);
        Ok(Head { named: named.clone(), standing, next })
    }

    fn render(&self, words: &Words, tab: RecordTab) -> Markup {
        let Named { record, kind, label, url } = &self.named;
        let head = RecordHead {
            kind: format!("{} · {record}", words.t(&word("kind", kind))),
            name: label.clone(),
            badges: self.standing.clone(),
            action: self.next.clone(),
            others: Vec::new(),
            path: url.clone(),
            tab,
        };
        head.render_with(words, |tab| match tab {
            RecordTab::Overview => url.clone(),
            tab => format!("{}/{record}", tab.path()),
        })
    }
}

fn view(
    visit: &mut Visit<'_>,
    named: &Named,
    (tab, title): (RecordTab, &str),
    body: Markup,
    data: &impl serde::Serialize,
) -> Result<View, Miss> {
    let named = &Named { label: visit.called(named.record, &named.label)?, ..named.clone() };
    let head = Head::of(visit, named)?;
    let title = format!("{} · {}", named.label, visit.words.t(title));
    let mut view = View::new(title, html! { (head.render(visit.words, tab)) (body) }, data);
    view.of.clone_from(&named.url);
    Ok(view.under(Link::new(&*named.label, &*named.url)))
}

/// Where it comes from.
pub fn explain(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let record = record(visit)?;
    let found = answers::explain(&mut Asker::new(visit.store, visit.db), record)?;
    let mut texts = BTreeMap::new();
    say(visit, &found, &mut texts)?;
    let body = tree::tree(visit.words, &explain_node(visit.words, &texts, &found));
    view(visit, &found.named, (RecordTab::Explain, "kit-tab-explain"), body, &found)
}

/// What the fields of the tree say to this reader, by their stored text.
fn say(visit: &mut Visit<'_>, at: &Explanation, into: &mut BTreeMap<String, String>) -> Result<(), Miss> {
    for (_, text) in &at.fields {
        if !into.contains_key(text) {
            into.insert(text.clone(), visit.said(text)?);
        }
    }
    let label = visit.called(at.named.record, &at.named.label)?;
    into.insert(at.named.label.clone(), label);
    at.inputs.iter().try_for_each(|input| say(visit, input, into))
}

fn explain_node(words: &Words, texts: &BTreeMap<String, String>, at: &Explanation) -> ExplainNode {
    let mut rule: Vec<String> = at.role.iter().map(|role| words.t(&word("edge", role))).collect();
    rule.extend(at.share.map(|share| format!("{} %", percent(share))));
    rule.extend(at.mass_kg_dry.map(mass));
    rule.extend(
        at.fields.iter().map(|(key, text)| words.pair(&field(words, key), &said(words, texts, key, text))),
    );
    if at.above {
        rule.push(words.t("explain-above"));
    }
    if at.cut {
        rule.push(words.t("explain-cut"));
    }
    let Named { record, kind, label, url } = &at.named;
    let entry = at.entry.map(|entry| format!("/ledger/{entry}"));
    let citation = [Some(label.clone()), Some(record.to_string()), at.by.clone(), at.at.clone(), entry];
    ExplainNode {
        kind: words.t(&word("kind", kind)),
        record: Some(Link::new(texts.get(label).unwrap_or(label).clone(), url.clone())),
        rule: (!rule.is_empty()).then(|| rule.join(" · ")),
        who: at.by.as_deref().map(|who| system(words, who)),
        at: at.at.as_ref().and_then(|at| at.parse().ok()),
        version: at.entry.map(|entry| format!("#{entry}")),
        excerpt: at.raw.as_ref().map(|raw| excerpt(raw, at.excerpt.as_ref())),
        citation: citation.into_iter().flatten().collect::<Vec<_>>().join(", "),
        inputs: at.inputs.iter().map(|input| explain_node(words, texts, input)).collect(),
        ..ExplainNode::default()
    }
}

/// The word of a field of a description: the key's own, `field-KEY`, else the key itself.
fn field(words: &Words, key: &str) -> String {
    let keys = [key.to_owned(), word("field", key)];
    let found = keys.iter().find(|key| words.has(key));
    found.map_or_else(|| key.replace(['_', '-'], " "), |key| words.t(key))
}

/// The text of a field for reading: names and times as the reader has them, stored words in words.
fn said(words: &Words, texts: &BTreeMap<String, String>, key: &str, text: &str) -> String {
    let said = texts.get(text).map_or(text, String::as_str);
    if said == text {
        form::choice(words, key.strip_prefix("field-").unwrap_or(key), text)
    } else {
        said.to_owned()
    }
}

fn excerpt(raw: &RawPlace, found: Option<&answers::Excerpt>) -> tree::Excerpt {
    let file = Link::new(raw.file_name.clone(), format!("/raw/{}", raw.sha256));
    let sha256 = raw.sha256.clone();
    match found {
        Some(found) => tree::Excerpt {
            file,
            sha256,
            first_line: found.lines.first().map_or(1, |line| line.number),
            lines: found.lines.iter().map(|line| line.text.clone()).collect(),
            line: found.line,
            token: found.token,
        },
        None => {
            let line = raw.row.rsplit('!').next().and_then(|row| row.parse().ok()).unwrap_or(1);
            let file = Link::new(format!("{} {}", raw.file_name, raw.row), file.href);
            let token = (0, raw.raw.chars().count());
            tree::Excerpt { file, sha256, first_line: line, lines: vec![raw.raw.clone()], line, token }
        }
    }
}

/// What went into it and where it went.
pub fn trace(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let record = record(visit)?;
    let found = answers::trace(&mut Asker::new(visit.store, visit.db), record)?;
    let standing = standing(visit, &found)?;
    let words = visit.words;
    let body = html! {
        p { a href={ "/impact/" (record) } { (words.t("trace-impact")) } }
        @if found.flows.is_empty() {
            (Empty::new(words.t("trace-nothing"), words.t("trace-nothing-hint")).render())
        } @else {
            (genealogy(words, &found, &standing).render(words))
            (kin(words, "trace-before", &found.ancestors))
            (kin(words, "trace-after", &found.descendants))
        }
        @if let Some(recall) = &found.recall { (quality::recall::pages::sections(words, recall)) }
    };
    view(visit, &found.named, (RecordTab::Trace, "kit-tab-trace"), body, &found)
}

/// The worst state of each record of the picture, for its colour and sign; of as many as are drawn.
fn standing(visit: &mut Visit<'_>, found: &Trace) -> Result<BTreeMap<Ref, State>, Miss> {
    let kin = found.ancestors.iter().chain(&found.descendants).map(|kin| kin.named.record);
    let mut states = BTreeMap::new();
    for record in std::iter::once(found.named.record).chain(kin).take(FOLD_ABOVE) {
        let worst = visit.standing(record)?.into_iter().map(|badge| badge.state).min();
        states.extend(worst.map(|state| (record, state)));
    }
    Ok(states)
}

fn genealogy(words: &Words, found: &Trace, standing: &BTreeMap<Ref, State>) -> Genealogy {
    let node = |named: &Named| GenealogyNode {
        id: named.record.to_string(),
        label: named.label.clone(),
        kind: words.t(&word("kind", named.kind)),
        state: standing.get(&named.record).copied().unwrap_or(State::Neutral),
        mass: String::new(),
        href: named.url.clone(),
    };
    let kin = found.ancestors.iter().chain(&found.descendants).map(|kin| &kin.named);
    let mut nodes: Vec<GenealogyNode> = std::iter::once(&found.named).chain(kin).map(node).collect();
    let mut seen = std::collections::BTreeSet::new();
    nodes.retain(|node| seen.insert(node.id.clone()));
    let edges = found.flows.iter().map(|(from, to, kg, share)| GenealogyEdge {
        from: from.to_string(),
        to: to.to_string(),
        mass: kg.map(mass).unwrap_or_default(),
        share: share.map(|share| format!("{} %", percent(share))).unwrap_or_default(),
    });
    Genealogy {
        id: "genealogy".to_owned(),
        focus: found.named.record.to_string(),
        nodes,
        edges: edges.collect(),
    }
}

fn kin(words: &Words, key: &str, all: &[Kin]) -> Markup {
    let columns = vec![
        Column::text("name", words.t("answer-name")),
        Column::text("kind", words.t("answer-kind")),
        Column::number("depth", words.t("answer-steps"), ""),
        Column::number("share", words.t("answer-share"), "%"),
        Column::number("mass", words.t("answer-mass-dry"), "kg"),
    ];
    let rows = all.iter().map(|kin| Row {
        href: Some(format!("/trace/{}", kin.named.record)),
        id: None,
        cells: vec![
            Cell::Link(Link::new(&*kin.named.label, &*kin.named.url)),
            Cell::Text(words.t(&word("kind", kin.named.kind))),
            Cell::Number(Number::new(kin.depth.to_string())),
            Cell::Number(Number::new(percent(kin.share))),
            kin.mass_kg_dry.map_or(Cell::Blank, |kg| Cell::Number(Number::new(shorten(kg, 3)))),
        ],
    });
    let title = words.t(key);
    let mut table = Table::plain(key, title.clone(), columns, rows.collect());
    table.empty = Empty::new(words.t("trace-none"), String::new());
    blocks::section(&title, table.render(words))
}

/// What else is wrong if this is wrong.
pub fn impact(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let record = record(visit)?;
    let found = answers::impact(&mut Asker::new(visit.store, visit.db), record)?;
    let body = impact_body(visit.words, &found);
    view(visit, &found.named, (RecordTab::Trace, "tab-impact"), body, &found)
}

fn impact_body(words: &Words, found: &Impact) -> Markup {
    html! {
        p.lead { (words.tv("impact-total", &[("n", found.total.into())])) }
        @if let Some(recall) = &found.recall { (quality::recall::pages::sections(words, recall)) }
        @for affected in &found.affected {
            @let kind = words.t(&word("kind", affected.kind));
            (blocks::section(&format!("{kind} ({})", affected.count), html! {
                (affected_table(words, affected).render(words))
                @if affected.count > SHOWN {
                    p.muted { (words.tv("impact-more", &[("n", (affected.count - SHOWN).into())])) }
                }
            }))
        }
    }
}

fn affected_table(words: &Words, affected: &answers::Affected) -> Table {
    let columns =
        vec![Column::text("name", words.t("answer-name")), Column::text("record", words.t("answer-record"))];
    let rows = affected.records.iter().take(SHOWN).map(|one| Row {
        href: Some(one.url.clone()),
        id: None,
        cells: vec![Cell::Link(Link::new(&*one.label, &*one.url)), Cell::Text(one.record.to_string())],
    });
    let caption = words.t(&word("kind", affected.kind));
    let mut table =
        Table::plain(format!("affected-{}", affected.kind), caption.clone(), columns, rows.collect());
    table.query.path = caption;
    table
}

/// What happened to it.
pub fn history(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let record = record(visit)?;
    let mut ask = Asker::new(visit.store, visit.db);
    let named = ask.name(record)?;
    let events = answers::history(&mut ask, record)?;
    let words = visit.words;
    let entries: Vec<HistoryEntry> =
        events.iter().rev().filter_map(|event| history_entry(words, event)).collect();
    let body = ui::kit::record::history(words, &entries);
    view(visit, &named, (RecordTab::History, "kit-tab-history"), body, &events)
}

fn history_entry(words: &Words, event: &Event) -> Option<HistoryEntry> {
    let refused = event.kind == "command.refused";
    Some(HistoryEntry {
        at: event.at.parse().ok()?,
        what: what(words, event),
        who: by(words, event),
        reason: event.reason.clone(),
        badge: refused.then(|| Badge::new(State::Fail, words.t("fact-command-refused"))),
        ledger: Some(Link::new(format!("#{}", event.entry), format!("/ledger/{}", event.entry))),
        changes: Vec::new(),
    })
}

fn percent(share: f64) -> String {
    shorten(share * 100.0, 2)
}

fn mass(kg: f64) -> String {
    format!("{} kg", shorten(kg, 3))
}

/// A float of the thread for reading: at most so many decimals, no idle zeros.
fn shorten(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The impact page shows itself in the gallery; the others are parts of the kit.
struct ImpactSample(Impact);

impl Sample for ImpactSample {
    fn samples() -> Vec<(&'static str, Self)> {
        let named = |record: &str, label: &str| -> Option<Named> {
            let record: Ref = record.parse().ok()?;
            Some(Named {
                record,
                kind: record.kind.word(),
                label: label.to_owned(),
                url: format!("/history/{record}"),
            })
        };
        let all = |list: &[(&str, &str)]| list.iter().filter_map(|(r, l)| named(r, l)).collect::<Vec<_>>();
        let group = |kind, records: Vec<Named>| answers::Affected { kind, count: records.len(), records };
        let affected = vec![
            group("certificate", all(&[("certificate-91", "C-2026-007")])),
            group("lot", all(&[("lot-12", "L-2026-014"), ("lot-13", "L-2026-015")])),
        ];
        let subject = named("calibration-7", "ICP-1 2026-03").into_iter();
        subject
            .map(|named| {
                (
                    "usual",
                    ImpactSample(Impact {
                        named,
                        total: 3,
                        affected: affected.clone(),
                        recall: Some(quality::recall::pages::sample()),
                    }),
                )
            })
            .collect()
    }
}

impl ui::gallery::View for ImpactSample {
    fn render(&self, words: &Words) -> Markup {
        let head = Head { named: self.0.named.clone(), standing: Vec::new(), next: None };
        html! { (head.render(words, RecordTab::Trace)) (impact_body(words, &self.0)) }
    }
}

/// For the gallery.
pub fn gallery() -> GalleryEntry {
    GalleryEntry::of::<ImpactSample>("server-impact")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_shown_without_idle_zeros() {
        assert_eq!(
            (percent(0.25), mass(1200.0), shorten(0.0004, 3)),
            ("25".into(), "1200 kg".into(), "0".into())
        );
    }
}
