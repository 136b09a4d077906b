//! The gate that the commit path asks at every act (wire W1).

use kernel::{Act, Actor, AuthorisationId, Instant};
use store::{Db, Stop};

use super::{rows, rules};

/// Gives, for each act and in the same order, the authorisation under which the actor's person may do it at
/// this instant; or the refusal of the first act that has none. The system needs one too when it acts on
/// somebody's behalf in a command that declares acts, and is refused when it acts for nobody.
pub fn authorise(
    db: &mut Db,
    actor: &Actor,
    acts: &[Act],
    at: Instant,
) -> Result<Vec<AuthorisationId>, Stop> {
    acts.iter()
        .map(|act| {
            let wanted = rules::wanted(*act, actor.person(), at)?;
            let held = rows::for_act(db, wanted.person, wanted.activity, wanted.scope)?;
            Ok(rules::allow(wanted, &held)?)
        })
        .collect()
}
