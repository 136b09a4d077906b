//! The list of certificates, the page of one, and what is downloaded from it.

use kernel::{CertificateId, Instant};
use publish::certificate::{CertificateDocument, Disposition, Verdict};
use serde::Serialize;
use site::{Listing, Miss, Named, Page, STAFF, View, Visit};
use store::StoreError;
use ui::gallery::{self, Sample};
use ui::kit::blocks::{Notice, facts, section};
use ui::kit::number::Number;
use ui::kit::query::TableQuery;
use ui::kit::record::{Action, RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Facet, Row, Table};
use ui::{Arg, Badge, Link, Markup, State, Words, format, html};

use super::ground_rows;
use super::issue::label;
use super::rows::{self, Certificate};
use super::standing::{self, Standing, Why};
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
                Cell::Badge(badge(words, &of.standing, of.rendered)),
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
    let options = ["current", "under-review", "withdrawn", "superseded"].map(option).to_vec();
    let label = words.t("column-standing");
    table.facets = vec![Facet { key: "standing", label, options }];
    table.empty.title = words.t("empty-certificates");
    table.empty.hint = words.t("empty-certificates-hint");
    Ok(table)
}

/// How a certificate stands.
pub(crate) fn badge(words: &Words, standing: &str, rendered: bool) -> Badge {
    let (state, word) = match (standing, rendered) {
        ("current", true) => (State::Pass, "current"),
        ("current", false) => (State::Neutral, "rendering"),
        ("under-review", _) => (State::Held, "under-review"),
        ("withdrawn", _) => (State::Fail, "withdrawn"),
        _ => (State::Fail, "superseded"),
    };
    Badge::new(state, words.t(&format!("state-certificate-{word}")))
}

/// A ground that fell, with its records named.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Fallen {
    why: Why,
    record: Named,
    act: Named,
}

/// Somebody who found that it stands nevertheless.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Answered {
    at: Instant,
    by: String,
    because: kernel::Names,
}

/// A certificate and its standing.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CertificatePage {
    id: CertificateId,
    document: CertificateDocument,
    lot: Named,
    rendered: bool,
    /// Why it cannot be typeset: the characters that no font has, each with its field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unprintable: Vec<String>,
    /// `current`, `under-review`, `withdrawn`, `superseded`.
    standing: &'static str,
    /// At which instant it stood so.
    as_of: Instant,
    /// What it rests on and no longer stands.
    grounds: Vec<Fallen>,
    confirmed: Option<Answered>,
    withdrawn: Option<(Instant, kernel::Names)>,
    superseded: Option<(Named, kernel::Names)>,
    #[serde(skip)]
    may_supersede: bool,
    #[serde(skip)]
    may_withdraw: bool,
    /// What ends its review, and who may.
    #[serde(skip)]
    offers: Vec<Action>,
    json_sha256: String,
    pdf_sha256: Option<String>,
}

