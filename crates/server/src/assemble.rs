//! The one list of what this binary is made of. A new area is one line in each function here.

use std::sync::{Arc, OnceLock};

use site::Site;
use store::{Area, Registry, StoreError};
use ui::Catalogue;
use ui::gallery::GalleryEntry;

/// All areas, lowest floor first.
pub fn areas() -> Vec<Area> {
    vec![authority::AREA, materials::AREA, laboratory::AREA, engineering::AREA, quality::AREA]
}

/// What they show, and the server's own pages.
pub fn sites() -> Vec<Site> {
    vec![
        crate::pages::SITE,
        authority::SITE,
        materials::SITE,
        laboratory::SITE,
        engineering::SITE,
        quality::SITE,
    ]
}

/// The areas joined, with authority deciding what needs an authorisation.
pub fn registry() -> Result<Arc<Registry>, StoreError> {
    Registry::new(areas(), authority::authorise).map(Arc::new)
}

/// All words of all areas.
pub fn catalogue() -> Arc<Catalogue> {
    static ALL: OnceLock<Arc<Catalogue>> = OnceLock::new();
    let make = || {
        let texts: Vec<(&str, &str)> =
            std::iter::once(site::TEXT).chain(sites().iter().map(|s| s.text)).collect();
        Catalogue::new(&texts).expect("a test reads all texts before they ship")
    };
    Arc::clone(ALL.get_or_init(make))
}

/// Every page and part that shows itself from samples.
pub fn gallery() -> Vec<GalleryEntry> {
    let areas = sites().into_iter().flat_map(|site| (site.gallery)());
    ui::gallery::kit().into_iter().chain(areas).collect()
}
