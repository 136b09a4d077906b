//! What a file asks on its receipt before anything of it is recorded: the order of day and month.

use site::Visit;
use ui::kit::blocks::{Notice, section as block};
use ui::kit::form::{Field, FieldKind, Item};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Markup, State, Words, html};

use super::rows::ImportRow;
use super::{DateMeaning, DateOrder, DateQuestion};
use crate::page;

/// The form with which a reader answers, when the file asks and the reader may.
pub(super) fn form(visit: &mut Visit<'_>, import: &ImportRow) -> Option<Markup> {
    const COMMAND: &str = "import.state_date_order";
    let question = import.asks().filter(|_| visit.may(COMMAND))?;
    let words = visit.words;
    let choices = question.orders().into_iter().filter(|order| question.allows(*order).is_ok());
    let choices: Vec<(String, String)> =
        choices.map(|order| (order.word().to_owned(), said(words, question, order))).collect();
    if choices.is_empty() {
        return None;
    }
    let form = visit.form(COMMAND, Some(format!("/intake/{}", import.id)));
    let order = Field::new("order", words.t("field-date-order"), FieldKind::Select(choices)).required();
    let why = Field::new("why", words.t("field-why"), FieldKind::Area { rows: 2 });
    let form = form.item(Item::Hidden("import".into(), import.id.to_string())).field(order);
    Some(form.field(why.hint(words.t("page-import-date-order-why"))).render(words))
}

/// An order, with what the first doubtful date means in it.
fn said(words: &Words, question: &DateQuestion, order: DateOrder) -> String {
    let name = page::choice(words, "order", order.word());
    match question.doubtful.iter().find(|one| one.order == order) {
        Some(one) => format!("{name}: {} = {}", one.text, plain(&one.means)),
        None => name,
    }
}

fn plain(iso: &str) -> String {
    iso.replace('T', " ")
}

/// The question with its examples: as written, and what each order makes of it.
pub(super) fn section(words: &Words, question: &DateQuestion, answer: Option<&Markup>) -> Markup {
    let asked = words.tv("page-import-date-order", &[("rows", question.rows.into())]);
    let certain = |one: &DateMeaning| {
        let order = page::choice(words, "order", one.order.word());
        words.tv(
            "page-import-date-certain",
            &[
                ("place", one.place.as_str().into()),
                ("text", one.text.as_str().into()),
                ("order", order.as_str().into()),
            ],
        )
    };
    let body = html! {
        (Notice::new(State::Held, asked))
        (table(words, question))
        @for one in &question.certain { p { (certain(one)) } }
        @if let Some(answer) = answer { (answer) }
    };
    block(&words.t("page-import-date-order-title"), body)
}

fn table(words: &Words, question: &DateQuestion) -> Markup {
    let orders = question.orders();
    let mut columns = vec![page::column(words, "place"), page::column(words, "raw")];
    for order in &orders {
        columns.push(Column::text(order.word(), page::choice(words, "order", order.word())));
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for one in &question.doubtful {
        if seen.contains(&(&one.place, &one.text)) {
            continue;
        }
        seen.push((&one.place, &one.text));
        let mut cells = vec![Cell::Text(one.place.clone()), Cell::Markup(html! { code { (one.text) } })];
        for order in &orders {
            let same = |other: &&DateMeaning| {
                other.place == one.place && other.text == one.text && other.order == *order
            };
            let means = question.doubtful.iter().find(same);
            cells.push(means.map_or(Cell::Blank, |means| Cell::Text(plain(&means.means))));
        }
        rows.push(Row { href: None, id: None, cells });
    }
    Table::plain("dates", words.t("page-import-dates"), columns, rows).render(words)
}
