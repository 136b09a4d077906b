//! Enter figures: one line for each quantity of each stream, filled with what stands; and a sheet to be taken
//! in instead. It works without script.

use std::collections::BTreeMap;

use kernel::{Actor, BalanceId, Role};
use maud::{Markup, html};
use serde::Serialize;
use serde_json::json;
use site::{Miss, Page, Upload, Uploaded, View, Visit};
use store::{Request, Store};
use ui::gallery::{self, Sample};
use ui::kit::form::{Field, FieldKind, Form, Item, Repeat};
use ui::kit::record::page_head;
use ui::{Link, Words};

use crate::balance::rows;
use crate::sheet::{self, Column, placed, read};
use crate::solve::Case;

const PEOPLE: &[Role] = &[Role::Metallurgist, Role::ShiftSupervisor];
const COMMAND: &str = "balance.measure";

/// `/balance/balances/{balance}/measure`.
pub(super) const PAGE: Page =
    Page { path: "/balance/balances/{balance}/measure", rail: "balance", readers: site::STAFF, show };

/// What takes a sheet of figures.
pub(crate) const UPLOAD: Upload = Upload { path: "/balance/import-figures", readers: PEOPLE, receive };

const COLUMNS: &[Column] = &[
    ("stream", &["流股", "物流"]),
    ("of", &["quantity", "component", "项目", "组分"]),
    ("value", &["数值", "测定值"]),
    ("unit", &["单位"]),
    ("sd", &["standard deviation", "标准差"]),
    ("sd_percent", &["sd %", "relative sd %", "相对标准差"]),
    ("sampling_sd", &["取样标准差"]),
    ("weight", &["sd from", "标准差来源"]),
    ("source", &["来源"]),
    ("reading", &["ticket", "tag", "凭证"]),
    ("result", &["检测结果"]),
    ("lot", &["批次"]),
];

/// The form.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct EnterPage {
    balance: BalanceId,
    code: String,
    #[serde(skip)]
    lines: Vec<BTreeMap<String, String>>,
    #[serde(skip)]
    names: (Vec<String>, Vec<String>),
    #[serde(skip)]
    csrf: String,
    #[serde(skip)]
    key: String,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: BalanceId = visit.id("balance")?;
    let balance = rows::find(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let version = rows::version_of(visit.db, &balance)?;
    let case = rows::case(visit.db, &balance, &version)?;
    let names = (
        version.definition.streams.iter().map(|stream| stream.name.to_string()).collect(),
        version.definition.quantities().map(str::to_owned).collect(),
    );
    let page = EnterPage {
        balance: id,
        code: balance.code,
        lines: lines(&case),
        names,
        csrf: visit.csrf.to_owned(),
        key: visit.key.clone(),
    };
    let body = gallery::View::render(&page, visit.words);
    let title = visit.words.tv("page-enter", &[("balance", page.code.as_str().into())]);
    let up = Link::new(page.code.clone(), crate::described::page_of(id));
    let mut view = View::new(title, body, &page).under(super::parent(visit.words)).under(up);
    view.wide = true;
    Ok(view)
}

/// A line for each quantity that has no figure yet; those that have one are replaced by entering them again.
fn lines(case: &Case) -> Vec<BTreeMap<String, String>> {
    let mut all = Vec::new();
    for stream in &case.definition.streams {
        for of in case.definition.quantities() {
            if case.measured(stream.name.as_str(), of).is_some() {
                continue;
            }
            let unit = case.definition.unit_of(of).map(|unit| unit.symbol()).unwrap_or_default();
            let pairs = [("stream", stream.name.as_str()), ("of", of), ("unit", unit)];
            all.push(pairs.map(|(key, text)| (key.to_owned(), text.to_owned())).into());
        }
    }
    all
}

impl gallery::View for EnterPage {
    fn render(&self, words: &Words) -> Markup {
        let title = words.tv("page-enter", &[("balance", self.code.as_str().into())]);
        html! {
            (page_head(&title, Some(&words.t("page-enter-lead")), None))
            (self.form(words).render(words))
            h2 { (words.t("page-enter-sheet")) }
            p.lead { (words.t("page-enter-sheet-lead")) }
            (self.upload(words).render(words))
        }
    }
}

