//! A request: which samples somebody wants tested, by which methods, by when. Its state is never stored; it
//! follows from the results there are.

pub(crate) mod pages;
mod register;
pub(crate) mod rows;

use kernel::{Refusal, Refuse};

pub use register::{RegisterRequest, RequestItem, RequestRegistered};

/// How far a request has come. Pure: from how many results are wanted, there, and settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Nothing has been measured.
    Registered,
    /// Something has.
    InWork,
    /// Everything is released, or has its reason why not.
    Done,
}

impl RequestState {
    /// From the number of items, of items with any result, and of items with nothing open.
    pub fn derive(items: u64, begun: u64, settled: u64) -> Self {
        match (begun, settled) {
            (_, settled) if settled >= items => RequestState::Done,
            (0, _) => RequestState::Registered,
            _ => RequestState::InWork,
        }
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            RequestState::Registered => "registered",
            RequestState::InWork => "in-work",
            RequestState::Done => "done",
        }
    }
}

/// Why not, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRequest {
    /// The code is taken.
    CodeTaken(String),
    /// Nothing is asked for.
    Empty,
    /// There is no such sample.
    NoSample(String),
    /// There is no such method.
    NoMethod(String),
}

impl Refuse for NoRequest {
    fn refusal(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 7.1.1";
        match self {
            NoRequest::CodeTaken(code) => Refusal::new("request-code-taken", clause).with("code", code),
            NoRequest::Empty => Refusal::new("request-empty", clause),
            NoRequest::NoSample(what) => Refusal::new("request-no-sample", clause).with("what", what),
            NoRequest::NoMethod(what) => {
                let refusal = Refusal::new("request-no-method", clause).with("what", what);
                refusal.remedy("method.define", None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_follows_from_the_results() {
        for (items, begun, settled, expected) in [
            (2, 0, 0, RequestState::Registered),
            (2, 1, 0, RequestState::InWork),
            (2, 2, 1, RequestState::InWork),
            (2, 2, 2, RequestState::Done),
        ] {
            assert_eq!(RequestState::derive(items, begun, settled), expected);
        }
    }
}
