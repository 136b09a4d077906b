//! The release page: the checks with their evidence, failing first, what would mend each, and who can do
//! that.

use kernel::{LotId, PartyId, ResultId, SpecificationVersionId};
use measure::{Places, RoundingRule, round};
use serde::Serialize;
use site::{Miss, Named, Page, STAFF, View, Visit};
use ui::gallery::{self, Sample};
use ui::kit::blocks::section;
use ui::kit::form::{Field, FieldKind, Form, Item};
use ui::kit::gate::{Gate, checklist};
use ui::kit::number::Number;
use ui::kit::record::{Action, RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Arg, Badge, Link, Markup, State as Shade, Words, format, html};

use super::case::{self, Assessment};
use super::checks::{Check, Key, State};
use super::{list_rows, rows, stopped};
use crate::certificate::issue::label;
use crate::certificate::rows as certificates;
use crate::gate::{self, Problem};
use crate::judgement::Line;
use crate::show::{analyte, decision, field, pick};
use crate::specification::{rows as specifications, rules::right_ones};
use crate::view_rows;

/// `/quality/release/{lot}`.
pub(crate) const PAGE: Page = Page { path: "/quality/release/{lot}", rail: "quality", readers: STAFF, show };

/// A check with what the page says beside it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Shown {
    #[serde(flatten)]
    check: Check,
    named: Vec<Named>,
    who: Option<String>,
}

/// A lot before the gate.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ReleasePage {
    lot: Named,
    material: kernel::Names,
    specification: Option<Named>,
    /// Whether it may go: a lot that nobody decided on, be released; one that is released, leave by its
    /// release.
    allows: bool,
    decided: Option<String>,
    /// What stops a released lot at the door, and what would mend it.
    stopped: Vec<Problem>,
    /// The items of which today's figures are others than it was released upon: it is not certified so.
    otherwise: Vec<String>,
    checks: Vec<Shown>,
    lines: Vec<Line>,
    /// The results that a person typed.
    typed: Vec<ResultId>,
    decisions: Vec<list_rows::Disposition>,
    /// Overrides of its checks, and exceptions by which it passes a door.
    exceptions: Vec<list_rows::OverrideRow>,
    certificates: Vec<(Named, bool)>,
    /// How the lot stands.
    standing: Vec<Badge>,
    /// What the reader may not do here, and who can.
    barred: Vec<Action>,
    /// What comes after the decision.
    #[serde(skip)]
    next: Option<Action>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let lot: LotId = visit.id("lot")?;
    let asked: Option<SpecificationVersionId> = visit.asked("specification_version").parse().ok();
    let customer: Option<PartyId> = visit.asked("customer").parse().ok();
    let found = case::checks(visit.db, lot, asked, customer, visit.now)?;
    let found = found.ok_or_else(|| Miss::NoSuch(lot.to_string()))?;
    let page = gather(visit, &found)?;
    let again = page.decided.is_none() || !page.stopped.is_empty() || !page.otherwise.is_empty();
    let forms = forms(visit, &found, page.decided.as_deref(), again)?;
    let body = gallery::View::render(&page, visit.words);
    let up = Link::new(visit.words.t("list-release"), super::lists_pages::WAITING.path);
    let title = visit.words.tv("page-release-title", &[("lot", Arg::from(page.lot.label.as_str()))]);
    Ok(View::new(title, html! { (body) (forms) }, &page).under(up))
}