impl EnterPage {
    fn form(&self, words: &Words) -> Form {
        let field = |name: &str, kind| Field::new(name, words.t(&site::word("field", name)), kind);
        let choice = |name: &str, values: &[&str]| {
            let say = |value: &&str| ((*value).to_owned(), words.t(&format!("choice-{name}-{value}")));
            field(name, FieldKind::Select(values.iter().map(say).collect()))
        };
        let fields = vec![
            field("stream", FieldKind::Proposals(self.names.0.clone())),
            field("of", FieldKind::Proposals(self.names.1.clone())),
            field("value", FieldKind::Text),
            field("unit", FieldKind::Text),
            field("sd", FieldKind::Decimal),
            field("sd_percent", FieldKind::Decimal).unit("%"),
            field("sampling_sd", FieldKind::Decimal),
            choice("weight", &["method-uncertainty", "qc-duplicates", "gy", "meter-class", "stated"]),
            choice("source", &["scale", "tank", "typed"]),
            Field::new("reading", words.t("field-ticket"), FieldKind::Text),
            field("result", FieldKind::Text),
            field("lot", FieldKind::Text),
        ];
        let words_of_command = words.t(&site::word("command", COMMAND));
        let mut form = Form::new(COMMAND, format!("/do/{COMMAND}"), &self.csrf, words_of_command);
        form.return_to = Some(crate::described::page_of(self.balance));
        form.idempotency_key = Some(self.key.clone()).filter(|key| !key.is_empty());
        form.items.push(Item::Hidden("balance".to_owned(), self.balance.to_string()));
        form.items.push(Item::Repeat(Repeat {
            name: "lines".to_owned(),
            legend: words.t("field-balance-measure-lines"),
            fields,
            lines: self.lines.clone(),
            errors: BTreeMap::new(),
            least: self.lines.len().max(2),
        }));
        form
    }

    fn upload(&self, words: &Words) -> Form {
        let file = FieldKind::File { accept: ".csv,.tsv,.txt,.xlsx,.xls,.ods".to_owned(), multiple: false };
        let mut form = Form::new("import-figures", UPLOAD.path, &self.csrf, words.t("action-import-figures"));
        form.items.push(Item::Hidden("balance".to_owned(), self.balance.to_string()));
        form.primary = false;
        form.field(Field::new("file", words.t("field-file"), file).required())
    }
}

/// Reads a sheet and gives its figures. A row without a figure is left out; the row stands as the reading.
fn receive(store: &Store, actor: &Actor, uploaded: &Uploaded) -> Result<String, Miss> {
    let balance = uploaded.fields.get("balance").and_then(|text| text.trim().parse::<BalanceId>().ok());
    let balance = balance.ok_or_else(|| Miss::Unclear("name the balance".to_owned()))?;
    let Some((name, bytes)) = uploaded.files.first() else {
        return Err(Miss::Unclear("choose a file".to_owned()));
    };
    let unclear = |why: String| Miss::Unclear(format!("{name}: {why}"));
    let lines = read(name, bytes, COLUMNS, &["stream", "of"]).map_err(|why| unclear(why.to_string()))?;
    let given =
        |line: &sheet::Line| ["value", "result", "lot"].iter().any(|key| line.cells.contains_key(key));
    let lines: Vec<sheet::Line> = lines.into_iter().filter(given).collect();
    let json_lines = lines.iter().map(|line| {
        let mut of = line.json();
        if !line.cells.contains_key("reading") {
            let place: String = format!("{name} {}", line.place).chars().take(64).collect();
            of["reading"] = json!(place);
        }
        of
    });
    let command = json!({"balance": balance, "lines": json_lines.collect::<Vec<_>>()});
    let kind = store.registry().commands.get(COMMAND);
    let kind = kind.ok_or_else(|| unclear("no area takes figures".to_owned()))?;
    let command = (kind.parse)(&command.to_string())
        .map_err(|error| unclear(placed(&lines, &error.field, &error.message)))?;
    store.files().keep(bytes)?;
    store.request(Request { actor: actor.clone(), command, reason: None, key: None })?;
    Ok(crate::described::page_of(balance))
}

impl Sample for EnterPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let line = |stream: &str, of: &str, unit: &str| {
            [("stream", stream), ("of", of), ("unit", unit)]
                .map(|(key, text)| (key.to_owned(), text.to_owned()))
                .into()
        };
        let page = EnterPage {
            balance: BalanceId(72),
            code: "MB-2026-08".into(),
            lines: vec![line("feed", "flow", "t"), line("feed", "Mn", "%")],
            names: (vec!["feed".into(), "residue".into()], vec!["flow".into(), "Mn".into()]),
            csrf: String::new(),
            key: String::new(),
        };
        vec![("usual", page)]
    }
}
