//! The page of a balance: how it stands, where it goes next, what breaks it, and every figure three times.

pub(crate) mod about;
mod charts;
mod closing;
pub(crate) mod difference;
pub(crate) mod enter;
mod explained;
pub(crate) mod export;
mod figures;
mod findings;
mod sample;
mod what_if;

use std::collections::BTreeMap;

use kernel::{BalanceId, FigureId, Instant, LotId, ReconciliationId};
use serde::Serialize;
use site::{Miss, Page, STAFF, View, Visit};
use ui::gallery;
use ui::kit::blocks::{Notice, facts, section};
use ui::kit::record::{Action, RecordHead, RecordTab};
use ui::{Badge, Link, Markup, State, Words, html};

use self::figures::Shown;
use super::list_rows;
use super::rows;
use super::rules::{Balance, Excepted, Exception};
use crate::flowsheet::rows::Version;
use crate::flowsheet::rules::FLOW;
use crate::show;
use crate::solve::{Case, Closes, Note, Solved};

/// The page of a balance, and what stands beside it.
pub(crate) const PAGES: [Page; 3] = [
    Page { path: "/balance/balances/{balance}", rail: "balance", readers: STAFF, show },
    difference::PAGE,
    enter::PAGE,
];

/// Which figures the Sankey and the diagram show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    Raw,
    Accounting,
    Reconciled,
    Adjustment,
}

impl Side {
    const ALL: [Side; 4] = [Side::Raw, Side::Accounting, Side::Reconciled, Side::Adjustment];

    fn word(self) -> &'static str {
        match self {
            Side::Raw => "raw",
            Side::Accounting => "accounting",
            Side::Reconciled => "reconciled",
            Side::Adjustment => "adjustment",
        }
    }
}

/// What the page shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BalancePage {
    balance: Balance,
    version: Version,
    #[serde(skip)]
    case: Case,
    /// The reconciliation shown: the latest, or the one asked for.
    reconciliation: Option<ReconciliationId>,
    solved: Option<Solved>,
    #[serde(skip)]
    ids: BTreeMap<(String, String), FigureId>,
    exceptions: Vec<(Exception, String)>,
    reconciliations: Vec<(rows::Listed, String)>,
    lots: Vec<(String, LotId, String)>,
    /// Other balances that the cause of its staleness touches: id and code.
    others: Vec<(BalanceId, String)>,
    finalised_by: String,
    side: Side,
    of: String,
    shown: Shown,
    what_if: Option<what_if::WhatIf>,
    about: Option<about::About>,
    may: Vec<&'static str>,
    /// The next act, or who could do it.
    pub action: Option<Action>,
}

const COMMANDS: [&str; 6] = [
    "balance.measure",
    "balance.take_stock",
    "balance.reconcile",
    "balance.finalise",
    "balance.except",
    "balance.reopen",
];

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: BalanceId = visit.id("balance")?;
    let page = load(visit, id)?;
    let body = gallery::View::render(&page, visit.words);
    let mut view = View::new(page.balance.code.clone(), body, &page).under(parent(visit.words));
    view.wide = true;
    let head = &page.version.head;
    Ok(view.under(Link::new(head.code.clone(), format!("/balance/flowsheets/{}", head.id))))
}

fn parent(words: &Words) -> Link {
    Link::new(words.t("list-balances"), super::lists_pages::BALANCES.path)
}

