//! The institute's page: what certificates say of it, and the form that sets it.

use serde::Serialize;
use site::{Miss, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::{Empty, facts, section};
use ui::kit::form::{FieldKind, Form};
use ui::kit::record::page_head;
use ui::{Markup, Words, html};

use super::rows::{self, Institute};

use crate::text::{OriginUrl, Prose};

/// `/institute`.
pub const PAGE: site::Page = site::Page { path: "/institute", rail: "people", readers: STAFF, show };

/// What the page shows.
#[derive(Debug, Clone, Serialize)]
pub struct InstitutePage {
    /// The institute, once it is founded.
    pub institute: Option<Institute>,
    /// The form, for those who may.
    #[serde(skip)]
    pub form: Option<Form>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let institute = rows::find(visit.db)?.map(|(_, institute)| institute);
    let form = visit.may("institute.set").then(|| form(visit, institute.as_ref()));
    let page = InstitutePage { institute, form };
    Ok(View::new(visit.words.t("page-institute"), page.render(visit.words), &page))
}

fn form(visit: &Visit<'_>, of: Option<&Institute>) -> Form {
    let words = visit.words;
    let text = |name: &str, key: &str, value: Option<&str>| {
        ui::kit::form::Field::new(name, words.t(key), FieldKind::Text).value(value.unwrap_or_default())
    };
    let prose = |of: Option<&Option<Prose>>| of.and_then(|p| p.as_ref()).map(|p| p.as_str().to_owned());
    visit
        .form("institute.set", Some("/institute".to_owned()))
        .field(text("names.en", "field-names-en", of.map(|i| i.names.en.as_str())).required())
        .field(text("names.zh", "field-names-zh", of.map(|i| i.names.zh.as_str())))
        .field(text("address.en", "field-address-en", of.map(|i| i.address.en.as_str())).required())
        .field(text("address.zh", "field-address-zh", of.map(|i| i.address.zh.as_str())))
        .field(text("contact", "field-contact", prose(of.map(|i| &i.contact)).as_deref()))
        .field(text("accreditation", "field-accreditation", prose(of.map(|i| &i.accreditation)).as_deref()))
        .field(text("licence", "field-licence", prose(of.map(|i| &i.licence)).as_deref()))
        .field(text("time_zone", "field-time-zone", of.map(|i| i.time_zone.as_str())).required())
        .field(text(
            "origin_url",
            "field-origin-url",
            of.and_then(|i| i.origin_url.as_ref()).map(OriginUrl::as_str),
        ))
}

impl ui::gallery::View for InstitutePage {
    fn render(&self, words: &Words) -> Markup {
        html! {
            (page_head(&words.t("page-institute"), Some(&words.t("page-institute-lead")), None))
            @match &self.institute {
                Some(institute) => (said(words, institute)),
                None => (Empty::new(words.t("empty-institute"), words.t("empty-institute.hint")).render()),
            }
            @if let Some(form) = &self.form {
                (section(&words.t("command-institute-set"), form.render(words)))
            }
        }
    }
}

fn said(words: &Words, of: &Institute) -> Markup {
    let prose = |text: &Option<Prose>| text.as_ref().map_or("—", |text| text.as_str()).to_owned();
    let pairs = [
        ("field-names", format!("{} · {}", of.names.en, of.names.zh)),
        ("field-address", format!("{} · {}", of.address.en, of.address.zh)),
        ("field-contact", prose(&of.contact)),
        ("field-accreditation", prose(&of.accreditation)),
        ("field-licence", prose(&of.licence)),
        ("field-time-zone", of.time_zone.to_string()),
        ("field-origin-url", of.origin_url.as_ref().map_or("—".to_owned(), ToString::to_string)),
    ];
    let named: Vec<(String, String)> = pairs.into_iter().map(|(key, value)| (words.t(key), value)).collect();
    facts(named.iter().map(|(name, value)| (name.as_str(), html! { (value) })))
}

impl Sample for InstitutePage {
    fn samples() -> Vec<(&'static str, Self)> {
        let sample = <super::set::InstituteSet as store::Fact>::samples().into_iter().next();
        let institute = sample.map(|set| set.institute);
        let form = Some(Form::new("institute.set", "/do/institute.set", "x", "OK"));
        vec![
            ("usual", InstitutePage { institute, form }),
            ("empty", InstitutePage { institute: None, form: None }),
        ]
    }
}
