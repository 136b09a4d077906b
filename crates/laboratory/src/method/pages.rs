//! Methods: their list, and the page of one with its editions and limits.

use kernel::MethodId;
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::blocks::section;
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::Action;
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Markup, Words, html};

use super::rows::{self, MethodLine};
use super::rules::{AnalyteSpec, MethodVersion};
use crate::page;

/// `/laboratory/methods`.
pub(crate) const METHODS: Listing = Listing {
    name: "methods",
    path: "/laboratory/methods",
    rail: "laboratory",
    readers: STAFF,
    fetch: methods,
    actions: &["method.define"],
};
/// `/laboratory/methods/{method}`.
pub(crate) const PAGE: Page =
    Page { path: "/laboratory/methods/{method}", rail: "laboratory", readers: STAFF, show };

fn methods(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let today = crate::day(visit.db, visit.now)?;
    let (lines, total) = rows::page(visit.db, today, query)?;
    let row = |line: &MethodLine| {
        let url = format!("/laboratory/methods/{}", line.id);
        let cells = vec![
            Cell::Link(Link::new(&line.code, &url)),
            Cell::Text(words.pick(&line.name_en, &line.name_zh).to_owned()),
            page::text_opt(line.edition.as_deref()),
        ];
        Row { href: Some(url), id: Some(line.id.to_string()), cells }
    };
    let columns =
        vec![page::sorted(words, "code"), page::sorted(words, "name"), page::column(words, "edition")];
    Ok(page::listing(words, "methods", query, total, columns, lines.iter().map(row).collect()))
}

/// What the page of a method shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MethodPage {
    pub id: MethodId,
    pub code: String,
    pub versions: Vec<MethodVersion>,
    pub in_force: Option<kernel::MethodVersionId>,
    pub texts: Vec<(Option<String>, Option<String>)>,
    pub voided: Vec<Option<rows::Voided>>,
    pub may_issue: bool,
    pub may_void: bool,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: MethodId = visit.id("method")?;
    let code = rows::exists(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let (mut versions, mut texts, mut voided) = (Vec::new(), Vec::new(), Vec::new());
    for version in rows::versions(visit.db, id)? {
        texts.push(rows::texts(visit.db, version.id)?);
        voided.push(rows::voided(visit.db, version.id)?);
        versions.extend(rows::by_id(visit.db, version.id)?);
    }
    let today = crate::day(visit.db, visit.now)?;
    let in_force = rows::in_force(visit.db, id, today)?.map(|version| version.id);
    let may_issue = visit.may("method.issue_version");
    let may_void = visit.may("method_version.void");
    let data = MethodPage { id, code, versions, in_force, texts, voided, may_issue, may_void };
    let view = View::new(data.code.clone(), data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("list-methods"), "/laboratory/methods")))
}

fn analytes(words: &Words, version: &MethodVersion) -> Markup {
    let number = |key: &'static str| Column::number(key, words.t(&site::word("field", key)), "");
    let columns = vec![
        page::column(words, "analyte"),
        page::column(words, "unit"),
        page::column(words, "basis"),
        number("lod"),
        number("loq"),
        page::column(words, "reporting"),
        number("range_low"),
        number("range_high"),
        page::column(words, "uncertainty"),
        page::column(words, "controls"),
    ];
    let text = |text: &Option<measure::DecimalText>| {
        text.as_ref().map_or(Cell::Blank, |text| Cell::Number(Number::new(text.as_str())))
    };
    let row = |spec: &AnalyteSpec| {
        let percent = spec.uncertainty_percent.map(|percent| format!("{percent} %"));
        let absolute = spec.uncertainty_absolute.map(|absolute| format!("{absolute} {}", spec.unit));
        let uncertainty: Vec<String> = percent.into_iter().chain(absolute).collect();
        let controls = crate::qc::rules::required(spec);
        let controls: Vec<String> =
            controls.iter().map(|kind| page::choice(words, "control", kind.word())).collect();
        let cells = vec![
            Cell::Markup(ui::format::formula(&spec.analyte)),
            Cell::Text(spec.unit.symbol().to_owned()),
            Cell::Text(page::basis(words, spec.basis.as_str())),
            text(&spec.lod),
            text(&spec.loq),
            Cell::Text(match spec.reporting_limit() {
                Some(_) => page::choice(words, "reporting", spec.limits().rule.as_str()),
                None => String::new(),
            }),
            text(&spec.range_low),
            text(&spec.range_high),
            Cell::Text(uncertainty.join(" ⊕ ")),
            Cell::Text(controls.join(", ")),
        ];
        Row { href: None, id: None, cells }
    };
    let rows = version.analytes.values().map(row).collect();
    Table::plain(format!("analytes-{}", version.id), words.t("field-analytes"), columns, rows).render(words)
}

