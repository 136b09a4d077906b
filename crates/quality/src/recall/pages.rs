//! A recall as parts of pages: who must be told, and what is left.

use kernel::{CertificateId, Instant, LotId, Names, PartyId};
use materials::quantity::rounded;
use measure::Decimal;
use site::Named;
use ui::kit::blocks::section;
use ui::kit::number::Number;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Markup, Words, html};

use super::{Delivery, Left, Paper, Recall, Told};
use crate::show::pick;

/// The two lists, under their headings.
pub fn sections(words: &Words, of: &Recall) -> Markup {
    html! {
        (section(&words.t("page-recall-told"), told(words, of).render(words)))
        (section(&words.t("page-recall-left"), left(words, of).render(words)))
    }
}

fn kg(mass: Option<Decimal>) -> Cell {
    mass.map_or(Cell::Blank, |mass| Cell::Number(Number::new(mass.normalize().to_string())))
}

fn percent(share: Option<Decimal>) -> Cell {
    let text = |share: Decimal| rounded(share * Decimal::ONE_HUNDRED, 4).normalize().to_string();
    share.map_or(Cell::Blank, |share| Cell::Number(Number::new(text(share))))
}

/// One line for each delivery; who only holds a certificate has one without mass.
fn told(words: &Words, of: &Recall) -> Table {
    let mut rows = Vec::new();
    for told in &of.told {
        let who = Named::under("parties", told.party, pick(words, &told.names));
        let papers = html! {
            @for paper in &told.certificates {
                a href={ "/certificates/" (paper.certificate) } { (paper.number) }
                @if paper.superseded { " (" (words.t("state-certificate-superseded")) ")" }
                " "
            }
        };
        let papers = |first: bool| if first { Cell::Markup(papers.clone()) } else { Cell::Blank };
        if told.deliveries.is_empty() {
            let blank = || Cell::Blank;
            let cells = vec![who.cell(), blank(), blank(), blank(), blank(), blank(), blank(), papers(true)];
            rows.push(Row { href: Some(who.url.clone()), id: None, cells });
        }
        for (at, delivery) in told.deliveries.iter().enumerate() {
            let cells = vec![
                who.cell(),
                Named::under("lots", delivery.lot, &delivery.code).cell(),
                Cell::Instant(delivery.at.timestamp()),
                kg(Some(delivery.kg_wet)),
                percent(delivery.share),
                kg(delivery.of_it_kg_wet),
                kg(delivery.of_it_kg_dry),
                papers(at == 0),
            ];
            rows.push(Row { href: Some(format!("/lots/{}", delivery.lot)), id: None, cells });
        }
    }
    let columns = vec![
        Column::text("party", words.t("kind-party")),
        Column::text("lot", words.t("field-lot")),
        Column::text("at", words.t("field-at")),
        Column::number("kg_wet", words.t("column-received"), "kg"),
        Column::number("share", words.t("column-share-of-it"), "%"),
        Column::number("of_it_kg_wet", words.t("column-of-it-wet"), "kg"),
        Column::number("of_it_kg_dry", words.t("column-of-it-dry"), "kg"),
        Column::text("certificates", words.t("list-certificates")),
    ];
    let mut table = Table::plain("told", words.t("page-recall-told"), columns, rows);
    table.empty.title = words.t("empty-recall-told");
    table
}

fn left(words: &Words, of: &Recall) -> Table {
    let rows = of.left.iter().map(|left| Row {
        href: Some(format!("/lots/{}", left.lot)),
        id: None,
        cells: vec![
            Named::under("lots", left.lot, &left.code).cell(),
            Cell::Text(left.location.clone().unwrap_or_default()),
            kg(Some(left.kg_wet)),
            percent(left.share),
            kg(left.of_it_kg_wet),
            kg(left.of_it_kg_dry),
        ],
    });
    let columns = vec![
        Column::text("lot", words.t("field-lot")),
        Column::text("location", words.t("field-location")),
        Column::number("kg_wet", words.t("column-left"), "kg"),
        Column::number("share", words.t("column-share-of-it"), "%"),
        Column::number("of_it_kg_wet", words.t("column-of-it-wet"), "kg"),
        Column::number("of_it_kg_dry", words.t("column-of-it-dry"), "kg"),
    ];
    let mut table = Table::plain("left", words.t("page-recall-left"), columns, rows.collect());
    table.empty.title = words.t("empty-recall-left");
    table
}

/// A recall for the gallery: one customer with a certificate, one without, and a rest.
pub fn sample() -> Recall {
    let at = Instant::from_micros(1_772_409_600_000_000);
    let share = Some(Decimal::new(3, 1));
    let delivery = |lot, code: &str, kg: i64| Delivery {
        lot: LotId(lot),
        code: code.to_owned(),
        at,
        kg_wet: kg.into(),
        kg_dry: kg.into(),
        share,
        of_it_kg_wet: Some((kg * 3 / 10).into()),
        of_it_kg_dry: Some((kg * 3 / 10).into()),
    };
    let told = |party, code: &str, delivery: Delivery, certificates| Told {
        party: PartyId(party),
        code: code.to_owned(),
        names: Names { en: code.to_owned(), zh: code.to_owned() },
        kind: "customer".into(),
        received_kg_wet: delivery.kg_wet,
        received_kg_dry: delivery.kg_dry,
        of_it_kg_wet: delivery.of_it_kg_wet,
        of_it_kg_dry: delivery.of_it_kg_dry,
        certificates,
        deliveries: vec![delivery],
    };
    let paper = Paper {
        certificate: CertificateId(91),
        number: "C-2026-0007".into(),
        lot: LotId(41),
        issued_at: at,
        superseded: false,
    };
    let left = Left {
        lot: LotId(41),
        code: "BL-2603-001".into(),
        location: Some("Hall 2".into()),
        kg_wet: 500.into(),
        kg_dry: 500.into(),
        share,
        of_it_kg_wet: Some(150.into()),
        of_it_kg_dry: Some(150.into()),
    };
    Recall {
        lots: 4,
        told: vec![
            told(14, "NORDERZ", delivery(42, "BL-2603-001/42", 400), vec![paper]),
            told(15, "SUEDERZ", delivery(43, "BL-2603-001/43", 100), vec![]),
        ],
        left: vec![left],
    }
}
