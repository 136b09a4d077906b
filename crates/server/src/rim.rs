//! What comes in from anybody, bounded before it is read: how deep JSON nests, how many fields there are, how
//! long what goes into the ledger may be, and that no text holds what a database cannot keep.

use serde_json::Value;

use crate::call::Call;

/// How deep JSON may nest; commands are flatter.
pub const DEEPEST: usize = 32;
/// The most fields of a form, or values of an address.
pub const MOST_PAIRS: usize = 20_000;
/// The most characters of a reason.
pub const LONGEST_REASON: usize = 1000;
/// The most characters of an idempotency key.
pub const LONGEST_KEY: usize = 200;

/// Why something is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// No JSON.
    #[error("the body is no JSON: {0}")]
    Syntax(String),
    /// Nested too deep.
    #[error("the body nests deeper than {DEEPEST} levels, the most that is read")]
    Deep,
    /// U+0000, which text in a database cannot hold.
    #[error("{0} holds the character U+0000; remove it")]
    Null(&'static str),
    /// Too many fields.
    #[error("there are more than {MOST_PAIRS} fields, the most that are read; send a file, or several times")]
    Many,
    /// A header or field that is too long.
    #[error("{what} has more than {most} characters, the most that is kept; shorten it")]
    Long {
        /// Which.
        what: &'static str,
        /// How many are taken.
        most: usize,
    },
}

/// Reads JSON, unless it nests too deep.
///
/// # Errors
/// It is no JSON, nests too deep, or holds U+0000.
pub fn json(text: &str) -> Result<Value, Unread> {
    if depth(text) > DEEPEST {
        return Err(Unread::Deep);
    }
    let read: Value = serde_json::from_str(text).map_err(|why| Unread::Syntax(why.to_string()))?;
    if text.contains("\\u0000") && holds_null(&read) {
        return Err(Unread::Null("the body"));
    }
    Ok(read)
}

/// How deep the brackets of a JSON text nest, counted without reading it.
fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' if !quoted => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// Nothing nests deeper than [`DEEPEST`] here.
fn holds_null(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(all) => all.iter().any(holds_null),
        Value::Object(map) => map.iter().any(|(name, value)| name.contains('\0') || holds_null(value)),
        _ => false,
    }
}

/// Whether pairs, of a form or of an address, can be read.
///
/// # Errors
/// There are too many, or one holds U+0000.
pub fn pairs(all: &[(String, String)], what: &'static str) -> Result<(), Unread> {
    if all.len() > MOST_PAIRS {
        return Err(Unread::Many);
    }
    let null = all.iter().any(|(name, value)| name.contains('\0') || value.contains('\0'));
    if null { Err(Unread::Null(what)) } else { Ok(()) }
}

/// The reason and the idempotency key that a program gives in headers.
///
/// # Errors
/// One is too long or holds U+0000.
pub fn headers(call: &Call) -> Result<(String, String), Unread> {
    let reason = percent_encoding::percent_decode_str(call.header("x-orepass-reason")).decode_utf8_lossy();
    let key = call.header("idempotency-key");
    short("X-Orepass-Reason", &reason, LONGEST_REASON)?;
    short("Idempotency-Key", key, LONGEST_KEY)?;
    Ok((reason.into_owned(), key.to_owned()))
}

/// Whether a text that is kept is short enough.
///
/// # Errors
/// It is too long or holds U+0000.
pub fn short(what: &'static str, text: &str, most: usize) -> Result<(), Unread> {
    if text.contains('\0') {
        return Err(Unread::Null(what));
    }
    if text.chars().count() > most { Err(Unread::Long { what, most }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_to_a_depth_and_not_further() {
        let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert!(json(&nested(DEEPEST)).is_ok());
        assert_eq!(json(&nested(DEEPEST + 1)), Err(Unread::Deep));
        assert_eq!(json(&"[".repeat(1_000_000)), Err(Unread::Deep));
        assert_eq!(json(&"{\"a\":".repeat(100_000)), Err(Unread::Deep));
        let brackets = format!("\"{}\\\"{}\"", "[".repeat(1000), "{".repeat(1000));
        assert!(json(&brackets).is_ok(), "brackets within a text do not nest");
        assert_eq!(json(r#"{"a":"\u0000"}"#), Err(Unread::Null("the body")));
        assert_eq!(json(r#"{"\u0000":1}"#), Err(Unread::Null("the body")));
        assert!(json(r#"{"a":"\\u0000"}"#).is_ok());
        for text in ["", "{", "{\"a\":}", "nul", "1 2", "\u{feff}{}"] {
            assert!(matches!(json(text), Err(Unread::Syntax(_))), "{text}");
        }
    }
}
