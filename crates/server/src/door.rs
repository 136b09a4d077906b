//! Who is at the door: a session's cookie, a token, or a visitor; in which language; and whether a form is
//! theirs.

use std::collections::BTreeMap;

use authority::SessionActor;
use kernel::{Actor, PersonId, Via, Who};
use store::{Store, StoreError};
use ui::{Lang, Theme};

use crate::call::{Call, Reply};

/// The session's secret.
pub const SESSION: &str = "orepass_session";
/// Ties a visitor's forms to their browser before they sign in.
const VISITOR: &str = "orepass_visitor";
const LANG: &str = "orepass_lang";
const THEME: &str = "orepass_theme";
/// The ledger entry of the last command, shown once.
pub const DONE: &str = "orepass_done";

/// Who reads.
pub struct Reader {
    /// Who it is, when they are known.
    pub known: Option<SessionActor>,
    /// As whom commands are given.
    pub actor: Actor,
    /// Their language.
    pub lang: Lang,
    /// How light their pages are.
    pub theme: Theme,
    /// The token their forms carry.
    pub csrf: String,
    /// A cookie to be set, when they had none.
    pub new_visitor: Option<String>,
}

impl Reader {
    /// Somebody of whom nothing is known: may see what everybody may.
    pub fn visitor(lang: Lang) -> Self {
        let who = Who::Person(PersonId(0));
        let actor = Actor { who, roles: vec![], via: Via::Page, reauthenticated: false, only: Some(vec![]) };
        Reader { known: None, actor, lang, theme: Theme::Auto, csrf: String::new(), new_visitor: None }
    }

    /// Somebody whose actor is known from elsewhere: a token, or the command line.
    pub fn of(actor: Actor, lang: Lang) -> Self {
        Reader { actor, ..Reader::visitor(lang) }
    }

    /// Whether they may read what is for these roles.
    pub fn may_read(&self, readers: &[kernel::Role]) -> bool {
        readers.is_empty() || self.actor.has_any(readers)
    }
}

/// 128 random bits as hex.
pub fn secret() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    hex::encode(bytes)
}

fn csrf_of(secret: &str) -> String {
    store::sha256(format!("orepass form token\n{secret}").as_bytes())
}

/// Who stands behind a request's cookies.
pub fn meet(store: &Store, call: &Call) -> Result<Reader, StoreError> {
    let known = match call.cookie(SESSION) {
        Some(secret) => store.read(|db| authority::actor_of_session(db, secret, store.now()))?,
        None => None,
    };
    let chosen = known.as_ref().and_then(|known| known.lang.as_deref());
    let lang = call.cookie(LANG).or(chosen).and_then(Lang::parse);
    let lang = lang.unwrap_or_else(|| Lang::accept(call.header("accept-language")));
    let mut reader = Reader::visitor(lang);
    reader.theme = call.cookie(THEME).map(Theme::parse).unwrap_or_default();
    reader.csrf = match (&known, call.cookie(SESSION), call.cookie(VISITOR)) {
        (Some(_), Some(session), _) => csrf_of(session),
        (_, _, Some(visitor)) => csrf_of(visitor),
        _ => {
            let visitor = secret();
            let token = csrf_of(&visitor);
            reader.new_visitor = Some(visitor);
            token
        }
    };
    if let Some(known) = known {
        reader.actor = known.actor.clone();
        reader.known = Some(known);
    }
    Ok(reader)
}

/// Whether a changing request is the reader's own: their token, sent from our own pages.
pub fn is_own(reader: &Reader, call: &Call, public_url: &str) -> bool {
    let token = !reader.csrf.is_empty() && same(call.field("csrf"), &reader.csrf);
    let origin = call.header("origin");
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let home =
        host == call.header("host") || (!public_url.is_empty() && origin == public_url.trim_end_matches('/'));
    token && (origin.is_empty() || home)
}

/// Compares secrets in a time that does not tell where they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |wrong, (x, y)| wrong | (x ^ y)) == 0
}

/// Keeps a visitor's cookie, when one is new.
pub fn keep(reader: &Reader, call: &Call, reply: Reply) -> Reply {
    match &reader.new_visitor {
        Some(visitor) => reply.cookie(VISITOR, visitor, 24 * 3600, call.is_secure()),
        None => reply,
    }
}

/// `POST /preferences`: language and theme, kept for a year.
pub fn preferences(call: &Call) -> Reply {
    let mut reply = Reply::see_other(local(call.field("return_to")));
    let secure = call.is_secure();
    const YEAR: i64 = 365 * 24 * 3600;
    if let Some(lang) = Lang::parse(call.field("lang")) {
        reply = reply.cookie(LANG, lang.code(), YEAR, secure);
    }
    let theme = call.field("theme");
    if !theme.is_empty() {
        reply = reply.cookie(THEME, Theme::parse(theme).code(), YEAR, secure);
    }
    reply
}

/// A way back that stays on this site; the front page otherwise.
pub fn local(path: &str) -> &str {
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if plain { path } else { "/" }
}

/// The parts of a bearer token's header.
pub fn bearer(headers: &BTreeMap<String, String>) -> Option<&str> {
    let value = headers.get("authorization")?;
    let (kind, token) = value.split_once(' ')?;
    kind.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_here() {
        for (given, kept) in [
            ("/lots?x=1", "/lots?x=1"),
            ("//evil.example", "/"),
            ("https://evil", "/"),
            ("", "/"),
            ("/\\evil", "/"),
        ] {
            assert_eq!(local(given), kept);
        }
    }

    #[test]
    fn tokens_differ_by_secret_and_are_compared_whole() {
        assert!(
            same(&csrf_of("a"), &csrf_of("a")) && !same(&csrf_of("a"), &csrf_of("b")) && !same("a", "ab")
        );
    }
}
