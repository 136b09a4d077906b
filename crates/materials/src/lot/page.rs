//! The page of one lot.

use kernel::{Code, Day, Instant, Kind, LotId, MaterialId, PartyId, Ref, SampleId};
use serde::Serialize;
use site::{Miss, Named, Page, STAFF, View, Visit};
use store::{Db, StoreError, params};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::{self, Empty, facts, section};
use ui::kit::number::Number;
use ui::kit::record::{Action, RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Link, Markup, State, Words, html};

use super::family::{Family, Passed, Relative};
use super::forms;
use super::shown_rows::{LOT_LOCATIONS, LOT_POSTINGS, LOT_SAMPLES, LOT_SHOWN};
use crate::show::{self, kg};

/// `/lots/{lot}`.
pub(crate) const PAGE: Page = Page { path: "/lots/{lot}", rail: "lots", readers: STAFF, show };

/// A line of the lot's books.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PostingLine {
    /// The move.
    pub by: Ref,
    /// Its kind.
    pub kind: String,
    /// When.
    pub at: Instant,
    /// Who.
    pub person: Option<Named>,
    /// kg wet, signed.
    pub kg_wet: String,
    /// kg dry, signed.
    pub kg_dry: String,
    /// Why.
    pub reason: Option<String>,
}

/// A time the lot was carried to another place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LocationLine {
    /// When.
    pub at: Instant,
    /// Who.
    pub person: Option<Named>,
    /// From where, if anybody had said.
    pub from: Option<String>,
    /// To where.
    pub to: String,
    /// Why.
    pub reason: Option<String>,
}

/// A sample of the lot.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleLine {
    /// The sample.
    pub sample: Named,
    /// What it is for.
    pub purpose: String,
    /// When it was taken.
    pub taken_at: Instant,
    /// kg wet left of it.
    pub mass_kg_wet: Option<String>,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LotPage {
    /// The lot.
    pub lot: Named,
    /// What it is a lot of.
    pub material: Named,
    /// Its name in both languages.
    pub material_names: kernel::Names,
    /// `in-stock`, `consumed`, `shipped`, `lost`.
    pub state: String,
    /// The custody model's word.
    pub custody: String,
    /// kg wet in stock.
    pub mass_kg_wet: String,
    /// % of the wet mass.
    pub moisture_percent: String,
    /// kg dry in stock.
    pub mass_kg_dry: String,
    /// kg wet when it was made.
    pub first_kg_wet: String,
    /// kg dry when it was made.
    pub first_kg_dry: String,
    /// The one party it came from.
    pub origin_party: Option<Named>,
    /// To whom it left, and when.
    pub shipped_to: Option<(Named, Instant)>,
    /// The production day.
    pub produced_on: Option<Day>,
    /// How many packages.
    pub packages: Option<u64>,
    /// kg with packaging.
    pub mass_kg_gross: Option<String>,
    /// Where it lies.
    pub location: Option<String>,
    /// From where to where it was carried, the latest first.
    pub locations: Vec<LocationLine>,
    /// When it was made.
    pub made_at: Instant,
    /// Its books.
    pub postings: Vec<PostingLine>,
    /// Its samples.
    pub samples: Vec<SampleLine>,
    /// Its genealogy.
    pub family: Family,
    /// Its states: of the books, and what other areas say, as that it is held.
    pub standing: Vec<Badge>,
    /// What is to be done with it next.
    pub next: Option<Action>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let lot: LotId = visit.id("lot")?;
    let mut page = load(visit.db, lot)?.ok_or_else(|| Miss::NoSuch(lot.to_string()))?;
    page.family = Family::of(visit, lot)?;
    page.standing = visit.standing(lot)?;
    page.next = visit.next(lot)?;
    for at in 0..page.postings.len() {
        if let Some(person) = page.postings[at].person.as_ref().map(|person| person.record) {
            page.postings[at].person = Some(visit.name(person)?);
        }
    }
    for at in 0..page.locations.len() {
        if let Some(person) = page.locations[at].person.as_ref().map(|person| person.record) {
            page.locations[at].person = Some(visit.name(person)?);
        }
    }
    let body = html! { (page.render(visit.words)) (forms::forms(visit, &page)?) };
    let above = [Link::new(visit.words.t("list-lots"), "/lots"), page.material.link()];
    let view = View::new(page.lot.label.clone(), body, &page);
    Ok(above.into_iter().fold(view, View::under))
}