fn gather(visit: &mut Visit<'_>, found: &Assessment) -> Result<ReleasePage, Miss> {
    let lot = &found.case.lot;
    let mut checks = Vec::new();
    for check in &found.checks {
        let mut named = Vec::new();
        for record in check.evidence.iter().take(12) {
            named.push(visit.name(*record)?);
        }
        let who = match &check.remedy {
            Some(command) => authority::who(visit.db, visit.store.registry(), visit.words, command)?,
            None => None,
        };
        let mut check = check.clone();
        for text in check.args.values_mut() {
            *text = visit.said(text)?;
        }
        checks.push(Shown { check, named, who });
    }
    let decided = rows::decided(visit.db, lot.id)?;
    let decided = decided.map(|of| if of.released { "released" } else { "rejected" }.to_owned());
    let release = gate::released_as(visit.db, lot.id)?;
    let stopped = stopped::gather(visit, found, release)?;
    let otherwise = stopped::otherwise(visit, lot.id, release)?;
    let rejected = decided.as_deref() == Some("rejected");
    let certificates =
        certificates::of_lot(visit.db, lot.id)?.into_iter().map(|(id, code, revision, old)| {
            (Named::new(id, label(&code, revision), format!("/certificates/{id}")), old)
        });
    let certificates = certificates.collect();
    let barred = barred(visit, decided.as_deref())?;
    let next = if decided.is_some() { visit.next(lot.id)? } else { None };
    let version = found.case.version.as_ref();
    Ok(ReleasePage {
        lot: Named::under("lots", lot.id, &lot.code),
        material: lot.material_names.clone(),
        specification: version
            .map(|of| Named::new(of.id, of.label(), format!("/quality/specification-versions/{}", of.id))),
        allows: !rejected && if release.is_some() { stopped.is_empty() } else { found.allows() },
        decided,
        stopped,
        otherwise,
        checks,
        lines: found.lines.clone(),
        typed: found.case.results.iter().filter(|one| one.hand_typed).map(|one| one.id).collect(),
        decisions: list_rows::of_lot(visit.db, lot.id)?,
        exceptions: list_rows::overrides_of(visit.db, lot.id)?,
        certificates,
        standing: visit.standing(lot.id)?,
        barred,
        next,
    })
}

/// The decisions that are still open and not this reader's, each with who may take it.
fn barred(visit: &mut Visit<'_>, decided: Option<&str>) -> Result<Vec<Action>, Miss> {
    let all = ["lot.release", "lot.hold", "lot.reject"];
    let open = if decided == Some("rejected") { &all[1..2] } else { &all[..] };
    let offers = open.iter().map(|command| authority::offer(visit, command, ""));
    let offers = offers.collect::<Result<Vec<Action>, _>>()?;
    Ok(offers.into_iter().filter(|offer| matches!(offer, Action::Barred { .. })).collect())
}

/// The forms that the lot's state and the reader's roles allow.
fn forms(
    visit: &mut Visit<'_>,
    found: &Assessment,
    decided: Option<&str>,
    again: bool,
) -> Result<Markup, Miss> {
    let lot = found.case.lot.id;
    let here = format!("/quality/release/{lot}");
    let words = visit.words;
    let mut all: Vec<Form> = Vec::new();
    if decided != Some("rejected") && visit.may("lot.release") {
        let mut form = release_form(visit, found, &here)?;
        form.primary = found.allows() && again;
        if !found.allows() {
            let said = words.t("page-release-would-be-refused");
            form = form.item(Item::Markup(html! { p.muted { (said) } }));
        }
        all.push(form);
    }
    let mut simple = |command: &'static str, fields: Vec<Field>| {
        if visit.may(command) {
            let mut form = visit.form(command, Some(here.clone()));
            form.primary = false;
            form = form.item(Item::Hidden("lot".into(), lot.to_string()));
            all.push(fields.into_iter().fold(form, Form::field));
        }
    };
    let reason = || field(words, "reason", FieldKind::Area { rows: 2 }).required();
    simple("lot.hold", vec![reason(), field(words, "lot-hold-scope", FieldKind::Text).named("scope")]);
    if decided != Some("rejected") {
        simple("lot.reject", vec![reason()]);
        let failing = found.failing().filter(|check| check.key.may_be_overridden());
        let gates: Vec<(String, String)> = failing
            .map(|check| (check.key.word().to_owned(), words.t(&format!("gate-{}", check.key.word()))))
            .collect();
        if !gates.is_empty() {
            let gate = field(words, "gate", FieldKind::Select(gates)).required();
            let until = field(words, "valid-until", FieldKind::Instant).named("valid_until").required();
            simple("gate.override", vec![gate, reason(), until]);
        }
    }
    let allow = visit.may("lot.allow").then(|| format!("/do/lot.allow?lot={lot}&door=ship"));
    Ok(html! {
        @if !all.is_empty() {
            (section(&words.t("page-release-acts"), html! {
                @for form in &all {
                    details open[form.primary] { summary { (form.submit) } (form.render(words)) }
                }
                @if let Some(href) = &allow { p { a href=(href) { (words.t("page-release-allow")) } } }
            }))
        }
    })
}

