//! Validity as of an instant, and the refusals of acts, grants and withdrawals. Pure.

use kernel::{Act, Activity, AuthorisationId, Instant, Kind, PersonId, Ref, Refusal, Refuse};
use serde::Serialize;

/// A withdrawal: from when, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withdrawal {
    /// From this instant on it is no longer valid.
    pub from: Instant,
    /// Why.
    pub why: String,
}

/// An authorisation as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Authorisation {
    /// Its id.
    pub id: AuthorisationId,
    /// Who may.
    pub person: PersonId,
    /// Do what.
    pub activity: Activity,
    /// In what.
    pub scope: Ref,
    /// From this instant on.
    pub valid_from: Instant,
    /// Up to, not including, this one.
    pub valid_until: Instant,
    /// On the strength of what.
    pub basis: String,
    /// Who granted it.
    pub granted_by: Option<PersonId>,
    /// When.
    pub granted_at: Instant,
    /// Whether it was withdrawn.
    pub withdrawn: Option<Withdrawal>,
}

/// How an authorisation stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validity {
    /// In force.
    Valid,
    /// Withdrawn before the instant.
    Withdrawn,
    /// Its time is over.
    Lapsed,
    /// Its time has not come.
    NotYet,
}

impl Validity {
    /// As in the words `state-authorisation-…`.
    pub fn word(self) -> &'static str {
        match self {
            Validity::Valid => "valid",
            Validity::Withdrawn => "withdrawn",
            Validity::Lapsed => "lapsed",
            Validity::NotYet => "not-yet",
        }
    }
}

impl Authorisation {
    /// How it stands at that instant. The interval is half open: `valid_from ≤ at < valid_until`.
    pub fn at(&self, at: Instant) -> Validity {
        if self.withdrawn.as_ref().is_some_and(|withdrawn| withdrawn.from <= at) {
            Validity::Withdrawn
        } else if at >= self.valid_until {
            Validity::Lapsed
        } else if at < self.valid_from {
            Validity::NotYet
        } else {
            Validity::Valid
        }
    }

    /// The end of its time: when it lapses, or was withdrawn.
    pub fn end(&self) -> Instant {
        self.withdrawn.as_ref().map_or(self.valid_until, |withdrawn| withdrawn.from.min(self.valid_until))
    }
}

/// Why an act is refused, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActRefusal {
    /// The act names no scope; that is never a wildcard.
    NoScope(Activity, Option<PersonId>, Instant),
    /// The system acts for nobody, but the act needs somebody's authorisation.
    NoPerson(Activity, Ref, Instant),
    /// The person never had one for this activity in this scope.
    Missing(Denied),
    /// The last one was withdrawn.
    Withdrawn(Denied, AuthorisationId, Instant),
    /// The last one is over.
    Lapsed(Denied, AuthorisationId, Instant),
    /// The first one has not begun.
    NotYet(Denied, AuthorisationId, Instant),
}

/// Who wanted to do what, in what, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// Who.
    pub person: PersonId,
    /// What.
    pub activity: Activity,
    /// In what.
    pub scope: Ref,
    /// When.
    pub at: Instant,
}

/// The clause that asks for authorisations.
const CLAUSE: &str = "ISO/IEC 17025:2017 6.2.6";

impl Denied {
    fn refusal(&self, code: &str) -> Refusal {
        let refusal = Refusal::new(code, CLAUSE).with("person", self.person).with("activity", self.activity);
        let refusal = refusal.with("scope", self.scope).with("at", self.at);
        refusal.remedy("authorisation.grant", Some(self.person.into()))
    }
}

impl Refuse for ActRefusal {
    fn refusal(&self) -> Refusal {
        match self {
            ActRefusal::NoScope(activity, person, at) => {
                let who = person.map_or("system".to_owned(), |person| person.to_string());
                let refusal = Refusal::new("authorisation-no-scope", CLAUSE).with("activity", activity);
                let refusal = refusal.with("person", who).with("at", at);
                refusal.remedy("authorisation.grant", person.map(Ref::from))
            }
            ActRefusal::NoPerson(activity, scope, at) => {
                let refusal = Refusal::new("authorisation-no-person", CLAUSE).with("activity", activity);
                refusal.with("scope", scope).with("at", at).remedy("authorisation.grant", None)
            }
            ActRefusal::Missing(denied) => denied.refusal("authorisation-missing"),
            ActRefusal::Withdrawn(denied, id, from) => {
                denied.refusal("authorisation-withdrawn").with("authorisation", id).with("withdrawn_at", from)
            }
            ActRefusal::Lapsed(denied, id, when) => {
                denied.refusal("authorisation-lapsed").with("authorisation", id).with("lapsed_at", when)
            }
            ActRefusal::NotYet(denied, id, from) => {
                denied.refusal("authorisation-not-yet").with("authorisation", id).with("valid_from", from)
            }
        }
    }
}

