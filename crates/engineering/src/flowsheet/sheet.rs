//! Take a flowsheet from a sheet: one row for each stream, from CSV or a workbook.

use std::collections::BTreeMap;

use kernel::{Actor, FlowsheetId};
use serde_json::{Map, Value, json};
use site::{Miss, Page, Upload, Uploaded, View, Visit};
use store::{Request, Store};
use ui::gallery::{self, Sample};
use ui::kit::form::{Field, FieldKind, Form};
use ui::kit::record::page_head;
use ui::{Markup, Words, html};

use super::pages;
use crate::balance::list_rows;
use crate::sheet::{Column, Line, SheetError, placed, read};
use crate::show::pick;

/// Where the form is, and where it is posted to.
pub(crate) const PATH: &str = "/balance/import-flowsheet";

/// The form.
pub(crate) const PAGE: Page = Page { path: PATH, rail: "balance", readers: site::STAFF, show };

/// What takes the file.
pub(crate) const UPLOAD: Upload = Upload { path: PATH, readers: &[kernel::Role::Metallurgist], receive };

/// Further sheets of a workbook: the list, its columns, and what its head must have.
const SHEETS: [(&str, &[Column], &[&str]); 5] = [
    (
        "components",
        &[
            ("name", &["component", "组分"]),
            ("unit", &["单位"]),
            ("of", &["share of", "占比基准"]),
            ("except", &["not balanced at", "不平衡的节点"]),
            ("reacts", &["反应"]),
        ],
        &["name", "unit"],
    ),
    (
        "sums",
        &[
            ("components", &["组分之和"]),
            ("to", &["adds up to", "合计"]),
            ("streams", &["in streams", "所在流股"]),
        ],
        &["components"],
    ),
    (
        "totals",
        &[
            ("component", &["total", "总量"]),
            ("parts", &["各部分"]),
            ("streams", &["in streams", "所在流股"]),
        ],
        &["component", "parts"],
    ),
    (
        "limits",
        &[
            ("stream", &["流股", "物流"]),
            ("of", &["quantity", "项目"]),
            ("exactly", &["等于"]),
            ("at_least", &["at least", "min", "下限"]),
            ("at_most", &["at most", "max", "上限"]),
        ],
        &["stream", "of"],
    ),
    ("equations", &[("equation", &["constraint", "等式"])], &["equation"]),
];

const COLUMNS: &[Column] = &[
    ("name", &["stream", "stream name", "流股", "物流"]),
    ("from", &["frm", "from node", "起点", "来自"]),
    ("to", &["to node", "终点", "去往"]),
    ("label_en", &["english", "label", "英文"]),
    ("label_zh", &["chinese", "中文"]),
    ("target_percent", &["target", "target sd %", "目标精度"]),
];

/// The form for a file.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct ImportPage {
    flowsheets: Vec<(String, String)>,
    #[serde(skip)]
    csrf: String,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let known = list_rows::flowsheets(visit.db)?;
    let words = visit.words;
    let flowsheets = known
        .into_iter()
        .map(|(id, code, names)| (id.to_string(), format!("{code} · {}", pick(words, &names))));
    let page = ImportPage { flowsheets: flowsheets.collect(), csrf: visit.csrf.to_owned() };
    let body = gallery::View::render(&page, words);
    Ok(View::new(words.t("page-import-flowsheet"), body, &page).under(pages::parent(words)))
}

impl gallery::View for ImportPage {
    fn render(&self, words: &Words) -> Markup {
        let field = |name: &str, kind| Field::new(name, words.t(&site::word("field", name)), kind);
        let file = FieldKind::File { accept: ".csv,.tsv,.txt,.xlsx,.xls,.ods".to_owned(), multiple: false };
        let form =
            Form::new("import-flowsheet", PATH, &self.csrf, words.t("command-flowsheet-issue-version"))
                .field(field("flowsheet", FieldKind::Select(self.flowsheets.clone())).required())
                .field(field("edition", FieldKind::Text).required())
                .field(field("unit", FieldKind::Text).value("t").required())
                .field(field("components", FieldKind::Text).hint(words.t("page-import-flowsheet-components")))
                .field(field("file", file).required());
        html! {
            (page_head(&words.t("page-import-flowsheet"), Some(&words.t("page-import-flowsheet-lead")), None))
            (form.render(words))
        }
    }
}

impl Sample for ImportPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let flowsheets = vec![("flowsheet-70".to_owned(), "MN-LEACH · Manganese leaching line".to_owned())];
        vec![("usual", ImportPage { flowsheets, csrf: String::new() })]
    }
}

