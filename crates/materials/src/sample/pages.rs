//! Samples: their list, and the page of one. What the laboratory found stands on the laboratory's own page.

use kernel::{Instant, Kind, LotId, MaterialId, PartyId, Ref, SampleId};
use serde::Serialize;
use site::{ListSql, Listing, Miss, Named, Page, STAFF, View, Visit, listed};
use store::{Db, StoreError, params};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::{facts, section};
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::{Action, RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Facet, Row, RowActions, Table};
use ui::{Badge, Link, Markup, State, Words, html};

use super::rows::{SAMPLE_POSTINGS, SAMPLE_SHOWN};
use super::rules::Purpose;
use crate::show::{self, kg};

/// `/samples`.
pub(crate) const SAMPLES: Listing = Listing {
    name: "samples",
    path: "/samples",
    rail: "lots",
    readers: STAFF,
    fetch: samples,
    actions: &["lot.sample", "sample.receive", "sample.composite"],
};

/// `/samples/{sample}`.
pub(crate) const PAGE: Page = Page { path: "/samples/{sample}", rail: "lots", readers: STAFF, show };

const SAMPLES_SQL: ListSql = ListSql {
    columns:
        "s.number, s.code, s.lot, l.code, s.material, m.code, s.kind, s.purpose, s.taken_at, s.mass_kg_wet,
        s.name",
    from: "sample s LEFT JOIN lot l ON l.number = s.lot LEFT JOIN material m ON m.number = s.material",
    main: "sample s",
    searched: &["s.code", "s.name", "l.code", "m.code"],
    sorts: &[("code", "s.code"), ("lot", "l.code"), ("material", "m.code"), ("taken_at", "s.taken_at")],
    facets: &[
        ("kind", "s.kind", false),
        ("purpose", "s.purpose", false),
        ("lot", "s.lot", true),
        ("material", "s.material", true),
        ("party", "s.from_party", true),
    ],
    order: "s.number DESC",
};

fn samples(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (rows, total) = SAMPLES_SQL.fetch(visit.db, query, &[], |row| {
        let sample = SampleId(row.number(0)?);
        let named = Named::under("samples", sample, row.text(1)?);
        let other = |list: &str, kind, number, code| -> Result<Cell, StoreError> {
            let code = row.opt_text(code)?.unwrap_or_default();
            let record = row.opt_number(number)?.map(|number| Ref { kind, number });
            Ok(record.map_or(Cell::Blank, |record| Named::under(list, record, code).cell()))
        };
        let cells = vec![
            named.cell(),
            other("lots", Kind::Lot, 2, 3)?,
            other("materials", Kind::Material, 4, 5)?,
            Cell::Text(words.t(&format!("choice-kind-{}", row.text(6)?))),
            Cell::Text(words.t(&format!("choice-purpose-{}", row.text(7)?))),
            Cell::Instant(row.parse::<Instant>(8)?.timestamp()),
            row.opt_text(9)?.map_or(Cell::Blank, |mass| Cell::Number(kg(&mass, sample.into()))),
            show::opt(row.opt_text(10)?.as_deref()),
        ];
        Ok(Row { href: Some(named.url), id: Some(sample.to_string()), cells })
    })?;
    let t = |key: &str| words.t(key);
    let columns = vec![
        Column::text("code", t("kind-sample")).sortable(),
        Column::text("lot", t("kind-lot")).sortable(),
        Column::text("material", t("field-material")).sortable(),
        Column::text("kind", t("field-kind")),
        Column::text("purpose", t("field-purpose")),
        Column::text("taken_at", t("field-taken-at")).sortable(),
        Column::number("mass_kg_wet", t("field-mass-kg-wet"), "kg"),
        Column::text("name", t("field-sample-receive-name")).on_choice(),
    ];
    let plain = Table::plain("samples", t("list-samples"), columns, rows);
    let options = |key: &str, values: &[&str]| {
        values.iter().map(|v| ((*v).to_owned(), t(&format!("choice-{key}-{v}")))).collect()
    };
    let purposes: Vec<&str> = Purpose::ALL.iter().map(|purpose| purpose.word()).collect();
    let kinds = options("kind", &["taken", "composite", "received"]);
    let facets = vec![
        Facet { key: "kind", label: t("field-kind"), options: kinds },
        Facet { key: "purpose", label: t("field-purpose"), options: options("purpose", &purposes) },
    ];
    let print = Link::new(t("page-samples-labels"), super::label::CHOSEN.path);
    let actions = Some(RowActions { csrf: visit.csrf.to_owned(), buttons: vec![print] });
    Ok(Table { facets, actions, ..listed(words, "samples", query, total, plain) })
}

