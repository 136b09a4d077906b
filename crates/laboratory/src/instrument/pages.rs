//! Instruments: their list, and the page of one with its calibration windows.

use kernel::{Instant, InstrumentId};
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::query::TableQuery;
use ui::kit::record::Action;
use ui::kit::table::{Cell, Row, Table};
use ui::{Badge, Markup, State, Words, html};

use super::rows::{self, CalibrationLine, InstrumentLine};
use crate::page;

/// `/laboratory/instruments`.
pub(crate) const INSTRUMENTS: Listing = Listing {
    name: "instruments",
    path: "/laboratory/instruments",
    rail: "laboratory",
    readers: STAFF,
    fetch: instruments,
    actions: &["instrument.register", "instrument.calibrate"],
};
/// `/laboratory/instruments/{instrument}`.
pub(crate) const PAGE: Page =
    Page { path: "/laboratory/instruments/{instrument}", rail: "laboratory", readers: STAFF, show };

fn instruments(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let (words, now) = (visit.words, visit.now);
    let (lines, total) = rows::page(visit.db, query)?;
    let row = |line: &InstrumentLine| {
        let url = format!("/laboratory/instruments/{}", line.id);
        let cells = vec![
            Cell::Link(Link::new(&line.code, &url)),
            Cell::Text(words.pick(&line.name_en, &line.name_zh).to_owned()),
            page::text_opt(line.serial.as_deref()),
            page::at_opt(line.calibrated_until),
            Cell::Badge(standing(words, line.calibrated_until.is_some_and(|until| now < until))),
        ];
        Row { href: Some(url), id: Some(line.id.to_string()), cells }
    };
    let mut columns = ["code", "name", "serial"].map(|key| page::sorted(words, key)).to_vec();
    columns.extend(["calibrated_until", "standing"].map(|key| page::column(words, key)));
    Ok(page::listing(words, "instruments", query, total, columns, lines.iter().map(row).collect()))
}

fn standing(words: &Words, holds: bool) -> Badge {
    match holds {
        true => Badge::new(State::Pass, words.t("page-instrument-calibrated")),
        false => Badge::new(State::Fail, words.t("page-instrument-not-calibrated")),
    }
}

/// What the page of an instrument shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct InstrumentPage {
    pub id: InstrumentId,
    pub code: String,
    pub calibrations: Vec<CalibrationLine>,
    pub now: Instant,
    pub may_calibrate: bool,
    pub may_void: bool,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: InstrumentId = visit.id("instrument")?;
    let code = rows::code(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let calibrations = rows::lines(visit.db, id)?;
    let data = InstrumentPage {
        id,
        code,
        calibrations,
        now: visit.now,
        may_calibrate: visit.may("instrument.calibrate"),
        may_void: visit.may("calibration.void"),
    };
    let view = View::new(data.code.clone(), data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("list-instruments"), "/laboratory/instruments")))
}

impl ui::gallery::View for InstrumentPage {
    fn render(&self, words: &Words) -> Markup {
        let holds = self.calibrations.iter().any(|line| line.window.held(self.now));
        let path = format!("/laboratory/instruments/{}", self.id);
        let mut head = page::head(words, "instrument", &self.code, path, vec![standing(words, holds)]);
        let calibrate = Link::new(
            words.t("command-instrument-calibrate"),
            format!("/do/instrument.calibrate?instrument={}", self.id),
        );
        head.action = self.may_calibrate.then_some(Action::Open(calibrate));
        let columns =
            ["certificate", "valid_from", "valid_until", "recorded_at", "voided_from", "why", "act"];
        let columns = columns.map(|key| page::column(words, key)).to_vec();
        let row = |line: &CalibrationLine| {
            let void = self.may_void && line.window.voided_from.is_none();
            let href = format!("/do/calibration.void?calibration={}", line.window.id);
            let act = match void {
                true => Cell::Link(Link::new(words.t("command-calibration-void"), href)),
                false => Cell::Blank,
            };
            let explained = Link::new(&line.certificate, format!("/impact/{}", line.window.id));
            let cells = vec![
                Cell::Link(explained),
                page::at_cell(line.window.valid_from),
                page::at_cell(line.window.valid_until),
                recorded(words, line),
                page::at_opt(line.window.voided_from),
                page::text_opt(line.void_reason.as_deref()),
                act,
            ];
            Row { href: None, id: None, cells }
        };
        let rows = self.calibrations.iter().map(row).collect();
        let empty = page::empty(words, "calibrations");
        let table = Table::plain("calibrations", words.t("page-instrument-calibrations"), columns, rows);
        html! { (head.render(words)) (Table { empty, ..table }.render(words)) }
    }
}

/// When a calibration was entered, and whether anything had been measured under it by then.
fn recorded(words: &Words, line: &CalibrationLine) -> Cell {
    if line.late_for == 0 {
        return page::at_cell(line.recorded_at);
    }
    let args = [
        ("at", words.instant(line.recorded_at.timestamp()).into()),
        ("count", line.late_for.to_string().into()),
    ];
    Cell::Text(words.tv("page-calibration-late", &args))
}

impl Sample for InstrumentPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let at = |text: &str| text.parse::<Instant>().expect("an instant");
        let window = super::Calibration {
            id: kernel::CalibrationId(4),
            valid_from: at("2026-01-01T00:00:00Z"),
            valid_until: at("2027-01-01T00:00:00Z"),
            voided_from: None,
        };
        let line = CalibrationLine {
            window,
            certificate: "CAL-2026-07".into(),
            void_reason: None,
            instrument: InstrumentId(3),
            instrument_code: "ICP-2".into(),
            recorded_at: at("2026-01-02T00:00:00Z"),
            late_for: 0,
        };
        let window = super::Calibration { id: kernel::CalibrationId(5), ..window };
        let late = CalibrationLine { window, late_for: 12, ..line.clone() };
        let usual = InstrumentPage {
            id: InstrumentId(3),
            code: "ICP-2".into(),
            calibrations: vec![line, late],
            now: at("2026-03-14T00:00:00Z"),
            may_calibrate: true,
            may_void: true,
        };
        vec![("usual", usual.clone()), ("empty", InstrumentPage { calibrations: vec![], ..usual })]
    }
}