/// Everything about a balance, as one reader asked for it.
pub(crate) fn load(visit: &mut Visit<'_>, id: BalanceId) -> Result<BalancePage, Miss> {
    let balance = rows::find(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let version = rows::version_of(visit.db, &balance)?;
    let case = rows::case(visit.db, &balance, &version)?;
    let mut reconciliations = Vec::new();
    for listed in rows::reconciliations(visit.db, id)? {
        let by = show::person(visit, listed.by)?;
        reconciliations.push((listed, by));
    }
    let asked: Option<ReconciliationId> = visit.asked("reconciliation").parse().ok();
    let known = |of: &ReconciliationId| reconciliations.iter().any(|(listed, _)| listed.id == *of);
    let reconciliation = asked.filter(known).or(balance.state.reconciliation());
    let (mut solved, mut ids, mut exceptions) = (None, BTreeMap::new(), Vec::new());
    if let Some(reconciliation) = reconciliation {
        solved = rows::solved(visit.db, reconciliation)?;
        ids = rows::figures(visit.db, reconciliation)?;
        for exception in rows::exceptions(visit.db, reconciliation)? {
            let by = show::person(visit, Some(exception.person))?;
            exceptions.push((exception, by));
        }
    }
    let what_if = what_if::asked(visit, &case, solved.as_ref());
    let about = about::asked(visit, &case, solved.as_ref());
    let by = match &balance.state {
        super::State::Final { by, .. } => *by,
        super::State::Provisional { .. } => None,
    };
    let others = match &balance.stale {
        Some(stale) => list_rows::stale_with(visit.db, id, stale.because)?,
        None => Vec::new(),
    };
    let side = Side::ALL.into_iter().find(|side| side.word() == visit.asked("show"));
    let of = version.definition.quantities().find(|of| *of == visit.asked("of")).unwrap_or(FLOW).to_owned();
    let shown = Shown::ALL.into_iter().find(|shown| shown.word() == visit.asked("columns"));
    let mut page = BalancePage {
        lots: rows::lots(visit.db, id)?,
        finalised_by: show::person(visit, by)?,
        may: COMMANDS.into_iter().filter(|command| visit.may(command)).collect(),
        side: side.unwrap_or(Side::Reconciled),
        balance,
        version,
        case,
        reconciliation,
        solved,
        ids,
        exceptions,
        reconciliations,
        others,
        of,
        shown: shown.unwrap_or(Shown::Figures),
        what_if,
        about,
        action: None,
    };
    // opening a final balance again is the next step only where something below it changed
    if let Some(next) = page.next() {
        page.action = Some(authority::offer(visit, next, page.link(visit.words, next).href)?);
    }
    Ok(page)
}

impl gallery::View for BalancePage {
    fn render(&self, words: &Words) -> Markup {
        html! {
            (self.head(words).render(words))
            (self.notices(words))
            (self.facts(words))
            @if let Some(what_if) = &self.what_if { (what_if.render(words, self)) }
            @if let Some(about) = &self.about { (about.render(words, self)) }
            @match &self.solved {
                None => (self.before(words)),
                Some(solved) => {
                    (findings::render(words, self, solved))
                    (section(&words.t("section-flows"), html! {
                        (charts::switch(words, self)) (charts::sankey(words, self, solved))
                        (charts::drawing(words, self, solved))
                    }))
                    (section(&words.t("section-figures"), html! {
                        div.switches id="figures" { (figures::switch(words, self)) }
                        (figures::table(words, self, solved).render(words))
                    }))
                    (charts::residuals(words, self, solved))
                    (about::link(words, self))
                    (section(&words.t("section-nodes"), figures::nodes(words, self, solved).render(words)))
                    @let recoveries = figures::recoveries(words, self, solved);
                    (section(&words.t("section-recoveries"), recoveries.render(words)))
                    (section(&words.t("section-losses"), figures::losses(words, self, solved).render(words)))
                    @let origins = figures::origins(words, self, solved);
                    (section(&words.t("section-origins"), origins.render(words)))
                }
            }
            (section(&words.t("section-lots"), self.lots(words)))
            (section(&words.t("section-reconciliations"), difference::list(words, self)))
        }
    }
}

impl BalancePage {
    fn path(&self) -> String {
        crate::described::page_of(self.balance.id)
    }

    /// An address of this page that keeps the reconciliation shown.
    fn address(&self, more: &[(&str, &str)]) -> String {
        let asked = self.reconciliation.filter(|shown| Some(*shown) != self.balance.state.reconciliation());
        let asked = asked.map(|shown| ("reconciliation".to_owned(), shown.to_string()));
        let more = more.iter().map(|(key, text)| ((*key).to_owned(), ui::kit::query::encode(text)));
        let pairs: Vec<String> =
            asked.into_iter().chain(more).map(|(key, text)| format!("{key}={text}")).collect();
        if pairs.is_empty() { self.path() } else { format!("{}?{}", self.path(), pairs.join("&")) }
    }

    fn stream(&self, words: &Words, name: &str) -> String {
        let found = self.version.definition.stream(name);
        found.map_or_else(|| name.to_owned(), |stream| show::stream(words, stream))
    }

    fn node(&self, words: &Words, name: &str) -> String {
        let found = self.version.definition.node(name);
        found.map_or_else(|| name.to_owned(), |node| show::node(words, node))
    }

    fn unit(&self, of: &str) -> &'static str {
        self.version.definition.unit_of(of).map(|unit| unit.symbol()).unwrap_or_default()
    }

    fn head(&self, words: &Words) -> RecordHead {
        let next = self.next();
        let others = COMMANDS.into_iter().filter(|name| Some(*name) != next && self.offered(name));
        let mut others: Vec<Link> = others.map(|name| self.link(words, name)).collect();
        if self.solved.is_some() {
            others.push(Link::new(words.t("action-xlsx"), format!("{}/xlsx", self.path())));
            others.push(Link::new(words.t("action-report"), format!("{}/report", self.path())));
        }
        let mut badges = show::state(words, self.balance.state.is_final(), self.balance.stale.is_some());
        badges.extend(self.solved.as_ref().map(|solved| verdict(words, solved, &self.exceptions)));
        RecordHead {
            kind: words.t("kind-balance"),
            name: self.balance.code.clone(),
            badges,
            action: self.action.clone(),
            others,
            path: self.path(),
            tab: RecordTab::Overview,
        }
    }

    /// Where a command is given: figures on a page of their own, the rest by the form of the command.
    fn link(&self, words: &Words, name: &str) -> Link {
        if name == "balance.measure" {
            return Link::new(words.t("action-enter-figures"), format!("{}/measure", self.path()));
        }
        let address = format!("/do/{name}?balance={}", self.balance.id);
        Link::new(words.t(&site::word("command", name)), address)
    }

    /// The one thing to do next.
    fn next(&self) -> Option<&'static str> {
        if self.balance.state.is_final() {
            return self.balance.stale.is_some().then_some("balance.reopen");
        }
        let excepted = |what| self.exceptions.iter().any(|(exception, _)| exception.what == what);
        Some(match (&self.solved, self.balance.stale.is_some()) {
            (None, _) if self.case.measured.is_empty() => "balance.measure",
            (None, _) | (_, true) => "balance.reconcile",
            (Some(solved), false) if !solved.closes() && !excepted(Excepted::Closure) => "balance.except",
            (Some(solved), false) if !solved.above_limit.is_empty() && !excepted(Excepted::Adjustments) => {
                "balance.except"
            }
            _ => "balance.finalise",
        })
    }

    fn offered(&self, command: &str) -> bool {
        let reopens = command == "balance.reopen";
        let changes = !reopens && !matches!(command, "balance.finalise" | "balance.except");
        let apt = if self.balance.state.is_final() { reopens } else { changes };
        self.may.contains(&command) && apt
    }

    /// Where shares add up, one balance of each node follows from the others: that says nothing new.
    fn tells(&self, note: &Note) -> bool {
        note.code != "dependent-balances" || self.version.definition.sums.is_empty()
    }

    fn notices(&self, words: &Words) -> Markup {
        let shown = self.reconciliation != self.balance.state.reconciliation();
        html! {
            @if let Some(stale) = &self.balance.stale {
                @let because = stale.because.to_string();
                @let text = words.tv("notice-stale", &[("because", because.as_str().into()),
                    ("at", words.instant(stale.at.timestamp()).into())]);
                @let link = Link::new(words.t("notice-stale-impact"), format!("/impact/{because}"));
                (Notice { link: Some(link), ..Notice::new(State::Fail, text) })
                @if !self.others.is_empty() {
                    p { (words.t("notice-stale-others")) " "
                        @for (at, (id, code)) in self.others.iter().enumerate() {
                            @if at > 0 { " · " } a href=(crate::described::page_of(*id)) { (code) }
                        }
                    }
                }
            }
            @if shown {
                @let link = Link::new(words.t("notice-earlier-latest"), self.path());
                (Notice { link: Some(link), ..Notice::new(State::Warning, words.t("notice-earlier")) })
            }
            @if let Some(solved) = &self.solved {
                @if !solved.converged { (Notice::new(State::Fail, words.t("notice-not-converged"))) }
                @for note in solved.notes.iter().filter(|note| self.tells(note)) {
                    @let key = format!("note-{}", note.code);
                    @let text = if words.has(&key) { words.t(&key) } else { note.message.clone() };
                    (Notice::new(State::Warning, text))
                }
            }
            @for (exception, by) in &self.exceptions {
                @let what = words.t(&format!("choice-what-{}", exception.what.word()));
                @let text = words.tv("notice-excepted", &[
                    ("what", what.into()), ("person", by.as_str().into()),
                    ("reason", exception.reason.as_str().into())]);
                (Notice::new(State::Warning, text))
            }
        }
    }

    fn facts(&self, words: &Words) -> Markup {
        let of = &self.balance;
        let version = format!("/balance/flowsheet-versions/{}", of.version);
        let window = |at: Instant| words.time(at.timestamp());
        let mut pairs = vec![
            ("kind-flowsheet-version", html! { a href=(version) { (self.version.label()) } }),
            ("field-scope-of-balance", html! { (words.t(&format!("choice-scope-{}", of.scope.word()))) }),
            ("field-window", html! { (window(of.from)) " – " (window(of.until)) }),
            ("field-revision", html! { (of.revision) }),
            ("field-custody", html! { (words.t(&format!("choice-custody-{}", of.custody.word()))) }),
        ];
        if let Some(solved) = &self.solved {
            let critical = solved.critical.as_deref().unwrap_or("—");
            pairs.push((
                "field-global-test",
                html! {
                    "χ² " (solved.objective) " / " (critical) " · "
                    (words.tv("fact-dof", &[("dof", u64::from(solved.dof).into())])) " · "
                    (words.tv("fact-confidence", &[("percent", percent(solved).into())]))
                },
            ));
        }
        if let super::State::Final { at, .. } = &of.state {
            pairs.push(("field-finalised", html! { (window(*at)) " · " (self.finalised_by) }));
        }
        let named: Vec<(String, Markup)> = pairs.into_iter().map(|(key, of)| (words.t(key), of)).collect();
        facts(named.iter().map(|(key, of)| (key.as_str(), of.clone())))
    }

    /// What is known before anything was reconciled: the drawing, and the figures so far.
    fn before(&self, words: &Words) -> Markup {
        let of = &self.version.definition;
        let all = of.streams.len() * (1 + of.components.len());
        let known = [("known", self.case.measured.len().into()), ("all", all.into())];
        html! {
            p.lead { (words.tv("lead-before", &known)) }
            (charts::empty_drawing(words, self))
            (section(&words.t("section-figures"), figures::measured(words, self).render(words)))
        }
    }

    fn lots(&self, words: &Words) -> Markup {
        let link = format!("/do/balance.link?balance={}", self.balance.id);
        html! {
            @if self.lots.is_empty() { p.muted { (words.t("empty-lots-linked")) } } @else {
                ul.plain { @for (stream, lot, code) in &self.lots {
                    li {
                        a href={ "/lots/" (lot) } { (code) } " "
                        span.muted { (self.stream(words, stream)) }
                    }
                } }
            }
            @if !self.balance.state.is_final() {
                p { a.button href=(link) { (words.t("command-balance-link")) } }
            }
        }
    }
}

fn percent(solved: &Solved) -> String {
    (solved.settings.confidence * measure::Decimal::ONE_HUNDRED).normalize().to_string()
}

fn verdict(words: &Words, solved: &Solved, exceptions: &[(Exception, String)]) -> Badge {
    let excepted = exceptions.iter().any(|(exception, _)| exception.what == Excepted::Closure);
    match (solved.converged, solved.global) {
        (false, _) => Badge::new(State::Fail, words.t("verdict-not-converged")),
        (true, Closes::Yes) => Badge::new(State::Pass, words.t("verdict-closes")),
        _ if excepted => Badge::new(State::Warning, words.t("verdict-excepted")),
        (true, Closes::No) => Badge::new(State::Fail, words.t("verdict-does-not-close")),
        (true, Closes::NotTestable) => Badge::new(State::Warning, words.t("verdict-not-testable")),
    }
}
