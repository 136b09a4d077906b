//! Intake: where files are dropped, the imports there were, and the receipt of each.

use std::collections::BTreeMap;

use kernel::{FileId, ImportId, InstrumentId, MethodId, Ref};
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, Upload, Uploaded, View, Visit};
use store::Store;
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::blocks::{Notice, Progress, Tile, section, tiles};
use ui::kit::form::{Field, FieldKind, Form};
use ui::kit::query::TableQuery;
use ui::kit::record::page_head;
use ui::kit::table::{Cell, Column, Row, Table, pagination};
use ui::{Badge, Markup, State, Words, html};

use super::rows::{self, ImportRow, ReadingRow};
use super::{ImportContext, ImportError, Note, run};
use crate::page::{self, Named};
use crate::{instrument, method};

/// `/intake`: drop a file here.
pub(crate) const PAGE: Page = Page { path: "/intake", rail: "intake", readers: STAFF, show };
/// `/intake/{import}`: the receipt.
pub(crate) const IMPORT_PAGE: Page =
    Page { path: "/intake/{import}", rail: "intake", readers: STAFF, show: show_import };
/// `/intake/mappings/{mapping}`: an added mapping.
pub(crate) const MAPPING_PAGE: Page =
    Page { path: "/intake/mappings/{mapping}", rail: "intake", readers: STAFF, show: show_mapping };
/// Files that are dropped.
pub(crate) const UPLOAD: Upload =
    Upload { path: "/intake", readers: &[kernel::Role::Analyst, kernel::Role::LaboratoryHead], receive };
/// `/intake/imports`: all imports.
pub(crate) const IMPORTS: Listing = Listing {
    name: "imports",
    path: "/intake/imports",
    rail: "intake",
    readers: STAFF,
    fetch: imports,
    actions: &["mapping.add"],
};

fn imports(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let (lines, total) = rows::page(visit.db, query.page_size, query.offset())?;
    Ok(imports_table(visit.words, &lines, query, total))
}

fn imports_table(words: &Words, lines: &[ImportRow], query: &TableQuery, total: usize) -> Table {
    let columns = vec![
        page::column(words, "file_name"),
        page::column(words, "mapping"),
        page::column(words, "begun_at"),
        Column::number("readings", words.t("field-readings"), ""),
        page::column(words, "standing"),
    ];
    let row = |line: &ImportRow| {
        let url = format!("/intake/{}", line.id);
        let cells = vec![
            Cell::Link(Link::new(&line.file_name, &url)),
            Cell::Text(format!("{} {}", line.mapping, line.mapping_version)),
            page::at_cell(line.begun_at),
            Cell::Number(ui::kit::number::Number::new(line.readings.to_string())),
            Cell::Badge(state(words, line)),
        ];
        Row { href: Some(url), id: Some(line.id.to_string()), cells }
    };
    page::listing(words, "imports", query, total, columns, lines.iter().map(row).collect())
}

fn state(words: &Words, line: &ImportRow) -> Badge {
    match line.finished_at {
        Some(_) => Badge::new(State::Pass, words.t("choice-state-finished")),
        None => Badge::new(State::Held, words.t("choice-state-recording")),
    }
}

/// What the intake page shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct IntakePage {
    pub csrf: String,
    pub may_import: bool,
    pub methods: Vec<(String, String)>,
    pub instruments: Vec<(String, String)>,
    pub mappings: Vec<(String, String)>,
    pub waiting: u64,
    pub imports: Vec<ImportRow>,
    pub total: usize,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let methods = method::rows::list(visit.db, crate::day(visit.now))?;
    let methods =
        methods.into_iter().filter_map(|line| Some((line.id.to_string(), line.code, line.edition?)));
    let instruments = instrument::rows::list(visit.db)?.into_iter();
    let mappings = run::mappings(visit.store)?;
    let (imports, total) = rows::page(visit.db, 20, 0)?;
    let data = IntakePage {
        csrf: visit.csrf.to_owned(),
        may_import: visit.may("import.begin"),
        methods: methods.map(|(id, code, edition)| (id, format!("{code} · {edition}"))).collect(),
        instruments: instruments.map(|line| (line.id.to_string(), line.code)).collect(),
        mappings: mappings
            .into_iter()
            .map(|m| (m.name.clone(), format!("{} · {}", m.name, m.instrument)))
            .collect(),
        waiting: rows::waiting_count(visit.db)?,
        imports,
        total,
    };
    Ok(View::new(visit.words.t("page-intake"), data.render(visit.words), &data))
}