fn release_form(visit: &mut Visit<'_>, found: &Assessment, here: &str) -> Result<Form, Miss> {
    let words = visit.words;
    let material = found.case.lot.material;
    let all = specifications::of_material(visit.db, material)?;
    let right = right_ones(&all, found.case.customer, visit.now);
    let options: Vec<(String, String)> =
        right.iter().map(|version| (version.id.to_string(), version.label())).collect();
    let chosen = found.case.version.as_ref().map(|version| version.id.to_string()).unwrap_or_default();
    let mut form = visit.form("lot.release", Some(here.to_owned()));
    form = form.item(Item::Hidden("lot".into(), found.case.lot.id.to_string()));
    let version = field(words, "specification_version", FieldKind::Select(options)).value(chosen).required();
    form = form.field(version);
    if let Some(customer) = found.case.customer {
        form = form.item(Item::Hidden("customer".into(), customer.to_string()));
        if let Some(party) = view_rows::party(visit.db, customer)? {
            let said = words.pair(&words.t("field-customer"), &pick(words, &party.names));
            form = form.item(Item::Markup(html! { p { (said) } }));
        }
    }
    Ok(form)
}

/// A field posted under another name than its words have.
trait NamedField {
    fn named(self, name: &str) -> Self;
}

impl NamedField for Field {
    fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }
}

impl gallery::View for ReleasePage {
    fn render(&self, words: &Words) -> Markup {
        let mut badges = vec![match self.allows {
            true => Badge::new(Shade::Pass, words.t("state-gate-allows")),
            false => Badge::new(Shade::Fail, words.t("state-gate-refuses")),
        }];
        badges.extend(self.standing.iter().cloned());
        let head = RecordHead {
            kind: words.t("page-release"),
            name: self.lot.label.clone(),
            badges,
            action: self.next.clone(),
            others: self.certificates.iter().map(|(named, _)| named.link()).collect(),
            path: self.lot.url.clone(),
            tab: RecordTab::Overview,
        };
        let otherwise = self.otherwise.join(", ");
        let gates: Vec<Gate> = self.checks.iter().map(|shown| gate(words, shown)).collect();
        html! {
            (head.render(words))
            p {
                (pick(words, &self.material)) " · "
                @if let Some(of) = &self.specification { (of.link()) }
                @else { (words.t("page-release-no-version")) }
            }
            @if !otherwise.is_empty() {
                p { (words.tv("page-release-otherwise", &[("items", Arg::from(otherwise.as_str()))])) }
            }
            @if !self.stopped.is_empty() {
                (section(&words.t("page-release-stopped"), stopped::listed(words, &self.stopped)))
            }
            (section(&words.t("page-release-checks"), checklist(words, &gates)))
            (section(&words.t("page-release-lines"), lines(words, &self.lines, &self.typed).render(words)))
            @if !self.decisions.is_empty() {
                (section(&words.t("page-release-decisions"), decisions(words, &self.decisions)))
            }
            @if !self.exceptions.is_empty() {
                (section(&words.t("page-release-exceptions"), exceptions(words, &self.exceptions)))
            }
            @if !self.barred.is_empty() {
                (section(&words.t("page-release-barred"), html! {
                    @for action in &self.barred { (action.render(words)) }
                }))
            }
        }
    }
}

fn gate(words: &Words, shown: &Shown) -> Gate {
    let check = &shown.check;
    let key = check.key.word();
    let state = match check.state {
        State::Fail => Shade::Fail,
        State::Undecidable | State::Nothing => Shade::Held,
        State::Overridden => Shade::Warning,
        State::NotAsked => Shade::Neutral,
        State::Pass => Shade::Pass,
    };
    let verdict = words.t(&format!("gate-state-{}", check.state.word()));
    let verdict = match check.args.get("what").filter(|_| check.state != State::Nothing) {
        Some(what) => words.pair(&verdict, what),
        None => verdict,
    };
    // Where there is nothing to look at, results are what is missing.
    let mend = if check.state == State::Nothing { Key::Results.word() } else { key };
    let args: Vec<(&str, Arg<'_>)> =
        check.args.iter().map(|(name, value)| (name.as_str(), Arg::from(value.as_str()))).collect();
    let action = check.remedy.as_deref().map(|command| stopped::remedy(words, command, check.on));
    let bad = !check.state.allows();
    Gate {
        state,
        verdict,
        what: words.t(&format!("gate-{key}")),
        evidence: shown.named.iter().map(Named::link).collect(),
        rule: bad.then(|| {
            format!("{} ({})", words.tv(&format!("refusal-release-{key}.rule"), &args), check.key.clause())
        }),
        remedy: bad.then(|| words.tv(&format!("refusal-release-{mend}.remedy"), &args)),
        who: shown.who.clone().filter(|_| bad),
        action: action.filter(|_| bad),
    }
}

/// A unit as it stands beside a figure: nothing for a plain number such as pH, as on the certificate.
fn shown(unit: measure::Unit) -> &'static str {
    if unit == measure::Unit::One { "" } else { unit.symbol() }
}

