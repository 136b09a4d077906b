//! A state as a badge: icon, words and colour together, so that none of them is needed alone.

use maud::{Markup, Render, html};

use super::icon::Icon;

/// The four meanings a colour may have, and none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Refused, failed, out of limits.
    Fail,
    /// Waiting for somebody's decision.
    Held,
    /// Still good, but look.
    Warning,
    /// No judgement in it.
    Neutral,
    /// Done, passed, within limits.
    Pass,
}

impl State {
    /// The CSS class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            State::Fail => "fail",
            State::Held => "held",
            State::Warning => "warning",
            State::Neutral => "neutral",
            State::Pass => "pass",
        }
    }

    /// Its icon.
    pub fn icon(self) -> Icon {
        match self {
            State::Fail => Icon::Fail,
            State::Held => Icon::Held,
            State::Warning => Icon::Warning,
            State::Neutral => Icon::Neutral,
            State::Pass => Icon::Pass,
        }
    }
}

/// A state with its words: `Badge::new(State::Held, w.t("lot-held"))`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Badge {
    /// The meaning.
    pub state: State,
    /// The words, in the reader's language.
    pub words: String,
}

impl Badge {
    /// A badge of that meaning.
    pub fn new(state: State, words: impl Into<String>) -> Badge {
        Badge { state, words: words.into() }
    }
}

impl Render for Badge {
    fn render(&self) -> Markup {
        html! { span.badge.(self.state.class()) { (self.state.icon()) (self.words) } }
    }
}
