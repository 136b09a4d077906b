//! The page editor: the next version of a flowsheet as a form of lines, filled with the latest version. It
//! works without script; the drawing beside it is of the latest version.

use std::collections::BTreeMap;

use kernel::FlowsheetId;
use site::{Miss, View, Visit};
use ui::kit::form::{Field, FieldKind, Form, Item, Repeat};
use ui::kit::record::page_head;
use ui::{Link, Words, html};

use super::diagram::{Tone, diagram};
use super::rows::{self, Version};
use super::statements::{Limit, Sum, Total};
use super::{Definition, pages};
use crate::given::NameList;

const COMMAND: &str = "flowsheet.issue_version";

/// `/balance/flowsheets/{flowsheet}/edit`.
pub(super) fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: FlowsheetId = visit.id("flowsheet")?;
    let head = rows::head(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let latest = match rows::versions(visit.db, id)?.first() {
        Some(issued) => rows::version(visit.db, issued.id)?,
        None => None,
    };
    let form = form(visit, id, latest.as_ref().map(|version| &version.definition));
    let words = visit.words;
    let title = words.tv("page-flowsheet-edit", &[("flowsheet", head.code.as_str().into())]);
    let lead = words.t("page-flowsheet-edit-lead");
    let import = words.t("page-flowsheet-edit-import");
    let body = html! {
        (page_head(&title, Some(&lead), None))
        p { a href=(super::sheet::PATH) { (import) } }
        @if let Some(version) = &latest {
            (diagram(words, &version.definition, &version.label(), &|_| Tone::default()))
        }
        (form.render(words))
    };
    let latest = latest.map(|version: Version| version.id);
    let view = View::new(title, body, &serde_json::json!({"flowsheet": id, "latest": latest}));
    Ok(view.under(pages::parent(words)).under(Link::new(head.code, format!("/balance/flowsheets/{id}"))))
}

fn form(visit: &Visit<'_>, id: FlowsheetId, of: Option<&Definition>) -> Form {
    let words = visit.words;
    let named = |name: &str, kind| Field::new(name, words.t(&site::word("field", name)), kind);
    let text = |name: &str| named(name, FieldKind::Text);
    let mut form = visit.form(COMMAND, None);
    let unit = of.map_or_else(|| "t".to_owned(), |of| of.unit.symbol().to_owned());
    let limit = of.map_or_else(|| "3".to_owned(), |of| of.limit_sds.to_string());
    let percent = of.and_then(|of| of.limit_percent).map(|percent| percent.to_string()).unwrap_or_default();
    form.items.push(Item::Hidden("flowsheet".to_owned(), id.to_string()));
    form.items.push(Item::Line(vec![
        text("edition").required(),
        text("unit").value(unit).required(),
        named("limit_sds", FieldKind::Decimal).value(limit),
        named("limit_percent", FieldKind::Decimal).value(percent),
    ]));
    let nodes = of.map(node_lines).unwrap_or_default();
    let names: Vec<String> = nodes.iter().filter_map(|line| line.get("name").cloned()).collect();
    let ends = || FieldKind::Proposals(names.clone());
    form.items.push(group(
        words,
        "streams",
        of.map(stream_lines).unwrap_or_default(),
        vec![
            text("name"),
            named("from", ends()),
            named("to", ends()),
            text("label_en"),
            text("label_zh"),
            named("target_percent", FieldKind::Decimal),
        ],
    ));
    form.items.push(group(
        words,
        "nodes",
        nodes,
        vec![
            text("name"),
            text("label_en"),
            text("label_zh"),
            named("stock", FieldKind::Check),
            text("closes_on"),
        ],
    ));
    form.items.push(group(
        words,
        "components",
        of.map(component_lines).unwrap_or_default(),
        vec![
            text("name"),
            text("unit"),
            Field::new("of", words.t("field-share-of"), FieldKind::Text),
            text("except"),
            named("reacts", FieldKind::Check),
        ],
    ));
    statements(words, &mut form, of, &text);
    form
}

