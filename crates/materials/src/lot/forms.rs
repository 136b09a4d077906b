//! The forms on a lot's page: what may be done with the lot next.

use site::{Miss, Visit};
use ui::kit::blocks::section;
use ui::kit::form::{Field, FieldKind, Form, Item, Repeat};
use ui::{Markup, html};

use super::page::LotPage;
use super::shown_rows;
use crate::sample::rules::Purpose;
use crate::show::{self, field};

/// The forms that the lot's state and the reader's roles allow, each folded until it is wanted.
pub(super) fn forms(visit: &mut Visit<'_>, page: &LotPage) -> Result<Markup, Miss> {
    let in_stock = page.state == "in-stock";
    let mut all: Vec<Form> = Vec::new();
    for command in ["lot.sample", "lot.split", "lot.ship", "lot.move", "lot.adjust", "lot.lose"] {
        let possible = in_stock || (command == "lot.adjust" && page.state != "shipped");
        if possible && visit.may(command) {
            all.push(form(visit, page, command)?);
        }
    }
    if all.is_empty() {
        return Ok(html! {});
    }
    let words = visit.words;
    let blend = (in_stock && visit.may("lot.blend")).then_some(["lot.blend", "lot.process", "lot.rework"]);
    let body = html! {
        @for form in &all {
            details { summary { (form.submit) } (form.render(words)) }
        }
        @for command in blend.into_iter().flatten().filter(|command| visit.may(command)) {
            @let href = format!("/do/{command}?inputs[0].lot={}", page.lot.record);
            p { a href=(href) { (words.t(&site::word("command", command))) } }
        }
    };
    Ok(section(&words.t("page-lot-acts"), body))
}

fn form(visit: &mut Visit<'_>, page: &LotPage, command: &'static str) -> Result<Form, Miss> {
    let words = visit.words;
    let mut form = visit.form(command, Some(page.lot.url.clone()));
    form.primary = false;
    let form = form.item(Item::Hidden("lot".into(), page.lot.record.to_string()));
    let decimal = |name: &str| field(words, name, FieldKind::Decimal);
    let text = |name: &str| field(words, name, FieldKind::Text);
    let reason = || field(words, "reason", FieldKind::Area { rows: 2 }).required();
    Ok(match command {
        "lot.sample" => {
            let purposes: Vec<&str> = Purpose::ALL.iter().map(|purpose| purpose.word()).collect();
            let purpose = field(words, "purpose", show::choices(words, "purpose", &purposes));
            form.item(Item::Line(vec![text("code"), decimal("mass_kg_wet").required(), purpose]))
                .item(Item::Line(vec![text("plan"), text("point")]))
        }
        "lot.split" => {
            form.item(outputs(words)).item(Item::Line(vec![decimal("loss_kg_wet"), decimal("tolerance_kg")]))
        }
        "lot.ship" => {
            let to = field(words, "to", show::parties(visit.db, words)?).required();
            form.item(Item::Line(vec![
                to,
                decimal("mass_kg_wet").hint(words.t("hint-all-when-empty")),
                text("code"),
            ]))
            .item(Item::Line(vec![text("packages"), decimal("mass_kg_gross")]))
        }
        "lot.move" => {
            let places = shown_rows::places(visit.db)?;
            let place = field(words, "location", FieldKind::Proposals(places)).required();
            form.field(place).field(field(words, "reason", FieldKind::Area { rows: 2 }))
        }
        "lot.adjust" => form
            .item(Item::Line(vec![decimal("change_kg_wet").required(), decimal("change_kg_dry")]))
            .field(reason()),
        _ => form.field(decimal("mass_kg_wet").hint(words.t("hint-all-when-empty"))).field(reason()),
    })
}

fn outputs(words: &ui::Words) -> Item {
    let line: Vec<Field> = vec![
        field(words, "code", FieldKind::Text),
        field(words, "mass_kg_wet", FieldKind::Decimal),
        field(words, "moisture_percent", FieldKind::Decimal).unit("%"),
        field(words, "packages", FieldKind::Text),
    ];
    Item::Repeat(Repeat {
        name: "outputs".into(),
        legend: words.t("field-outputs"),
        fields: line,
        lines: vec![],
        errors: std::collections::BTreeMap::default(),
        least: 2,
    })
}
