//! A request and an answer as plain data, so that everything behind the socket can be tested without one.

use std::collections::BTreeMap;

use site::Uploaded;

/// What is asked to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Change.
    Post,
}

/// What came in the body.
#[derive(Debug, Clone, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// A form.
    Form(Vec<(String, String)>),
    /// A form with files.
    Upload(Uploaded),
    /// Text, most often JSON.
    Text(String),
}

/// A request.
#[derive(Debug, Clone)]
pub struct Call {
    /// Read or change.
    pub method: Method,
    /// Decoded path.
    pub path: String,
    /// Decoded pairs after the question mark.
    pub query: Vec<(String, String)>,
    /// Path and query as they came, to come back to.
    pub here: String,
    /// Headers in lower case; of several of one name the last.
    pub headers: BTreeMap<String, String>,
    /// What came with it.
    pub body: Body,
}

impl Call {
    /// A header, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(String::as_str).unwrap_or_default()
    }

    /// A value after the question mark, empty when absent.
    pub fn asked(&self, name: &str) -> &str {
        value(&self.query, name)
    }

    /// A field of the form, empty when absent.
    pub fn field(&self, name: &str) -> &str {
        match &self.body {
            Body::Form(pairs) => value(pairs, name),
            Body::Upload(uploaded) => uploaded.fields.get(name).map(String::as_str).unwrap_or_default(),
            _ => "",
        }
    }

    /// All fields of the form.
    pub fn fields(&self) -> &[(String, String)] {
        match &self.body {
            Body::Form(pairs) => pairs,
            _ => &[],
        }
    }

    /// A cookie, if it was sent.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let pairs = self.header("cookie").split(';').filter_map(|pair| pair.trim().split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
    }

    /// Whether the reader's browser speaks to us under a secure address.
    pub fn is_secure(&self) -> bool {
        self.header("x-forwarded-proto") == "https"
    }
}

/// The first value under a name.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// Decodes `a=b&c=d` as browsers encode forms.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(k, v)| (decode(k), decode(v)))
        .collect()
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers beside those that every answer gets.
    pub headers: Vec<(&'static str, String)>,
    /// Content.
    pub body: Vec<u8>,
}

impl Reply {
    /// Content of a type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Reply { status, headers: vec![("content-type", content_type.to_owned())], body: body.into() }
    }

    /// A page.
    pub fn html(status: u16, page: maud::Markup) -> Self {
        Reply::new(status, "text/html; charset=utf-8", page.into_string())
    }

    /// JSON, indented for people who look.
    pub fn json(status: u16, value: &serde_json::Value) -> Self {
        Reply::new(status, "application/json", serde_json::to_string_pretty(value).unwrap_or_default())
    }

    /// Go there instead, reading.
    pub fn see_other(to: &str) -> Self {
        Reply { status: 303, headers: vec![("location", to.to_owned())], body: Vec::new() }
    }

    /// With a header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a cookie that scripts cannot read.
    #[must_use]
    pub fn cookie(self, name: &str, value: &str, seconds: i64, secure: bool) -> Self {
        let secure = if secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        self.with("set-cookie", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded_as_browsers_encode_them() {
        let decoded = pairs("a=1+2&outputs%5B0%5D.mass_kg=%E7%B2%BE%E7%9F%BF&flag&&a=3");
        let expected = [("a", "1 2"), ("outputs[0].mass_kg", "精矿"), ("flag", ""), ("a", "3")];
        assert_eq!(decoded, expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
        assert_eq!(value(&decoded, "a"), "1 2");
    }
}