impl IntakePage {
    fn form(&self, words: &Words) -> Form {
        let file =
            FieldKind::File { accept: ".csv,.tsv,.txt,.prn,.xlsx,.xls,.ods".to_owned(), multiple: true };
        let with_auto = |field: Field| field.hint(words.t("page-intake-mapping-hint"));
        Form::new("import", "/intake", &self.csrf, words.t("page-intake-import"))
            .field(Field::new("file", words.t("field-file"), file).required())
            .field(
                Field::new("method", words.t("field-method"), FieldKind::Select(self.methods.clone()))
                    .required(),
            )
            .field(Field::new(
                "instrument",
                words.t("field-instrument"),
                FieldKind::Select(self.instruments.clone()),
            ))
            .field(with_auto(Field::new(
                "mapping",
                words.t("field-mapping"),
                FieldKind::Select(self.mappings.clone()),
            )))
            .field(Field::new("zone", words.t("field-zone"), FieldKind::Text).value("Asia/Shanghai"))
    }
}

impl ui::gallery::View for IntakePage {
    fn render(&self, words: &Words) -> Markup {
        let waiting = words.tv("page-intake-waiting", &[("count", self.waiting.into())]);
        html! {
            (page_head(&words.t("page-intake"), Some(&words.t("page-intake-lead")), None))
            @if self.waiting > 0 { (Notice::new(State::Held, waiting)) }
            @if self.may_import { (self.form(words).render(words)) }
            (section(&words.t("list-imports"), html! {
                @let query = TableQuery::new("/intake/imports");
                (imports_table(words, &self.imports, &query, self.total).render(words))
            }))
        }
    }
}

/// Takes files in: each is read whole before anything of it is kept. One file leads to its receipt.
fn receive(store: &Store, actor: &kernel::Actor, uploaded: &Uploaded) -> Result<String, Miss> {
    let field =
        |name: &str| uploaded.fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let method: MethodId = match field("method").map(str::parse) {
        Some(Ok(method)) => method,
        _ => return Err(Miss::Unclear("name the method the file was measured by".to_owned())),
    };
    let instrument: Option<InstrumentId> = field("instrument").and_then(|text| text.parse().ok());
    let context = ImportContext { method, instrument, zone: field("zone").map(str::to_owned) };
    if uploaded.files.is_empty() {
        return Err(Miss::Unclear("choose a file".to_owned()));
    }
    let mut last = None;
    for (name, bytes) in &uploaded.files {
        let begun = run::begin(store, actor, name, bytes, field("mapping"), &context);
        let (import, _) = begun.map_err(|error| match error {
            ImportError::Stopped(stop) => Miss::from(stop),
            other => Miss::Unclear(format!("{name}: {other}")),
        })?;
        last = Some(import);
    }
    match (last, uploaded.files.len()) {
        (Some(import), 1) => Ok(format!("/intake/{import}")),
        _ => Ok("/intake".to_owned()),
    }
}

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
    pub person: Option<Named>,
    pub counts: BTreeMap<String, u64>,
    pub shown: String,
    pub lines: Vec<ReceiptLine>,
    pub notes: Vec<Note>,
    pub page: usize,
    pub total: usize,
}

