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
use super::{Definition, pages};

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
        vec![text("name"), text("unit"), named("reacts", FieldKind::Check)],
    ));
    form
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
            ("reacts", part.reacts.0.then(|| "yes".to_owned())),
        ])
    });
    lines.collect()
}