fn load(db: &mut Db, lot: LotId) -> Result<Option<LotPage>, StoreError> {
    let found = db.maybe(LOT_SHOWN, params![lot.number()], |row| {
        let party = |number: usize, code: usize| -> Result<Option<Named>, StoreError> {
            let code = row.opt_text(code)?.unwrap_or_default();
            Ok(row.opt_number(number)?.map(|number| Named::under("parties", PartyId(number), code)))
        };
        Ok(LotPage {
            lot: Named::under("lots", lot, row.text(0)?),
            material: Named::under("materials", MaterialId(row.number(1)?), row.text(2)?),
            material_names: kernel::Names { en: row.text(3)?, zh: row.text(4)? },
            state: row.text(5)?,
            custody: row.text(6)?,
            mass_kg_wet: row.text(7)?,
            moisture_percent: row.text(8)?,
            mass_kg_dry: row.text(9)?,
            first_kg_wet: row.text(10)?,
            first_kg_dry: row.text(11)?,
            origin_party: party(12, 13)?,
            shipped_to: party(14, 15)?.zip(row.opt_parse(16)?),
            produced_on: row.opt_parse(17)?,
            packages: row.opt_number(18)?,
            mass_kg_gross: row.opt_text(19)?,
            location: row.opt_text(20)?,
            locations: vec![],
            made_at: row.parse(21)?,
            postings: vec![],
            samples: vec![],
            family: Family::default(),
            standing: vec![],
            next: None,
        })
    })?;
    let Some(mut page) = found else { return Ok(None) };
    page.postings = db.query(LOT_POSTINGS, params![lot.number()], |row| {
        let person = row.opt_number(3)?.map(|number| Ref { kind: Kind::Person, number });
        Ok(PostingLine {
            by: Ref { kind: Kind::Move, number: row.number(0)? },
            kind: row.text(1)?,
            at: row.parse(2)?,
            person: person.map(|record| Named { record, label: record.to_string(), url: String::new() }),
            kg_wet: row.text(4)?,
            kg_dry: row.text(5)?,
            reason: row.opt_text(6)?,
        })
    })?;
    page.locations = db.query(LOT_LOCATIONS, params![lot.number()], |row| {
        let person = row.opt_number(1)?.map(|number| Ref { kind: Kind::Person, number });
        Ok(LocationLine {
            at: row.parse(0)?,
            person: person.map(|record| Named { record, label: record.to_string(), url: String::new() }),
            from: row.opt_text(2)?,
            to: row.text(3)?,
            reason: row.opt_text(4)?,
        })
    })?;
    page.samples = db.query(LOT_SAMPLES, params![lot.number()], |row| {
        Ok(SampleLine {
            sample: Named::under("samples", SampleId(row.number(0)?), row.text(1)?),
            purpose: row.text(2)?,
            taken_at: row.parse(3)?,
            mass_kg_wet: row.opt_text(4)?,
        })
    })?;
    Ok(Some(page))
}

impl LotPage {
    fn head(&self, words: &Words) -> Markup {
        let of = self.lot.record;
        let others = vec![
            Link::new(words.t("page-laboratory-of-lot"), format!("/laboratory/results?lot={of}")),
            Link::new(words.t("page-release-of-lot"), format!("/quality/release/{of}")),
        ];
        RecordHead {
            kind: format!("{} · {}", words.t("kind-lot"), self.material.label),
            name: self.lot.label.clone(),
            badges: self.standing.clone(),
            action: self.next.clone(),
            others,
            path: self.lot.url.clone(),
            tab: RecordTab::Overview,
        }
        .render(words)
    }

    fn masses(&self, words: &Words) -> Markup {
        let of = self.lot.record;
        let moisture = Number::new(&self.moisture_percent).unit("%").explained(format!("/explain/{of}"));
        let triple = blocks::MassTriple {
            wet: Some(kg(&self.mass_kg_wet, of)),
            moisture: Some(moisture),
            dry: Some(kg(&self.mass_kg_dry, of)),
            derived: None,
        };
        triple.render(words)
    }

