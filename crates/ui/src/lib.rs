//! The page kit: data in, markup out. It knows how Orepass looks and speaks (PAGES.md), not what it is
//! about: no area, no database, no clock.
//!
//! [`text`] holds the two languages, [`format`](mod@format) the look of numbers and dates, [`page`] the
//! frame around every page, [`kit`] the parts pages are made of, [`chart`] the charts, [`assets`] the
//! browser's files. [`gallery`] lets every page show itself from its samples, so that tests and people can
//! look at all of them.
//!
//! Nothing here writes an inline script or style, so the server sends [`assets::CONTENT_SECURITY_POLICY`].

pub mod assets;
pub mod chart;
pub mod format;
pub mod gallery;
pub mod kit;
pub mod page;
pub mod text;

pub use kit::{Link, badge::Badge, badge::State, icon::Icon};
pub use page::{Frame, Theme};
pub use text::{Arg, Catalogue, Lang, Words};

pub use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
