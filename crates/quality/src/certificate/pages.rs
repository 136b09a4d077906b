//! The list of certificates, the page of one, and what is downloaded from it.

use kernel::CertificateId;
use publish::certificate::{CertificateDocument, Standing, Verdict, pdf};
use serde::Serialize;
use site::{Download, FileOut, Listing, Miss, Named, Page, STAFF, View, Visit};
use store::StoreError;
use ui::gallery::{self, Sample};
use ui::kit::blocks::{Notice, facts, section};
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::{Action, RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Facet, Row, Table};
use ui::{Arg, Badge, Link, Markup, State, Words, format, html};

use super::document::{both, whole_second};
use super::issue::label;
use super::render::file_name;
use super::rows::{self, Certificate};
use crate::show::{called, day, pick};

/// `/certificates`.
pub(crate) const LISTING: Listing = Listing {
    name: "certificates",
    path: "/certificates",
    rail: "quality",
    readers: STAFF,
    fetch: list,
    actions: &["certificate.issue"],
};

/// The page of one certificate.
pub(crate) const PAGE: Page =
    Page { path: "/certificates/{certificate}", rail: "quality", readers: STAFF, show };

/// PDF, JSON and dossier.
pub(crate) const DOWNLOADS: [Download; 3] = [
    Download { path: "/certificates/{certificate}/pdf", readers: STAFF, make: make_pdf },
    Download { path: "/certificates/{certificate}/json", readers: STAFF, make: make_json },
    Download { path: "/certificates/{certificate}/dossier", readers: STAFF, make: make_dossier },
];

fn list(visit: &mut Visit<'_>, query: &TableQuery) -> Result<Table, Miss> {
    let words = visit.words;
    let (found, total) = rows::page(visit.db, query)?;
    let rows = found.into_iter().map(|of| {
        let url = format!("/certificates/{}", of.id);
        Row {
            href: Some(url.clone()),
            id: Some(of.id.to_string()),
            cells: vec![
                Cell::Link(Link::new(label(&of.code, of.revision), url)),
                Cell::Badge(badge(words, of.superseded, of.rendered)),
                Named::under("lots", of.lot, &of.lot_code).cell(),
                Cell::Text(pick(words, &of.customer)),
                Cell::Instant(of.issued_at.timestamp()),
            ],
        }
    });
    let columns = vec![
        Column::text("code", words.t("field-certificate")),
        Column::text("standing", words.t("column-standing")),
        Column::text("lot", words.t("field-lot")),
        Column::text("customer", words.t("field-customer")),
        Column::text("issued_at", words.t("field-issued-at")),
    ];
    let mut table = Table::plain("certificates", words.t("list-certificates"), columns, rows.collect());
    (table.query, table.total, table.filter, table.exports) = (query.clone(), total, true, true);
    let option = |key: &str| (key.to_owned(), words.t(&format!("state-certificate-{key}")));
    let (label, options) = (words.t("column-standing"), vec![option("current"), option("superseded")]);
    table.facets = vec![Facet { key: "standing", label, options }];
    table.empty.title = words.t("empty-certificates");
    table.empty.hint = words.t("empty-certificates-hint");
    Ok(table)
}

/// How a certificate stands.
pub(crate) fn badge(words: &Words, superseded: bool, rendered: bool) -> Badge {
    match (superseded, rendered) {
        (true, _) => Badge::new(State::Fail, words.t("state-certificate-superseded")),
        (false, true) => Badge::new(State::Pass, words.t("state-certificate-current")),
        (false, false) => Badge::new(State::Neutral, words.t("state-certificate-rendering")),
    }
}

/// A certificate and its standing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CertificatePage {
    id: CertificateId,
    document: CertificateDocument,
    lot: Named,
    rendered: bool,
    superseded: Option<(Named, kernel::Names)>,
    #[serde(skip)]
    may_supersede: bool,
    json_sha256: String,
    pdf_sha256: Option<String>,
}