    fn facts(&self, words: &Words) -> Markup {
        let t = |key: &str| words.t(key);
        let party = |named: &Named| html! { (named.link()) };
        let first = html! {
            (kg(&self.first_kg_wet, self.lot.record).render(words)) " · "
            (kg(&self.first_kg_dry, self.lot.record).render(words)) " " (t("basis-dry-mass"))
        };
        let name = words.pick(&self.material_names.en, &self.material_names.zh);
        let mut pairs = vec![
            (t("field-material"), html! { (self.material.link()) " " (name) }),
            (
                t("field-custody"),
                html! { (t(&format!("choice-custody-{}", self.custody))) " " small { "ISO 22095" } },
            ),
            (t("field-first-mass"), first),
            (t("field-made-at"), words.time(self.made_at.timestamp())),
        ];
        pairs.extend(self.origin_party.as_ref().map(|origin| (t("field-origin-party"), party(origin))));
        pairs.extend(self.produced_on.map(|day| (t("field-produced-on"), words.day(day.date()))));
        pairs.extend(self.packages.map(|count| (t("field-packages"), html! { (count) })));
        let gross = self.mass_kg_gross.as_ref().map(|gross| kg(gross, self.lot.record).render(words));
        pairs.extend(gross.map(|gross| (t("field-mass-kg-gross"), gross)));
        pairs.extend(self.location.as_ref().map(|place| (t("field-location"), html! { (place) })));
        if let Some((to, at)) = &self.shipped_to {
            pairs.push((t("field-shipped-to"), html! { (party(to)) ", " (words.time(at.timestamp())) }));
        }
        facts(pairs.iter().map(|(name, value)| (name.as_str(), value.clone())))
    }

    fn books(&self, words: &Words) -> Markup {
        let t = |key: &str| words.t(key);
        let columns = vec![
            Column::text("kind", t("kind-move")),
            Column::text("at", t("field-at")),
            Column::text("person", t("kind-person")),
            Column::number("kg_wet", t("field-mass-kg-wet"), "kg"),
            Column::number("kg_dry", t("field-mass-kg-dry"), "kg"),
            Column::text("reason", t("field-reason")),
        ];
        let row = |line: &PostingLine| {
            let by = Named::under("moves", line.by, t(&format!("move-{}", line.kind)));
            let cells = vec![
                by.cell(),
                Cell::Instant(line.at.timestamp()),
                line.person.as_ref().map_or(Cell::Blank, Named::cell),
                Cell::Number(kg(&line.kg_wet, line.by)),
                Cell::Number(kg(&line.kg_dry, line.by)),
                show::opt(line.reason.as_deref()),
            ];
            Row { href: Some(by.url), id: None, cells }
        };
        let rows = self.postings.iter().map(row).collect();
        Table::plain("postings", t("page-lot-postings"), columns, rows).render(words)
    }

    fn locations(&self, words: &Words) -> Markup {
        let t = |key: &str| words.t(key);
        let columns = vec![
            Column::text("at", t("field-at")),
            Column::text("from", t("field-moved-from")),
            Column::text("location", t("field-location")),
            Column::text("person", t("kind-person")),
            Column::text("reason", t("field-reason")),
        ];
        let row = |line: &LocationLine| {
            let cells = vec![
                Cell::Instant(line.at.timestamp()),
                show::opt(line.from.as_deref()),
                Cell::Text(line.to.clone()),
                line.person.as_ref().map_or(Cell::Blank, Named::cell),
                show::opt(line.reason.as_deref()),
            ];
            Row { href: None, id: None, cells }
        };
        let rows = self.locations.iter().map(row).collect();
        Table::plain("locations", t("page-lot-locations"), columns, rows).render(words)
    }

    fn samples(&self, words: &Words) -> Markup {
        let t = |key: &str| words.t(key);
        let columns = vec![
            Column::text("sample", t("kind-sample")),
            Column::text("purpose", t("field-purpose")),
            Column::text("taken_at", t("field-taken-at")),
            Column::number("mass_kg_wet", t("field-mass-kg-wet"), "kg"),
        ];
        let row = |line: &SampleLine| Row {
            href: Some(line.sample.url.clone()),
            id: None,
            cells: vec![
                line.sample.cell(),
                Cell::Text(t(&format!("choice-purpose-{}", line.purpose))),
                Cell::Instant(line.taken_at.timestamp()),
                line.mass_kg_wet
                    .as_ref()
                    .map_or(Cell::Blank, |mass| Cell::Number(kg(mass, line.sample.record))),
            ],
        };
        let plain =
            Table::plain("samples", t("list-samples"), columns, self.samples.iter().map(row).collect());
        Table { empty: Empty::new(t("empty-lot-samples"), t("empty-lot-samples.hint")), ..plain }
            .render(words)
    }
}

