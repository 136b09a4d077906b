//! What every answer needs: the store, the sites, the words.

use std::sync::Arc;

use jiff::tz::TimeZone;
use site::{Miss, Site, Visit};
use store::{Db, Store};
use ui::{Catalogue, Lang, Words};

use crate::assemble;
use crate::backup::Aside;
use crate::call::Call;
use crate::door::Reader;
use crate::routes::{Parts, Routes};

/// How the server is set up, beside the store.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The address under which people reach it, `https://lab.example.org`; empty for whatever they use.
    pub public_url: String,
}

/// The assembled site.
pub struct App {
    /// The open store.
    pub store: Arc<Store>,
    /// Set-up.
    pub settings: Settings,
    /// All sites, in the order of the floors.
    pub sites: Vec<Site>,
    pub(crate) routes: Routes,
    pub(crate) backups: Aside,
    catalogue: Arc<Catalogue>,
}

impl App {
    /// Assembles all areas over a store.
    pub fn new(store: Arc<Store>, settings: Settings) -> Self {
        let sites = assemble::sites();
        let routes = Routes::new(&sites);
        let backups = Aside::default();
        App { store, settings, sites, routes, backups, catalogue: assemble::catalogue() }
    }

    /// Addresses that two sites claim; a test wants none.
    pub fn doubles(&self) -> Vec<&'static str> {
        self.routes.doubles()
    }

    /// Words in a language, on the institute's clock.
    pub fn words(&self, db: &mut Db, lang: Lang) -> Words {
        self.catalogue.words(lang, authority::zone(db).unwrap_or(TimeZone::UTC))
    }

    /// Lets a reader see something: one connection, one state of the database.
    pub(crate) fn visit<T>(
        &self,
        reader: &Reader,
        call: &Call,
        path: Parts,
        see: impl FnOnce(&mut Visit<'_>) -> Result<T, Miss>,
    ) -> Result<T, Miss> {
        self.store.read(|db| {
            let words = self.words(db, reader.lang);
            let mut visit = Visit {
                store: &self.store,
                db,
                sites: &self.sites,
                words: &words,
                actor: &reader.actor,
                csrf: &reader.csrf,
                now: self.store.now(),
                here: call.here.clone(),
                path,
                query: call.query.iter().cloned().collect(),
                key: crate::door::secret(),
            };
            Ok(see(&mut visit))
        })?
    }
}