/// The verdicts as a table; every figure leads to its explanation, and one that rests on a typed number is
/// marked.
pub(crate) fn lines(words: &Words, lines: &[Line], typed: &[ResultId]) -> Table {
    let rows = lines.iter().map(|line| {
        let (shade, verdict) = match line.verdict {
            Some(measure::Verdict::Pass) => (Shade::Pass, "pass"),
            Some(measure::Verdict::Fail) => (Shade::Fail, "fail"),
            Some(measure::Verdict::Undecidable) => (Shade::Held, "undecidable"),
            None => (Shade::Neutral, "not-judged"),
        };
        let number = Number::new(&line.figure).unit(shown(line.unit));
        let by_hand = line.results.iter().any(|result| typed.contains(result));
        let number = Number { hand_typed: by_hand, ..number };
        let number = match line.results.first() {
            Some(result) => number.explained(format!("/explain/{result}")),
            None => number,
        };
        let conversion = line.conversion.as_ref().map(|conversion| {
            let factor = round(conversion.factor, RoundingRule::default(), Places::Significant(6));
            let from = format!("{} {}", conversion.from, shown(conversion.from_unit));
            format!("{} × {factor}", from.trim_end())
        });
        let limit =
            line.limit.as_ref().map(|limit| format!("{limit} {}", shown(line.unit)).trim_end().to_owned());
        let why = words.t(&format!("reason-{}", line.reason.word()));
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Markup(format::formula(&analyte(words, &line.analyte))),
                Cell::Text(limit.unwrap_or_default()),
                if line.figure.is_empty() { Cell::Blank } else { Cell::Number(number) },
                Cell::Text(beside(words, line)),
                Cell::Text(line.reported.as_ref().map(|of| of.reporting.clone()).unwrap_or_default()),
                Cell::Text(words.t(&format!("basis-{}", line.basis.as_str().replace('_', "-")))),
                Cell::Badge(Badge::new(shade, words.t(&format!("verdict-{verdict}")))),
                Cell::Text(why),
                Cell::Text(conversion.unwrap_or_default()),
                Cell::Text(of_samples(words, line)),
            ],
        }
    });
    let columns = vec![
        Column::text("analyte", words.t("field-analyte")),
        Column::text("limit", words.t("field-limit")),
        Column::number("figure", words.t("field-result"), ""),
        Column::text("uncertainty", words.t("field-uncertainty")),
        Column::text("reporting", words.t("field-reporting-limit")),
        Column::text("basis", words.t("field-basis")),
        Column::text("verdict", words.t("column-verdict")),
        Column::text("why", words.t("column-why")),
        Column::text("conversion", words.t("column-conversion")),
        Column::text("samples", words.t("column-of-samples")),
    ];
    Table::plain("lines", words.t("page-release-lines"), columns, rows.collect())
}

/// The uncertainty of a figure, or that it is an estimate.
fn beside(words: &Words, line: &Line) -> String {
    match (&line.uncertainty, line.estimated) {
        (Some(uncertainty), _) => uncertainty.clone(),
        (None, true) => words.t("mark-estimated"),
        (None, false) => String::new(),
    }
}

