//! One ledger entry: who did what, when, to which records, and a digest of the details.
//!
//! The canonical form is RFC 8785 JSON. It is written by hand because the shape is fixed and every
//! record of a million-entry log is hashed again at each verification; a property test holds it
//! equal to `serde_jcs`. An absent `on_behalf_of` or `reason` is left out.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::digest::{Digest, leaf_hash};

/// The longest canonical record, in bytes: entry bundles give each a 16-bit length (C2SP tlog-tiles).
pub const MAX_RECORD_BYTES: usize = u16::MAX as usize;

/// Numbers above this are not exact in RFC 8785, whose numbers are IEEE 754 doubles.
const MAX_SEQ: u64 = (1 << 53) - 1;

/// An entry of the ledger. Members are in canonical (alphabetical) order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Who acted, like `person-7` or `system`.
    pub actor: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// The command, like `laboratory.result.release`.
    pub command: String,
    /// The kind of event, like `laboratory.result.released`.
    pub kind: String,
    /// For whom the actor acted, when not for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// [`crate::payload_digest`] of the event's payload.
    pub payload: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Zero-based position in the log, at most 2⁵³ − 1.
    pub seq: u64,
    /// The records concerned, like `lot-12`.
    pub subjects: Vec<String>,
    /// The version of the event kind's payload.
    pub version: u32,
}

/// Why bytes are not a canonical record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("the ledger record is not JSON of the expected shape: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("the ledger record is not in canonical form (RFC 8785)")]
    NotCanonical,
    #[error("the ledger record has {bytes} bytes; an entry bundle holds at most {MAX_RECORD_BYTES}")]
    TooLong { bytes: usize },
    #[error("sequence number {seq} is above 2^53 - 1, the largest exact number of RFC 8785")]
    SeqTooLarge { seq: u64 },
}

impl Record {
    /// The RFC 8785 text. Its UTF-8 bytes are what is hashed, stored and bundled.
    pub fn canonical(&self) -> String {
        let mut out = String::with_capacity(384);
        self.write_canonical(&mut out);
        out
    }

    /// Appends [`Record::canonical`] to `out`, so that a writer of many records reuses one buffer.
    pub fn write_canonical(&self, out: &mut String) {
        member(out, "{\"actor\":", &self.actor);
        member(out, ",\"at\":", &self.at);
        member(out, ",\"command\":", &self.command);
        member(out, ",\"kind\":", &self.kind);
        if let Some(person) = &self.on_behalf_of {
            member(out, ",\"on_behalf_of\":", person);
        }
        out.push_str(",\"payload\":\"");
        self.payload.push_hex(out);
        out.push('"');
        if let Some(reason) = &self.reason {
            member(out, ",\"reason\":", reason);
        }
        write!(out, ",\"seq\":{}", self.seq).expect("a String takes any text");
        out.push_str(",\"subjects\":[");
        for (place, subject) in self.subjects.iter().enumerate() {
            member(out, if place == 0 { "" } else { "," }, subject);
        }
        write!(out, "],\"version\":{}}}", self.version).expect("a String takes any text");
    }

    /// The canonical bytes, refused if they cannot be an entry of the log. Use this when appending.
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        if self.seq > MAX_SEQ {
            return Err(RecordError::SeqTooLarge { seq: self.seq });
        }
        let bytes = self.canonical().into_bytes();
        if bytes.len() > MAX_RECORD_BYTES {
            return Err(RecordError::TooLong { bytes: bytes.len() });
        }
        Ok(bytes)
    }

    /// Reads canonical bytes; any other spelling of the same record is refused.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
        let record: Record = serde_json::from_slice(bytes)?;
        if record.encode()? != bytes {
            return Err(RecordError::NotCanonical);
        }
        Ok(record)
    }

    /// The record's leaf in the tree.
    pub fn leaf(&self) -> Digest {
        leaf_hash(self.canonical().as_bytes())
    }
}

fn member(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push('"');
    push_escaped(out, value);
    out.push('"');
}

