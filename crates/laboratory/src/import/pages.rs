//! Intake: where files are dropped, the imports there were, and added mappings.

use kernel::{FileId, ImportId, InstrumentId, MethodId, WorksheetId};
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, Upload, Uploaded, View, Visit};
use store::Store;
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::blocks::{Notice, section};
use ui::kit::form::{Field, FieldKind, Form};
use ui::kit::query::TableQuery;
use ui::kit::record::page_head;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Markup, State, Words, html};

use super::mapping_rows;
use super::rows::{self, ImportRow};
use super::{DateOrder, ImportContext, run};
use crate::page;
use crate::{instrument, method, worksheet};

/// `/intake`: drop a file here.
pub(crate) const PAGE: Page = Page { path: "/intake", rail: "intake", readers: STAFF, show };
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
    let (lines, total) = rows::page(visit.db, query)?;
    Ok(imports_table(visit.words, &lines, query, total))
}

fn imports_table(words: &Words, lines: &[ImportRow], query: &TableQuery, total: usize) -> Table {
    let columns = vec![
        page::sorted(words, "file_name"),
        page::sorted(words, "mapping"),
        page::sorted(words, "begun_at"),
        Column::number("readings", words.t("field-readings"), "").sortable(),
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

pub(super) fn state(words: &Words, line: &ImportRow) -> Badge {
    match (line.asks(), line.finished_at) {
        (Some(_), _) => Badge::new(State::Held, words.t("choice-state-asks-date-order")),
        (None, Some(_)) => Badge::new(State::Pass, words.t("choice-state-finished")),
        (None, None) => Badge::new(State::Held, words.t("choice-state-recording")),
    }
}

/// What the intake page shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct IntakePage {
    pub csrf: String,
    pub may_import: bool,
    pub methods: Vec<(String, String)>,
    pub instruments: Vec<(String, String)>,
    pub worksheets: Vec<(String, String)>,
    pub worksheet: String,
    /// The institute's, which an instrument's clock shows unless something else is said.
    pub zone: String,
    pub mappings: Vec<(String, String)>,
    pub waiting: u64,
    pub asking: u64,
    pub imports: Vec<ImportRow>,
    pub total: usize,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let today = crate::day(visit.db, visit.now)?;
    let methods = method::rows::list(visit.db, today)?;
    let methods =
        methods.into_iter().filter_map(|line| Some((line.id.to_string(), line.code, line.edition?)));
    let instruments = instrument::rows::list(visit.db)?.into_iter();
    let mappings = run::mappings(visit.store)?;
    let (imports, total) = rows::page(visit.db, &TableQuery::first(20))?;
    let (sheets, _) = worksheet::rows::page(visit.db, &TableQuery::first(100))?;
    let sheets = sheets.into_iter();
    let data = IntakePage {
        csrf: visit.csrf.to_owned(),
        may_import: visit.may("import.begin"),
        methods: methods.map(|(id, code, edition)| (id, format!("{code} · {edition}"))).collect(),
        instruments: instruments.map(|line| (line.id.to_string(), line.code)).collect(),
        worksheets: sheets
            .map(|sheet| (sheet.id.to_string(), format!("{} · {}", sheet.code, sheet.method_code)))
            .collect(),
        worksheet: visit.asked("worksheet").to_owned(),
        zone: visit.words.zone().iana_name().unwrap_or("UTC").to_owned(),
        mappings: mappings
            .into_iter()
            .map(|m| (m.name.clone(), format!("{} · {}", m.name, m.instrument)))
            .collect(),
        waiting: rows::waiting_count(visit.db)?,
        asking: rows::asking_count(visit.db)?,
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
                Field::new(
                    "worksheet",
                    words.t("field-worksheet"),
                    FieldKind::Select(self.worksheets.clone()),
                )
                .value(&self.worksheet)
                .hint(words.t("page-intake-worksheet-hint")),
            )
            .field(
                Field::new("method", words.t("field-method"), FieldKind::Select(self.methods.clone()))
                    .hint(words.t("page-intake-method-hint")),
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
            .field(Field::new("zone", words.t("field-zone"), FieldKind::Text).value(&self.zone))
            .field(
                Field::new("date_order", words.t("field-date-order"), FieldKind::Select(orders(words)))
                    .hint(words.t("page-intake-date-order-hint")),
            )
    }
}

impl ui::gallery::View for IntakePage {
    fn render(&self, words: &Words) -> Markup {
        let waiting = words.tv("page-intake-waiting", &[("count", self.waiting.into())]);
        let asking = words.tv("page-intake-asking", &[("count", self.asking.into())]);
        html! {
            (page_head(&words.t("page-intake"), Some(&words.t("page-intake-lead")), None))
            @if self.waiting > 0 { (Notice::new(State::Held, waiting)) }
            @if self.asking > 0 { (Notice::new(State::Held, asking)) }
            @if self.may_import { (self.form(words).render(words)) }
            (section(&words.t("list-imports"), html! {
                @let query = TableQuery::new("/intake/imports");
                (imports_table(words, &self.imports, &query, self.total).render(words))
            }))
        }
    }
}

/// The orders in which dates name day and month, to choose from.
fn orders(words: &Words) -> Vec<(String, String)> {
    let each = DateOrder::ALL.iter();
    each.map(|order| (order.word().to_owned(), page::choice(words, "order", order.word()))).collect()
}

/// Takes files in: each is read whole before anything of it is kept. One file leads to its receipt.
fn receive(store: &Store, actor: &kernel::Actor, uploaded: &Uploaded) -> Result<String, Miss> {
    let field =
        |name: &str| uploaded.fields.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    let sheet: Option<WorksheetId> = field("worksheet").and_then(|text| text.parse().ok());
    let of_sheet = match sheet {
        Some(sheet) => store.read(|db| worksheet::rows::method(db, sheet))?,
        None => None,
    };
    let method: MethodId = match (field("method").map(str::parse), of_sheet) {
        (Some(Ok(method)), _) | (None, Some(method)) => method,
        _ => return Err(super::unreadable::no_method()),
    };
    let instrument: Option<InstrumentId> = field("instrument").and_then(|text| text.parse().ok());
    let date_order = match field("date_order") {
        None => None,
        Some(word) => Some(word.replace('-', "_").parse::<DateOrder>().map_err(Miss::Unclear)?),
    };
    let zone = field("zone").map(str::to_owned);
    let context = ImportContext { method, instrument, zone, date_order, worksheet: sheet };
    if uploaded.files.is_empty() {
        return Err(super::unreadable::no_file());
    }
    let mut last = None;
    for (name, bytes) in &uploaded.files {
        let (import, _) = run::begin(store, actor, name, bytes, field("mapping"), &context)?;
        last = Some(import);
    }
    match (last, uploaded.files.len()) {
        (Some(import), 1) => Ok(format!("/intake/{import}")),
        _ => Ok("/intake".to_owned()),
    }
}

pub(super) fn sample_import(finished: bool) -> ImportRow {
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
        date_order: None,
        date_question: None,
        worksheet: None,
    }
}

impl Sample for IntakePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let usual = IntakePage {
            csrf: "sample".into(),
            may_import: true,
            methods: vec![("method-1".into(), "ICP-01 · 2026".into())],
            instruments: vec![("instrument-3".into(), "ICP-2".into())],
            worksheets: vec![("worksheet-30".into(), "WS-26-014 · ICP-01".into())],
            worksheet: String::new(),
            zone: "Asia/Shanghai".into(),
            mappings: vec![("varian-vista-pro".into(), "varian-vista-pro · Varian Vista-PRO".into())],
            waiting: 3,
            asking: 1,
            imports: vec![sample_import(true), sample_import(false)],
            total: 2,
        };
        let none = IntakePage { waiting: 0, asking: 0, imports: vec![], total: 0, ..usual.clone() };
        let empty = IntakePage { may_import: false, ..none };
        vec![("usual", usual), ("empty", empty)]
    }
}

fn show_mapping(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: FileId = visit.id("mapping")?;
    let (name, version, toml) =
        mapping_rows::mapping_by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
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