/// What several samples came to, and by which rule.
fn of_samples(words: &Words, line: &Line) -> String {
    let Some(spread) = &line.spread else { return String::new() };
    let rule = spread.rule.map_or("repeats", |rule| rule.word()).replace('_', "-");
    let rule = words.tv(&format!("sample-rule-{rule}"), &[("n", Arg::from(spread.samples as i64))]);
    let values: Vec<String> = spread
        .values
        .iter()
        .map(|value| match value.weight_kg {
            Some(kg) => format!("{} ({} kg)", value.line.figure, kg.normalize()),
            None => value.line.figure.clone(),
        })
        .collect();
    if values.is_empty() { rule } else { words.pair(&rule, &values.join("; ")) }
}

fn decisions(words: &Words, all: &[list_rows::Disposition]) -> Markup {
    html! {
        ul {
            @for of in all {
                li {
                    (decision(words, &of.decision)) " "
                    a href={ "/quality/dispositions/" (of.id) } { (words.time(of.at.timestamp())) }
                    @if let Some(names) = &of.person_names { " · " (pick(words, names)) }
                    @if let Some(reason) = &of.reason { " · " (reason) }
                }
            }
        }
    }
}

fn exceptions(words: &Words, all: &[list_rows::OverrideRow]) -> Markup {
    html! {
        ul {
            @for of in all {
                li {
                    a href={ "/quality/overrides/" (of.id) } { (words.t(&format!("gate-{}", of.gate))) }
                    " · " (words.time(of.at.timestamp())) " – " (words.time(of.valid_until.timestamp()))
                    @if let Some(names) = &of.person_names { " · " (pick(words, names)) }
                    " · " (of.reason) " · " (words.t("column-used")) " " (of.used)
                }
            }
        }
    }
}

impl Sample for ReleasePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let shown = |key: Key, state: State, what: Option<&str>| {
            let mut args = std::collections::BTreeMap::from([("lot".to_owned(), "MS-260314-02".to_owned())]);
            args.extend(what.map(|what| ("what".to_owned(), what.to_owned())));
            let remedy = (!state.allows()).then(|| key.remedy().to_owned());
            let lot: kernel::Ref = LotId(12).into();
            let check = Check { key, state, evidence: vec![lot], args, remedy, on: Some(lot) };
            let named = vec![Named::under("lots", LotId(12), "MS-260314-02")];
            Shown { check, named, who: Some("Quality manager (Gao Min)".into()) }
        };
        let page = |bad: Option<(Key, State, &str)>| ReleasePage {
            lot: Named::under("lots", LotId(12), "MS-260314-02"),
            material: kernel::Names { en: "Manganese sulphate".into(), zh: "硫酸锰".into() },
            specification: None,
            allows: bad.is_none_or(|(_, state, _)| state.allows()),
            decided: None,
            stopped: vec![],
            otherwise: vec![],
            checks: Key::ALL
                .into_iter()
                .map(|key| match bad {
                    Some((of, state, what)) if of == key => {
                        shown(key, state, Some(what).filter(|what| !what.is_empty()))
                    }
                    _ => shown(key, State::Pass, None),
                })
                .collect(),
            lines: vec![],
            typed: vec![],
            decisions: vec![],
            exceptions: vec![],
            certificates: vec![],
            standing: vec![Badge::new(Shade::Pass, "in stock")],
            next: None,
            barred: vec![Action::Barred { text: "Release".into(), who: "Quality manager (Gao Min)".into() }],
        };
        let mend = gate::Mend { command: "result.release".to_owned(), on: Some(ResultId(9).into()) };
        let mend = Some(Box::new(mend));
        let withdrawn = Problem::new(gate::Standing::Withdrawn, Some(ResultId(9).into()), "Cd");
        let stopped = vec![Problem { mend, ..withdrawn }];
        vec![
            ("released and stopped", ReleasePage { stopped, allows: false, ..page(None) }),
            ("told otherwise", ReleasePage { otherwise: vec!["Cd".into()], ..page(None) }),
            ("passes", page(None)),
            ("fails", page(Some((Key::Judgement, State::Fail, "Cd 0.0007 (≤0.0005 %)")))),
            ("undecidable", page(Some((Key::Judgement, State::Undecidable, "Cd <0.01 (≤0.0005 %)")))),
            ("nothing to check", page(Some((Key::Qc, State::Nothing, "MS-260314-02")))),
            ("not asked for", page(Some((Key::Balance, State::NotAsked, "")))),
        ]
    }
}