const OUTCOMES: [&str; 6] = ["asks", "refused", "result", "control", "kept", "ignored"];
const NOTES: &str = "notes";

fn show_import(visit: &mut Visit<'_>) -> Result<View, Miss> {
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
    let data = ImportPage {
        method: page::name(visit, import.version)?,
        instrument: page::name_opt(visit, import.instrument)?,
        person: page::person(visit, import.person)?,
        counts,
        shown,
        lines,
        notes,
        page: query.page,
        total,
        import,
    };
    let mut view = View::new(data.import.file_name.clone(), data.render(visit.words), &data);
    view.refresh = data.import.finished_at.is_none().then_some(2);
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
        let working = import.finished_at.is_none();
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
                ("field-mapping", page::plain(format!("{} {}", import.mapping, import.mapping_version))),
                ("field-person", self.person.as_ref().map(Named::markup)),
                ("field-file-sha256", Some(html! { code { (import.file_sha256) } })),
            ]))
            (self.tiles(words))
            p { (Link::new(words.t("page-import-notes"), format!("{}?show={NOTES}", self.base()))) }
            @if self.shown == NOTES { (self.notes(words)) } @else { (self.lines(words)) }
            (pagination(words, &query, self.total))
        }
    }
}

fn sample_import(finished: bool) -> ImportRow {
    let at = kernel::Instant::from_micros(1_773_450_000_000_000);
    ImportRow {
        id: ImportId(20),
        file_sha256: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae".into(),
        file_name: "run-7.csv".into(),
        mapping: "varian-vista-pro".into(),
        mapping_version: "1".into(),
        method: MethodId(1),
        version: kernel::MethodVersionId(2),
        instrument: None,
        zone: "Asia/Shanghai".into(),
        person: Some(kernel::PersonId(1)),
        authorisation: None,
        begun_at: at,
        readings: 57,
        recorded: if finished { 57 } else { 20 },
        chunks: 1,
        finished_at: finished.then_some(at),
        account: finished.then(|| "{}".to_owned()),
    }
}

impl Sample for IntakePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let usual = IntakePage {
            csrf: "sample".into(),
            may_import: true,
            methods: vec![("method-1".into(), "ICP-01 · 2026".into())],
            instruments: vec![("instrument-3".into(), "ICP-2".into())],
            mappings: vec![("varian-vista-pro".into(), "varian-vista-pro · Varian Vista-PRO".into())],
            waiting: 3,
            imports: vec![sample_import(true), sample_import(false)],
            total: 2,
        };
        let empty = IntakePage { may_import: false, waiting: 0, imports: vec![], total: 0, ..usual.clone() };
        vec![("usual", usual), ("empty", empty)]
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
            person: None,
            counts: BTreeMap::from([("asks".into(), 2), ("result".into(), 55)]),
            shown: "asks".into(),
            lines: facts.iter().map(line).collect(),
            notes: vec![],
            page: 1,
            total: 2,
        };
        let note = Note { place: "1".into(), outcome: "header".into(), reason: String::new() };
        let notes = ImportPage { shown: NOTES.into(), notes: vec![note], lines: vec![], ..usual.clone() };
        let working = ImportPage {
            import: sample_import(false),
            counts: BTreeMap::new(),
            lines: vec![],
            ..usual.clone()
        };
        vec![("usual", usual), ("notes", notes), ("working", working)]
    }
}

fn show_mapping(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: FileId = visit.id("mapping")?;
    let (name, version, toml) =
        rows::mapping_by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let head = page::head(
        visit.words,
        "file",
        &format!("{name} {version}"),
        format!("/intake/mappings/{id}"),
        vec![],
    );
    let body = html! { (head.render(visit.words)) pre { code { (toml) } } };
    let view =
        View::new(name.clone(), body, &serde_json::json!({"name": name, "version": version, "toml": toml}));
    Ok(view.under(Link::new(visit.words.t("page-intake"), "/intake")))
}
