//! Whose page, list, file or upload an address is. Among several that fit, the one with the most fixed words
//! wins.

use std::collections::BTreeMap;

use site::{Download, Listing, Page, Site, Upload};

/// What an address leads to.
#[derive(Clone, Copy)]
pub enum Target {
    /// A page.
    Page(Page),
    /// A list.
    Listing(Listing),
    /// A file out.
    Download(Download),
}

impl Target {
    /// Who may read it; nobody named is everybody.
    pub fn readers(&self) -> &'static [kernel::Role] {
        match self {
            Target::Page(page) => page.readers,
            Target::Listing(listing) => listing.readers,
            Target::Download(download) => download.readers,
        }
    }

    fn path(&self) -> &'static str {
        match self {
            Target::Page(page) => page.path,
            Target::Listing(listing) => listing.path,
            Target::Download(download) => download.path,
        }
    }
}

/// All addresses of all sites.
pub struct Routes {
    targets: Vec<Target>,
    uploads: Vec<Upload>,
}

/// What the named parts of a path hold.
pub type Parts = BTreeMap<String, String>;

impl Routes {
    /// Joins the sites.
    pub fn new(sites: &[Site]) -> Self {
        let mut targets = Vec::new();
        for site in sites {
            targets.extend((site.pages)().into_iter().map(Target::Page));
            targets.extend((site.listings)().into_iter().map(Target::Listing));
            targets.extend((site.downloads)().into_iter().map(Target::Download));
        }
        Routes { targets, uploads: sites.iter().flat_map(|site| (site.uploads)()).collect() }
    }

    /// What is read at this address.
    pub fn find(&self, path: &str) -> Option<(Target, Parts)> {
        let fits = self.targets.iter().filter_map(|target| {
            let (parts, fixed) = matches(target.path(), path)?;
            Some((fixed, *target, parts))
        });
        fits.max_by_key(|(fixed, ..)| *fixed).map(|(_, target, parts)| (target, parts))
    }

    /// The entry of the rail that an address belongs to; empty for none.
    pub fn rail(&self, path: &str) -> &'static str {
        match self.find(path) {
            Some((Target::Page(page), _)) => page.rail,
            Some((Target::Listing(list), _)) => list.rail,
            _ => "",
        }
    }

    /// What takes files at this address.
    pub fn upload(&self, path: &str) -> Option<Upload> {
        self.uploads.iter().find(|upload| upload.path == path).copied()
    }

    /// Every list.
    pub fn listings(&self) -> impl Iterator<Item = &Listing> {
        self.targets.iter().filter_map(|target| match target {
            Target::Listing(listing) => Some(listing),
            _ => None,
        })
    }

    /// Every page.
    pub fn pages(&self) -> impl Iterator<Item = &Page> {
        self.targets.iter().filter_map(|target| match target {
            Target::Page(page) => Some(page),
            _ => None,
        })
    }

    /// Every file out.
    pub fn downloads(&self) -> impl Iterator<Item = &Download> {
        self.targets.iter().filter_map(|target| match target {
            Target::Download(download) => Some(download),
            _ => None,
        })
    }

    /// Everything that takes files.
    pub fn uploads(&self) -> impl Iterator<Item = &Upload> {
        self.uploads.iter()
    }

    /// Addresses that two sites claim; a test wants none.
    pub fn doubles(&self) -> Vec<&'static str> {
        let mut seen = BTreeMap::new();
        for target in &self.targets {
            *seen.entry(target.path()).or_insert(0) += 1;
        }
        seen.into_iter().filter(|(_, times)| *times > 1).map(|(path, _)| path).collect()
    }
}

/// The named parts when `path` fits `pattern`, and how many fixed words it has.
fn matches(pattern: &str, path: &str) -> Option<(Parts, usize)> {
    let (mut want, mut have) = (pattern.split('/'), path.trim_end_matches('/').split('/'));
    let mut parts = Parts::new();
    let mut fixed = 0;
    if pattern == "/" {
        return (path == "/").then_some((parts, 1));
    }
    loop {
        match (want.next(), have.next()) {
            (None, None) => return Some((parts, fixed)),
            (Some(name), Some(text)) if name.starts_with('{') && !text.is_empty() => {
                parts.insert(name.trim_matches(['{', '}']).to_owned(), text.to_owned());
            }
            (Some(word), Some(text)) if word == text => fixed += 1,
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fit_their_patterns() {
        let named =
            |pattern, path| matches(pattern, path).map(|(parts, _)| parts.into_iter().collect::<Vec<_>>());
        assert_eq!(named("/lots/{lot}", "/lots/lot-3"), Some(vec![("lot".into(), "lot-3".into())]));
        assert_eq!(named("/lots", "/lots/"), Some(vec![]));
        assert_eq!(named("/", "/"), Some(vec![]));
        assert_eq!(named("/lots/{lot}", "/lots/"), None);
        assert_eq!(named("/lots/{lot}", "/lots/lot-3/more"), None);
        assert_eq!(named("/", "/lots"), None);
    }
}