/// A line of a sample's books.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SamplePosting {
    /// The move.
    pub by: Ref,
    /// Its kind.
    pub kind: String,
    /// When.
    pub at: Instant,
    /// kg wet, signed.
    pub kg_wet: String,
    /// kg dry, signed.
    pub kg_dry: String,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SamplePage {
    /// The sample.
    pub sample: Named,
    /// `taken`, `composite`, `received`.
    pub kind: String,
    /// What it is for.
    pub purpose: String,
    /// The lot it stands for.
    pub lot: Option<Named>,
    /// What it is a sample of.
    pub material: Option<Named>,
    /// What its sender calls it.
    pub name: Option<String>,
    /// The sampling plan.
    pub plan: Option<String>,
    /// Where it was taken.
    pub point: Option<String>,
    /// When it was taken.
    pub taken_at: Instant,
    /// Who took it.
    pub sampler: Option<Named>,
    /// Under which authorisation.
    pub authorisation: Option<Named>,
    /// Who sent it.
    pub from: Option<Named>,
    /// The move that made it.
    pub made_by: Option<Ref>,
    /// kg wet left of it.
    pub mass_kg_wet: Option<String>,
    /// % of the wet mass.
    pub moisture_percent: Option<String>,
    /// kg dry left of it.
    pub mass_kg_dry: Option<String>,
    /// Its books.
    pub postings: Vec<SamplePosting>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let sample: SampleId = visit.id("sample")?;
    let mut page = load(visit.db, sample)?.ok_or_else(|| Miss::NoSuch(sample.to_string()))?;
    for named in [&mut page.sampler, &mut page.authorisation].into_iter().flatten() {
        *named = visit.name(named.record)?;
    }
    let view = View::new(page.sample.label.clone(), page.render(visit.words), &page);
    Ok(match &page.lot {
        Some(lot) => view.under(Link::new(visit.words.t("list-lots"), "/lots")).under(lot.link()),
        None => view.under(Link::new(visit.words.t("list-samples"), "/samples")),
    })
}

fn load(db: &mut Db, sample: SampleId) -> Result<Option<SamplePage>, StoreError> {
    let found = db.maybe(SAMPLE_SHOWN, params![sample.number()], |row| {
        let code = |column| row.opt_text(column).map(Option::unwrap_or_default);
        let unnamed = |column, kind| -> Result<Option<Named>, StoreError> {
            let record = row.opt_number(column)?.map(|number| Ref { kind, number });
            Ok(record.map(|record| Named { record, label: record.to_string(), url: String::new() }))
        };
        let (lot, material, from) = (row.opt_number(3)?, row.opt_number(5)?, row.opt_number(13)?);
        let (lot_code, material_code, party_code) = (code(4)?, code(6)?, code(14)?);
        Ok(SamplePage {
            sample: Named::under("samples", sample, row.text(0)?),
            kind: row.text(1)?,
            purpose: row.text(2)?,
            lot: lot.map(|lot| Named::under("lots", LotId(lot), lot_code.clone())),
            material: material.map(|m| Named::under("materials", MaterialId(m), material_code.clone())),
            name: row.opt_text(7)?,
            plan: row.opt_text(8)?,
            point: row.opt_text(9)?,
            taken_at: row.parse(10)?,
            sampler: unnamed(11, Kind::Person)?,
            authorisation: unnamed(12, Kind::Authorisation)?,
            from: from.map(|party| Named::under("parties", PartyId(party), party_code.clone())),
            made_by: row.opt_number(15)?.map(|number| Ref { kind: Kind::Move, number }),
            mass_kg_wet: row.opt_text(16)?,
            moisture_percent: row.opt_text(17)?,
            mass_kg_dry: row.opt_text(18)?,
            postings: vec![],
        })
    })?;
    let Some(mut page) = found else { return Ok(None) };
    page.postings = db.query(SAMPLE_POSTINGS, params![sample.number()], |row| {
        Ok(SamplePosting {
            by: Ref { kind: Kind::Move, number: row.number(0)? },
            kind: row.text(1)?,
            at: row.parse(2)?,
            kg_wet: row.text(3)?,
            kg_dry: row.text(4)?,
        })
    })?;
    Ok(Some(page))
}

impl SamplePage {
    fn head(&self, words: &Words) -> Markup {
        let id = self.sample.record;
        let mut badges =
            vec![Badge::new(State::Neutral, words.t(&format!("choice-purpose-{}", self.purpose)))];
        if self.kind == "received" {
            badges.push(Badge::new(State::Warning, words.t("page-sample-outside")));
        }
        let laboratory = Link::new(words.t("page-sample-laboratory"), format!("/laboratory/samples/{id}"));
        RecordHead {
            kind: words.t("kind-sample"),
            name: self.sample.label.clone(),
            badges,
            action: Some(Action::Open(laboratory)),
            others: vec![Link::new(words.t("page-sample-label"), format!("/samples/{id}/label.pdf"))],
            path: self.sample.url.clone(),
            tab: RecordTab::Overview,
        }
        .render(words)
    }

