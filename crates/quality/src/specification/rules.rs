//! Which edition of a specification is the right one, and what is refused. Pure.

use kernel::{Instant, PartyId, Ref, Refusal, Refuse};

use super::rows::Version;
use super::sense::ItemError;

/// Refusals, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpecificationRefused {
    /// A record that is named does not exist.
    NoSuch(Ref),
    /// The code is another specification's.
    CodeTaken(String),
    /// The specification has an edition of that name.
    EditionTaken(String),
    /// An edition without any item.
    NoItems,
    /// Two items for one analyte.
    ItemTwice(String),
    /// An item that cannot be judged.
    Item {
        /// Which.
        analyte: String,
        /// Why.
        why: Box<ItemError>,
    },
    /// An end before the beginning.
    EndsBeforeItBegins,
}

impl Refuse for SpecificationRefused {
    fn refusal(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 7.8.6";
        match self {
            Self::NoSuch(what) => Refusal::new("quality-no-such", "HOUSE one path 3").with("what", what),
            Self::CodeTaken(code) => Refusal::new("specification-code-taken", clause).with("code", code),
            Self::EditionTaken(edition) => {
                Refusal::new("specification-edition-taken", clause).with("edition", edition)
            }
            Self::NoItems => Refusal::new("specification-no-items", clause),
            Self::ItemTwice(analyte) => {
                Refusal::new("specification-item-twice", clause).with("analyte", analyte)
            }
            Self::Item { analyte, why } => {
                let (word, what) = why.word();
                let refusal = Refusal::new("specification-item", clause).with("analyte", analyte);
                refusal.with("why", why.as_ref()).with("problem", word).with("detail", what)
            }
            Self::EndsBeforeItBegins => Refusal::new("specification-interval", clause),
        }
    }
}

/// How an edition stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Force {
    /// Not yet.
    Coming,
    /// In force.
    InForce,
    /// No longer.
    Ended,
}

/// Whether an edition is in force at an instant: from its beginning, up to but not at its end.
pub fn force(version: &Version, at: Instant) -> Force {
    match version.in_force_until {
        _ if at < version.in_force_from => Force::Coming,
        Some(until) if at >= until => Force::Ended,
        _ => Force::InForce,
    }
}

/// Whether any edition is in force or has been, for whomever: then a lot is released before it leaves.
pub fn ever_in_force(all: &[Version], at: Instant) -> bool {
    all.iter().any(|version| version.in_force_from <= at)
}

/// The editions that may be used for a lot: those in force; a customer's own where there are any, else the
/// general ones. Of one specification only the latest in force counts.
pub fn right_ones(all: &[Version], customer: Option<PartyId>, at: Instant) -> Vec<&Version> {
    let in_force: Vec<&Version> = all.iter().filter(|version| force(version, at) == Force::InForce).collect();
    let own = |party: Option<PartyId>| -> Vec<&Version> {
        in_force.iter().filter(|version| version.party == party).copied().collect()
    };
    let chosen = match customer {
        Some(_) if !own(customer).is_empty() => own(customer),
        _ => own(None),
    };
    let latest = |version: &&&Version| {
        let rank = |of: &Version| (of.in_force_from, of.id);
        !chosen.iter().any(|o| o.specification == version.specification && rank(o) > rank(version))
    };
    chosen.iter().filter(latest).copied().collect()
}

#[cfg(test)]
mod tests {
    use kernel::{MaterialId, Names, SpecificationId, SpecificationVersionId};

    use super::*;

    fn version(id: u64, of: u64, party: Option<u64>, from: &str, until: Option<&str>) -> Version {
        let day = |text: &str| format!("2026-{text}T00:00:00Z").parse().unwrap();
        Version {
            id: SpecificationVersionId(id),
            specification: SpecificationId(of),
            code: format!("S-{of}"),
            names: Names { en: "s".into(), zh: "规范".into() },
            grade: "A".into(),
            edition: id.to_string(),
            material: MaterialId(1),
            party: party.map(PartyId),
            in_force_from: day(from),
            in_force_until: until.map(day),
            items: vec![],
            requires_balance: false,
        }
    }

    #[test]
    fn the_customers_edition_goes_before_the_general_one_and_the_latest_before_the_older() {
        let all = [
            version(1, 1, None, "01-01", None),
            version(2, 1, None, "02-01", None),
            version(3, 1, Some(7), "01-01", Some("03-01")),
            version(4, 2, None, "01-01", None),
            version(5, 1, None, "06-01", None),
        ];
        let ids = |customer: Option<u64>, day: &str| -> Vec<u64> {
            let at = format!("2026-{day}T00:00:00Z").parse().unwrap();
            right_ones(&all, customer.map(PartyId), at).iter().map(|version| version.id.0).collect()
        };
        assert_eq!(ids(None, "01-15"), [1, 4]);
        assert_eq!(ids(None, "02-15"), [2, 4]);
        assert_eq!(ids(Some(7), "02-15"), [3]);
        assert_eq!(ids(Some(8), "02-15"), [2, 4]);
        // The customer's own has ended: at its last instant it is no longer in force.
        assert_eq!(ids(Some(7), "03-01"), [2, 4]);
        assert!(
            ids(None, "01-01").contains(&1) && right_ones(&all, None, Instant::from_micros(0)).is_empty()
        );
    }
}
