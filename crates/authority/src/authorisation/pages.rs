//! The page of one authorisation.

use kernel::{AuthorisationId, Instant};
use serde::Serialize;
use site::{Miss, Named, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::{Notice, facts, section};
use ui::kit::form::{Field, FieldKind, Form, Item};
use ui::kit::record::{RecordHead, RecordTab};
use ui::{Link, Markup, State, Words, html};

use super::rules::{Authorisation, Validity, Withdrawal};
use super::{list, rows};
use crate::show;

/// `/authorisations/{authorisation}`.
pub const PAGE: site::Page =
    site::Page { path: "/authorisations/{authorisation}", rail: "people", readers: STAFF, show };

/// What the page shows.
#[derive(Debug, Clone, Serialize)]
pub struct AuthorisationPage {
    /// The authorisation.
    pub authorisation: Authorisation,
    /// Who may.
    pub person: Named,
    /// In what.
    pub scope: Named,
    /// Who granted it.
    pub granted_by: Option<Named>,
    /// How it stands now.
    pub validity: Validity,
    /// The present instant.
    pub as_of: Instant,
    /// The form to withdraw it, for those who may.
    #[serde(skip)]
    pub withdraw: Option<Form>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: AuthorisationId = visit.id("authorisation")?;
    let held = rows::find(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let granter = held.granted_by.map(kernel::Ref::from);
    let named =
        show::name_all(visit, [Some(held.person.into()), Some(held.scope), granter].into_iter().flatten())?;
    let name =
        |record: kernel::Ref| named.get(&record).cloned().ok_or_else(|| Miss::NoSuch(record.to_string()));
    let words = visit.words;
    let form = || {
        let form = visit.form("authorisation.withdraw", Some(visit.here.clone()));
        let form = form.item(Item::Hidden("authorisation".into(), id.to_string()));
        let from = Field::new("from", words.t("field-authorisation-withdraw-from"), FieldKind::Text)
            .hint(words.t("hint-withdraw-from"));
        let reason = show::field(words, "reason", FieldKind::Area { rows: 3 }).required();
        form.field(from).field(reason)
    };
    let open = held.withdrawn.is_none() && visit.may("authorisation.withdraw");
    let page = AuthorisationPage {
        person: name(held.person.into())?,
        scope: name(held.scope)?,
        granted_by: granter.map(name).transpose()?,
        validity: held.at(visit.now),
        as_of: visit.now,
        withdraw: open.then(form),
        authorisation: held,
    };
    let view = View::new(id.to_string(), page.render(words), &page);
    Ok(view
        .under(Link::new(words.t("list-people"), "/people"))
        .under(Link::new(words.t("list-authorisations"), "/authorisations")))
}

impl ui::gallery::View for AuthorisationPage {
    fn render(&self, words: &Words) -> Markup {
        let held = &self.authorisation;
        let activity = words.t(&format!("activity-{}", held.activity));
        let head = RecordHead {
            kind: words.t("kind-authorisation"),
            name: format!("{} · {activity} · {}", self.person.label, self.scope.label),
            badges: vec![list::badge(words, self.validity, held.end(), self.as_of)],
            action: None,
            others: Vec::new(),
            path: format!("/authorisations/{}", held.id),
            tab: RecordTab::Overview,
        };
        let link = |named: &Named| match named.url.is_empty() {
            true => html! { (named.label) },
            false => html! { (Link::new(&named.label, &named.url)) },
        };
        let label = |key: &str| words.t(key);
        let pairs = [
            (label("field-person"), link(&self.person)),
            (label("field-activity"), html! { (activity) }),
            (label("field-scope"), link(&self.scope)),
            (label("field-valid-from"), words.time(held.valid_from.timestamp())),
            (label("field-valid-until"), words.time(held.valid_until.timestamp())),
            (label("field-authorisation-grant-basis"), html! { (held.basis) }),
            (label("column-authority-granted-by"), self.granted_by.as_ref().map_or(html! { "—" }, link)),
            (label("column-authority-granted-at"), words.time(held.granted_at.timestamp())),
        ];
        html! {
            (head.render(words))
            @if let Some(withdrawn) = &held.withdrawn { (withdrawal(words, withdrawn)) }
            (facts(pairs.iter().map(|(name, value)| (name.as_str(), value.clone()))))
            @if let Some(form) = &self.withdraw { (section(&words.t("page-withdraw"), form.render(words))) }
        }
    }
}

fn withdrawal(words: &Words, withdrawn: &Withdrawal) -> Markup {
    let from = words.instant(withdrawn.from.timestamp());
    let text = words.tv("page-withdrawn", &[("from", from.into()), ("why", withdrawn.why.as_str().into())]);
    html! { (Notice::new(State::Fail, text)) }
}

impl Sample for AuthorisationPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let (valid, withdrawn) = (sample_authorisation(false), sample_authorisation(true));
        let named = |record: kernel::Ref, label: &str, url: &str| Named {
            record,
            label: label.into(),
            url: url.into(),
        };
        let page = |held: Authorisation, as_of: Instant| AuthorisationPage {
            person: named(held.person.into(), "Li Na 李娜", "/people/person-12"),
            scope: named(held.scope, "ICP-OES, rare earths", "/methods/method-41"),
            granted_by: None,
            validity: held.at(as_of),
            as_of,
            withdraw: None,
            authorisation: held,
        };
        let begin = valid.valid_from;
        let mut with_form = page(valid.clone(), begin);
        with_form.withdraw =
            Some(Form::new("authorisation.withdraw", "/do/authorisation.withdraw", "x", "OK"));
        vec![
            ("valid", with_form),
            ("lapsed", page(valid, begin.plus_seconds(500 * 86_400))),
            ("withdrawn", page(withdrawn, begin.plus_seconds(200 * 86_400))),
        ]
    }
}

/// An invented authorisation, for samples of pages.
pub(crate) fn sample_authorisation(withdrawn: bool) -> Authorisation {
    let begin = Instant::from_micros(1_772_409_600_000_000);
    let why = "Proficiency test of May 2026 not passed".to_owned();
    Authorisation {
        id: AuthorisationId(51),
        person: kernel::PersonId(12),
        activity: kernel::Activity::Test,
        scope: kernel::MethodId(41).into(),
        valid_from: begin,
        valid_until: begin.plus_seconds(365 * 86_400),
        basis: "Three supervised runs in February 2026, assessed by the head of the laboratory".into(),
        granted_by: None,
        granted_at: begin,
        withdrawn: withdrawn.then(|| Withdrawal { from: begin.plus_seconds(90 * 86_400), why }),
    }
}
