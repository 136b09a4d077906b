//! The two files that explain the archive: README in both languages, and RO-Crate metadata for machines.

use std::collections::BTreeMap;

use ledger::VerifierKey;
use serde_json::{Value, json};

use super::model::DossierParts;
use super::path;

/// What the archive is, how to check it, and what each file holds.
pub(super) fn readme(parts: &DossierParts, key: &VerifierKey) -> String {
    let document = &parts.document;
    format!(
        "# {number} / {revision}\n\n\
        ## 质量证明书证据包\n\n\
        本压缩包用于离线核验质量证明书 {number}（修订 {revision}），签发方：{issuer_zh}。\
        无需账号、网络或签发方的系统。\n\n\
        核验：`orepass verify dossier.zip --key KEY`。KEY 为签发方公布的公钥，应从签发方另行取得，\
        并与本包所用公钥核对：\n\n    {key}\n\n\
        也可按 Orepass 文档 `docs/dossier.md` 的步骤，用任何语言自行编写核验程序。\n\n\
        | 文件 | 内容 |\n|---|---|\n\
        | `certificate.pdf` | 证书 |\n\
        | `certificate.json` | 证书的规范化 JSON（RFC 8785） |\n\
        | `derivation.json` | 每个数字的来历，直至原始文件中的字符 |\n\
        | `raw/` | 原始文件，以 SHA-256 命名 |\n\
        | `ledger/` | 台账记录、加盐载荷、包含证明、已签署的检查点 |\n\
        | `keys/` | 签发方公钥 |\n\
        | `status.note` | 签发方签署的声明：导出时（{at}）证书是否有效，以及各文件的哈希 |\n\n\
        ## Dossier of a certificate of quality\n\n\
        This archive lets anybody check the certificate {number}, revision {revision}, issued by {issuer_en}, offline: \
        without an account, a network or the issuer's system.\n\n\
        To check it: `orepass verify dossier.zip --key KEY`. KEY is the issuer's public key; get it from the issuer by \
        another way and compare it with the key used here:\n\n    {key}\n\n\
        Or write a verifier of your own, in any language, from `docs/dossier.md` of Orepass.\n\n\
        | file | content |\n|---|---|\n\
        | `certificate.pdf` | the certificate |\n\
        | `certificate.json` | the certificate as canonical JSON (RFC 8785) |\n\
        | `derivation.json` | where every number comes from, down to the token in the raw file |\n\
        | `raw/` | the raw files, named by their SHA-256 |\n\
        | `ledger/` | ledger entries, salted payloads, inclusion proofs, the signed checkpoint |\n\
        | `keys/` | the issuer's public key |\n\
        | `status.note` | the issuer's signed statement at export ({at}): in force or superseded, and the hash of each file |\n",
        number = document.number,
        revision = document.revision,
        issuer_zh = document.issuer.name.zh,
        issuer_en = document.issuer.name.en,
        at = parts.exported_at,
    )
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
                "Evidence for the certificate of lot {}: the certificate, the derivation of every number, raw files, \
                 ledger entries with proofs. 批次 {} 质量证明书的证据包。",
                document.lot.code, document.lot.code
            ),
            "datePublished": parts.exported_at,
            "identifier": format!("{}/{}/{}", document.ledger_origin, document.number, document.revision),
            "license": {"@id": "#terms"},
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