pub(super) fn found(visit: &mut Visit<'_>) -> Result<(Certificate, CertificateDocument), Miss> {
    let id: CertificateId = visit.id("certificate")?;
    let of = rows::find(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let document = CertificateDocument::parse(of.document.as_bytes());
    let document = document.map_err(|why| StoreError::stored(id, why))?;
    Ok((of, document))
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let (of, document) = found(visit)?;
    let page = gather(visit, of, document)?;
    let body = gallery::View::render(&page, visit.words);
    let title = label(&page.document.number, page.document.revision);
    let mut view =
        View::new(title, body, &page).under(Link::new(visit.words.t("list-certificates"), LISTING.path));
    view.refresh = (!page.rendered && page.unprintable.is_empty()).then_some(2);
    Ok(view)
}

fn gather(
    visit: &mut Visit<'_>,
    of: Certificate,
    document: CertificateDocument,
) -> Result<CertificatePage, Miss> {
    let stands = standing::of(visit.db, &of)?;
    let mut page = CertificatePage {
        id: of.id,
        lot: Named::under("lots", of.lot, &document.lot.code),
        rendered: of.pdf_sha256.is_some(),
        unprintable: Vec::new(),
        standing: stands.word(),
        as_of: visit.now,
        grounds: Vec::new(),
        confirmed: None,
        withdrawn: None,
        superseded: None,
        may_supersede: visit.may("certificate.supersede"),
        may_withdraw: false,
        offers: Vec::new(),
        json_sha256: of.json_sha256.clone(),
        pdf_sha256: of.pdf_sha256.clone(),
        document,
    };
    if !page.rendered {
        let missing = publish::fonts::unprintable(&page.document);
        page.unprintable = missing.iter().map(ToString::to_string).collect();
    }
    if let Some(found) = ground_rows::confirmed(visit.db, of.id)? {
        let by = crate::show::person(visit, found.by)?;
        page.confirmed = Some(Answered { at: found.at, by, because: found.because });
    }
    match stands {
        Standing::Current => page.may_withdraw = visit.may("certificate.withdraw"),
        Standing::UnderReview { grounds } => {
            for ground in grounds {
                let (record, act) = (visit.name(ground.record)?, visit.name(ground.act)?);
                page.grounds.push(Fallen { why: ground.why, record, act });
            }
            for command in ["certificate.withdraw", "certificate.confirm"] {
                let href = format!("/do/{command}?certificate={}", of.id);
                page.offers.push(authority::offer(visit, command, href)?);
            }
        }
        Standing::Withdrawn(back) => page.withdrawn = Some((back.at, back.reason)),
        Standing::Superseded(next) => {
            let url = format!("/certificates/{}", next.by);
            page.superseded = Some((Named::new(next.by, label(&of.code, next.revision), url), next.reason));
        }
    }
    Ok(page)
}

impl gallery::View for CertificatePage {
    fn render(&self, words: &Words) -> Markup {
        let document = &self.document;
        let path = format!("/certificates/{}", self.id);
        let download = |what: &str| Link::new(words.t(&format!("download-{what}")), format!("{path}/{what}"));
        let supersede = self.act(words, "certificate.supersede");
        let mut others = vec![download("json")];
        if self.rendered {
            others.insert(0, download("pdf"));
        }
        if self.superseded.is_none() && self.may_supersede {
            others.push(supersede);
        }
        if self.may_withdraw {
            others.push(self.act(words, "certificate.withdraw"));
        }
        let head = RecordHead {
            kind: words.t("kind-certificate"),
            name: label(&document.number, document.revision),
            badges: vec![badge(words, self.standing, self.rendered)],
            action: self.rendered.then(|| Action::Open(download("dossier"))),
            others,
            path,
            tab: RecordTab::Overview,
        };
        let pick = |names: &publish::Names| words.pick(&names.en, &names.zh).to_owned();
        let keys = ["lot", "customer", "product", "specification", "issued-on", "check-code", "as-of"];
        let label = keys.map(|key| words.t(&format!("field-{key}")));
        let check = format!("/check/{}", document.verification.code);
        html! {
            (head.render(words))
            (self.notices(words))
            (self.decided(words))
            (facts([
                (label[0].as_str(), html! { (self.lot.link()) }),
                (label[1].as_str(), html! { (pick(&document.customer.name)) }),
                (label[2].as_str(), html! { (pick(&document.product.name)) " " (document.product.grade) }),
                (label[3].as_str(), html! {
                    (document.specification.code) " " (document.specification.edition)
                }),
                (label[4].as_str(), html! { (day(words, &document.issued_on)) }),
                (label[5].as_str(), html! { a href=(check) { (document.verification.code) } }),
                (label[6].as_str(), html! { (words.instant(self.as_of.timestamp())) }),
                ("SHA-256 JSON", html! { code { (self.json_sha256) } }),
                ("SHA-256 PDF", html! { code { (self.pdf_sha256.as_deref().unwrap_or("—")) } }),
            ]))
            (section(&words.t("field-items"), items(words, document).render(words)))
            @let signed = signatures(words, document).render(words);
            (section(&words.t("page-certificate-signatures"), signed))
        }
    }
}

impl CertificatePage {
    /// The way to a command on it.
    fn act(&self, words: &Words, command: &str) -> Link {
        let href = format!("/do/{command}?certificate={}", self.id);
        Link::new(words.t(&site::word("command", command)), href)
    }

    /// What was decided on the lot, in the certificate's own words; anything but a plain release as a notice.
    fn decided(&self, words: &Words) -> Markup {
        let pick = |names: &publish::Names| words.pick(&names.en, &names.zh).to_owned();
        let badge = |word: &str| crate::show::decision(words, word).words;
        match &self.document.disposition {
            Disposition::Released { .. } => html! {},
            Disposition::Concession { statement, reference, consent } => {
                let said = words.pair(&badge("concession"), &pick(statement));
                let consent = words.pair(&words.t("field-consent"), &pick(consent));
                let link = Link::new(consent, format!("/quality/dispositions/{reference}"));
                html! { (Notice { link: Some(link), ..Notice::new(State::Warning, said) }) }
            }
            Disposition::Held { statement } => html! { (Notice::new(State::Held, pick(statement))) },
            Disposition::Rejected { statement } => html! { (Notice::new(State::Fail, pick(statement))) },
        }
    }

    /// What a reader must know first, and what can be done about it.
    fn notices(&self, words: &Words) -> Markup {
        let pick = |names: &kernel::Names| words.pick(&names.en, &names.zh).to_owned();
        let at = |at: Instant| Arg::from(words.instant(at.timestamp()));
        html! {
            @if !self.unprintable.is_empty() {
                @let what = Arg::from(self.unprintable.join("; "));
                (Notice::new(State::Fail, words.tv("page-certificate-unprintable", &[("what", what)])))
            }
            @if let Some((next, reason)) = &self.superseded {
                @let (by, because) = (Arg::from(next.label.as_str()), Arg::from(pick(reason)));
                (Notice { link: Some(next.link()), ..Notice::new(
                    State::Fail,
                    words.tv("page-check-superseded", &[("by", by), ("reason", because)]),
                ) })
            }
            @if let Some((since, reason)) = &self.withdrawn {
                @let because = Arg::from(pick(reason));
                (Notice::new(
                    State::Fail,
                    words.tv("page-certificate-withdrawn", &[("at", at(*since)), ("reason", because)]),
                ))
            }
            @if !self.grounds.is_empty() {
                (Notice::new(State::Held, words.t("page-certificate-under-review")))
                ul {
                    @for of in &self.grounds {
                        li {
                            (words.t(&format!("ground-{}", of.why.word()))) ": " (of.record.link())
                            @if of.act.record != of.record.record { " → " (of.act.link()) }
                        }
                    }
                }
                p {
                    @for action in &self.offers {
                        @if let Action::Open(link) = action { a.button href=(link.href) { (link.text) } " " }
                        @else { (action.render(words)) }
                    }
                }
            }
            @if let Some(of) = &self.confirmed {
                @let (by, because) = (Arg::from(of.by.as_str()), Arg::from(pick(&of.because)));
                @let args = [("at", at(of.at)), ("by", by), ("reason", because)];
                p.muted { (words.tv("page-certificate-confirmed", &args)) }
            }
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
            unprintable: Vec::new(),
            standing: "current",
            as_of: Instant::from_micros(1_773_480_413_000_000),
            grounds: Vec::new(),
            confirmed: None,
            withdrawn: None,
            superseded: None,
            may_supersede: true,
            may_withdraw: true,
            offers: Vec::new(),
            document,
        };
        let next = Named::new(CertificateId(14), "C-2026-0012 / 2", "/certificates/certificate-14");
        let reason = kernel::Names { en: "Net mass corrected".into(), zh: "更正净重".into() };
        let superseded = Some((next, reason.clone()));
        let superseded = CertificatePage { superseded, standing: "superseded", ..current.clone() };
        let waiting = CertificatePage { rendered: false, ..current.clone() };
        let unprintable = vec!["서 (U+C11C) in customer.address.zh".to_owned()];
        let stuck = CertificatePage { unprintable, ..waiting.clone() };
        let record = Named::new(kernel::CalibrationId(4), "CAL-2026-07", "/impact/calibration-4");
        let act = Named::new(kernel::ResultId(9), "Mn = 32.14 %", "/explain/result-9");
        let grounds = vec![Fallen { why: Why::Calibration, record, act }];
        let doubted = CertificatePage { grounds, standing: "under-review", ..current.clone() };
        let withdrawn = Some((current.as_of, reason.clone()));
        let withdrawn = CertificatePage { withdrawn, standing: "withdrawn", ..current.clone() };
        let confirmed = Some(Answered { at: current.as_of, by: "Gao Min".into(), because: reason });
        let confirmed = CertificatePage { confirmed, ..current.clone() };
        let mut conceded = current.clone();
        conceded.document.disposition = Disposition::Concession {
            statement: publish::Names::new(
                "Released by concession with the customer's consent.",
                "经客户同意让步接收。",
            ),
            reference: "disposition-9".into(),
            consent: publish::Names::new("Letter 88 of 2026-03-12", "2026-03-12 第 88 号函"),
        };
        vec![
            ("by concession", conceded),
            ("current", current),
            ("confirmed", confirmed),
            ("under review", doubted),
            ("withdrawn", withdrawn),
            ("superseded", superseded),
            ("being typeset", waiting),
            ("cannot be typeset", stuck),
        ]
    }
}