impl ui::gallery::View for LotPage {
    fn render(&self, words: &Words) -> Markup {
        html! {
            (self.head(words))
            (self.masses(words))
            (self.facts(words))
            @if !self.family.is_empty() {
                @let chart = self.family.chart(&self.lot, &self.standing, words);
                (section(&words.t("page-lot-family"), chart.render(words)))
            }
            (section(&words.t("list-samples"), self.samples(words)))
            (section(&words.t("page-lot-postings"), self.books(words)))
            @if !self.locations.is_empty() {
                (section(&words.t("page-lot-locations"), self.locations(words)))
            }
        }
    }
}

impl Sample for LotPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let at = Instant::from_micros(1_773_450_000_000_000);
        let lot = Named::under("lots", LotId(51), "MNS-2603-014");
        let cake = Named::under("lots", LotId(41), "CAKE-2603-002");
        let passed = Passed {
            from: cake.record,
            to: lot.record,
            mass_kg_dry: Some(11_400.into()),
            share: Some(1.into()),
        };
        let page = LotPage {
            lot,
            material: Named::under("materials", MaterialId(12), "MNS-B"),
            material_names: kernel::Names {
                en: "Manganese sulphate, battery grade".into(),
                zh: "电池级硫酸锰".into(),
            },
            state: "in-stock".into(),
            custody: "identity-preserved".into(),
            mass_kg_wet: "11985.0".into(),
            moisture_percent: "5.00".into(),
            mass_kg_dry: "11385.75".into(),
            first_kg_wet: "12000".into(),
            first_kg_dry: "11400".into(),
            origin_party: Some(Named::under("parties", PartyId(13), "QINGSHAN")),
            shipped_to: None,
            produced_on: "2026-03-14".parse().ok(),
            packages: Some(12),
            mass_kg_gross: Some("12060".into()),
            location: Code::parse("Hall 2").ok().map(|code| code.to_string()),
            locations: vec![LocationLine {
                at,
                person: None,
                from: Some("Hall 1".into()),
                to: "Hall 2".into(),
                reason: None,
            }],
            made_at: at,
            postings: vec![
                posting(53, "process", "12000", "11400", None),
                posting(72, "sample", "-2.5", "-2.375", None),
                posting(74, "adjust", "-12.5", "-11.875", Some("stock-take of March")),
            ],
            samples: vec![SampleLine {
                sample: Named::under("samples", SampleId(71), "DU-0001"),
                purpose: "routine".into(),
                taken_at: at,
                mass_kg_wet: Some("2.5".into()),
            }],
            family: Family {
                ancestors: vec![Relative {
                    named: cake,
                    kind: "lot",
                    state: State::Neutral,
                    share: Some(1.into()),
                }],
                descendants: vec![],
                passed: vec![passed],
            },
            standing: vec![Badge::new(State::Pass, "in stock"), Badge::new(State::Held, "held")],
            next: Some(Action::Barred {
                text: "Lift the hold".into(),
                who: "Quality manager (Gao Min)".into(),
            }),
        };
        vec![("in stock", page.clone()), ("shipped", shipped(page))]
    }
}

/// The same lot after it left.
fn shipped(page: LotPage) -> LotPage {
    let customer = Named::under("parties", PartyId(14), "NORDERZ");
    LotPage {
        state: "shipped".into(),
        standing: vec![Badge::new(State::Neutral, "shipped"), Badge::new(State::Pass, "released")],
        next: None,
        shipped_to: Some((customer, page.made_at)),
        mass_kg_wet: "0".into(),
        mass_kg_dry: "0".into(),
        samples: vec![],
        family: Family::default(),
        ..page
    }
}

/// A line of the sample's books.
fn posting(number: u64, kind: &str, wet: &str, dry: &str, reason: Option<&str>) -> PostingLine {
    PostingLine {
        by: Ref { kind: Kind::Move, number },
        kind: kind.into(),
        at: Instant::from_micros(1_773_450_000_000_000),
        person: Some(Named {
            record: kernel::PersonId(3).into(),
            label: "Li Na 李娜".into(),
            url: String::new(),
        }),
        kg_wet: wet.into(),
        kg_dry: dry.into(),
        reason: reason.map(str::to_owned),
    }
}