/// What is said beside the streams.
fn statements(words: &Words, form: &mut Form, of: Option<&Definition>, text: &dyn Fn(&str) -> Field) {
    let lines = |of_each: fn(&Definition) -> Lines| of.map(of_each).unwrap_or_default();
    let groups = [
        ("sums", lines(sum_lines), &["components", "to", "streams"][..]),
        ("totals", lines(total_lines), &["component", "parts", "streams"]),
        ("limits", lines(limit_lines), &["stream", "of", "exactly", "at_least", "at_most"]),
        ("equations", lines(equation_lines), &["equation"]),
    ];
    for (name, lines, fields) in groups {
        let field = |name: &&str| match *name {
            "to" => Field::new("to", words.t("field-adds-up-to"), FieldKind::Decimal),
            "parts" => Field::new("parts", words.t("field-total-parts"), FieldKind::Text),
            name => text(name),
        };
        form.items.push(group(words, name, lines, fields.iter().map(field).collect()));
    }
}

type Lines = Vec<BTreeMap<String, String>>;

fn group(words: &Words, name: &str, lines: Lines, fields: Vec<Field>) -> Item {
    let least = lines.len() + 2;
    let legend = words.t(&site::word("field", name));
    Item::Repeat(Repeat { name: name.to_owned(), legend, fields, lines, errors: BTreeMap::new(), least })
}

fn line(pairs: &[(&str, Option<String>)]) -> BTreeMap<String, String> {
    pairs.iter().filter_map(|(key, text)| Some(((*key).to_owned(), text.clone()?))).collect()
}

fn code(of: &Option<kernel::Code>) -> Option<String> {
    of.as_ref().map(ToString::to_string)
}

fn stream_lines(of: &Definition) -> Lines {
    let lines = of.streams.iter().map(|stream| {
        line(&[
            ("name", Some(stream.name.to_string())),
            ("from", code(&stream.from)),
            ("to", code(&stream.to)),
            ("label_en", code(&stream.label_en)),
            ("label_zh", code(&stream.label_zh)),
            ("target_percent", stream.target_percent.map(|percent| percent.to_string())),
        ])
    });
    lines.collect()
}

fn node_lines(of: &Definition) -> Lines {
    let lines = of.nodes.iter().map(|node| {
        line(&[
            ("name", Some(node.name.to_string())),
            ("label_en", code(&node.label_en)),
            ("label_zh", code(&node.label_zh)),
            ("stock", node.stock.0.then(|| "yes".to_owned())),
            ("closes_on", code(&node.closes_on)),
        ])
    });
    lines.collect()
}

fn component_lines(of: &Definition) -> Lines {
    let lines = of.components.iter().map(|part| {
        line(&[
            ("name", Some(part.name.to_string())),
            ("unit", Some(part.unit.symbol().to_owned())),
            ("of", code(&part.of)),
            ("except", list(&part.except)),
            ("reacts", part.reacts.0.then(|| "yes".to_owned())),
        ])
    });
    lines.collect()
}

fn list(of: &NameList) -> Option<String> {
    (!of.is_empty()).then(|| of.to_string())
}

fn number(of: Option<measure::Decimal>) -> Option<String> {
    of.map(|number| number.to_string())
}

fn sum_lines(of: &Definition) -> Lines {
    let one = |sum: &Sum| {
        line(&[
            ("components", list(&sum.components)),
            ("to", number(sum.to)),
            ("streams", list(&sum.streams)),
        ])
    };
    of.sums.iter().map(one).collect()
}

fn total_lines(of: &Definition) -> Lines {
    let one = |total: &Total| {
        let component = Some(total.component.to_string());
        line(&[("component", component), ("parts", list(&total.parts)), ("streams", list(&total.streams))])
    };
    of.totals.iter().map(one).collect()
}

fn limit_lines(of: &Definition) -> Lines {
    let one = |limit: &Limit| {
        line(&[
            ("stream", Some(limit.stream.to_string())),
            ("of", Some(limit.of.to_string())),
            ("exactly", number(limit.exactly)),
            ("at_least", number(limit.at_least)),
            ("at_most", number(limit.at_most)),
        ])
    };
    of.limits.iter().map(one).collect()
}

fn equation_lines(of: &Definition) -> Lines {
    of.equations.iter().map(|one| line(&[("equation", Some(one.equation.to_string()))])).collect()
}
