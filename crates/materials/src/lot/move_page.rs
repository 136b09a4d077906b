//! The page of one move: its books and its lines.

use kernel::{Instant, Kind, MoveId, Ref};
use serde::Serialize;
use site::{Miss, Named, Page, STAFF, View, Visit};
use store::{Db, StoreError, params};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::{facts, section};
use ui::kit::record::{RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Link, Markup, Words, html};

use super::shown_rows::{MOVE_POSTINGS, MOVE_SHOWN};
use crate::show::kg;

/// `/moves/{move}`.
pub(crate) const PAGE: Page = Page { path: "/moves/{move}", rail: "lots", readers: STAFF, show };

/// A side of the books.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// `taken`, `outside`, `water`, `made`, `loss`, `unaccounted`.
    pub key: &'static str,
    /// kg wet.
    pub kg_wet: String,
    /// kg dry.
    pub kg_dry: String,
}

/// A line of the move.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The lot or sample posted to.
    pub holder: Named,
    /// kg wet, signed.
    pub kg_wet: String,
    /// kg dry, signed.
    pub kg_dry: String,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MovePage {
    /// The move.
    pub number: MoveId,
    /// Its kind.
    pub kind: String,
    /// When.
    pub at: Instant,
    /// Who.
    pub person: Option<Named>,
    /// From or to whom.
    pub party: Option<Named>,
    /// The step of the process.
    pub stage: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Its books: `taken + outside + water = made + loss + unaccounted`.
    pub books: Vec<Side>,
    /// kg.
    pub tolerance_kg: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let number: MoveId = visit.id("move")?;
    let mut page = load(visit.db, number)?.ok_or_else(|| Miss::NoSuch(number.to_string()))?;
    if let Some(person) = page.person.as_ref().map(|person| person.record) {
        page.person = Some(visit.name(person)?);
    }
    if let Some(party) = page.party.as_ref().map(|party| party.record) {
        page.party = Some(visit.name(party)?);
    }
    let title = format!("{} · {number}", visit.words.t(&format!("move-{}", page.kind)));
    let view = View::new(title, page.render(visit.words), &page);
    Ok(view.under(Link::new(visit.words.t("list-moves"), "/moves")))
}

fn load(db: &mut Db, number: MoveId) -> Result<Option<MovePage>, StoreError> {
    let found = db.maybe(MOVE_SHOWN, params![number.number()], |row| {
        let unnamed = |column, kind| -> Result<Option<Named>, StoreError> {
            let record = row.opt_number(column)?.map(|number| Ref { kind, number });
            Ok(record.map(|record| Named { record, label: record.to_string(), url: String::new() }))
        };
        let side = |key, wet, dry: Option<usize>| -> Result<Side, StoreError> {
            let kg_dry = dry.map_or(Ok("0".to_owned()), |column| row.text(column))?;
            Ok(Side { key, kg_wet: row.text(wet)?, kg_dry })
        };
        Ok(MovePage {
            number,
            kind: row.text(0)?,
            at: row.parse(1)?,
            person: unnamed(2, Kind::Person)?,
            party: unnamed(3, Kind::Party)?,
            stage: row.opt_text(4)?,
            reason: row.opt_text(5)?,
            books: vec![
                side("taken", 6, Some(7))?,
                side("outside", 8, Some(9))?,
                side("water", 10, None)?,
                side("made", 11, Some(12))?,
                side("loss", 13, Some(14))?,
                side("unaccounted", 15, Some(16))?,
            ],
            tolerance_kg: row.text(17)?,
            lines: vec![],
        })
    })?;
    let Some(mut page) = found else { return Ok(None) };
    page.lines = db.query(MOVE_POSTINGS, params![number.number()], |row| {
        let lot = row.opt_number(0)?.map(kernel::LotId);
        let holder = match lot {
            Some(lot) => Named::under("lots", lot, row.text(2)?),
            None => Named::under("samples", kernel::SampleId(row.number(1)?), row.text(3)?),
        };
        Ok(Line { holder, kg_wet: row.text(4)?, kg_dry: row.text(5)? })
    })?;
    Ok(Some(page))
}

