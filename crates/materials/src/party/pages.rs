//! Parties: their list, and the page of one.

use kernel::PartyId;
use serde::Serialize;
use site::{ListSql, Listing, Miss, Named, Page, STAFF, View, Visit, listed};
use store::{Db, StoreError, params};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::facts;
use ui::kit::query::TableQuery;
use ui::kit::record::{RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Link, Markup, Words, html};

use super::rows::{PARTY_SHIPPED, PARTY_SHOWN};
use crate::show;

/// `/parties`.
pub(crate) const PARTIES: Listing = Listing {
    name: "parties",
    path: "/parties",
    rail: "lots",
    readers: STAFF,
    fetch: parties,
    actions: &["party.register"],
};

/// `/parties/{party}`.
pub(crate) const PAGE: Page = Page { path: "/parties/{party}", rail: "lots", readers: STAFF, show };

const PARTIES_SQL: ListSql = ListSql {
    columns: "number, code, kind, name_en, name_zh, address",
    from: "party",
    main: "party",
    searched: &["code", "name_en", "name_zh"],
    sorts: &[("code", "code"), ("kind", "kind"), ("name", "name_en")],
    facets: &[("kind", "kind", false)],
    order: "code",
};

fn parties(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (rows, total) = PARTIES_SQL.fetch(visit.db, query, &[], |row| {
        let named = Named::under("parties", PartyId(row.number(0)?), row.text(1)?);
        let cells = vec![
            named.cell(),
            Cell::Text(words.t(&format!("choice-kind-{}", row.text(2)?))),
            Cell::Text(row.text(3)?),
            Cell::Text(row.text(4)?),
            show::opt(row.opt_text(5)?.as_deref()),
        ];
        Ok(Row { href: Some(named.url), id: None, cells })
    })?;
    let t = |key: &str| words.t(key);
    let columns = vec![
        Column::text("code", t("field-code")).sortable(),
        Column::text("kind", t("field-kind")).sortable(),
        Column::text("name", t("field-en")).sortable(),
        Column::text("name_zh", t("field-zh")),
        Column::text("address", t("field-address")),
    ];
    let plain = Table::plain("parties", t("list-parties"), columns, rows);
    Ok(listed(words, "parties", query, total, plain))
}

/// A lot that went to the party.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shipment {
    /// The lot.
    pub lot: Named,
    /// When it left.
    pub at: kernel::Instant,
    /// kg wet.
    pub kg_wet: String,
    /// kg dry.
    pub kg_dry: String,
}

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartyPage {
    /// The party.
    pub party: Named,
    /// What it is.
    pub kind: String,
    /// Its names.
    pub names: kernel::Names,
    /// Its address.
    pub address: Option<String>,
    /// How many lots came from it.
    pub from: u64,
    /// How many went to it.
    pub to: u64,
    /// The latest of those.
    pub shipments: Vec<Shipment>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let party: PartyId = visit.id("party")?;
    let page = load(visit.db, party)?.ok_or_else(|| Miss::NoSuch(party.to_string()))?;
    let view = View::new(page.party.label.clone(), page.render(visit.words), &page);
    Ok(view.under(Link::new(visit.words.t("list-parties"), "/parties")))
}

fn load(db: &mut Db, party: PartyId) -> Result<Option<PartyPage>, StoreError> {
    let found = db.maybe(PARTY_SHOWN, params![party.number()], |row| {
        Ok(PartyPage {
            party: Named::under("parties", party, row.text(0)?),
            kind: row.text(1)?,
            names: kernel::Names { en: row.text(2)?, zh: row.text(3)? },
            address: row.opt_text(4)?,
            from: row.number(5)?,
            to: row.number(6)?,
            shipments: vec![],
        })
    })?;
    let Some(mut page) = found else { return Ok(None) };
    page.shipments = db.query(PARTY_SHIPPED, params![party.number()], |row| {
        let lot = Named::under("lots", kernel::LotId(row.number(0)?), row.text(1)?);
        Ok(Shipment { lot, at: row.parse(2)?, kg_wet: row.text(3)?, kg_dry: row.text(4)? })
    })?;
    Ok(Some(page))
}

impl ui::gallery::View for PartyPage {
    fn render(&self, words: &Words) -> Markup {
        let t = |key: &str| words.t(key);
        let head = RecordHead {
            kind: t(&format!("choice-kind-{}", self.kind)),
            name: format!("{} · {}", self.party.label, words.pick(&self.names.en, &self.names.zh)),
            badges: vec![],
            action: None,
            others: vec![],
            path: self.party.url.clone(),
            tab: RecordTab::Overview,
        };
        let from = Link::new(self.from.to_string(), format!("/lots?party={}", self.party.record));
        let mut pairs = vec![
            (t("field-en"), html! { (self.names.en) }),
            (t("field-zh"), html! { (self.names.zh) }),
            (t("page-party-lots-from"), html! { (from) }),
            (t("page-party-lots-to"), html! { (self.to) }),
        ];
        pairs.extend(self.address.as_ref().map(|address| (t("field-address"), html! { (address) })));
        html! {
            (head.render(words))
            (facts(pairs.iter().map(|(name, value)| (name.as_str(), value.clone()))))
            @if !self.shipments.is_empty() { (self.shipped(words)) }
        }
    }
}

impl PartyPage {
    fn shipped(&self, words: &Words) -> Markup {
        let columns = vec![
            Column::text("lot", words.t("kind-lot")),
            Column::text("at", words.t("field-at")),
            Column::number("kg_wet", words.t("field-mass-kg-wet"), "kg"),
            Column::number("kg_dry", words.t("field-mass-kg-dry"), "kg"),
        ];
        let row = |shipment: &Shipment| Row {
            href: Some(shipment.lot.url.clone()),
            id: None,
            cells: vec![
                shipment.lot.cell(),
                Cell::Instant(shipment.at.timestamp()),
                Cell::Number(show::kg(&shipment.kg_wet, shipment.lot.record)),
                Cell::Number(show::kg(&shipment.kg_dry, shipment.lot.record)),
            ],
        };
        let rows = self.shipments.iter().map(row).collect();
        Table::plain("shipments", words.t("page-party-lots-to"), columns, rows).render(words)
    }
}

impl Sample for PartyPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let at = kernel::Instant::from_micros(1_773_450_000_000_000);
        let lot = Named::under("lots", kernel::LotId(51), "MNS-2603-014");
        let page = PartyPage {
            party: Named::under("parties", PartyId(14), "NORDERZ"),
            kind: "customer".into(),
            names: kernel::Names { en: "Norderz Cathodes".into(), zh: "诺德正极材料".into() },
            address: Some("Hafenstrasse 4, Hamburg".into()),
            from: 0,
            to: 1,
            shipments: vec![Shipment { lot, at, kg_wet: "5000".into(), kg_dry: "4750".into() }],
        };
        vec![("customer", page)]
    }
}
