//! The public page on which anybody checks a certificate by its code: whether it is in force at this instant,
//! under review, withdrawn, superseded, or unknown.

use kernel::Instant;
use publish::certificate::CertificateDocument;
use serde::Serialize;
use site::{Miss, PUBLIC, Page, View, Visit};
use store::StoreError;
use ui::gallery::{self, Sample};
use ui::kit::blocks::{Notice, facts};
use ui::kit::record::page_head;
use ui::{Arg, Markup, State, Words, html};

use super::document::both;
use super::issue::label;
use super::rows;
use super::standing::{self, Standing, reasons};

/// `/check/{code}`.
pub(crate) const PAGE: Page = Page { path: "/check/{code}", rail: "quality", readers: PUBLIC, show };

/// What the page says. Nothing but what stands on the paper in the reader's hand, and how it stands now.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum CheckPage {
    Unknown {
        code: String,
        /// `unknown`.
        standing: &'static str,
        as_of: Instant,
    },
    Known(Box<Known>),
}

/// A certificate that exists.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Known {
    code: String,
    number: String,
    issuer: publish::Names,
    product: publish::Names,
    lot: String,
    issued_on: String,
    json_sha256: String,
    pdf_sha256: Option<String>,
    /// `current`, `under-review`, `withdrawn`, `superseded`.
    standing: &'static str,
    /// At which instant it stood so.
    as_of: Instant,
    /// Why it is not in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<publish::Names>,
    /// What to use instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<String>,
    /// Since when it is withdrawn or superseded.
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Instant>,
    /// Whether it gives leave to use the lot; one that says that a lot is held or rejected does not.
    decision: &'static str,
}

/// `7k2f93qdmx4t` and `7K2F 93QD-MX4T` are the same code.
fn plain(code: &str) -> String {
    let letters: Vec<char> = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let upper: Vec<char> = letters.iter().map(char::to_ascii_uppercase).collect();
    upper.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let code = plain(visit.path.get("code").map(String::as_str).unwrap_or_default());
    let found = match rows::by_check_code(visit.db, &code)? {
        Some(id) => rows::find(visit.db, id)?,
        None => None,
    };
    let as_of = visit.now;
    let page = match found {
        None => CheckPage::Unknown { code, standing: "unknown", as_of },
        Some(of) => {
            let document = CertificateDocument::parse(of.document.as_bytes())
                .map_err(|why| StoreError::stored(of.id, why))?;
            let stands = standing::of(visit.db, &of)?;
            CheckPage::Known(Box::new(Known::of(code, of, document, &stands, as_of)))
        }
    };
    let body = gallery::View::render(&page, visit.words);
    Ok(View::new(visit.words.t("page-check"), body, &page))
}

impl Known {
    fn of(
        code: String,
        of: rows::Certificate,
        document: CertificateDocument,
        stands: &Standing,
        as_of: Instant,
    ) -> Known {
        let (reason, superseded_by, decided_at) = match stands {
            Standing::Current => (None, None, None),
            Standing::UnderReview { grounds } => (Some(reasons(grounds)), None, None),
            Standing::Withdrawn(back) => (Some(both(&back.reason)), None, Some(back.at)),
            Standing::Superseded(next) => {
                (Some(both(&next.reason)), Some(label(&of.code, next.revision)), Some(next.at))
            }
        };
        Known {
            code,
            number: label(&of.code, of.revision),
            decision: document.disposition.word(),
            issuer: document.issuer.name,
            product: document.product.name,
            lot: document.lot.code,
            issued_on: document.issued_on,
            json_sha256: of.json_sha256,
            pdf_sha256: of.pdf_sha256,
            standing: stands.word(),
            as_of,
            reason,
            superseded_by,
            decided_at,
        }
    }

