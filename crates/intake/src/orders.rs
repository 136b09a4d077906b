//! What the dates of a file say of the order of day and month by themselves, whatever the mapping states.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::Lookup;
use crate::compact::{self, Strict};
use crate::mapping::Time as Rule;
use crate::time::{DateExample, DateMeaning, DateOrder, DateQuestion, Dates, EXAMPLES, one, twin, zoned};

/// The evidence of the dates of a file.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// Of each row with a date.
    rows: BTreeMap<usize, Evidence>,
    /// Of each text; rows share them.
    texts: Lookup<String, Option<(Evidence, Vec<DateMeaning>)>>,
    /// A date of each order that fits no other.
    only: BTreeMap<DateOrder, DateExample>,
    /// The first few that fit both.
    both: Vec<DateExample>,
    /// The orders that the mapping states.
    stated: BTreeSet<DateOrder>,
}

/// What a date that was read says of the order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// It fits this order only.
    Only(DateOrder),
    /// It fits both.
    Both,
}

impl Orders {
    /// The question about dates that can be read in both orders, where another date speaks against the one
    /// that the mapping states.
    pub(crate) fn question(self) -> Option<DateQuestion> {
        let Orders { rows, both, only, .. } = self;
        let rows = rows.values().filter(|one| **one == Evidence::Both).count() as u64;
        (rows > 0).then(|| DateQuestion { rows, examples: both, certain: only.into_values().collect() })
    }
}

impl Dates {
    /// Takes note of what a date says of its order, whatever formats the mapping states.
    pub(crate) fn weigh(&mut self, at: usize, row: &str, text: &str, rule: &Rule) {
        let orders = &mut self.orders;
        orders.stated.extend(rule.formats.iter().map(|format| DateOrder::of(format)));
        let known = orders.texts.entry(text.to_owned()).or_insert_with(|| evidence(text, rule));
        let Some((evidence, means)) = known.clone() else { return };
        let example = || DateExample { row: row.to_owned(), text: text.to_owned(), means };
        match evidence {
            Evidence::Only(order) => {
                orders.only.entry(order).or_insert_with(example);
            }
            Evidence::Both if orders.both.len() < EXAMPLES => orders.both.push(example()),
            Evidence::Both => {}
        }
        orders.rows.insert(at, evidence);
    }

    /// A date that can only be read in an order that the mapping does not state.
    pub(crate) fn against(&self) -> Option<&DateExample> {
        let only = self.orders.only.iter().find(|(order, _)| !self.orders.stated.contains(order));
        only.map(|(_, example)| example)
    }

    /// The question, where dates of the file can only be read in one order and others only in the other, or
    /// against the one order that the mapping states.
    pub(crate) fn two_orders(&self) -> Option<String> {
        if self.stated.is_some() {
            return None;
        }
        let said = |one: &DateExample| {
            let order = one.means.first().map_or("", |one| one.order.as_str());
            format!("the date {:?} of row {} can only be {order}", one.text, one.row)
        };
        let mut only = self.orders.only.values();
        match (only.next(), only.next()) {
            (Some(first), Some(second)) => Some(format!("{}, {}", said(first), said(second))),
            _ => self
                .against()
                .map(|one| format!("{}, which the mapping does not state; state the order", said(one))),
        }
    }

    /// Whether the date of a row would be another in the other order, or proves its own.
    pub(crate) fn hangs_on_order(&self, at: usize) -> bool {
        self.orders.rows.contains_key(&at)
    }
}

/// The orders of day and month in which a text can be read: those of the formats, and each the other way.
fn evidence(text: &str, rule: &Rule) -> Option<(Evidence, Vec<DateMeaning>)> {
    let twins = rule.formats.iter().map(|format| twin(format));
    let mut means: Vec<DateMeaning> = Vec::new();
    for format in rule.formats.iter().cloned().chain(twins) {
        let Strict::Fits(text) = compact::strict(text.trim(), &format) else { continue };
        let order = DateOrder::of(&format);
        if let Some(at) = one(&text, &format).map(|at| zoned(at, rule.zone.as_deref()))
            && !means.iter().any(|known| known.order == order || known.at == at)
        {
            means.push(DateMeaning { order, at });
        }
    }
    match means.as_slice() {
        [only] if only.order != DateOrder::YearFirst => {
            // a day that is its month says nothing
            let day = only.at.get(5..7) != only.at.get(8..10);
            day.then(|| (Evidence::Only(only.order), means.clone()))
        }
        [_, _] if means.iter().all(|one| one.order != DateOrder::YearFirst) => Some((Evidence::Both, means)),
        _ => None,
    }
}

/// Where a person states an order and the mapping knows one only, its formats are tried the other way too.
pub(crate) fn both_ways(formats: &[String], stated: Option<DateOrder>) -> Cow<'_, [String]> {
    let orders: BTreeSet<DateOrder> = formats.iter().map(|format| DateOrder::of(format)).collect();
    if stated.is_none() || orders.len() != 1 || orders.contains(&DateOrder::YearFirst) {
        return Cow::Borrowed(formats);
    }
    let twins = formats.iter().map(|format| twin(format)).filter(|twin| !formats.contains(twin));
    Cow::Owned(formats.iter().cloned().chain(twins).collect())
}