impl ui::gallery::View for MethodPage {
    fn render(&self, words: &Words) -> Markup {
        let mut head =
            page::head(words, "method", &self.code, format!("/laboratory/methods/{}", self.id), vec![]);
        let issue = Link::new(
            words.t("command-method-issue-version"),
            format!("/do/method.issue_version?method={}", self.id),
        );
        head.action = self.may_issue.then_some(Action::Open(issue));
        let title = |version: &MethodVersion| {
            let force =
                if self.in_force == Some(version.id) { "page-method-in-force" } else { "page-method-from" };
            let day = words.date(version.in_force_from.date());
            words.tv(force, &[("edition", version.edition.as_str().into()), ("day", day.into())])
        };
        html! {
            (head.render(words))
            @if self.versions.is_empty() {
                (page::empty(words, "versions").render())
            }
            @for ((version, (document, preparation)), voided) in
                self.versions.iter().zip(&self.texts).zip(&self.voided)
            {
                (section(&title(version), html! {
                    @if let Some((from, why)) = voided {
                        (page::voided(words, *from, why.as_deref()))
                    } @else if self.may_void {
                        p { a href={ "/do/method_version.void?version=" (version.id) } {
                            (words.t("command-method-version-void"))
                        } }
                    }
                    (page::facts(words, vec![
                        ("field-document", document.as_ref().map(|text| html! { (text) })),
                        ("field-preparation", preparation.as_ref().map(|text| html! { (text) })),
                        ("field-reviewer-differs", Some(html! { (yes(words, version.reviewer_differs)) })),
                        ("field-releaser-differs", Some(html! { (yes(words, version.releaser_differs)) })),
                    ]))
                    (analytes(words, version))
                }))
            }
        }
    }
}

fn yes(words: &Words, yes: bool) -> String {
    words.t(if yes { "choice-yes" } else { "choice-no" })
}

impl Sample for MethodPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let spec = AnalyteSpec {
            lod: measure::DecimalText::parse("0.0010").ok(),
            reference_required: Some(crate::YesNo::Yes),
            ..AnalyteSpec::plain("La2O3", measure::Unit::Percent, measure::Basis::Dry)
        };
        let version = MethodVersion {
            id: kernel::MethodVersionId(2),
            method: MethodId(1),
            code: "ICP-01".into(),
            edition: "2026".into(),
            in_force_from: "2026-01-01".parse().expect("a day"),
            reviewer_differs: true,
            releaser_differs: false,
            analytes: std::collections::BTreeMap::from([("La2O3".to_owned(), spec)]),
        };
        let usual = MethodPage {
            id: MethodId(1),
            code: "ICP-01".into(),
            in_force: Some(version.id),
            versions: vec![version],
            texts: vec![(Some("SOP-12".into()), None)],
            voided: vec![None],
            may_issue: true,
            may_void: true,
        };
        let empty = MethodPage { versions: vec![], texts: vec![], in_force: None, ..usual.clone() };
        let voided = MethodPage {
            voided: vec![Some((kernel::Instant::from_micros(0), Some("wrong factor".into())))],
            ..usual.clone()
        };
        vec![("usual", usual), ("voided", voided), ("empty", empty)]
    }
}