/// Reads the file and issues the version it describes.
fn receive(store: &Store, actor: &Actor, uploaded: &Uploaded) -> Result<String, Miss> {
    let field = |name: &str| uploaded.fields.get(name).map(|text| text.trim()).unwrap_or_default();
    let flowsheet: FlowsheetId =
        field("flowsheet").parse().map_err(|_| Miss::Unclear("name the flowsheet".to_owned()))?;
    let Some((name, bytes)) = uploaded.files.first() else {
        return Err(Miss::Unclear("choose a file".to_owned()));
    };
    let unclear = |why: String| Miss::Unclear(format!("{name}: {why}"));
    let (mut command, sheets) = sheets(name, bytes).map_err(|why| unclear(why.to_string()))?;
    let components = components(field("components")).map_err(Miss::Unclear)?;
    if !components.is_empty() {
        command["components"] = json!(components);
    }
    (command["flowsheet"], command["edition"]) = (json!(flowsheet), json!(field("edition")));
    command["unit"] = json!(field("unit"));
    let kind = store.registry().commands.get("flowsheet.issue_version");
    let kind = kind.ok_or_else(|| unclear("no area issues flowsheets".to_owned()))?;
    let command = (kind.parse)(&command.to_string())
        .map_err(|error| unclear(told(&sheets, &error.field, &error.message)))?;
    store.files().keep(bytes)?;
    let key = None;
    let receipt = store.request(Request { actor: actor.clone(), command, reason: None, key })?;
    let made = receipt.id::<kernel::FlowsheetVersionId>();
    Ok(made.map_or_else(|| pages::LISTING.path.to_owned(), |id| format!("/balance/flowsheet-versions/{id}")))
}

/// The lists that a file holds, by name.
type Lists = BTreeMap<&'static str, Vec<Line>>;

/// The streams and whatever else the sheets of a file state, as the lists of the command.
fn sheets(name: &str, bytes: &[u8]) -> Result<(Value, Lists), SheetError> {
    let mut lists = Lists::from([("streams", read(name, bytes, COLUMNS, &["name", "from", "to"])?)]);
    for (list, columns, needed) in SHEETS {
        match read(name, bytes, columns, needed) {
            Ok(lines) => drop(lists.insert(list, lines)),
            Err(SheetError::NoHead(_) | SheetError::Empty) => {}
            Err(why) => return Err(why),
        }
    }
    let rows = |lines: &Vec<Line>| lines.iter().map(Line::json).collect::<Vec<Value>>();
    let lines = lists.iter().map(|(list, lines)| ((*list).to_owned(), json!(rows(lines))));
    Ok((Value::Object(lines.collect()), lists))
}

/// What a command said of one line, with the row that it stands in.
fn told(lists: &Lists, field: &str, message: &str) -> String {
    let list = field.split(['[', '.']).next().and_then(|name| lists.get(name));
    placed(list.map_or(&[], Vec::as_slice), field, message)
}

/// Components as people write them on one line: `Mn %; Fe %; Cd mg/kg`.
fn components(text: &str) -> Result<Vec<Value>, String> {
    let parts = text.split([';', '；', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let one = |part: &str| {
        let (name, unit) = part
            .split_once(char::is_whitespace)
            .ok_or_else(|| format!("`{part}` is no component with its unit; write it like `Mn %`"))?;
        let pairs = [("name", name), ("unit", unit.trim())];
        let pairs = pairs.map(|(key, text)| (key.to_owned(), Value::String(text.to_owned())));
        Ok(Value::Object(pairs.into_iter().collect::<Map<_, _>>()))
    };
    parts.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sheet_of_a_workbook_becomes_a_list() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let mut sheet = |name: &str, rows: &[&[&str]]| {
            let sheet = book.add_worksheet().set_name(name).unwrap();
            for (r, row) in rows.iter().enumerate() {
                for (c, cell) in row.iter().enumerate() {
                    sheet.write(r as u32, c as u16, *cell).unwrap();
                }
            }
        };
        sheet("Flows", &[&["stream", "from", "to"], &["feed", "", "cyclone"], &["over", "cyclone", ""]]);
        sheet(
            "Parts",
            &[
                &["component", "unit", "share of"],
                &["solids", "%", ""],
                &["water", "%", ""],
                &["Cu", "%", "solids"],
            ],
        );
        sheet("Sums", &[&["components", "to"], &["solids, water", "100"]]);
        sheet("Known", &[&["stream", "of", "at least"], &["over", "solids", "20"]]);
        sheet("Rules", &[&["equation"], &["over:flow = 0.4 feed:flow"]]);
        let bytes = book.save_to_buffer().unwrap();
        let (found, _) = sheets("plant.xlsx", &bytes).unwrap();
        let expected = json!({
            "streams": [{"name": "feed", "to": "cyclone"}, {"name": "over", "from": "cyclone"}],
            "components": [{"name": "solids", "unit": "%"}, {"name": "water", "unit": "%"},
                {"name": "Cu", "unit": "%", "of": "solids"}],
            "sums": [{"components": "solids, water", "to": "100"}],
            "limits": [{"stream": "over", "of": "solids", "at_least": "20"}],
            "equations": [{"equation": "over:flow = 0.4 feed:flow"}],
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn components_stand_on_one_line_with_their_units() {
        let found = components("Mn %; Cd mg/kg；").unwrap();
        assert_eq!(found[1], json!({"name": "Cd", "unit": "mg/kg"}));
        assert!(components("Mn").is_err());
    }
}
