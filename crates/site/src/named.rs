//! Records as pages name them: a label and where it leads.

use kernel::Ref;
use store::StoreError;
use ui::kit::table::Cell;
use ui::{Link, Markup, html};

use crate::Visit;

/// A record with its label and the address of its page.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Named {
    /// The record.
    pub record: Ref,
    /// What it is called.
    pub label: String,
    /// Its page; empty when it has none.
    pub url: String,
}

impl Named {
    /// A record with its label and address.
    pub fn new(record: impl Into<Ref>, label: impl Into<String>, url: impl Into<String>) -> Self {
        Named { record: record.into(), label: label.into(), url: url.into() }
    }

    /// A record whose page stands under a list: `lots` gives `/lots/lot-12`.
    pub fn under(list: &str, record: impl Into<Ref>, label: impl Into<String>) -> Self {
        let record = record.into();
        Named::new(record, label, format!("/{list}/{record}"))
    }

    /// As a link.
    pub fn link(&self) -> Link {
        Link::new(&self.label, &self.url)
    }

    /// As a cell; plain words when it has no page.
    pub fn cell(&self) -> Cell {
        if self.url.is_empty() { Cell::Text(self.label.clone()) } else { Cell::Link(self.link()) }
    }

    /// In running text; plain words when it has no page.
    pub fn markup(&self) -> Markup {
        if self.url.is_empty() {
            html! { (self.label) }
        } else {
            html! { (self.link()) }
        }
    }
}

impl Visit<'_> {
    /// Names any record by asking the areas; its bare id when none of them knows it.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn name(&mut self, record: impl Into<Ref>) -> Result<Named, StoreError> {
        let record = record.into();
        let described = self.store.registry().describe(self.db, record)?.unwrap_or_default();
        let label = match described.label.is_empty() {
            true => record.to_string(),
            false => self.called(record, &described.label)?,
        };
        Ok(Named { record, label, url: described.url })
    }

    /// What a record is called, from its stored label.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn called(&mut self, record: Ref, label: &str) -> Result<String, StoreError> {
        crate::said::called(self.db, self.store.registry(), self.words, record, label)
    }

    /// A text of a record said to the reader: see [`crate::said`].
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn said(&mut self, text: &str) -> Result<String, StoreError> {
        Ok(crate::said(self.db, self.store.registry(), self.words, text)?.0)
    }

    /// What happened to a record, in a sentence of the reader's.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn because(&mut self, cause: facts::Cause) -> Result<String, StoreError> {
        crate::said::because(self.db, self.store.registry(), self.words, cause)
    }

    /// Names a record that may be absent.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn name_opt(&mut self, record: Option<impl Into<Ref>>) -> Result<Option<Named>, StoreError> {
        record.map(|record| self.name(record)).transpose()
    }
}
