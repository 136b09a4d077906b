//! The receipt of an import: what became of every reading and every row, and what waits for a decision.

use std::collections::BTreeMap;

use kernel::{ImportId, Ref};
use serde::Serialize;
use site::{Miss, Page, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::blocks::{Progress, Tile, section, tiles};
use ui::kit::query::TableQuery;
use ui::kit::table::{Cell, Column, Row, Table, pagination};
use ui::{Markup, State, Words, html};

use super::Note;
use super::pages::{sample_import, state};
use super::rows::{self, AskGroup, ImportRow, ReadingRow};
use crate::page::{self, Named};

/// `/intake/{import}`: the receipt.
pub(crate) const PAGE: Page = Page { path: "/intake/{import}", rail: "intake", readers: STAFF, show };

/// A reading on a receipt.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReceiptLine {
    pub reading: ReadingRow,
    pub became: Option<String>,
    pub decide: Option<String>,
}

/// What the receipt of an import shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ImportPage {
    pub import: ImportRow,
    pub method: Named,
    pub instrument: Option<Named>,
    pub worksheet: Option<Named>,
    /// What the file and the rack of the worksheet do not share.
    pub differences: Vec<Note>,
    pub person: Option<Named>,
    pub counts: BTreeMap<String, u64>,
    pub shown: String,
    pub lines: Vec<ReceiptLine>,
    pub groups: Vec<AskGroup>,
    pub notes: Vec<Note>,
    pub page: usize,
    pub total: usize,
    /// The form that answers what the file asks, for those who may.
    #[serde(skip)]
    pub answer: Option<Markup>,
}

const OUTCOMES: [&str; 6] = ["asks", "refused", "result", "control", "kept", "ignored"];
const NOTES: &str = "notes";

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: ImportId = visit.id("import")?;
    let import = rows::by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let counts = rows::counts(visit.db, id)?;
    let first = OUTCOMES.iter().find(|outcome| counts.contains_key(**outcome)).copied().unwrap_or("result");
    let shown = Some(visit.asked("show")).filter(|show| !show.is_empty()).unwrap_or(first).to_owned();
    let query = TableQuery::from_pairs(format!("/intake/{id}"), visit.query.iter());
    let (mut lines, mut notes) = (Vec::new(), Vec::new());
    let total = if shown == NOTES {
        let (found, total) = rows::notes(visit.db, id, query.page_size, query.offset())?;
        notes = found;
        total
    } else {
        let may = visit.may("reading.decide");
        for (reading, became) in rows::readings(visit.db, id, &shown, query.page_size, query.offset())? {
            let url = became.map(|number| match shown.as_str() {
                "control" => format!("/laboratory/qc/qc-{number}"),
                _ => format!("/laboratory/results/result-{number}"),
            });
            let back = format!("/intake/{id}");
            let decide = (may && shown == "asks")
                .then(|| format!("/do/reading.decide?reading={}&return_to={back}", reading.id));
            lines.push(ReceiptLine { reading, became: url, decide });
        }
        counts.get(&shown).copied().unwrap_or_default() as usize
    };
    let groups = match shown.as_str() {
        "asks" if visit.may("reading.decide") => rows::groups(visit.db, id)?,
        _ => Vec::new(),
    };
    let data = ImportPage {
        groups,
        method: page::name(visit, import.version)?,
        instrument: page::name_opt(visit, import.instrument)?,
        worksheet: page::name_opt(visit, import.worksheet)?,
        differences: match import.worksheet {
            Some(_) => rows::rack_notes(visit.db, id)?,
            None => Vec::new(),
        },
        person: page::person(visit, import.person)?,
        counts,
        shown,
        lines,
        notes,
        page: query.page,
        total,
        answer: super::question::form(visit, &import),
        import,
    };
    let mut view = View::new(data.import.file_name.clone(), data.render(visit.words), &data);
    let goes_on = data.import.finished_at.is_none() && data.import.asks().is_none();
    view.refresh = goes_on.then_some(2);
    Ok(view.under(Link::new(visit.words.t("page-intake"), "/intake")))
}

/// `code: about` of a stored reason, in the reader's words.
fn reason(words: &Words, why: &str) -> Markup {
    let (code, about) = why.split_once(": ").unwrap_or((why, ""));
    let key = format!("why-{code}");
    let said = if words.has(&key) { words.t(&key) } else { code.to_owned() };
    let (first, rest) = about.split_once(' ').unwrap_or((about, ""));
    html! {
        (said)
        @if first.parse::<kernel::ResultId>().is_ok() {
            " · " a href={ "/laboratory/results/" (first) } { (first) } " " span.muted { (rest) }
        } @else if !about.is_empty() {
            " · " span.muted { (about) }
        }
    }
}

