//! The frame around every page: the rail with what exists, the search that takes any number, name or
//! barcode, language, theme, person, and the breadcrumb that follows the thread (PAGES.md, Frame).

use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::kit::Link;
use crate::kit::blocks::Notice;
use crate::kit::icon::Icon;
use crate::kit::record::{Tab, tabs};
use crate::text::{Lang, Words};

/// How light the page is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the reader's system has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value kept in the cookie.
    pub fn code(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// Reads the cookie; anything else is [`Theme::Auto`].
    pub fn parse(text: &str) -> Theme {
        match text {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Theme::Auto => "kit-theme-auto",
            Theme::Light => "kit-theme-light",
            Theme::Dark => "kit-theme-dark",
        }
    }

    fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }
}

/// One entry of the rail; the server lists only what exists, in the order of PAGES.md.
#[derive(Debug, Clone)]
pub struct RailItem {
    /// Its words and where it leads.
    pub link: Link,
    /// Its icon.
    pub icon: Icon,
    /// Whether the page belongs to it.
    pub current: bool,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name shown.
    pub name: String,
    /// The person's own page.
    pub href: String,
}

/// What the frame has to know of a page.
#[derive(Clone)]
pub struct Frame {
    /// The reader's words.
    pub words: Words,
    /// The page's name, first in the window's title.
    pub title: String,
    /// The way from the ore to here; the last one is this page.
    pub breadcrumb: Vec<Link>,
    /// The rail.
    pub rail: Vec<RailItem>,
    /// What else stands under the same entry of the rail.
    pub near: Vec<Tab>,
    /// How light it is.
    pub theme: Theme,
    /// Who is signed in.
    pub person: Option<Person>,
    /// The session's token, for the frame's own forms.
    pub csrf: String,
    /// What was searched for.
    pub search: String,
    /// A message about the page.
    pub banner: Option<Notice>,
    /// This page's own address, to come back to after a change of language or theme.
    pub here: String,
    /// Whether the body takes the window's whole width, as a large table does.
    pub wide: bool,
    /// Seconds after which the page is asked for again where no script runs; for long work.
    pub refresh: Option<u32>,
}

impl Frame {
    /// A frame with words, name, token and address; everything else absent.
    pub fn new(
        words: Words,
        title: impl Into<String>,
        csrf: impl Into<String>,
        here: impl Into<String>,
    ) -> Frame {
        Frame {
            words,
            title: title.into(),
            breadcrumb: Vec::new(),
            rail: Vec::new(),
            near: Vec::new(),
            theme: Theme::Auto,
            person: None,
            csrf: csrf.into(),
            search: String::new(),
            banner: None,
            here: here.into(),
            wide: false,
            refresh: None,
        }
    }

