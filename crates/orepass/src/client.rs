//! A client for a server on this machine or behind a tunnel: HTTP/1.1 in the clear, one request a
//! connection. For anything farther, a program with TLS does the same requests.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::face::{Ask, Told};

/// The most an answer may hold.
const MOST: u64 = 1 << 30;

/// A server and by which token to ask it.
pub struct Client {
    host: String,
    token: Option<String>,
    password: Option<String>,
}

impl Client {
    /// Reads `http://host:port`.
    pub fn new(url: &str, token: Option<String>, password: Option<String>) -> Result<Self> {
        let Some(host) = url.strip_prefix("http://") else {
            bail!(
                "`{url}`: only http:// is spoken here; use a tunnel, or a program with TLS, for other servers"
            );
        };
        let host = host.trim_end_matches('/').to_owned();
        let host = if host.contains(':') { host } else { format!("{host}:80") };
        Ok(Client { host, token, password })
    }

    /// Sends a question and reads the answer.
    pub fn ask(&self, ask: &Ask) -> Result<Told> {
        let (status, body) = self.send(ask)?;
        let text = String::from_utf8_lossy(&body).into_owned();
        Ok(Told { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }

    /// Sends a question and reads the answer as the bytes that came.
    pub fn send(&self, ask: &Ask) -> Result<(u16, Vec<u8>)> {
        let coded = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let pairs: Vec<String> =
            ask.query.iter().map(|(name, value)| format!("{}={}", coded(name), coded(value))).collect();
        let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
        let (kind, body) = body(ask);
        let method = if body.is_some() { "POST" } else { "GET" };
        let mut head = format!(
            "{method} /api/v1{}{query} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            ask.path, self.host
        );
        let secrets = [
            ("Authorization", self.token.as_ref().map(|token| format!("Bearer {token}"))),
            ("X-Orepass-Password", self.password.clone()),
        ];
        let given = ask.headers.iter().map(|(name, value)| (*name, Some(value.clone())));
        for (name, value) in secrets.into_iter().chain(given) {
            let Some(value) = value else { continue };
            if value.contains(['\r', '\n']) {
                bail!("{name} holds a line break");
            }
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let body = body.unwrap_or_default();
        head.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len()));
        let mut stream =
            TcpStream::connect(&self.host).with_context(|| format!("connect to {}", self.host))?;
        stream.set_read_timeout(Some(Duration::from_secs(600)))?;
        stream.write_all(head.as_bytes())?;
        stream.write_all(&body)?;
        let mut answer = Vec::new();
        stream.take(MOST).read_to_end(&mut answer).context("read the answer")?;
        read(&answer)
    }
}

fn body(ask: &Ask) -> (String, Option<Vec<u8>>) {
    const EDGE: &str = "orepass-7f1c2b9a54";
    match (&ask.file, &ask.body) {
        (Some((name, bytes)), _) => {
            let clean = |text: &str| text.replace(['"', '\r', '\n'], "_");
            let mut body = Vec::new();
            let mut part = |head: String| {
                let start = format!("--{EDGE}\r\nContent-Disposition: form-data; {head}");
                body.extend_from_slice(start.as_bytes());
            };
            for (field, value) in &ask.fields {
                part(format!("name=\"{}\"\r\n\r\n{}\r\n", clean(field), value));
            }
            part(format!("name=\"file\"; filename=\"{}\"\r\n\r\n", clean(name)));
            body.extend_from_slice(bytes);
            body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
            (format!("multipart/form-data; boundary={EDGE}"), Some(body))
        }
        (None, Some(json)) => ("application/json".to_owned(), Some(json.clone().into_bytes())),
        (None, None) => ("application/json".to_owned(), None),
    }
}

/// Status and body of an answer; the body may come in chunks (RFC 9112, 7.1).
fn read(answer: &[u8]) -> Result<(u16, Vec<u8>)> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("the answer has no head")?;
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let status =
        head.split(' ').nth(1).and_then(|code| code.parse().ok()).context("the answer has no status")?;
    let rest = &answer[end + 4..];
    let body = if head.contains("transfer-encoding: chunked") { unchunk(rest)? } else { rest.to_vec() };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    if length.and_then(|text| text.trim().parse().ok()).is_some_and(|length: usize| length != body.len()) {
        bail!("the answer was cut off");
    }
    Ok((status, body))
}

fn unchunk(mut rest: &[u8]) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n").context("a chunk has no size")?;
        let size = usize::from_str_radix(String::from_utf8_lossy(&rest[..line]).trim(), 16)
            .context("a chunk's size")?;
        let (from, to) = (line + 2, line + 2 + size);
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(rest.get(from..to).context("the answer was cut off")?);
        rest = rest.get(to + 2..).context("the answer was cut off")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_or_in_chunks() {
        let plain = read(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}").unwrap();
        assert_eq!(plain, (200, b"{\"a\":1}".to_vec()));
        assert!(read(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"a\":1}").is_err(), "cut off");
        let chunks =
            b"HTTP/1.1 422 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":2}\r\n0\r\n\r\n";
        assert_eq!(read(chunks).unwrap(), (422, b"{\"a\":2}".to_vec()));
        assert!(read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab").is_err());
    }
}