impl ImportPage {
    fn base(&self) -> String {
        format!("/intake/{}", self.import.id)
    }

    fn tiles(&self, words: &Words) -> Markup {
        let one = |outcome: &str| {
            let count = self.counts.get(outcome).copied().unwrap_or_default();
            let state = match (outcome, count) {
                (_, 0) => State::Neutral,
                ("asks", _) => State::Held,
                ("refused", _) => State::Fail,
                ("result" | "control", _) => State::Pass,
                _ => State::Neutral,
            };
            Tile {
                label: words.t(&format!("choice-outcome-{outcome}")),
                value: count.to_string(),
                unit: None,
                note: None,
                state,
                href: format!("{}?show={outcome}", self.base()),
            }
        };
        let mut all: Vec<Tile> = OUTCOMES.iter().map(|outcome| one(outcome)).collect();
        all.retain(|tile| tile.value != "0");
        tiles(&all)
    }

    /// Questions that stand several times, each to be decided once.
    fn groups(&self, words: &Words) -> Markup {
        let columns = vec![
            page::column(words, "sample_id"),
            page::column(words, "reason"),
            Column::number("readings", words.t("field-readings"), ""),
            page::column(words, "act"),
        ];
        let row = |group: &AskGroup| {
            let asked = format!("reading={}&all_alike=yes&return_to={}", group.first, self.base());
            let href = format!("/do/reading.decide?{asked}");
            let cells = vec![
                Cell::Text(group.sample_id.clone()),
                Cell::Markup(reason(words, &group.why)),
                Cell::Number(ui::kit::number::Number::new(group.count.to_string())),
                Cell::Link(Link::new(words.t("page-import-decide-all"), &href)),
            ];
            Row { href: Some(href), id: None, cells }
        };
        let rows = self.groups.iter().map(row).collect();
        Table::plain("questions", words.t("page-import-questions"), columns, rows).render(words)
    }

    /// Positions the file says nothing of, and what it has that stands on none.
    fn differences(&self, words: &Words) -> Markup {
        let columns =
            vec![page::column(words, "outcome"), page::column(words, "place"), page::column(words, "what")];
        let row = |note: &Note| {
            let what = match note.outcome.as_str() {
                "missing" => words.tv("page-import-position", &[("position", note.reason.as_str().into())]),
                _ => note.reason.clone(),
            };
            let outcome = page::choice(words, "row", &note.outcome);
            let cells = vec![Cell::Text(outcome), Cell::Text(note.place.clone()), Cell::Text(what)];
            Row { href: None, id: None, cells }
        };
        let rows = self.differences.iter().map(row).collect();
        Table::plain("differences", words.t("page-import-differences"), columns, rows).render(words)
    }

    fn lines(&self, words: &Words) -> Markup {
        let columns = vec![
            page::column(words, "place"),
            page::column(words, "sample_id"),
            page::column(words, "class"),
            page::column(words, "analyte"),
            page::column(words, "raw"),
            page::column(words, "unit"),
            page::column(words, "outcome"),
        ];
        let row = |line: &ReceiptLine| {
            let raw = &line.reading.raw;
            let what = html! {
                @if let Some(why) = &line.reading.why { (reason(words, why)) }
                @if let Some(url) = &line.became { (Link::new(words.t("page-import-open"), url)) }
                @if let Some(href) = &line.decide {
                    " " a.button href=(href) { (words.t("command-reading-decide")) }
                }
            };
            let channel = if raw.channel.is_empty() { String::new() } else { format!(" {}", raw.channel) };
            let cells = vec![
                Cell::Text(raw.place.clone()),
                Cell::Text(raw.sample_id.clone()),
                Cell::Text(page::choice(words, "class", &raw.class)),
                Cell::Text(format!("{}{channel}", raw.analyte)),
                Cell::Markup(html! { code { (raw.raw) } }),
                Cell::Text(raw.unit.clone()),
                Cell::Markup(what),
            ];
            Row { href: line.became.clone().or(line.decide.clone()), id: None, cells }
        };
        let rows = self.lines.iter().map(row).collect();
        Table::plain("readings", words.t(&format!("choice-outcome-{}", self.shown)), columns, rows)
            .render(words)
    }

