//! What is refused of holds. Pure.

use kernel::{HoldId, PersonId, Ref, Refusal, Refuse};

use super::rows::Hold;

/// Refusals, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldRefused {
    /// A record that is named does not exist.
    NoSuch(Ref),
    /// The hold was lifted before.
    AlreadyLifted(HoldId),
    /// Whoever placed a hold does not lift it.
    OwnHold(HoldId),
    /// Nobody lifts a hold but a person.
    NoPerson,
}

impl Refuse for HoldRefused {
    fn refusal(&self) -> Refusal {
        let clause = "ISO 9001:2015 8.7";
        match self {
            Self::NoSuch(what) => Refusal::new("quality-no-such", "HOUSE one path 3").with("what", what),
            Self::AlreadyLifted(hold) => Refusal::new("hold-already-lifted", clause).with("hold", hold),
            Self::OwnHold(hold) => {
                let refusal = Refusal::new("hold-own", "PRODUCT principle 6").with("hold", hold);
                refusal.remedy("hold.lift", Some((*hold).into()))
            }
            Self::NoPerson => Refusal::new("hold-no-person", clause),
        }
    }
}

/// Whether this person may lift the hold.
///
/// # Errors
/// Lifted before, or placed by the same person.
pub fn may_lift(hold: &Hold, by: Option<PersonId>) -> Result<PersonId, HoldRefused> {
    if hold.lifted {
        return Err(HoldRefused::AlreadyLifted(hold.id));
    }
    let by = by.ok_or(HoldRefused::NoPerson)?;
    if hold.placed_by == Some(by) {
        return Err(HoldRefused::OwnHold(hold.id));
    }
    Ok(by)
}

#[cfg(test)]
mod tests {
    use kernel::LotId;

    use super::*;

    #[test]
    fn another_person_lifts_once() {
        let hold = |lifted, placed_by| Hold { id: HoldId(1), lot: LotId(2), lifted, placed_by };
        let (one, two) = (PersonId(1), PersonId(2));
        let table = [
            (hold(false, Some(one)), Some(two), Ok(two)),
            (hold(false, None), Some(two), Ok(two)),
            (hold(false, Some(one)), Some(one), Err(HoldRefused::OwnHold(HoldId(1)))),
            (hold(true, Some(one)), Some(one), Err(HoldRefused::AlreadyLifted(HoldId(1)))),
            (hold(false, Some(one)), None, Err(HoldRefused::NoPerson)),
        ];
        for (hold, by, expected) in table {
            assert_eq!(may_lift(&hold, by), expected, "{hold:?} {by:?}");
        }
    }
}
