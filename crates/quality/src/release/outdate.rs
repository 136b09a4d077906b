//! A release goes out of date: what is known of the lot since says that it does not conform.

use kernel::{DispositionId, LotId, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Stop, StoreError};

use super::rows;

/// A release is out of date: a later result, or a mass that was adjusted, says that the lot does not conform.
/// The system says so upon the result or the adjustment; nobody ships or certifies upon it until the lot is
/// decided on again.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutdateRelease {
    /// The release.
    pub disposition: DispositionId,
    /// The lot that was released.
    pub lot: LotId,
    /// What says so: a result, a lot whose mass was adjusted.
    #[schema(value_type = String)]
    pub because: Ref,
}

impl Command for OutdateRelease {
    const NAME: &'static str = "release.outdate";
    const ROLES: &'static [Role] = &[];
    const EXAMPLE: &'static str = r#"{"disposition":"disposition-50","lot":"lot-12","because":"result-101"}"#;

    fn handle(&self, db: &mut Db, _: &mut Context<'_>) -> Result<Facts, Stop> {
        if rows::is_outdated(db, self.disposition)? {
            return Ok(Facts::new());
        }
        let Self { disposition, lot, because } = *self;
        Ok(Facts::one(ReleaseOutdated { disposition, lot, because }))
    }
}

/// A release went out of date.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReleaseOutdated {
    /// The release.
    pub disposition: DispositionId,
    /// The lot.
    pub lot: LotId,
    /// What says so.
    pub because: Ref,
}

impl Fact for ReleaseOutdated {
    const KIND: &'static str = "release.outdated";

    fn subjects(&self) -> Vec<Ref> {
        let mut all = vec![self.disposition.into(), self.lot.into()];
        if !all.contains(&self.because) {
            all.push(self.because);
        }
        all
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put_outdated(db, self.disposition, self.because, applied.at)
    }

    fn samples() -> Vec<Self> {
        let because = kernel::ResultId(101).into();
        vec![ReleaseOutdated { disposition: DispositionId(50), lot: LotId(12), because }]
    }
}