    fn notes(&self, words: &Words) -> Markup {
        let columns =
            vec![page::column(words, "place"), page::column(words, "outcome"), page::column(words, "reason")];
        let row = |note: &Note| Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(note.place.clone()),
                Cell::Text(page::choice(words, "row", &note.outcome)),
                Cell::Text(note.reason.clone()),
            ],
        };
        let rows = self.notes.iter().map(row).collect();
        Table::plain("notes", words.t("page-import-notes"), columns, rows).render(words)
    }
}

impl ui::gallery::View for ImportPage {
    fn render(&self, words: &Words) -> Markup {
        let import = &self.import;
        let badges = vec![state(words, import)];
        let head = page::head(words, "import", &import.file_name, self.base(), badges);
        let working = import.finished_at.is_none() && import.asks().is_none();
        let order = import.date_order.map(|order| page::choice(words, "order", order.word()));
        let progress = Progress {
            id: "import-progress".to_owned(),
            label: words.t("page-import-recording"),
            done: import.recorded,
            total: Some(import.readings),
            what: words.t("field-readings"),
            poll: None,
        };
        let query = TableQuery {
            page: self.page,
            others: BTreeMap::from([("show".to_owned(), self.shown.clone())]),
            ..TableQuery::new(self.base())
        };
        html! {
            (head.render(words))
            @if working { (progress.render(words)) }
            (page::facts(words, vec![
                ("field-method", Some(self.method.markup())),
                ("field-instrument", self.instrument.as_ref().map(Named::markup)),
                ("field-worksheet", self.worksheet.as_ref().map(Named::markup)),
                ("field-mapping", page::plain(format!("{} {}", import.mapping, import.mapping_version))),
                ("field-person", self.person.as_ref().map(Named::markup)),
                ("field-date-order", order.and_then(page::plain)),
                ("field-file-sha256", Some(html! { code { (import.file_sha256) } })),
            ]))
            @if let Some(question) = import.asks() {
                (super::question::section(words, question, self.answer.as_ref()))
            }
            @if !self.differences.is_empty() {
                (section(&words.t("page-import-differences"), self.differences(words)))
            }
            (self.tiles(words))
            @if import.asks().is_none() {
                p { (Link::new(words.t("page-import-notes"), format!("{}?show={NOTES}", self.base()))) }
            }
            @if !self.groups.is_empty() {
                (section(&words.t("page-import-questions"), self.groups(words)))
            }
            @if self.shown == NOTES { (self.notes(words)) } @else if import.asks().is_none() {
                (self.lines(words))
            }
            (pagination(words, &query, self.total))
        }
    }
}

impl Sample for ImportPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let facts = <super::ReadingRecorded as store::Fact>::samples();
        let line = |fact: &super::ReadingRecorded| ReceiptLine {
            reading: ReadingRow {
                id: fact.reading,
                import: fact.import,
                raw: fact.raw.clone(),
                outcome: "asks".into(),
                why: fact.outcome.why(),
            },
            became: None,
            decide: Some("/do/reading.decide?reading=reading-21".into()),
        };
        let usual = ImportPage {
            import: sample_import(true),
            method: Named::new(
                Ref::from(kernel::MethodVersionId(2)),
                "ICP-01 2026",
                "/laboratory/methods/method-1",
            ),
            instrument: None,
            worksheet: None,
            differences: vec![],
            person: None,
            counts: BTreeMap::from([("asks".into(), 2), ("result".into(), 55)]),
            shown: "asks".into(),
            lines: facts.iter().map(line).collect(),
            groups: vec![AskGroup {
                sample_id: "X-7".into(),
                why: "unknown-sample: X-7".into(),
                first: kernel::ReadingId(21),
                count: 28,
            }],
            notes: vec![],
            page: 1,
            total: 2,
            answer: None,
        };
        let note = Note { place: "1".into(), outcome: "header".into(), reason: String::new() };
        let notes = ImportPage { shown: NOTES.into(), notes: vec![note], lines: vec![], ..usual.clone() };
        let working = ImportPage {
            import: sample_import(false),
            counts: BTreeMap::new(),
            lines: vec![],
            ..usual.clone()
        };
        let question = <super::DateOrderAsked as store::Fact>::samples().remove(0).question;
        let import = ImportRow { date_question: Some(question), recorded: 0, ..sample_import(false) };
        let asking = ImportPage { import, groups: vec![], total: 0, ..working.clone() };
        vec![("usual", usual), ("notes", notes), ("working", working), ("asking", asking)]
    }
}
