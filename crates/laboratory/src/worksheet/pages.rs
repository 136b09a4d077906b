//! Worksheets: their list, and the page of one: the rack with what was found at each position.

use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::blocks::section;
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::Action;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Markup, Words, html};

use super::PlaceKind;
use super::rows::{self, RackPlace, Sheet};
use crate::page;
use crate::qc::pages::table as controls_table;
use crate::qc::rows::ControlLine;
use crate::result::list_rows::{self as list, ResultLine};

/// `/laboratory/worksheets`.
pub(crate) const WORKSHEETS: Listing = Listing {
    name: "worksheets",
    path: "/laboratory/worksheets",
    rail: "laboratory",
    readers: STAFF,
    fetch: worksheets,
    actions: &["worksheet.open"],
};
/// `/laboratory/worksheets/{worksheet}`.
pub(crate) const PAGE: Page =
    Page { path: "/laboratory/worksheets/{worksheet}", rail: "laboratory", readers: STAFF, show };

fn worksheets(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (lines, total) = rows::page(visit.db, query)?;
    let row = |line: &Sheet| {
        let url = format!("/laboratory/worksheets/{}", line.id);
        let cells = vec![
            Cell::Link(Link::new(&line.code, &url)),
            Cell::Text(format!("{} {}", line.method_code, line.edition)),
            page::at_cell(line.opened_at),
        ];
        Row { href: Some(url), id: Some(line.id.to_string()), cells }
    };
    let columns = ["code", "method", "opened_at"].map(|key| page::sorted(words, key)).to_vec();
    Ok(page::listing(words, "worksheets", query, total, columns, lines.iter().map(row).collect()))
}

/// What the page of a worksheet shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WorksheetPage {
    pub sheet: Sheet,
    pub places: Vec<RackPlace>,
    pub results: Vec<ResultLine>,
    pub controls: Vec<ControlLine>,
    pub may_enter: bool,
    /// The files that were imported for it.
    pub imports: Vec<(kernel::ImportId, String)>,
    pub may_import: bool,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: kernel::WorksheetId = visit.id("worksheet")?;
    let sheet = rows::by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let data = WorksheetPage {
        places: rows::places(visit.db, id)?,
        results: list::of_run(visit.db, id.number())?,
        controls: crate::qc::rows::of_run(visit.db, id.number())?,
        may_enter: visit.may("result.enter"),
        imports: crate::import::rows::of_worksheet(visit.db, id)?,
        may_import: visit.may("import.begin"),
        sheet,
    };
    let view = View::new(data.sheet.code.clone(), data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("list-worksheets"), "/laboratory/worksheets")))
}

impl WorksheetPage {
    /// Where what was found at a position is entered.
    fn enter(&self, words: &Words, place: &RackPlace) -> Cell {
        let (sheet, position) = (self.sheet.id, place.position);
        let (command, href) = match (place.kind, place.sample) {
            (PlaceKind::Sample, Some(sample)) => {
                let query = format!("sample={sample}&method={}&worksheet={sheet}", self.sheet.method);
                ("result.enter", format!("/do/result.enter?{query}&position={position}"))
            }
            _ => ("qc.enter", format!("/do/qc.enter?worksheet={sheet}&position={position}")),
        };
        let back = format!("&return_to=/laboratory/worksheets/{sheet}");
        match self.may_enter {
            true => Cell::Link(Link::new(words.t(&site::word("command", command)), format!("{href}{back}"))),
            false => Cell::Blank,
        }
    }

