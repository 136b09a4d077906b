//! What may be done to a person. Pure.

use kernel::{Code, Instant, Names, PersonId, Refusal, Refuse};

/// A person as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id, never reused.
    pub id: PersonId,
    /// A staff number or initials, unique.
    pub code: String,
    /// Both names; empty once erased.
    pub names: Names,
    /// Since when the personal data are gone.
    pub erased_at: Option<Instant>,
}

/// Why a change of a person is refused, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonRefusal {
    /// Nobody has that number.
    Unknown(PersonId),
    /// The person's data were erased.
    Erased(PersonId),
    /// Another person has that code.
    CodeTaken(Code, PersonId),
    /// Nobody erases themselves: the request and the act are two persons'.
    OwnErasure(PersonId),
    /// Without this person nobody could keep the accounts.
    LastAdministrator(PersonId),
}

impl Refuse for PersonRefusal {
    fn refusal(&self) -> Refusal {
        let new =
            |code, person: &PersonId| Refusal::new(code, "ISO/IEC 17025:2017 6.2.5").with("person", person);
        match self {
            PersonRefusal::Unknown(person) => new("person-unknown", person).remedy("person.register", None),
            PersonRefusal::Erased(person) => new("person-erased", person).remedy("person.register", None),
            PersonRefusal::CodeTaken(code, by) => {
                new("person-code-taken", by).with("code", code).remedy("person.register", Some((*by).into()))
            }
            PersonRefusal::OwnErasure(person) => {
                new("person-own-erasure", person).remedy("person.erase", Some((*person).into()))
            }
            PersonRefusal::LastAdministrator(person) => {
                new("last-administrator", person).remedy("role.grant", None)
            }
        }
    }
}

/// The person, who must be there and not erased.
pub fn present(found: Option<Person>, id: PersonId) -> Result<Person, PersonRefusal> {
    match found {
        None => Err(PersonRefusal::Unknown(id)),
        Some(person) if person.erased_at.is_some() => Err(PersonRefusal::Erased(id)),
        Some(person) => Ok(person),
    }
}

/// A code is free, or already this person's.
pub fn code_free(
    code: &Code,
    holder: Option<PersonId>,
    wanted_by: Option<PersonId>,
) -> Result<(), PersonRefusal> {
    match holder {
        Some(holder) if Some(holder) != wanted_by => Err(PersonRefusal::CodeTaken(code.clone(), holder)),
        _ => Ok(()),
    }
}

/// Somebody else must be able to keep accounts once `person` no longer can. `keepers` are the persons who are
/// administrators with an open account.
pub fn leaves_a_keeper(person: PersonId, keepers: &[PersonId]) -> Result<(), PersonRefusal> {
    match keepers {
        [only] if *only == person => Err(PersonRefusal::LastAdministrator(person)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PersonId = PersonId(1);
    const B: PersonId = PersonId(2);

    fn person(erased_at: Option<Instant>) -> Person {
        Person {
            id: A, code: "LN".into(), names: Names { en: "Li Na".into(), zh: "李娜".into() }, erased_at
        }
    }

    #[test]
    fn who_is_there() {
        let erased = person(Some(Instant::from_micros(0)));
        let table = [
            (None, Err(PersonRefusal::Unknown(A))),
            (Some(erased), Err(PersonRefusal::Erased(A))),
            (Some(person(None)), Ok(person(None))),
        ];
        for (found, expected) in table {
            assert_eq!(present(found, A), expected);
        }
    }

    #[test]
    fn a_code_is_one_persons() {
        let code = Code::parse("LN").unwrap();
        let taken = Err(PersonRefusal::CodeTaken(code.clone(), A));
        for (holder, by, expected) in [
            (None, None, Ok(())),
            (Some(A), Some(A), Ok(())),
            (Some(A), Some(B), taken.clone()),
            (Some(A), None, taken),
        ] {
            assert_eq!(code_free(&code, holder, by), expected);
        }
    }

    #[test]
    fn the_last_keeper_stays() {
        for (keepers, stays) in [(vec![A], true), (vec![A, B], false), (vec![B], false), (vec![], false)] {
            assert_eq!(leaves_a_keeper(A, &keepers).is_err(), stays, "{keepers:?}");
        }
    }
}
