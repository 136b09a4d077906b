//! Every page shows itself from samples: a test renders all of them in both languages, a person looks at
//! them in the gallery. A page's data struct implements [`View`]; its crate lists
//! `GalleryEntry::of::<LotPage>("lot")`.

mod charts;
mod samples;

use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::kit::record::page_head;
use crate::text::{Catalogue, Lang, Words};

pub use samples::kit;

/// Data that can show an example of itself: usual, empty, refused, very long.
pub trait Sample: Sized {
    /// Named samples; the first is the usual one.
    fn samples() -> Vec<(&'static str, Self)>;
}

/// A page's data that becomes the page's body.
pub trait View: Sample {
    /// The body, without the frame.
    fn render(&self, words: &Words) -> Markup;
}

/// One page or part in the gallery.
#[derive(Clone, Copy)]
pub struct GalleryEntry {
    /// Its name in the gallery's address: area and page, `laboratory-result`.
    pub name: &'static str,
    /// Renders all its samples: name and body.
    pub render: fn(&Words) -> Vec<(&'static str, Markup)>,
}

impl GalleryEntry {
    /// The entry of a page.
    pub fn of<V: View>(name: &'static str) -> GalleryEntry {
        GalleryEntry { name, render: render_all::<V> }
    }
}

fn render_all<V: View>(words: &Words) -> Vec<(&'static str, Markup)> {
    V::samples().into_iter().map(|(name, view)| (name, view.render(words))).collect()
}

/// The gallery's body: the list of names with links to `{path}/{name}`.
pub fn index(words: &Words, path: &str, entries: &[GalleryEntry]) -> Markup {
    html! {
        (page_head(&words.t("kit-gallery"), Some(&words.t("kit-gallery-lead")), None))
        ul.gallery-index {
            @for entry in entries { li { a href={ (path) "/" (entry.name) } { (entry.name) } } }
        }
    }
}

/// The body that shows one entry's samples below each other.
pub fn show(words: &Words, entry: &GalleryEntry) -> Markup {
    html! {
        @for (sample, body) in (entry.render)(words) {
            section.gallery-entry aria-label={ (entry.name) ": " (sample) } {
                p.muted { (entry.name) " · " (sample) }
                (body)
            }
        }
    }
}

/// The kit's own words in a language, on the clock of Shanghai; for tests of pages.
///
/// # Panics
/// If the kit's own texts are broken, which its tests rule out.
pub fn sample_words(lang: Lang) -> Words {
    let zone = TimeZone::get("Asia/Shanghai").expect("the zone database is bundled");
    Catalogue::new(&[]).expect("the kit's texts parse").words(lang, zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_renders_in_both_languages_with_all_its_words() {
        for lang in Lang::ALL {
            let words = sample_words(lang);
            for entry in kit() {
                for (sample, body) in (entry.render)(&words) {
                    let text = body.into_string();
                    assert!(!text.contains('⟦'), "{} · {sample}: {text}", entry.name);
                    assert!(
                        !text.contains(" style=") && !text.contains(" onclick="),
                        "{} · {sample}",
                        entry.name
                    );
                    assert!(
                        !text.contains("{ $") && !text.contains("{$"),
                        "{} · {sample}: {text}",
                        entry.name
                    );
                }
            }
        }
    }

    #[test]
    fn the_index_leads_to_every_entry() {
        let text = index(&sample_words(Lang::En), "/gallery", &kit()).into_string();
        for entry in kit() {
            assert!(text.contains(&format!("/gallery/{}\"", entry.name)), "{}", entry.name);
        }
    }
}