    /// The whole document.
    pub fn page(&self, body: &Markup) -> Markup {
        let w = &self.words;
        let theme = (self.theme != Theme::Auto).then(|| self.theme.code());
        html! {
            (DOCTYPE)
            html lang=(w.lang().tag()) data-theme=[theme] {
                (self.head())
                body {
                    a.skip href="#main" { (w.t("kit-skip")) }
                    header.top { (self.top()) }
                    @if !self.rail.is_empty() {
                        nav.rail aria-label=(w.t("kit-rail")) {
                            ul { @for item in &self.rail { li { (rail_link(item)) } } }
                        }
                    }
                    main #main.wide[self.wide] tabindex="-1" {
                        @if !self.near.is_empty() {
                            div.near { (tabs(&w.t("kit-near"), &self.near)) }
                        }
                        (self.crumbs())
                        @if let Some(banner) = &self.banner { (banner) }
                        (body)
                    }
                    @if !self.rail.is_empty() { (self.bar()) }
                    div #said.aloud role="status" data-copied=(w.t("kit-copied")) {}
                }
            }
        }
    }

    fn head(&self) -> Markup {
        html! {
            head {
                meta charset="utf-8";
                title { (self.title) " · Orepass" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="htmx-config" content=r#"{"includeIndicatorCSS":false}"#;
                @if let Some(seconds) = self.refresh {
                    noscript { meta http-equiv="refresh" content=(seconds); }
                }
                link rel="icon" href=(assets::ICON_SVG) type="image/svg+xml";
                link rel="stylesheet" href=(assets::APP_CSS);
                script src=(assets::APP_JS) defer {}
                script src=(assets::HTMX_JS) defer {}
                script src=(assets::CHARTS_JS) data-echarts=(assets::ECHARTS_JS) defer {}
            }
        }
    }

    fn top(&self) -> Markup {
        let w = &self.words;
        html! {
            a.brand href="/" { "Orepass" }
            form.search role="search" action="/search" method="get" {
                (Icon::Search)
                input type="search" name="q" value=(self.search) placeholder=(w.t("kit-search"))
                    aria-label=(w.t("kit-search")) data-search autocomplete="off";
                kbd aria-hidden="true" { "/" }
            }
            form.preferences method="post" action="/preferences" {
                input type="hidden" name="csrf" value=(self.csrf);
                input type="hidden" name="return_to" value=(self.here);
                @for lang in Lang::ALL.into_iter().filter(|lang| *lang != w.lang()) {
                    button name="lang" value=(lang.code()) lang=(lang.tag()) { (lang.own_name()) }
                }
                button name="theme" value=(self.theme.next().code()) title=(w.t("kit-theme")) {
                    span.aloud { (w.t("kit-theme")) " " }
                    (w.t(self.theme.key()))
                }
            }
            (self.who())
        }
    }

    fn who(&self) -> Markup {
        let w = &self.words;
        html! {
            @match &self.person {
                Some(person) => details.person {
                    summary { (Icon::Person) span.name { (person.name) } }
                    div.person-menu {
                        a href=(person.href) { (w.t("kit-person-page")) }
                        a href="/help" { (w.t("kit-help")) }
                        form.inline method="post" action="/sign-out" {
                            input type="hidden" name="csrf" value=(self.csrf);
                            button { (w.t("kit-sign-out")) }
                        }
                    }
                },
                None => a.sign-in href="/sign-in" { (w.t("kit-sign-in")) },
            }
        }
    }

    fn crumbs(&self) -> Markup {
        let Some((last, way)) = self.breadcrumb.split_last() else { return html! {} };
        html! {
            nav.crumbs aria-label=(self.words.t("kit-crumbs")) {
                ol {
                    @for link in way { li { (link) } }
                    li aria-current="page" { (last.text) }
                }
            }
        }
    }

    /// On a phone the rail is a bar at the bottom, within a thumb's reach: the first four, and a menu of
    /// the others.
    fn bar(&self) -> Markup {
        let w = &self.words;
        let (first, others) = self.rail.split_at(self.rail.len().min(4));
        html! {
            nav.bar aria-label=(w.t("kit-rail")) {
                ul {
                    @for item in first { li { (rail_link(item)) } }
                    @if !others.is_empty() {
                        li { details.more {
                            summary { (Icon::Menu) span { (w.t("kit-more")) } }
                            ul { @for item in others { li { (rail_link(item)) } } }
                        } }
                    }
                }
            }
        }
    }
}

fn rail_link(item: &RailItem) -> Markup {
    html! {
        a href=(item.link.href) aria-current=[item.current.then_some("page")] {
            (item.icon) span { (item.link.text) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::sample_words;

    #[test]
    fn a_page_names_its_language_theme_and_place_and_holds_no_inline_script_or_style() {
        let mut frame = Frame::new(sample_words(Lang::Zh), "批次 <7>", "tok", "/lots/7?a=b");
        frame.theme = Theme::Dark;
        frame.breadcrumb = vec![Link::new("原矿", "/ores/1"), Link::new("批次 7", "/lots/7")];
        let text = frame.page(&html! { p { "body" } }).into_string();
        assert!(text.starts_with("<!DOCTYPE html><html lang=\"zh-CN\" data-theme=\"dark\">"), "{text}");
        assert!(text.contains("<title>批次 &lt;7&gt; · Orepass</title>"));
        assert!(text.contains("name=\"return_to\" value=\"/lots/7?a=b\""));
        assert!(text.contains("<li aria-current=\"page\">批次 7</li>"));
        assert!(!text.contains(" style=") && !text.contains("<style") && !text.contains("script>var"));
        assert!(!text.contains('⟦'), "{text}");
    }

    #[test]
    fn themes_go_round() {
        let mut theme = Theme::Auto;
        for _ in 0..3 {
            assert_eq!(Theme::parse(theme.code()), theme);
            theme = theme.next();
        }
        assert_eq!(theme, Theme::Auto);
    }
}