fn found(visit: &mut Visit<'_>) -> Result<(Certificate, CertificateDocument), Miss> {
    let id: CertificateId = visit.id("certificate")?;
    let of = rows::find(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let document = CertificateDocument::parse(of.document.as_bytes());
    let document = document.map_err(|why| StoreError::stored(id, why))?;
    Ok((of, document))
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let (of, document) = found(visit)?;
    let superseded = of.superseded.map(|next| {
        let url = format!("/certificates/{}", next.by);
        (Named::new(next.by, label(&of.code, next.revision), url), next.reason)
    });
    let page = CertificatePage {
        id: of.id,
        lot: Named::under("lots", of.lot, &document.lot.code),
        document,
        rendered: of.pdf_sha256.is_some(),
        superseded,
        may_supersede: visit.may("certificate.supersede"),
        json_sha256: of.json_sha256,
        pdf_sha256: of.pdf_sha256,
    };
    let body = gallery::View::render(&page, visit.words);
    let title = label(&of.code, of.revision);
    let mut view =
        View::new(title, body, &page).under(Link::new(visit.words.t("list-certificates"), LISTING.path));
    view.refresh = (!page.rendered).then_some(2);
    Ok(view)
}

impl gallery::View for CertificatePage {
    fn render(&self, words: &Words) -> Markup {
        let document = &self.document;
        let path = format!("/certificates/{}", self.id);
        let download = |what: &str| Link::new(words.t(&format!("download-{what}")), format!("{path}/{what}"));
        let supersede = Link::new(
            words.t("command-certificate-supersede"),
            format!("/do/certificate.supersede?certificate={}", self.id),
        );
        let mut others = vec![download("json")];
        if self.rendered {
            others.insert(0, download("pdf"));
        }
        if self.superseded.is_none() && self.may_supersede {
            others.push(supersede);
        }
        let head = RecordHead {
            kind: words.t("kind-certificate"),
            name: label(&document.number, document.revision),
            badges: vec![badge(words, self.superseded.is_some(), self.rendered)],
            action: self.rendered.then(|| Action::Open(download("dossier"))),
            others,
            path,
            tab: RecordTab::Overview,
        };
        let pick = |names: &publish::Names| words.pick(&names.en, &names.zh).to_owned();
        let keys = ["lot", "customer", "product", "specification", "issued-on", "check-code"];
        let label = keys.map(|key| words.t(&format!("field-{key}")));
        let check = format!("/check/{}", document.verification.code);
        html! {
            (head.render(words))
            @if let Some((next, reason)) = &self.superseded {
                @let because = Arg::from(words.pick(&reason.en, &reason.zh).to_owned());
                @let by = Arg::from(next.label.as_str());
                (Notice { link: Some(next.link()), ..Notice::new(
                    State::Fail,
                    words.tv("page-check-superseded", &[("by", by), ("reason", because)]),
                ) })
            }
            (facts([
                (label[0].as_str(), html! { (self.lot.link()) }),
                (label[1].as_str(), html! { (pick(&document.customer.name)) }),
                (label[2].as_str(), html! { (pick(&document.product.name)) " " (document.product.grade) }),
                (label[3].as_str(), html! {
                    (document.specification.code) " " (document.specification.edition)
                }),
                (label[4].as_str(), html! { (day(words, &document.issued_on)) }),
                (label[5].as_str(), html! { a href=(check) { (document.verification.code) } }),
                ("SHA-256 JSON", html! { code { (self.json_sha256) } }),
                ("SHA-256 PDF", html! { code { (self.pdf_sha256.as_deref().unwrap_or("—")) } }),
            ]))
            (section(&words.t("field-items"), items(words, document).render(words)))
            @let signed = signatures(words, document).render(words);
            (section(&words.t("page-certificate-signatures"), signed))
        }
    }
}

fn items(words: &Words, document: &CertificateDocument) -> Table {
    let rows = document.items.iter().map(|item| {
        let (state, verdict) = match item.verdict {
            Verdict::Pass => (State::Pass, "pass"),
            Verdict::Fail => (State::Fail, "fail"),
            Verdict::Undecidable => (State::Held, "undecidable"),
            Verdict::NotJudged => (State::Neutral, "not-judged"),
        };
        // A figure that is computed on the certificate is explained there; its own node has no page.
        let of = item.node.split('/').next().unwrap_or(&document.node);
        let number = Number::new(&item.result.text).unit(&item.unit).explained(format!("/explain/{of}"));
        let marked = |mark| item.marks.contains(&mark);
        use publish::certificate::Mark;
        let number = Number {
            hand_typed: marked(Mark::HandTyped),
            changed: marked(Mark::ChangedSinceEntry),
            ..number
        };
        let basis = item.basis.as_ref().map_or("", |basis| words.pick(&basis.en, &basis.zh));
        let limit = item.limit.as_ref().map(|limit| format!("{limit} {}", item.unit).trim_end().to_owned());
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Markup(format::formula(&called(words, &item.analyte))),
                Cell::Text(limit.unwrap_or_default()),
                Cell::Number(number),
                Cell::Text(basis.to_owned()),
                Cell::Text(format!("{} {}", item.method.code, item.method.edition)),
                Cell::Badge(Badge::new(state, words.t(&format!("verdict-{verdict}")))),
            ],
        }
    });
    let columns = vec![
        Column::text("analyte", words.t("field-analyte")),
        Column::text("limit", words.t("field-limit")),
        Column::number("result", words.t("field-result"), ""),
        Column::text("basis", words.t("field-basis")),
        Column::text("method", words.t("field-method")),
        Column::text("verdict", words.t("column-verdict")),
    ];
    Table::plain("items", words.t("field-items"), columns, rows.collect())
}