    fn rack(&self, words: &Words) -> Markup {
        let columns = vec![
            Column::number("position", words.t("field-position"), ""),
            page::column(words, "kind"),
            page::column(words, "code"),
            page::column(words, "found"),
            page::column(words, "qc"),
            page::column(words, "act"),
        ];
        let measured = |line: &ControlLine| {
            Number::new(&line.measured).unit(&line.unit).explained(format!("/explain/{}", line.id))
        };
        let row = |place: &RackPlace| {
            let at = u64::from(place.position);
            let results = || self.results.iter().filter(|line| line.position == at);
            let controls = || self.controls.iter().filter(|line| line.position == at);
            let found = html! {
                @for line in results() {
                    span.quantity {
                        (ui::format::formula(&line.analyte)) " " (page::figure(words, line).render(words))
                    } " "
                }
                @for line in controls() {
                    span.quantity {
                        (ui::format::formula(&line.analyte)) " "
                        (measured(line).render(words))
                    } " "
                }
            };
            let badges: Vec<_> = results()
                .map(|line| page::qc_badge(words, line.qc))
                .chain(controls().map(|line| page::verdict_badge(words, line.verdict)))
                .collect();
            let cells = vec![
                Cell::Number(Number::new(place.position.to_string())),
                Cell::Text(page::choice(words, "place", place.kind.word())),
                page::text_opt(place.code.as_deref()),
                Cell::Markup(found),
                page::badges_cell(&badges),
                self.enter(words, place),
            ];
            Row { href: None, id: None, cells }
        };
        let rows = self.places.iter().map(row).collect();
        Table::plain("rack", words.t("page-worksheet-rack"), columns, rows).render(words)
    }
}

impl ui::gallery::View for WorksheetPage {
    fn render(&self, words: &Words) -> Markup {
        let path = format!("/laboratory/worksheets/{}", self.sheet.id);
        let mut head = page::head(words, "worksheet", &self.sheet.code, path.clone(), vec![]);
        let review = Link::new(words.t("list-results-to-review"), "/laboratory/review");
        head.action = (!self.results.is_empty()).then_some(Action::Open(review));
        head.others.push(Link::new(words.t("page-worksheet-print"), format!("{path}/sheet.pdf")));
        if self.may_import {
            let import = format!("/intake?worksheet={}", self.sheet.id);
            head.others.push(Link::new(words.t("page-worksheet-import"), import));
        }
        let method = Link::new(
            format!("{} {}", self.sheet.method_code, self.sheet.edition),
            format!("/laboratory/methods/{}", self.sheet.method),
        );
        html! {
            (head.render(words))
            (page::facts(words, vec![
                ("field-method", Some(html! { (method) })),
                ("list-imports", (!self.imports.is_empty()).then(|| html! {
                    @for (import, file) in &self.imports {
                        (Link::new(file, format!("/intake/{import}"))) " "
                    }
                })),
                ("field-opened-at", Some(words.time(self.sheet.opened_at.timestamp()))),
            ]))
            (self.rack(words))
            @if !self.controls.is_empty() {
                (section(&words.t("list-controls"), controls_table(words, "controls", &self.controls)))
            }
        }
    }
}

impl Sample for WorksheetPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let place = |position, kind, code: Option<&str>| RackPlace {
            position,
            kind,
            sample: (kind == PlaceKind::Sample).then_some(kernel::SampleId(8)),
            reference_lot: None,
            method: None,
            code: code.map(str::to_owned),
        };
        let sheet = Sheet {
            id: kernel::WorksheetId(30),
            code: "WS-26-014".into(),
            method: kernel::MethodId(1),
            version: kernel::MethodVersionId(2),
            opened_at: kernel::Instant::from_micros(1_773_450_000_000_000),
            method_code: "ICP-01".into(),
            edition: "2026".into(),
            instrument: None,
            opened_by: None,
        };
        let usual = WorksheetPage {
            sheet,
            places: vec![
                place(1, PlaceKind::Blank, None),
                place(2, PlaceKind::Reference, Some("GBW07163")),
                place(3, PlaceKind::Sample, Some("S-26-0014")),
            ],
            results: vec![crate::result::pages::sample_line()],
            controls: vec![crate::qc::pages::sample_line()],
            may_enter: true,
            imports: vec![(kernel::ImportId(20), "run-7.csv".into())],
            may_import: true,
        };
        let fresh = WorksheetPage { results: vec![], controls: vec![], may_enter: false, ..usual.clone() };
        vec![("usual", usual), ("fresh", fresh)]
    }
}