    fn facts(&self, words: &Words) -> Markup {
        let t = |key: &str| words.t(key);
        let named = |named: &Named| {
            if named.url.is_empty() {
                html! { (named.label) }
            } else {
                html! { (named.link()) }
            }
        };
        let text = |text: &String| html! { (text) };
        let mut pairs = vec![
            (t("field-kind"), html! { (t(&format!("choice-kind-{}", self.kind))) }),
            (t("field-taken-at"), words.time(self.taken_at.timestamp())),
        ];
        pairs.extend(self.lot.as_ref().map(|lot| (t("kind-lot"), named(lot))));
        pairs.extend(self.material.as_ref().map(|material| (t("field-material"), named(material))));
        pairs.extend(self.from.as_ref().map(|from| (t("field-sample-receive-from"), named(from))));
        pairs.extend(self.name.as_ref().map(|name| (t("field-sample-receive-name"), text(name))));
        pairs.extend(self.sampler.as_ref().map(|sampler| (t("field-sampler"), named(sampler))));
        pairs.extend(self.authorisation.as_ref().map(|a| (t("kind-authorisation"), named(a))));
        pairs.extend(self.plan.as_ref().map(|plan| (t("field-plan"), text(plan))));
        pairs.extend(self.point.as_ref().map(|point| (t("field-point"), text(point))));
        facts(pairs.iter().map(|(name, value)| (name.as_str(), value.clone())))
    }

    fn books(&self, words: &Words) -> Markup {
        let columns = vec![
            Column::text("kind", words.t("kind-move")),
            Column::text("at", words.t("field-at")),
            Column::number("kg_wet", words.t("field-mass-kg-wet"), "kg"),
            Column::number("kg_dry", words.t("field-mass-kg-dry"), "kg"),
        ];
        let row = |line: &SamplePosting| {
            let by = Named::under("moves", line.by, words.t(&format!("move-{}", line.kind)));
            let cells = vec![
                by.cell(),
                Cell::Instant(line.at.timestamp()),
                Cell::Number(kg(&line.kg_wet, line.by)),
                Cell::Number(kg(&line.kg_dry, line.by)),
            ];
            Row { href: Some(by.url), id: None, cells }
        };
        let rows = self.postings.iter().map(row).collect();
        Table::plain("postings", words.t("page-lot-postings"), columns, rows).render(words)
    }
}

impl ui::gallery::View for SamplePage {
    fn render(&self, words: &Words) -> Markup {
        let id = self.sample.record;
        let explained = |text: &String| Number::new(text).unit("%").explained(format!("/explain/{id}"));
        let triple = ui::kit::blocks::MassTriple {
            wet: self.mass_kg_wet.as_ref().map(|mass| kg(mass, id)),
            moisture: self.moisture_percent.as_ref().map(explained),
            dry: self.mass_kg_dry.as_ref().map(|mass| kg(mass, id)),
            derived: None,
        };
        html! {
            (self.head(words))
            (triple.render(words))
            (self.facts(words))
            @if !self.postings.is_empty() { (section(&words.t("page-lot-postings"), self.books(words))) }
        }
    }
}

impl Sample for SamplePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let at = Instant::from_micros(1_773_450_000_000_000);
        let person = Named {
            record: kernel::PersonId(3).into(),
            label: "Li Na 李娜".into(),
            url: "/people/person-3".into(),
        };
        let taken = SamplePage {
            sample: Named::under("samples", SampleId(71), "DU-0001"),
            kind: "taken".into(),
            purpose: "routine".into(),
            lot: Some(Named::under("lots", LotId(51), "MNS-2603-014")),
            material: Some(Named::under("materials", MaterialId(12), "MNS-B")),
            name: None,
            plan: Some("GB/T 10322.1".into()),
            point: Some("belt 3".into()),
            taken_at: at,
            sampler: Some(person),
            authorisation: None,
            from: None,
            made_by: Some(Ref { kind: Kind::Move, number: 72 }),
            mass_kg_wet: Some("2.5".into()),
            moisture_percent: Some("5.00".into()),
            mass_kg_dry: Some("2.375".into()),
            postings: vec![SamplePosting {
                by: Ref { kind: Kind::Move, number: 72 },
                kind: "sample".into(),
                at,
                kg_wet: "2.5".into(),
                kg_dry: "2.375".into(),
            }],
        };
        let received = SamplePage {
            sample: Named::under("samples", SampleId(81), "BOG651"),
            kind: "received".into(),
            lot: None,
            material: None,
            name: Some("Core 651, 12.4 m".into()),
            plan: None,
            point: None,
            sampler: None,
            from: Some(Named::under("parties", PartyId(14), "NORDERZ")),
            mass_kg_wet: Some("0.850".into()),
            moisture_percent: None,
            mass_kg_dry: None,
            postings: vec![],
            ..taken.clone()
        };
        vec![("taken", taken), ("from outside", received)]
    }
}
