//! Follow-ups: their list, and the page of one.

use kernel::FollowUpId;
use serde::Serialize;
use site::{Listing, Miss, Page, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::Link;
use ui::kit::query::TableQuery;
use ui::kit::record::Action;
use ui::kit::table::{Cell, Column, Facet, Row, Table};
use ui::{Badge, Markup, State, Words, html};

use super::rows::{self, FollowUpLine};
use super::{Above, FollowUpState};
use crate::page::{self, Named, choice};

/// `/laboratory/follow-ups`.
pub(crate) const FOLLOW_UPS: Listing = Listing {
    name: "follow-ups",
    path: "/laboratory/follow-ups",
    rail: "laboratory",
    readers: STAFF,
    fetch: follow_ups,
    actions: &[],
};
/// `/laboratory/follow-ups/{follow_up}`.
pub(crate) const PAGE: Page =
    Page { path: "/laboratory/follow-ups/{follow_up}", rail: "laboratory", readers: STAFF, show };

fn follow_ups(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (lines, total) = rows::page(visit.db, query)?;
    let columns = columns(words).into_iter().map(|of| match of.key {
        "sample" | "analyte" | "raised_at" | "reason" => of.sortable(),
        _ => of,
    });
    let (columns, rows) = (columns.collect(), lines.iter().map(|line| row(words, line)).collect());
    let table = page::listing(words, "follow-ups", query, total, columns, rows);
    let states = FollowUpState::ALL.iter();
    let options = states.map(|one| (one.word().to_owned(), choice(words, "follow-up", one.word()))).collect();
    let facet = Facet { key: "state", label: words.t("field-standing"), options };
    Ok(Table { facets: vec![facet], ..table })
}

/// Follow-ups as a table of a page.
pub(crate) fn table(words: &Words, lines: &[FollowUpLine]) -> Markup {
    let rows = lines.iter().map(|line| row(words, line)).collect();
    Table::plain("follow-ups", words.t("list-follow-ups"), columns(words), rows).render(words)
}

fn columns(words: &Words) -> Vec<Column> {
    let columns = ["sample", "analyte", "reason", "limit", "result", "raised_at", "standing"];
    columns.map(|key| page::column(words, key)).to_vec()
}

fn row(words: &Words, line: &FollowUpLine) -> Row {
    let url = format!("/laboratory/follow-ups/{}", line.id);
    let sample = line.sample_code.clone().unwrap_or_else(|| line.sample.to_string());
    let cells = vec![
        Cell::Link(Link::new(sample, &url)),
        Cell::Markup(ui::format::formula(&line.analyte)),
        Cell::Text(choice(words, "above", line.why.word())),
        Cell::Text(limit(line)),
        Cell::Link(Link::new(line.result.to_string(), format!("/laboratory/results/{}", line.result))),
        page::at_cell(line.raised_at),
        Cell::Badge(badge(words, line.state)),
    ];
    Row { href: Some(url), id: Some(line.id.to_string()), cells }
}

fn limit(line: &FollowUpLine) -> String {
    line.limit.as_ref().map(|limit| format!("> {limit} {}", line.unit)).unwrap_or_default()
}

/// How a follow-up stands.
pub(crate) fn badge(words: &Words, state: FollowUpState) -> Badge {
    let of = match state {
        FollowUpState::Open => State::Held,
        FollowUpState::Answered => State::Pass,
        FollowUpState::Closed => State::Neutral,
    };
    Badge::new(of, choice(words, "follow-up", state.word()))
}

/// What the page of a follow-up shows.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FollowUpPage {
    pub line: FollowUpLine,
    pub result: Named,
    pub asked: Option<Named>,
    pub answer: Option<Named>,
    pub ended_by: Option<Named>,
    pub may_close: bool,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: FollowUpId = visit.id("follow_up")?;
    let line = rows::by_id(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let data = FollowUpPage {
        result: page::name(visit, line.result)?,
        asked: page::name_opt(visit, line.asked)?,
        answer: page::name_opt(visit, line.answer)?,
        ended_by: page::person(visit, line.ended_by)?,
        may_close: line.state == FollowUpState::Open && visit.may("follow_up.close"),
        line,
    };
    let view = View::new(data.name(), data.render(visit.words), &data);
    Ok(view.under(Link::new(visit.words.t("list-follow-ups"), FOLLOW_UPS.path)))
}

impl FollowUpPage {
    fn name(&self) -> String {
        let sample = self.line.sample_code.clone().unwrap_or_else(|| self.line.sample.to_string());
        format!("{sample} · {}", self.line.analyte)
    }
}

impl ui::gallery::View for FollowUpPage {
    fn render(&self, words: &Words) -> Markup {
        let line = &self.line;
        let path = format!("/laboratory/follow-ups/{}", line.id);
        let mut head =
            page::head(words, "follow-up", &self.name(), path.clone(), vec![badge(words, line.state)]);
        let close = format!("/do/follow_up.close?follow_up={}&return_to={path}", line.id);
        let close = Link::new(words.t("command-follow-up-close"), close);
        head.action = self.may_close.then_some(Action::Open(close));
        let lead = match line.state {
            FollowUpState::Open => Some(words.t("page-follow-up-lead")),
            _ => None,
        };
        let ended = line.ended_at.map(|at| words.time(at.timestamp()));
        let link = |named: &Option<Named>| named.as_ref().map(Named::markup);
        html! {
            (head.render(words))
            @if let Some(lead) = lead { p.lead { (lead) } }
            (page::facts(words, vec![
                ("field-reason", page::plain(choice(words, "above", line.why.word()))),
                ("field-limit", page::plain(limit(line))),
                ("field-result", Some(self.result.markup())),
                ("field-asked", link(&self.asked)),
                ("field-raised-at", Some(words.time(line.raised_at.timestamp()))),
                ("field-answer", link(&self.answer)),
                ("field-ended-at", ended),
                ("field-person", link(&self.ended_by)),
                ("field-why", line.reason.as_ref().map(|why| html! { (why) })),
            ]))
        }
    }
}

impl Sample for FollowUpPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let at = kernel::Instant::from_micros(1_773_450_000_000_000);
        let named = |id: u64, label: &str| {
            Named::new(kernel::ResultId(id), label, format!("/laboratory/results/result-{id}"))
        };
        let line = FollowUpLine {
            id: FollowUpId(32),
            result: kernel::ResultId(9),
            sample: kernel::SampleId(8),
            sample_code: Some("S-26-0014".into()),
            analyte: "Mn".into(),
            why: Above::AboveRange,
            limit: Some("100".into()),
            unit: "mg/L".into(),
            asked: Some(kernel::ResultId(33)),
            raised_at: at,
            state: FollowUpState::Open,
            answer: None,
            ended_at: None,
            ended_by: None,
            reason: None,
        };
        let open = FollowUpPage {
            line,
            result: named(9, "S-26-0014 · Mn = 135 mg/L"),
            asked: Some(named(33, "S-26-0014 · Mn")),
            answer: None,
            ended_by: None,
            may_close: true,
        };
        let mut answered = open.clone();
        answered.line.state = FollowUpState::Answered;
        answered.line.ended_at = Some(at);
        answered.answer = Some(named(34, "S-26-0014 · Mn = 13.5 mg/L"));
        answered.may_close = false;
        vec![("open", open), ("answered", answered)]
    }
}