/// RFC 8785 §3.2.2.2: the seven short escapes, `\u00xx` in lower case for other controls, all else as it is.
fn push_escaped(out: &mut String, value: &str) {
    let mut clean = 0;
    for (place, byte) in value.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&value[clean..place]);
        clean = place + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            8 => out.push_str("\\b"),
            9 => out.push_str("\\t"),
            10 => out.push_str("\\n"),
            12 => out.push_str("\\f"),
            13 => out.push_str("\\r"),
            other => write!(out, "\\u{other:04x}").expect("a String takes any text"),
        }
    }
    out.push_str(&value[clean..]);
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) fn sample(seq: u64) -> Record {
        Record {
            actor: "person-7".into(),
            at: "2026-11-23T06:48:10Z".into(),
            command: "laboratory.result.release".into(),
            kind: "laboratory.result.released".into(),
            on_behalf_of: None,
            payload: Digest::of(&seq.to_be_bytes()),
            reason: None,
            seq,
            subjects: vec!["lot-12".into(), format!("sample-{seq}")],
            version: 1,
        }
    }

    #[test]
    fn canonical_form_is_fixed_for_ever() {
        let mut record = sample(3);
        let golden = concat!(
            r#"{"actor":"person-7","at":"2026-11-23T06:48:10Z","command":"laboratory.result.release","#,
            r#""kind":"laboratory.result.released","#,
            r#""payload":"d5688a52d55a02ec4aea5ec1eadfffe1c9e0ee6a4ddbe2377f98326d42dfc975","#,
            r#""seq":3,"subjects":["lot-12","sample-3"],"version":1}"#
        );
        assert_eq!(record.canonical(), golden);
        record.on_behalf_of = Some("person-9".into());
        record.reason = Some("复检: \"Cu\"\n\u{7}".into());
        record.subjects.clear();
        let golden = concat!(
            r#"{"actor":"person-7","at":"2026-11-23T06:48:10Z","command":"laboratory.result.release","#,
            r#""kind":"laboratory.result.released","on_behalf_of":"person-9","#,
            r#""payload":"d5688a52d55a02ec4aea5ec1eadfffe1c9e0ee6a4ddbe2377f98326d42dfc975","#,
            r#""reason":"复检: \"Cu\"\n\u0007","seq":3,"subjects":[],"version":1}"#
        );
        assert_eq!(record.canonical(), golden);
    }

    #[test]
    fn another_spelling_is_refused() {
        let text = sample(0).canonical();
        assert!(Record::parse(text.as_bytes()).is_ok());
        for other in [text.replacen("\"at\"", " \"at\"", 1), text.replace("lot-12", "\\u006cot-12")] {
            assert!(matches!(Record::parse(other.as_bytes()), Err(RecordError::NotCanonical)), "{other}");
        }
        let unknown = text.replacen('{', "{\"aa\":1,", 1);
        assert!(matches!(Record::parse(unknown.as_bytes()), Err(RecordError::Shape(_))));
    }

    #[test]
    fn what_no_bundle_can_hold_is_refused() {
        let mut record = sample(0);
        record.reason = Some("x".repeat(MAX_RECORD_BYTES));
        assert!(matches!(record.encode(), Err(RecordError::TooLong { .. })));
        record.reason = None;
        record.seq = 1 << 53;
        assert!(matches!(record.encode(), Err(RecordError::SeqTooLarge { .. })));
    }

    prop_compose! {
        fn any_record()(
            texts in proptest::array::uniform4(".{0,12}|[\\x00-\\x7f]{0,12}"),
            optional in proptest::array::uniform2(proptest::option::of("[\\x00-\\u{ffff}]{0,12}")),
            payload in any::<[u8; 32]>(),
            seq in 0..=MAX_SEQ,
            subjects in proptest::collection::vec("[a-z]{1,8}-[0-9]{1,5}|.{0,4}", 0..4),
            version in any::<u32>(),
        ) -> Record {
            let [actor, at, command, kind] = texts;
            let [on_behalf_of, reason] = optional;
            let payload = Digest::from_bytes(payload);
            Record { actor, at, command, kind, on_behalf_of, payload, reason, seq, subjects, version }
        }
    }

    proptest! {
        #[test]
        fn canonical_equals_serde_jcs(record in any_record()) {
            let canonical = record.canonical();
            prop_assert_eq!(&canonical, &serde_jcs::to_string(&record).unwrap());
            prop_assert_eq!(Record::parse(canonical.as_bytes()).unwrap(), record);
        }
    }
}
