//! The two files that explain the archive: README in both languages, and RO-Crate metadata for machines.

use std::collections::BTreeMap;

use ledger::VerifierKey;
use serde_json::{Value, json};

use super::model::DossierParts;
use super::path;

/// What the archive is, how to check it, and what each file holds.
pub(super) fn readme(parts: &DossierParts, key: &VerifierKey) -> String {
    let document = &parts.document;
    include_str!("readme.md")
        .replace("{number}", &document.number)
        .replace("{revision}", &document.revision.to_string())
        .replace("{issuer-zh}", &document.issuer.name.zh)
        .replace("{issuer-en}", &document.issuer.name.en)
        .replace("{key}", &key.to_string())
        .replace("{at}", &parts.exported_at)
}

/// RO-Crate 1.1 metadata (<https://w3id.org/ro/crate/1.1>): the archive as a dataset and every file in it.
pub(super) fn ro_crate(parts: &DossierParts, files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let document = &parts.document;
    let mut names: Vec<&str> = files.keys().map(String::as_str).collect();
    names.push(path::STATUS);
    let mut graph = vec![
        json!({
            "@id": path::CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        }),
        json!({
            "@id": "./",
            "@type": "Dataset",
            "name": format!("质量证明书 Certificate of quality {} / {}", document.number, document.revision),
            "description": format!(
                "Evidence for the certificate of lot {}: the certificate, the derivation of every number, \
                 raw files, ledger entries with proofs. 批次 {} 质量证明书的证据包。",
                document.lot.code, document.lot.code
            ),
            "datePublished": parts.exported_at,
            "identifier": format!("{}/{}/{}", document.ledger_origin, document.number, document.revision),
            "license": {"@id": "#terms"},
            "author": {"@id": "#issuer"},
            "publisher": {"@id": "#issuer"},
            "mainEntity": {"@id": path::CERTIFICATE_JSON},
            "hasPart": names.iter().map(|name| json!({"@id": name})).collect::<Vec<_>>(),
        }),
        json!({
            "@id": "#issuer",
            "@type": "Organization",
            "name": format!("{} {}", document.issuer.name.zh, document.issuer.name.en),
        }),
        json!({
            "@id": "#terms",
            "@type": "CreativeWork",
            "name": "For checking this certificate; not to be reproduced except in full 仅供核验本证书，不得部分复制",
        }),
    ];
    for name in names {
        let mut file = json!({"@id": name, "@type": "File", "encodingFormat": media_type(name)});
        if let (Some(bytes), Value::Object(members)) = (files.get(name), &mut file) {
            members.insert("contentSize".to_owned(), Value::from(bytes.len().to_string()));
        }
        graph.push(file);
    }
    let whole = json!({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph});
    serde_json::to_vec_pretty(&whole).expect("texts are always JSON")
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "pdf" => "application/pdf",
        "json" => "application/json",
        "md" => "text/markdown",
        "csv" => "text/csv",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "txt" | "prn" | "tsv" | "note" | "salt" | "vkey" | "tlog-proof" => "text/plain",
        _ if name == path::CHECKPOINT => "text/plain",
        _ => "application/octet-stream",
    }
}