impl ui::gallery::View for MovePage {
    fn render(&self, words: &Words) -> Markup {
        let t = |key: &str| words.t(key);
        let head = RecordHead {
            kind: t("kind-move"),
            name: format!("{} · {}", t(&format!("move-{}", self.kind)), self.number),
            badges: vec![],
            action: None,
            others: vec![],
            path: format!("/moves/{}", self.number),
            tab: RecordTab::Overview,
        };
        let mut pairs = vec![(t("field-at"), words.time(self.at.timestamp()))];
        pairs.extend(self.person.as_ref().map(|person| (t("kind-person"), named(person))));
        pairs.extend(self.party.as_ref().map(|party| (t("kind-party"), named(party))));
        pairs.extend(self.stage.as_ref().map(|stage| (t("field-stage"), html! { (stage) })));
        pairs.extend(self.reason.as_ref().map(|reason| (t("field-reason"), html! { (reason) })));
        let tolerance = kg(&self.tolerance_kg, self.number.into()).render(words);
        pairs.push((t("field-tolerance-kg"), tolerance));
        html! {
            (head.render(words))
            (facts(pairs.iter().map(|(name, value)| (name.as_str(), value.clone()))))
            @let equation = html! { p.lead { (t("page-move-equation")) } };
            (section(&t("page-move-books"), html! { (equation) (self.books(words)) }))
            (section(&t("page-lot-postings"), self.lines(words)))
        }
    }
}

fn named(named: &Named) -> Markup {
    if named.url.is_empty() {
        html! { (named.label) }
    } else {
        html! { (named.link()) }
    }
}

impl MovePage {
    fn books(&self, words: &Words) -> Markup {
        let row = |side: &Side| Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(words.t(&format!("books-{}", side.key))),
                Cell::Number(kg(&side.kg_wet, self.number.into())),
                Cell::Number(kg(&side.kg_dry, self.number.into())),
            ],
        };
        let columns = columns(words, "side", words.t("page-move-side"));
        let rows = self.books.iter().map(row).collect();
        Table::plain("books", words.t("page-move-books"), columns, rows).render(words)
    }

    fn lines(&self, words: &Words) -> Markup {
        let row = |line: &Line| Row {
            href: Some(line.holder.url.clone()),
            id: None,
            cells: vec![
                line.holder.cell(),
                Cell::Number(kg(&line.kg_wet, line.holder.record)),
                Cell::Number(kg(&line.kg_dry, line.holder.record)),
            ],
        };
        let columns = columns(words, "holder", words.t("page-move-holder"));
        let rows = self.lines.iter().map(row).collect();
        Table::plain("postings", words.t("page-lot-postings"), columns, rows).render(words)
    }
}

fn columns(words: &Words, key: &'static str, label: String) -> Vec<Column> {
    vec![
        Column::text(key, label),
        Column::number("kg_wet", words.t("field-mass-kg-wet"), "kg"),
        Column::number("kg_dry", words.t("field-mass-kg-dry"), "kg"),
    ]
}

impl Sample for MovePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let side = |key, wet: &str, dry: &str| Side { key, kg_wet: wet.into(), kg_dry: dry.into() };
        let line = |number, code: &str, wet: &str, dry: &str| Line {
            holder: Named::under("lots", kernel::LotId(number), code),
            kg_wet: wet.into(),
            kg_dry: dry.into(),
        };
        let page = MovePage {
            number: MoveId(53),
            kind: "process".into(),
            at: Instant::from_micros(1_773_450_000_000_000),
            person: Some(Named {
                record: kernel::PersonId(3).into(),
                label: "Li Na 李娜".into(),
                url: "/people/person-3".into(),
            }),
            party: None,
            stage: Some("filtration".into()),
            reason: None,
            books: vec![
                side("taken", "15440", "13740"),
                side("outside", "0", "0"),
                side("water", "-475", "0"),
                side("made", "14875", "13700"),
                side("loss", "90", "40"),
                side("unaccounted", "0", "0"),
            ],
            tolerance_kg: "0.001".into(),
            lines: vec![
                line(41, "BL-2603-001", "-15440", "-13740"),
                line(51, "CAKE-2603-001", "12000", "11400"),
                line(52, "TAIL-2603-001", "2875", "2300"),
            ],
        };
        vec![("process", page)]
    }
}
