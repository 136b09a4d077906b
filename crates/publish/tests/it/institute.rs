//! A made-up institute with one raw file, a ledger and a certificate: the parts of a whole dossier.

use ledger::{Checkpoint, Memory, Proof, Record, SigningKey, leaf_hash, payload_digest};
use publish::Names;
use publish::certificate::{CertificateDocument, Mark, Standing, pdf, sample};
use publish::dossier::*;

pub const ORIGIN: &str = "lianhe.example/ledger";

pub fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

/// The instrument file: one line an item of the certificate, decimal comma in the last.
pub fn raw_file(document: &CertificateDocument) -> Vec<u8> {
    let lines = document
        .items
        .iter()
        .map(|item| format!("S-2026-0311;{};{}\r\n", item.node, token(&item.result.text)));
    let text: String = std::iter::once("Sample;Line;Reading\r\n".to_owned()).chain(lines).collect();
    text.into_bytes()
}

/// What the instrument printed for a result: pH is typed by hand; manganese was rounded from more digits.
fn token(text: &str) -> String {
    match text {
        "32.14" => " 32,1372 ".to_owned(),
        other => other.replace('.', ","),
    }
}

/// The certificate, with the item typed by hand left where the sample has it (pH).
pub fn document() -> CertificateDocument {
    let mut document = sample::manganese_sulphate();
    document.ledger_origin = ORIGIN.into();
    document
}

pub fn derivation(document: &CertificateDocument, raw: &[u8]) -> Derivation {
    let mut derivation = Derivation { schema: DERIVATION_SCHEMA.into(), ..Derivation::default() };
    let hash = ledger::Digest::of(raw).to_hex();
    let whole = String::from_utf8(raw.to_vec()).unwrap();
    for (row, item) in (2u64..).zip(&document.items) {
        let typed = item.marks.contains(&Mark::HandTyped);
        let mut node = Node {
            id: item.node.clone(),
            label: item.analyte.name.clone(),
            value: Some(item.result.text.clone()),
            unit: Some(item.unit.clone()),
            typed,
            seq: typed.then_some(1),
            ..Node::default()
        };
        if !typed {
            let token = token(&item.result.text);
            let reading = format!("reading-{row}");
            let start = whole.find(&format!(";{token}\r")).unwrap() as u64 + 1;
            derivation.nodes.push(Node {
                id: reading.clone(),
                label: Names::new("reading", "读数"),
                value: Some(token.trim().replace(',', ".")),
                step: Some(Step::Read { decimal: ",".into(), thousands: String::new() }),
                raw: Some(RawToken {
                    file: hash.clone(),
                    row,
                    column: 3,
                    bytes: Some([start, start + token.len() as u64]),
                    text: token,
                    sheet: None,
                }),
                ..Node::default()
            });
            derivation.edges.push(Edge { from: reading, to: item.node.clone(), role: "evidence".into() });
            if item.result.text == "32.14" {
                node.step = Some(Step::Round { rounding: Rounding { places: 2, ties: Ties::ToEven } });
            }
        }
        derivation.nodes.push(node);
    }
    derivation.nodes.push(Node {
        id: "method-4".into(),
        label: Names::new("method", "方法"),
        ..Node::default()
    });
    let first = document.items[0].node.clone();
    derivation.edges.push(Edge { from: "method-4".into(), to: first, role: "method".into() });
    derivation
}

/// Parts of a dossier whose ledger binds exactly these bytes. `entries` of them are in a log of 21.
pub fn parts_of(document: CertificateDocument) -> DossierParts {
    let pdf = pdf(&document, &Standing::Current).unwrap();
    let raw = raw_file(&document);
    let derivation = derivation(&document, &raw);
    let hash = |bytes: &[u8]| ledger::Digest::of(bytes).to_hex();
    let event = |seq: u64, kind: &str, payload: String| {
        let salt = [seq as u8; 16];
        let record = Record {
            actor: "person-7".into(),
            at: format!("2026-03-14T09:{seq:02}:00Z"),
            command: kind.replace("issued", "issue"),
            kind: kind.into(),
            on_behalf_of: None,
            payload: payload_digest(&salt, payload.as_bytes()),
            reason: None,
            seq,
            subjects: vec![document.node.clone(), document.lot.node.clone()],
            version: 1,
        };
        (record, SaltedPayload { salt, bytes: payload.into_bytes() })
    };
    let events: Vec<_> = (0..21)
        .map(|seq| match seq {
            1 => event(seq, "result.entered", r#"{"value":"5.12"}"#.into()),
            12 => event(
                seq,
                "certificate.issued",
                format!(r#"{{"json_sha256":"{}","lot":"lot-31"}}"#, hash(&document.canonical())),
            ),
            14 => event(seq, "certificate.rendered", format!(r#"{{"pdf_sha256":"{}"}}"#, hash(&pdf))),
            _ => event(seq, "lot.received", format!(r#"{{"n":{seq}}}"#)),
        })
        .collect();
    let log = Memory::from_leaves(events.iter().map(|(record, _)| leaf_hash(record.canonical().as_bytes())));
    let checkpoint = Checkpoint::sign(21, log.tree().root(), &key());
    let entries = events
        .into_iter()
        .filter(|(record, _)| [1, 12, 14, 20].contains(&record.seq))
        .map(|(record, payload)| LedgerEntry {
            proof: Proof::make(record.seq, &checkpoint, &log).unwrap(),
            payload: (record.seq != 20).then_some(payload),
            record,
        })
        .collect();
    DossierParts {
        document,
        pdf,
        derivation,
        raw: vec![RawFile { name: "varian.CSV".into(), bytes: raw }],
        entries,
        checkpoint,
        standing: SignedStanding::Current,
        exported_at: "2026-03-20T08:00:00Z".into(),
    }
}

pub fn parts() -> DossierParts {
    parts_of(document())
}
