//! A party is registered.

use kernel::{Code, Names, PartyId, Ref};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError, params};

use super::rows::{PARTY_CODE, PUT_PARTY};
use crate::lot::rules::LotRefused;

/// What a party is to the institute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PartyKind {
    /// Material comes from it.
    Supplier,
    /// Material or results go to it.
    Customer,
    /// It carries material, and hands it on.
    Carrier,
    /// It treats the institute's material for a fee and gives it back: a toll smelter, a refiner.
    Treater,
    /// It tests for the institute, or the institute for it.
    Laboratory,
}

impl PartyKind {
    /// All of them.
    pub const ALL: &'static [PartyKind] =
        &[Self::Supplier, Self::Customer, Self::Carrier, Self::Treater, Self::Laboratory];

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            PartyKind::Supplier => "supplier",
            PartyKind::Customer => "customer",
            PartyKind::Carrier => "carrier",
            PartyKind::Treater => "treater",
            PartyKind::Laboratory => "laboratory",
        }
    }
}

/// Register a supplier, customer, carrier, toll treater or laboratory.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterParty {
    /// Its short code.
    pub code: Code,
    /// Its names in both languages.
    pub names: Names,
    /// What it is to the institute.
    pub kind: PartyKind,
    /// Its address, in one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Command for RegisterParty {
    const NAME: &'static str = "party.register";
    const ROLES: &'static [kernel::Role] = &[
        kernel::Role::Receiver,
        kernel::Role::QualityManager,
        kernel::Role::LaboratoryHead,
        kernel::Role::Administrator,
    ];
    const EXAMPLE: &'static str = r#"{"code":"NORDERZ","kind":"customer","address":"Hafenstrasse 4, Hamburg",
        "names":{"en":"Norderz Cathodes","zh":"诺德正极材料"}}"#;

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        if db.maybe(PARTY_CODE, params![&self.code], |row| row.number(0))?.is_some() {
            return Err(LotRefused::CodeTaken(self.code.clone()).into());
        }
        Ok(Facts::one(registered(self, PartyId::next(cx.numbers))))
    }
}

fn registered(command: &RegisterParty, party: PartyId) -> PartyRegistered {
    let RegisterParty { code, names, kind, address } = command.clone();
    let address = address.map(|text| text.trim().chars().take(500).collect::<String>());
    PartyRegistered { party, code, names, kind, address: address.filter(|text| !text.is_empty()) }
}

/// A party was registered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartyRegistered {
    /// The party.
    pub party: PartyId,
    /// Its code.
    pub code: Code,
    /// Its names.
    pub names: Names,
    /// What it is.
    pub kind: PartyKind,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

impl Fact for PartyRegistered {
    const KIND: &'static str = "party.registered";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.party.into()]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        let Names { en, zh } = &self.names;
        let address = self.address.as_deref();
        let number = self.party.number();
        let values = params![number, &self.code, self.kind.word(), en, zh, address, applied.at];
        db.execute(PUT_PARTY, values)?;
        let words = format!("{} {en} {zh}", self.code);
        store::index(db, self.party.into(), self.code.as_str(), &words)
    }

    fn samples() -> Vec<Self> {
        let command = serde_json::from_str::<RegisterParty>(RegisterParty::EXAMPLE);
        command.iter().map(|command| registered(command, PartyId(14))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_party() {
        assert_eq!(PartyRegistered::samples().remove(0).kind, PartyKind::Customer);
        for kind in PartyKind::ALL {
            assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{}\"", kind.word()));
        }
    }
}
