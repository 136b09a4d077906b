//! The metal balance of the lot's period, where the specification asks for one.

use kernel::BalanceId;

use super::{Case, Found};

/// A metal balance that the lot is linked to, as `v_engineering_lot_balance` has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotBalance {
    /// Which.
    pub id: BalanceId,
    /// Its code.
    pub code: String,
    /// The stream the lot went in or came out by.
    pub stream: String,
    /// Whether it is final.
    pub is_final: bool,
    /// Whether something below it changed since it was reconciled.
    pub stale: bool,
    /// Whether it closes within its stated uncertainty.
    pub closes: bool,
    /// Whether somebody entitled answers for it that it does not.
    pub excepted: bool,
    /// Whether the stream is a feed: what went in by it is not what came out.
    pub feed: bool,
    /// Whether the lot was made within its window.
    pub of_its_period: bool,
}

impl LotBalance {
    /// Why it is not the balance of the period that the lot came out in, as words of the gate.
    fn another(&self) -> Option<&'static str> {
        match (self.feed, self.of_its_period) {
            (true, _) => Some("went in as feed"),
            (false, false) => Some("another period"),
            (false, true) => None,
        }
    }

    /// Why no lot goes upon it, as a word of the gate.
    fn trouble(&self) -> Option<&'static str> {
        match (self.is_final, self.stale, self.closes || self.excepted) {
            (_, true, _) => Some("stale"),
            (false, ..) => Some("not final"),
            (true, false, false) => Some("does not close"),
            (true, false, true) => None,
        }
    }
}

/// Every balance of the period the lot came out in is final, fresh, and closes or is excepted; there is at
/// least one. Balances of other periods, and those that the lot went into as feed, say nothing for it or
/// against it.
pub(super) fn closed(case: &Case) -> Found {
    let mut found = Found::default();
    match &case.version {
        Some(version) if version.requires_balance => {}
        Some(version) => return found.not_asked([version.id.into()]),
        None => return found,
    }
    let own = |of: &&LotBalance| of.another().is_none();
    if !case.balances.iter().any(|of| own(&of)) {
        for (of, why) in case.balances.iter().filter_map(|of| Some((of, of.another()?))) {
            found.fail(of.id, format!("{}: {why}", of.code));
        }
        if case.balances.is_empty() {
            found.fail(case.lot.id, &case.lot.code);
        }
    }
    for of in case.balances.iter().filter(own) {
        match of.trouble() {
            Some(why) => found.fail(of.id, format!("{}: {why}", of.code)),
            None => found.see(of.id),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::{closed as fine_balance, fine};
    use super::super::{Key, State, assess};
    use super::*;

    #[test]
    fn a_lot_goes_upon_the_balance_of_the_period_it_came_out_in() {
        let own = fine_balance();
        let another = LotBalance { id: BalanceId(71), of_its_period: false, ..own.clone() };
        let fed = LotBalance { id: BalanceId(73), feed: true, ..own.clone() };
        let open = |of: &LotBalance| LotBalance { is_final: false, ..of.clone() };
        let table = [
            (vec![own.clone()], State::Pass),
            (vec![], State::Fail),
            (vec![another.clone()], State::Fail),
            (vec![fed.clone()], State::Fail),
            (vec![another.clone(), fed.clone()], State::Fail),
            (vec![open(&own)], State::Fail),
            // What it went into later, or stood in before, is no doubt of its own period.
            (vec![own.clone(), open(&another), open(&fed)], State::Pass),
        ];
        for (balances, expected) in table {
            let case = Case { balances, ..fine() };
            let check = assess(&case).1.into_iter().find(|check| check.key == Key::Balance).unwrap();
            assert_eq!(check.state, expected, "{:?} {:?}", case.balances, check.args);
        }
    }
}