    /// The first thing a reader must know.
    fn notice(&self, words: &Words) -> Notice {
        let pick = |names: &publish::Names| words.pick(&names.en, &names.zh).to_owned();
        let text = |text: String| Arg::from(text);
        let args = [
            ("as_of", text(words.instant(self.as_of.timestamp()))),
            ("reason", text(self.reason.as_ref().map(pick).unwrap_or_default())),
            ("by", text(self.superseded_by.clone().unwrap_or_default())),
        ];
        // A certificate may be in force and say that its lot must not be used.
        let leave = matches!(self.decision, "released" | "concession");
        let (shade, key) = match (self.standing, leave) {
            ("current", true) => (State::Pass, "page-check-current"),
            ("current", false) => (State::Fail, "page-check-no-leave"),
            ("under-review", _) => (State::Held, "page-check-under-review"),
            ("withdrawn", _) => (State::Fail, "page-check-withdrawn"),
            _ => (State::Fail, "page-check-superseded"),
        };
        Notice::new(shade, words.tv(key, &args))
    }
}

impl gallery::View for CheckPage {
    fn render(&self, words: &Words) -> Markup {
        let of = match self {
            CheckPage::Unknown { code, .. } => {
                let said = words.tv("page-check-unknown", &[("code", Arg::from(code.as_str()))]);
                let head = page_head(&words.t("page-check"), None, None);
                return html! { (head) (Notice::new(State::Fail, said)) };
            }
            CheckPage::Known(of) => of,
        };
        let pick = |names: &publish::Names| words.pick(&names.en, &names.zh).to_owned();
        let notice = of.notice(words);
        let keys = [
            "field-certificate",
            "field-issuer",
            "field-product",
            "field-lot",
            "field-issued-on",
            "field-check-code",
            "field-as-of",
        ];
        let label = keys.map(|key| words.t(key));
        html! {
            (page_head(&words.t("page-check"), None, None))
            (notice)
            (facts([
                (label[0].as_str(), html! { (of.number) }),
                (label[1].as_str(), html! { (pick(&of.issuer)) }),
                (label[2].as_str(), html! { (pick(&of.product)) }),
                (label[3].as_str(), html! { (of.lot) }),
                (label[4].as_str(), html! { (crate::show::day(words, &of.issued_on)) }),
                (label[5].as_str(), html! { (of.code) }),
                (label[6].as_str(), html! { (words.instant(of.as_of.timestamp())) }),
                ("SHA-256 JSON", html! { code { (of.json_sha256) } }),
                ("SHA-256 PDF", html! { code { (of.pdf_sha256.as_deref().unwrap_or("—")) } }),
            ]))
        }
    }
}

impl Sample for CheckPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let document = publish::certificate::sample::manganese_sulphate();
        let current = Known {
            code: document.verification.code.clone(),
            number: document.number.clone(),
            issuer: document.issuer.name.clone(),
            product: document.product.name.clone(),
            lot: document.lot.code.clone(),
            issued_on: document.issued_on.clone(),
            json_sha256: store::sha256(&document.canonical()),
            pdf_sha256: None,
            standing: "current",
            as_of: Instant::from_micros(1_773_480_413_000_000),
            reason: None,
            superseded_by: None,
            decided_at: None,
            decision: "released",
        };
        let reason = Some(publish::Names::new("reweighed", "复磅"));
        let superseded_by = Some("C-2026-0012 / 2".to_owned());
        let old = Known { standing: "superseded", superseded_by, reason, ..current.clone() };
        let reason = Some(publish::Names::new("a calibration was voided", "所用校准已作废"));
        let doubted = Known { standing: "under-review", reason: reason.clone(), ..current.clone() };
        let back = Known { standing: "withdrawn", reason, ..current.clone() };
        let held = Known { decision: "held", ..current.clone() };
        let as_of = current.as_of;
        let known = |of: Known| CheckPage::Known(Box::new(of));
        vec![
            ("superseded", known(old)),
            ("under review", known(doubted)),
            ("withdrawn", known(back)),
            ("says that the lot is held", known(held)),
            ("unknown", CheckPage::Unknown { code: "AAAA-BBBB-CCCC".into(), standing: "unknown", as_of }),
            ("current", known(current)),
        ]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(super::plain("7k2f93qdmx4t"), "7K2F-93QD-MX4T");
        assert_eq!(super::plain(" 7K2F 93QD-MX4T"), "7K2F-93QD-MX4T");
    }
}
