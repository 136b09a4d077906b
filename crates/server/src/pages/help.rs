//! A page of help: the keys, the four questions, where the other faces are.

use maud::html;
use site::{Miss, View, Visit};
use ui::kit::blocks::section;
use ui::kit::record::page_head;

pub fn page(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let words = visit.words;
    let keys = [
        ("/", "help-key-search"),
        ("↑ ↓", "help-key-rows"),
        ("Enter", "help-key-open"),
        ("x", "help-key-select"),
        (".", "help-key-actions"),
        ("c", "help-key-cite"),
    ];
    let asks = ["explain", "trace", "impact", "history"];
    let body = html! {
        (page_head(&words.t("help-title"), None, None))
        (section(&words.t("help-questions"), html! {
            dl.facts { @for ask in asks { dt { code { (ask) } } dd { (words.t(&format!("help-{ask}"))) } } }
        }))
        (section(&words.t("help-keys"), html! {
            dl.facts { @for (key, what) in keys { dt { kbd { (key) } } dd { (words.t(what)) } } }
        }))
        (section(&words.t("help-faces"), html! {
            p { (words.t("help-api")) " " a href="/api/v1/openapi.json" { "/api/v1/openapi.json" } }
            p { (words.t("help-cli")) }
            p { a href="/gallery" { (words.t("kit-gallery")) } }
        }))
    };
    Ok(View::new(words.t("help-title"), body, &asks))
}
