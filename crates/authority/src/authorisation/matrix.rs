//! Who may do what now: persons against activities in scopes, and how many there are for each (wire W10's
//! first half).

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Activity, AuthorisationId, Instant, PersonId, Ref};
use serde::Serialize;
use site::{Miss, Named, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::Empty;
use ui::kit::record::page_head;
use ui::{Badge, Link, Markup, State, Words, html};

use super::{list, rows, rules};
use crate::show;

/// `/authorisations/matrix`.
pub const PAGE: site::Page =
    site::Page { path: "/authorisations/matrix", rail: "people", readers: STAFF, show };

/// The most columns shown; more are a matter for the list.
const COLUMNS: usize = 60;

/// One column: an activity in a scope.
#[derive(Debug, Clone, Serialize)]
pub struct Duty {
    /// What is done.
    pub activity: Activity,
    /// In what.
    pub scope: Named,
    /// How many persons may now.
    pub holders: usize,
}

/// One cell: a valid authorisation and its end.
#[derive(Debug, Clone, Serialize)]
pub struct Held {
    /// Which.
    pub authorisation: AuthorisationId,
    /// Its end.
    pub until: Instant,
}

/// One row: a person and what they may do, in the order of the columns.
#[derive(Debug, Clone, Serialize)]
pub struct Bench {
    /// Who.
    pub person: Named,
    /// A cell for each column.
    pub cells: Vec<Option<Held>>,
}

/// What the page shows.
#[derive(Debug, Clone, Serialize)]
pub struct MatrixPage {
    /// The present instant.
    pub as_of: Instant,
    /// The columns.
    pub duties: Vec<Duty>,
    /// The rows.
    pub persons: Vec<Bench>,
    /// Columns left out.
    pub left_out: usize,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let valid = rows::valid(visit.db, visit.now)?;
    let records = valid.iter().flat_map(|one| [Ref::from(one.person), one.scope]);
    let named = show::name_all(visit, records.collect::<Vec<_>>())?;
    let page = matrix(&valid, &named, visit.now);
    let title = visit.words.t("page-matrix");
    let mut view = View::new(&title, page.render(visit.words), &page)
        .under(Link::new(visit.words.t("list-authorisations"), "/authorisations"));
    view.wide = true;
    Ok(view)
}

/// Lays valid authorisations out; of several for one cell the longest counts.
fn matrix(valid: &[rules::Authorisation], named: &BTreeMap<Ref, Named>, as_of: Instant) -> MatrixPage {
    let mut cells: BTreeMap<PersonId, BTreeMap<(Activity, Ref), Held>> = BTreeMap::new();
    let mut duties: BTreeSet<(Activity, Ref)> = BTreeSet::new();
    for one in valid {
        let duty = (one.activity, one.scope);
        let held = Held { authorisation: one.id, until: one.end() };
        duties.insert(duty);
        let cell = cells.entry(one.person).or_default().entry(duty).or_insert_with(|| held.clone());
        if cell.until < held.until {
            *cell = held;
        }
    }
    let name = |record: Ref| {
        let bare = || Named { record, label: record.to_string(), url: String::new() };
        named.get(&record).cloned().unwrap_or_else(bare)
    };
    let left_out = duties.len().saturating_sub(COLUMNS);
    let shown: Vec<(Activity, Ref)> = duties.into_iter().take(COLUMNS).collect();
    let holders = |duty: &(Activity, Ref)| cells.values().filter(|held| held.contains_key(duty)).count();
    MatrixPage {
        as_of,
        duties: shown
            .iter()
            .map(|duty| Duty { activity: duty.0, scope: name(duty.1), holders: holders(duty) })
            .collect(),
        persons: cells
            .iter()
            .map(|(person, held)| Bench {
                person: name((*person).into()),
                cells: shown.iter().map(|duty| held.get(duty).cloned()).collect(),
            })
            .collect(),
        left_out,
    }
}

impl ui::gallery::View for MatrixPage {
    fn render(&self, words: &Words) -> Markup {
        let lead = words.tv("page-matrix-lead", &[("at", words.instant(self.as_of.timestamp()).into())]);
        html! {
            (page_head(&words.t("page-matrix"), Some(&lead), None))
            @if self.duties.is_empty() {
                (Empty::new(words.t("empty-authorisations"), words.t("empty-authorisations.hint")).render())
            } @else {
                div.table { (self.grid(words)) }
            }
            @if self.left_out > 0 {
                p.muted { (words.tv("page-matrix-left-out", &[("n", self.left_out.into())])) }
            }
        }
    }
}

impl MatrixPage {
    fn grid(&self, words: &Words) -> Markup {
        html! {
            div.scroll tabindex="0" role="region" aria-label=(words.t("page-matrix")) {
                table data-keys {
                    thead { tr {
                        th scope="col" { (words.t("field-person")) }
                        @for duty in &self.duties {
                            th scope="col" {
                                (words.t(&format!("activity-{}", duty.activity)))
                                small { span { (duty.scope.label) } }
                            }
                        }
                    } }
                    tbody {
                        @for bench in &self.persons { tr {
                            th scope="row" { (Link::new(&bench.person.label, &bench.person.url)) }
                            @for cell in &bench.cells {
                                td { @if let Some(held) = cell { (self.cell(words, held)) } }
                            }
                        } }
                        tr {
                            th scope="row" { (words.t("page-matrix-depth")) }
                            @for duty in &self.duties { td { (depth(words, duty.holders)) } }
                        }
                    }
                }
            }
        }
    }

    fn cell(&self, words: &Words, held: &Held) -> Markup {
        let badge = list::badge(words, rules::Validity::Valid, held.until, self.as_of);
        let until = held.until.timestamp().to_zoned(words.zone().clone()).date();
        html! {
            a href={ "/authorisations/" (held.authorisation) } title=(badge.words) {
                @if badge.state == State::Warning { (badge) " " }
                (words.date(until))
            }
        }
    }
}

/// One person alone is a risk, and says so.
fn depth(words: &Words, holders: usize) -> Markup {
    match holders {
        0 | 1 => html! { (Badge::new(State::Warning, words.t("page-matrix-one"))) },
        more => html! { (more) },
    }
}

impl Sample for MatrixPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let one = super::pages::sample_authorisation(false);
        let named =
            |record: Ref, label: &str| (record, Named { record, label: label.into(), url: "/x".into() });
        let (second, scope) = (PersonId(13), one.scope);
        let ending = rules::Authorisation {
            id: AuthorisationId(52),
            person: second,
            valid_until: one.valid_from.plus_seconds(20 * 86_400),
            ..one.clone()
        };
        let check =
            rules::Authorisation { id: AuthorisationId(53), activity: Activity::Check, ..one.clone() };
        let names = BTreeMap::from([
            named(one.person.into(), "Li Na 李娜"),
            named(second.into(), "Wang Wei 王伟"),
            named(scope, "ICP-OES, rare earths"),
        ]);
        let at = one.valid_from.plus_seconds(1);
        let none = matrix(&[], &names, at);
        vec![("usual", matrix(&[one, ending, check], &names, at)), ("empty", none)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_counts_and_the_holders_are_persons() {
        let one = super::super::pages::sample_authorisation(false);
        let longer = rules::Authorisation {
            id: AuthorisationId(60),
            valid_until: one.valid_until.plus_seconds(1),
            ..one.clone()
        };
        let page = matrix(&[one.clone(), longer], &BTreeMap::new(), one.valid_from);
        assert_eq!((page.duties.len(), page.persons.len(), page.duties[0].holders), (1, 1, 1));
        assert_eq!(page.persons[0].cells[0].as_ref().unwrap().authorisation, AuthorisationId(60));
    }
}
