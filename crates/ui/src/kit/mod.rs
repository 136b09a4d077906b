//! The parts pages are made of. Each part is a plain struct with public fields and a `render`; what a part
//! needs to say in words it takes from [`Words`](crate::Words) or gets as text from the page.

pub mod badge;
pub mod blocks;
pub mod explain;
pub mod form;
pub mod gate;
pub mod icon;
pub mod number;
pub mod query;
pub mod record;
pub mod table;

use maud::{Markup, Render, html};

/// A word that leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Link {
    /// What it says.
    pub text: String,
    /// Where it goes, a path on this site.
    pub href: String,
}

impl Link {
    /// A link that says `text` and goes to `href`.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Link {
        Link { text: text.into(), href: href.into() }
    }
}

impl Render for Link {
    fn render(&self) -> Markup {
        html! { a href=(self.href) { (self.text) } }
    }
}
