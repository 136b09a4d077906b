//! The public page on which anybody checks a certificate by its code: current, superseded, or unknown.

use publish::certificate::CertificateDocument;
use serde::Serialize;
use site::{Miss, PUBLIC, Page, View, Visit};
use store::StoreError;
use ui::gallery::{self, Sample};
use ui::kit::blocks::{Notice, facts};
use ui::kit::record::page_head;
use ui::{Arg, Markup, State, Words, html};

use super::issue::label;
use super::rows;

/// `/check/{code}`.
pub(crate) const PAGE: Page = Page { path: "/check/{code}", rail: "quality", readers: PUBLIC, show };

/// What the page says. Nothing but what stands on the paper in the reader's hand.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub(crate) enum CheckPage {
    Unknown { code: String },
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
    superseded: Option<(String, publish::Names)>,
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
    let page = match found {
        None => CheckPage::Unknown { code },
        Some(of) => {
            let document = CertificateDocument::parse(of.document.as_bytes())
                .map_err(|why| StoreError::stored(of.id, why))?;
            CheckPage::Known(Box::new(Known {
                code,
                number: label(&of.code, of.revision),
                issuer: document.issuer.name,
                product: document.product.name,
                lot: document.lot.code,
                issued_on: document.issued_on,
                json_sha256: of.json_sha256,
                pdf_sha256: of.pdf_sha256,
                superseded: of
                    .superseded
                    .map(|next| (label(&of.code, next.revision), super::document::both(&next.reason))),
            }))
        }
    };
    let body = gallery::View::render(&page, visit.words);
    Ok(View::new(visit.words.t("page-check"), body, &page))
}

impl gallery::View for CheckPage {
    fn render(&self, words: &Words) -> Markup {
        let of = match self {
            CheckPage::Unknown { code } => {
                let said = words.tv("page-check-unknown", &[("code", Arg::from(code.as_str()))]);
                let head = page_head(&words.t("page-check"), None, None);
                return html! { (head) (Notice::new(State::Fail, said)) };
            }
            CheckPage::Known(of) => of,
        };
        let pick = |names: &publish::Names| words.pick(&names.en, &names.zh).to_owned();
        let notice = match &of.superseded {
            None => Notice::new(State::Pass, words.t("page-check-current")),
            Some((by, reason)) => {
                let (by, reason) = (Arg::from(by.as_str()), Arg::from(pick(reason)));
                Notice::new(State::Fail, words.tv("page-check-superseded", &[("by", by), ("reason", reason)]))
            }
        };
        let keys = [
            "field-certificate",
            "field-issuer",
            "field-product",
            "field-lot",
            "field-issued-on",
            "field-check-code",
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
                ("SHA-256 JSON", html! { code { (of.json_sha256) } }),
                ("SHA-256 PDF", html! { code { (of.pdf_sha256.as_deref().unwrap_or("—")) } }),
            ]))
        }
    }
}

impl Sample for CheckPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let document = publish::certificate::sample::manganese_sulphate();
        let known = Known {
            code: document.verification.code.clone(),
            number: document.number.clone(),
            issuer: document.issuer.name.clone(),
            product: document.product.name.clone(),
            lot: document.lot.code.clone(),
            issued_on: document.issued_on.clone(),
            json_sha256: store::sha256(&document.canonical()),
            pdf_sha256: None,
            superseded: None,
        };
        let next = ("C-2026-0012 / 2".to_owned(), publish::Names::new("reweighed", "复磅"));
        let old = Known { superseded: Some(next), ..known.clone() };
        vec![
            ("current", CheckPage::Known(Box::new(known))),
            ("superseded", CheckPage::Known(Box::new(old))),
            ("unknown", CheckPage::Unknown { code: "AAAA-BBBB-CCCC".into() }),
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