/// What an act needs: somebody who does it and something it is done in.
pub fn wanted(act: Act, person: Option<PersonId>, at: Instant) -> Result<Denied, ActRefusal> {
    let Some(scope) = act.scope else { return Err(ActRefusal::NoScope(act.activity, person, at)) };
    let Some(person) = person else { return Err(ActRefusal::NoPerson(act.activity, scope, at)) };
    Ok(Denied { person, activity: act.activity, scope, at })
}

/// The authorisation under which the act is allowed, out of all that the person has or had for this activity
/// in this scope. Of several the oldest counts. When none is valid, the one that ended last says why, then
/// the next to begin.
pub fn allow(wanted: Denied, held: &[Authorisation]) -> Result<AuthorisationId, ActRefusal> {
    let at = wanted.at;
    let valid = held.iter().filter(|one| one.at(at) == Validity::Valid);
    if let Some(one) = valid.min_by_key(|one| one.id) {
        return Ok(one.id);
    }
    let ended = held.iter().filter(|one| matches!(one.at(at), Validity::Lapsed | Validity::Withdrawn));
    if let Some(last) = ended.max_by_key(|one| (one.end(), one.id)) {
        let id = last.id;
        return Err(match &last.withdrawn {
            Some(withdrawn) if withdrawn.from <= at => ActRefusal::Withdrawn(wanted, id, withdrawn.from),
            _ => ActRefusal::Lapsed(wanted, id, last.valid_until),
        });
    }
    match held.iter().min_by_key(|one| (one.valid_from, one.id)) {
        Some(next) => Err(ActRefusal::NotYet(wanted, next.id, next.valid_from)),
        None => Err(ActRefusal::Missing(wanted)),
    }
}

/// Why an authorisation is not granted or withdrawn, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantRefusal {
    /// A token may not change who may do what.
    ByToken(PersonId),
    /// Nobody authorises themselves.
    Own(PersonId),
    /// A version was named; authorisations are for a method or specification over all its versions.
    ScopeVersion(PersonId, Ref),
    /// There is no such record.
    ScopeUnknown(PersonId, Ref),
    /// It would end before it begins.
    Empty(PersonId, Instant, Instant),
    /// There is no such authorisation.
    Unknown(AuthorisationId),
    /// It was withdrawn from then or earlier.
    WithdrawnAlready(AuthorisationId, Instant),
    /// It is over by then anyway.
    OverAlready(AuthorisationId, Instant),
}

impl Refuse for GrantRefusal {
    fn refusal(&self) -> Refusal {
        let of = |code, person: &PersonId| {
            let refusal = Refusal::new(code, CLAUSE).with("person", person);
            refusal.remedy("authorisation.grant", Some((*person).into()))
        };
        let on = |code, id: &AuthorisationId| Refusal::new(code, CLAUSE).with("authorisation", id);
        match self {
            GrantRefusal::ByToken(person) => of("authorisation-by-token", person),
            GrantRefusal::Own(person) => of("authorisation-own", person),
            GrantRefusal::ScopeVersion(p, scope) => of("authorisation-scope-version", p).with("scope", scope),
            GrantRefusal::ScopeUnknown(p, scope) => of("authorisation-scope-unknown", p).with("scope", scope),
            GrantRefusal::Empty(person, from, until) => {
                of("authorisation-empty", person).with("valid_from", from).with("valid_until", until)
            }
            GrantRefusal::Unknown(id) => on("authorisation-unknown", id).remedy("authorisation.grant", None),
            GrantRefusal::WithdrawnAlready(id, from) => {
                on("authorisation-withdrawn-already", id).with("withdrawn_at", from)
            }
            GrantRefusal::OverAlready(id, when) => on("authorisation-over", id).with("lapsed_at", when),
        }
    }
}

/// Whether a grant may be made, the scope's record being known.
pub fn may_grant(
    by: Option<PersonId>,
    person: PersonId,
    scope: (Ref, bool),
    interval: (Instant, Instant),
) -> Result<(), GrantRefusal> {
    let ((scope, known), (from, until)) = (scope, interval);
    if by == Some(person) {
        return Err(GrantRefusal::Own(person));
    }
    if matches!(scope.kind, Kind::MethodVersion | Kind::SpecificationVersion) {
        return Err(GrantRefusal::ScopeVersion(person, scope));
    }
    if !known {
        return Err(GrantRefusal::ScopeUnknown(person, scope));
    }
    if from < until { Ok(()) } else { Err(GrantRefusal::Empty(person, from, until)) }
}

/// Whether it may be withdrawn from that instant: only a withdrawal that shortens it says anything.
pub fn may_withdraw(one: &Authorisation, from: Instant) -> Result<(), GrantRefusal> {
    match &one.withdrawn {
        Some(before) if before.from <= from => Err(GrantRefusal::WithdrawnAlready(one.id, before.from)),
        _ if one.valid_until <= from => Err(GrantRefusal::OverAlready(one.id, one.valid_until)),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
