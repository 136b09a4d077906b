//! The head every record page has: name, states, the one next action, four tabs; and the record's history.

use jiff::Timestamp;
use maud::{Markup, html};

use super::Link;
use super::badge::Badge;
use super::icon::Icon;
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
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
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
        #[serde(skip)]
        csrf: String,
    },
    /// What this reader may not do: it stands where the button would and says who can.
    Barred {
        /// The words of the button.
        text: String,
        /// Who can do it, by role and name.
        who: String,
    },
}

impl Action {
    /// The button; what is barred opens to say who can do it, without script as well.
    pub fn render(&self, words: &Words) -> Markup {
        match self {
            Action::Open(link) => html! { a.button.primary href=(link.href) { (link.text) } },
            Action::Post { text, action, csrf } => html! {
                form.inline method="post" action=(action) {
                    input type="hidden" name="csrf" value=(csrf);
                    button.primary { (text) }
                }
            },
            Action::Barred { text, who } => html! {
                details.barred {
                    summary { (Icon::Lock) (text) }
                    p { (words.tv("kit-barred", &[("who", who.as_str().into())])) }
                }
            },
        }
    }
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
    /// The head with its tabs below the record's own address.
    pub fn render(&self, words: &Words) -> Markup {
        self.render_with(words, |tab| format!("{}{}", self.path, tab.path()))
    }

    /// The head with tabs that lead where the caller says.
    pub fn render_with(&self, words: &Words, href: impl Fn(RecordTab) -> String) -> Markup {
        let all = RecordTab::ALL
            .map(|tab| Tab { link: Link::new(words.t(tab.key()), href(tab)), current: tab == self.tab });
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
                        @if let Some(action) = &self.action { (action.render(words)) }
                    }
                }
                (tabs(&self.name, &all))
            }
        }
    }
}

/// The head of a page that is not a record: title, what it is for, the buttons beside it.
pub fn page_head(title: &str, lead: Option<&str>, actions: Option<Markup>) -> Markup {
    html! {
        header.record {
            div.record-line {
                div { h1 { (title) } @if let Some(lead) = lead { p.lead { (lead) } } }
                @if let Some(actions) = actions { div.actions { (actions) } }
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
