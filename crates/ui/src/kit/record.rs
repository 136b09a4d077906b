//! The head every record page has: name, states, the one next action, four tabs; and the record's history.

use jiff::Timestamp;
use maud::{Markup, html};

use super::Link;
use super::badge::Badge;
use crate::Words;

/// One tab of a page.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Words and address.
    pub link: Link,
    /// Whether it is the one shown.
    pub current: bool,
}

/// A row of tabs; plain links, so that every tab has an address.
pub fn tabs(label: &str, tabs: &[Tab]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for tab in tabs {
                a href=(tab.link.href) aria-current=[tab.current.then_some("page")] { (tab.link.text) }
            }
        }
    }
}

/// The four tabs every record has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordTab {
    /// What it is.
    Overview,
    /// Where its numbers come from.
    Explain,
    /// What went into it and where it went.
    Trace,
    /// What happened to it.
    History,
}

impl RecordTab {
    /// All, in their order.
    pub const ALL: [RecordTab; 4] =
        [RecordTab::Overview, RecordTab::Explain, RecordTab::Trace, RecordTab::History];

    /// The last part of the tab's address; the overview is the record's own address.
    pub fn path(self) -> &'static str {
        match self {
            RecordTab::Overview => "",
            RecordTab::Explain => "/explain",
            RecordTab::Trace => "/trace",
            RecordTab::History => "/history",
        }
    }

    fn key(self) -> &'static str {
        match self {
            RecordTab::Overview => "kit-tab-overview",
            RecordTab::Explain => "kit-tab-explain",
            RecordTab::Trace => "kit-tab-trace",
            RecordTab::History => "kit-tab-history",
        }
    }
}

/// The one next action of a record.
#[derive(Debug, Clone)]
pub enum Action {
    /// Opens a page, most often a form.
    Open(Link),
    /// Posts at once; for acts that need nothing more than the press.
    Post {
        /// The words on the button.
        text: String,
        /// The address posted to.
        action: String,
        /// The session's token.
        csrf: String,
    },
}

/// The head of a record page.
#[derive(Debug, Clone)]
pub struct RecordHead {
    /// What kind of record, in the reader's words; small, above the name.
    pub kind: String,
    /// Its name or number.
    pub name: String,
    /// Its states.
    pub badges: Vec<Badge>,
    /// The next action, if there is one; the page's only filled button.
    pub action: Option<Action>,
    /// Lesser actions, as plain links.
    pub others: Vec<Link>,
    /// The record's own address; the tabs append to it.
    pub path: String,
    /// The tab shown.
    pub tab: RecordTab,
}

impl RecordHead {
    /// The head with its tabs.
    pub fn render(&self, words: &Words) -> Markup {
        let all: Vec<Tab> = RecordTab::ALL
            .into_iter()
            .map(|tab| Tab {
                link: Link::new(words.t(tab.key()), format!("{}{}", self.path, tab.path())),
                current: tab == self.tab,
            })
            .collect();
        html! {
            header.record {
                div.record-line {
                    div {
                        p.kind { (self.kind) }
                        h1 { (self.name) }
                    }
                    @if !self.badges.is_empty() { p.badges { @for badge in &self.badges { (badge) } } }
                    div.actions {
                        @for link in &self.others { a.button href=(link.href) { (link.text) } }
                        @if let Some(action) = &self.action { (primary(action)) }
                    }
                }
                (tabs(&self.name, &all))
            }
        }
    }
}

fn primary(action: &Action) -> Markup {
    match action {
        Action::Open(link) => html! { a.button.primary href=(link.href) { (link.text) } },
        Action::Post { text, action, csrf } => html! {
            form.inline method="post" action=(action) {
                input type="hidden" name="csrf" value=(csrf);
                button.primary { (text) }
            }
        },
    }
}

/// The head of a page that is not a record: title, what it is for, one action.
pub fn page_head(title: &str, lead: Option<&str>, action: Option<&Action>) -> Markup {
    html! {
        header.record {
            div.record-line {
                div { h1 { (title) } @if let Some(lead) = lead { p.lead { (lead) } } }
                div.actions { @if let Some(action) = action { (primary(action)) } }
            }
        }
    }
}

/// One event in a record's history.
#[derive(Debug, Clone)]
pub struct HistoryEntry {
    /// When it was committed.
    pub at: Timestamp,
    /// What happened, in the past tense.
    pub what: String,
    /// Who did it, and on whose behalf.
    pub who: String,
    /// The reason given.
    pub reason: Option<String>,
    /// A state it led to, or that it was refused.
    pub badge: Option<Badge>,
    /// The ledger entry: number and address.
    pub ledger: Option<Link>,
    /// Old and new value of what changed: (name, before, after).
    pub changes: Vec<(String, String, String)>,
}

/// A record's history, newest first as given.
pub fn history(words: &Words, entries: &[HistoryEntry]) -> Markup {
    html! {
        ol.history {
            @for entry in entries {
                li {
                    p.history-when { (words.time(entry.at)) }
                    div {
                        p {
                            strong { (entry.what) } " "
                            @if let Some(badge) = &entry.badge { (badge) " " }
                            span.muted { (entry.who) }
                            @if let Some(ledger) = &entry.ledger { " " span.muted { (ledger) } }
                        }
                        @if let Some(reason) = &entry.reason {
                            p { (words.tv("kit-history-reason", &[("reason", reason.as_str().into())])) }
                        }
                        @for (name, before, after) in &entry.changes {
                            p.change { (name) ": " del { (before) } " → " ins { (after) } }
                        }
                    }
                }
            }
        }
    }
}
