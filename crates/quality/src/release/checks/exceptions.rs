//! What somebody answers for: a check that is overridden, an item that is conceded.

use std::collections::BTreeSet;

use kernel::{DispositionId, Instant, OverrideId, PartyId, PersonId, Ref};

use super::Key;
use crate::judgement::Line;
use crate::release::known::Nonconformity;

/// An override of one check of a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Which.
    pub id: OverrideId,
    /// Of which check.
    pub key: Key,
    /// Until when, exclusive.
    pub valid_until: Instant,
    /// Who answers for it.
    pub person: PersonId,
    /// What failed the check when it was given: it answers for that, and for nothing that fails later.
    pub covers: BTreeSet<Ref>,
}

/// A concession: items that need not conform, with the customer's consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concession {
    /// Which.
    pub id: DispositionId,
    /// The edition it is a concession from.
    pub version: kernel::SpecificationVersionId,
    /// Whose consent.
    pub party: PartyId,
    /// The items.
    pub items: Vec<String>,
    /// Until when, exclusive.
    pub valid_until: Instant,
    /// Who granted it.
    pub person: Option<PersonId>,
    /// What was known not to conform when it was granted: it answers for that, and for nothing found later.
    /// An old one does not say, and answers for the results there were; numbers grow with time.
    pub covers: Option<BTreeSet<Nonconformity>>,
}

impl Concession {
    /// Whether it answers for a line, to this customer at this instant.
    pub fn answers_for(
        &self,
        line: &Line,
        version: kernel::SpecificationVersionId,
        customer: Option<PartyId>,
        at: Instant,
    ) -> bool {
        let knew = || match &self.covers {
            Some(covers) => Nonconformity::of(line).is_none_or(|of| covers.contains(&of)),
            None => line.results.iter().all(|result| result.number() < self.id.number()),
        };
        let of_it = self.version == version && customer == Some(self.party);
        of_it && at < self.valid_until && self.items.contains(&line.analyte) && knew()
    }
}
