//! My account: password, language, tokens.

use kernel::{Names, PersonId};
use serde::Serialize;
use site::{ALL, Miss, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::{facts, section};
use ui::kit::form::{FieldKind, Form, Item};
use ui::kit::record::page_head;
use ui::kit::table::Table;
use ui::{Link, Markup, Words, html};

use super::rows;
use crate::{show, token};

/// `/account`.
pub const PAGE: site::Page = site::Page { path: "/account", rail: "people", readers: ALL, show };

/// What the page shows.
#[derive(Debug, Clone, Serialize)]
pub struct AccountPage {
    /// Who.
    pub person: PersonId,
    /// Both names.
    pub names: Names,
    /// The name to sign in with.
    pub login: String,
    /// Tokens that are still good.
    pub tokens: Vec<token::pages::TokenLine>,
    /// The forms: heading's key and form.
    #[serde(skip)]
    pub forms: Vec<(&'static str, Form)>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let person = visit.actor.person().ok_or(Miss::NotAllowed)?;
    let account = rows::find(visit.db, person)?.ok_or_else(|| Miss::NoSuch("account".to_owned()))?;
    let names = crate::person::rows::find(visit.db, person)?.map(|person| person.names);
    let tokens = token::pages::of(visit.db, person, visit.now)?;
    let page = AccountPage {
        person,
        names: names.ok_or_else(|| Miss::NoSuch(person.to_string()))?,
        login: account.login,
        forms: forms(visit, person, !tokens.is_empty(), account.lang.as_deref()),
        tokens,
    };
    Ok(View::new(visit.words.t("page-account"), page.render(visit.words), &page))
}

fn forms(
    visit: &Visit<'_>,
    person: PersonId,
    has_tokens: bool,
    lang: Option<&str>,
) -> Vec<(&'static str, Form)> {
    let words = visit.words;
    let begin = |command: &'static str| {
        let mut form = visit.form(command, Some("/account".to_owned()));
        form.primary = false;
        form
    };
    let password = begin("account.change_password")
        .item(Item::Hidden("person".to_owned(), person.to_string()))
        .field(show::field(words, "current", FieldKind::Password { new: false }).required())
        .field(
            show::field(words, "password", FieldKind::Password { new: true })
                .required()
                .hint(words.t("hint-password")),
        );
    let langs = show::choices(words, "lang", ["en", "zh"]);
    let lang_field =
        show::field(words, "lang", FieldKind::Select(langs)).value(lang.unwrap_or_default()).required();
    let issue = begin("token.issue")
        .field(show::field(words, "name", FieldKind::Text).required())
        .field(show::field(words, "commands", FieldKind::Text).hint(words.t("hint-token-commands")))
        .field(show::field(words, "expires_at", FieldKind::Instant).required());
    let mut forms = vec![
        ("page-account-password", password),
        ("page-account-language", begin("account.choose_language").field(lang_field)),
        ("page-token-issue", issue),
    ];
    if has_tokens {
        let revoke = begin("token.revoke").field(show::field(words, "token", FieldKind::Text).required());
        forms.push(("page-token-revoke", revoke));
    }
    forms
}

impl ui::gallery::View for AccountPage {
    fn render(&self, words: &Words) -> Markup {
        let person = show::person_link(words, self.person, &self.names);
        let pairs = [
            (words.t("field-person"), html! { (person) }),
            (words.t("field-login"), html! { code { (self.login) } }),
        ];
        let rows = self.tokens.iter().map(|line| line.row(words)).collect();
        let columns = token::pages::columns(words);
        let mut table = Table::plain("tokens", words.t("list-tokens"), columns, rows);
        table.empty = ui::kit::blocks::Empty::new(words.t("empty-tokens"), words.t("empty-tokens.hint"));
        html! {
            (page_head(&words.t("page-account"), None, None))
            (facts(pairs.iter().map(|(name, value)| (name.as_str(), value.clone()))))
            (section(&words.t("list-tokens"), table.render(words)))
            @for (title, form) in &self.forms { (section(&words.t(title), form.render(words))) }
            p { (Link::new(words.t("list-tokens"), "/tokens")) }
        }
    }
}

impl Sample for AccountPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let names = Names { en: "Li Na".into(), zh: "李娜".into() };
        let form = Form::new("account.change_password", "/do/account.change_password", "x", "OK");
        let forms = vec![("page-account-password", form)];
        let tokens = vec![token::pages::TokenLine::sample()];
        let usual = AccountPage { person: PersonId(12), names, login: "li.na".into(), tokens, forms };
        let empty = AccountPage { tokens: Vec::new(), ..usual.clone() };
        vec![("usual", usual), ("no tokens", empty)]
    }
}