/// The instant of a signature as the reader's clock has it.
fn signed_at(words: &Words, at: &str) -> String {
    at.parse::<kernel::Instant>().map_or_else(|_| at.to_owned(), |at| words.instant(at.timestamp()))
}

/// From when to when somebody was authorised, from the certificate's own words.
fn authorised(words: &Words, period: &str) -> String {
    let days: Vec<String> = period.split(" – ").map(|date| day(words, date)).collect();
    days.join(" – ")
}

fn signatures(words: &Words, document: &CertificateDocument) -> Table {
    let rows = document.signatures.iter().map(|of| {
        let meaning = serde_json::to_value(of.meaning).unwrap_or_default();
        let under =
            Link::new(authorised(words, &of.authorised), format!("/authorisations/{}", of.authorisation));
        Row {
            href: None,
            id: None,
            cells: vec![
                Cell::Text(words.t(&format!("meaning-{}", meaning.as_str().unwrap_or_default()))),
                Cell::Text(words.pick(&of.name.en, &of.name.zh).to_owned()),
                Cell::Text(signed_at(words, &of.at)),
                if of.authorisation.is_empty() { Cell::Blank } else { Cell::Link(under) },
            ],
        }
    });
    let columns = vec![
        Column::text("meaning", words.t("column-meaning")),
        Column::text("person", words.t("field-person")),
        Column::text("at", words.t("field-at")),
        Column::text("authorisation", words.t("column-authorised")),
    ];
    Table::plain("signatures", words.t("page-certificate-signatures"), columns, rows.collect())
}

impl Sample for CertificatePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let document = publish::certificate::sample::manganese_sulphate();
        let current = CertificatePage {
            id: CertificateId(12),
            lot: Named::under("lots", kernel::LotId(31), &document.lot.code),
            json_sha256: store::sha256(&document.canonical()),
            pdf_sha256: None,
            rendered: true,
            superseded: None,
            may_supersede: true,
            document,
        };
        let next = Named::new(CertificateId(14), "C-2026-0012 / 2", "/certificates/certificate-14");
        let reason = kernel::Names { en: "Net mass corrected".into(), zh: "更正净重".into() };
        let superseded = CertificatePage { superseded: Some((next, reason)), ..current.clone() };
        let waiting = CertificatePage { rendered: false, ..current.clone() };
        vec![("current", current), ("superseded", superseded), ("being typeset", waiting)]
    }
}

/// The PDF as it was bound; of a superseded certificate a copy that says so on every page.
fn make_pdf(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let (of, document) = found(visit)?;
    let name = format!("{}.pdf", file_name(&of));
    let bytes = match &of.superseded {
        None => {
            let hash = of
                .pdf_sha256
                .as_deref()
                .ok_or_else(|| Miss::Unclear(visit.words.t("state-certificate-rendering")))?;
            visit.store.files().read(hash)?
        }
        Some(next) => {
            let by = Some(label(&of.code, next.revision));
            let on = whole_second(next.at).chars().take(10).collect();
            let standing = Standing::Superseded { by, on, reason: both(&next.reason) };
            pdf(&document, &standing).map_err(|why| Miss::Unclear(why.to_string()))?
        }
    };
    Ok(FileOut { name, content_type: "application/pdf", bytes, inline: true })
}

fn make_json(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let (of, _) = found(visit)?;
    let name = format!("{}.json", file_name(&of));
    Ok(FileOut { name, content_type: "application/json", bytes: of.document.into_bytes(), inline: false })
}

fn make_dossier(visit: &mut Visit<'_>) -> Result<FileOut, Miss> {
    let (of, _) = found(visit)?;
    let bytes = super::dossier(visit.store, of.id).map_err(|why| Miss::Unclear(why.to_string()))?;
    Ok(FileOut {
        name: format!("{}-dossier.zip", file_name(&of)),
        content_type: "application/zip",
        bytes,
        inline: false,
    })
}
