//! Where the laboratory's pages are.
use site::Site;
/// The laboratory's pages.
pub const SITE: Site = Site { ..Site::EMPTY };
