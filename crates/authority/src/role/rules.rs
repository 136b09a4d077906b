//! Why a role is not granted or withdrawn. Pure.

use kernel::{PersonId, Refusal, Refuse, Role};

/// In order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleRefusal {
    /// A token may not change who may do what.
    ByToken(PersonId, Role),
    /// Nobody gives themselves a role.
    Own(PersonId, Role),
    /// They have it.
    Held(PersonId, Role),
    /// They do not have it.
    NotHeld(PersonId, Role),
}

impl Refuse for RoleRefusal {
    fn refusal(&self) -> Refusal {
        let (code, person, role) = match self {
            RoleRefusal::Own(person, role) => ("role-own", person, role),
            RoleRefusal::Held(person, role) => ("role-held", person, role),
            RoleRefusal::NotHeld(person, role) => ("role-not-held", person, role),
            RoleRefusal::ByToken(person, role) => ("role-by-token", person, role),
        };
        let refusal =
            Refusal::new(code, "ISO/IEC 17025:2017 6.2.4").with("person", person).with("role", role);
        refusal.remedy("role.grant", Some((*person).into()))
    }
}

/// Whether the actor `by` may grant the role to a person who has the roles `held`.
pub fn may_grant(
    by: Option<PersonId>,
    person: PersonId,
    role: Role,
    held: &[Role],
) -> Result<(), RoleRefusal> {
    if by == Some(person) {
        return Err(RoleRefusal::Own(person, role));
    }
    if held.contains(&role) { Err(RoleRefusal::Held(person, role)) } else { Ok(()) }
}

/// Whether the person has the role to be withdrawn.
pub fn may_withdraw(person: PersonId, role: Role, held: &[Role]) -> Result<(), RoleRefusal> {
    if held.contains(&role) { Ok(()) } else { Err(RoleRefusal::NotHeld(person, role)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_granted_by_others_once_and_withdrawn_once() {
        let (a, b, role) = (PersonId(1), PersonId(2), Role::Analyst);
        assert_eq!(may_grant(Some(b), a, role, &[]), Ok(()));
        assert_eq!(may_grant(None, a, role, &[Role::Auditor]), Ok(()));
        assert_eq!(may_grant(Some(a), a, role, &[role]), Err(RoleRefusal::Own(a, role)));
        assert_eq!(may_grant(Some(b), a, role, &[role]), Err(RoleRefusal::Held(a, role)));
        assert_eq!(may_withdraw(a, role, &[role]), Ok(()));
        assert_eq!(may_withdraw(a, role, &[]), Err(RoleRefusal::NotHeld(a, role)));
    }
}
