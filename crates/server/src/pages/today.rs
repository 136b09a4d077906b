//! Today: what waits for this reader, and what they can begin.

use std::collections::BTreeSet;

use maud::html;
use serde::Serialize;
use site::{Miss, View, Visit, Waiting, word};
use ui::State;
use ui::kit::blocks::{self, Empty, Tile};
use ui::kit::record::page_head;

#[derive(Serialize)]
struct Today {
    waiting: Vec<Waiting>,
    begin: Vec<String>,
}

/// The front page.
pub fn page(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let mut waiting = Vec::new();
    let mut begin: Vec<&'static str> = Vec::new();
    for site in crate::assemble::sites() {
        waiting.extend((site.today)(visit)?);
        begin.extend((site.listings)().iter().flat_map(|list| list.actions.iter().copied()));
    }
    waiting.retain(|one| one.count > 0);
    waiting.sort_by_key(|one| !one.urgent);
    let mut seen = BTreeSet::new();
    begin.retain(|command| visit.may(command) && seen.insert(*command));
    let words = visit.words;
    let tiles: Vec<Tile> = waiting.iter().map(|one| tile(words, one)).collect();
    let body = html! {
        (page_head(&words.t("today-title"), Some(&words.t("today-lead")), None))
        @if tiles.is_empty() {
            (Empty::new(words.t("today-nothing"), words.t("today-nothing-hint")).render())
        } @else { (blocks::tiles(&tiles)) }
        @if !begin.is_empty() {
            (blocks::section(&words.t("today-begin"), html! {
                p.choices { @for command in &begin {
                    a.button href={ "/do/" (command) } { (words.t(&word("command", command))) } " "
                } }
            }))
        }
    };
    let begin = begin.iter().map(|command| (*command).to_owned()).collect();
    let title = words.t("today-title");
    Ok(View::new(title, body, &Today { waiting, begin }))
}

fn tile(words: &ui::Words, one: &Waiting) -> Tile {
    Tile {
        label: words.t(&word("today", one.key)),
        value: one.count.to_string(),
        unit: None,
        note: None,
        state: if one.urgent { State::Warning } else { State::Neutral },
        href: one.href.clone(),
    }
}

/// Jobs that did not succeed and wait for a person.
pub fn own(visit: &mut Visit<'_>) -> Result<Vec<Waiting>, Miss> {
    if !visit.actor.roles.contains(&kernel::Role::Administrator) {
        return Ok(vec![]);
    }
    let (_, failed) = store::jobs::counts(visit.db)?;
    Ok(vec![Waiting { key: "jobs-failed", count: failed, href: "/ledger".to_owned(), urgent: true }])
}
