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
}

impl LotBalance {
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

/// Every balance the lot belongs to is final, fresh, and closes or is excepted; there is at least one.
pub(super) fn closed(case: &Case) -> Found {
    let mut found = Found::default();
    match &case.version {
        Some(version) if version.requires_balance => {}
        Some(version) => return found.not_asked([version.id.into()]),
        None => return found,
    }
    if case.balances.is_empty() {
        found.fail(case.lot.id, &case.lot.code);
    }
    for of in &case.balances {
        match of.trouble() {
            Some(why) => found.fail(of.id, format!("{}: {why}", of.code)),
            None => found.see(of.id),
        }
    }
    found
}
