//! The page of a person: roles, account, authorisations with their validity now, and what may be changed.

use kernel::{Instant, PersonId, Ref, Role};
use serde::Serialize;
use site::{Miss, Named, STAFF, View, Visit};
use ui::gallery::{Sample, View as _};
use ui::kit::blocks::{Empty, facts, section};
use ui::kit::form::{FieldKind, Form, Item};
use ui::kit::record::{Action, RecordHead, RecordTab};
use ui::kit::table::{Cell, Column, Row, Table};
use ui::{Badge, Link, Markup, State, Words, html};

use super::rows;
use crate::authorisation::rules::{Authorisation, Validity};
use crate::show;
use crate::{account, authorisation, role};

/// `/people/{person}`.
pub const PAGE: site::Page = site::Page { path: "/people/{person}", rail: "people", readers: STAFF, show };

/// An authorisation in the person's table.
#[derive(Debug, Clone, Serialize)]
pub struct Held {
    /// The authorisation.
    pub authorisation: Authorisation,
    /// In what.
    pub scope: Named,
    /// How it stands now.
    pub validity: Validity,
}

/// An account, as far as the page shows it.
#[derive(Debug, Clone, Serialize)]
pub struct AccountLine {
    /// The name to sign in with; shown to administrators and the person.
    pub login: Option<String>,
    /// `open`, `locked`, `closed`.
    pub state: &'static str,
    /// The end of a lock.
    pub locked_until: Option<Instant>,
}

/// What the page shows.
#[derive(Debug, Clone, Serialize)]
pub struct PersonPage {
    /// Who.
    pub person: PersonId,
    /// Staff number or initials.
    pub code: String,
    /// The English name.
    pub name_en: String,
    /// The Chinese name.
    pub name_zh: String,
    /// Whether the personal data were erased.
    pub erased: bool,
    /// Roles.
    pub roles: Vec<Role>,
    /// The account, if there is one.
    pub account: Option<AccountLine>,
    /// Authorisations, the longest first.
    pub authorisations: Vec<Held>,
    /// The present instant.
    pub as_of: Instant,
    /// Where to grant an authorisation, for those who may.
    #[serde(skip)]
    pub grant: Option<Link>,
    /// Changes the reader may make: key of the heading, form.
    #[serde(skip)]
    pub forms: Vec<(&'static str, Form)>,
}

fn show(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let id: PersonId = visit.id("person")?;
    let person = rows::find(visit.db, id)?.ok_or_else(|| Miss::NoSuch(id.to_string()))?;
    let roles = role::rows::of(visit.db, id)?;
    let held = authorisation::rows::of_person(visit.db, id)?;
    let scopes = show::name_all(visit, held.iter().map(|held| held.scope).collect::<Vec<Ref>>())?;
    let now = visit.now;
    let authorisations = held.into_iter().filter_map(|held| {
        let scope = scopes.get(&held.scope).cloned()?;
        Some(Held { validity: held.at(now), scope, authorisation: held })
    });
    let authorisations = authorisations.collect();
    let found = account::rows::find(visit.db, id)?;
    let erased = person.erased_at.is_some();
    let forms = if erased { Vec::new() } else { forms(visit, id, &roles, found.as_ref()) };
    let grant =
        (!erased && visit.may("authorisation.grant") && visit.actor.person() != Some(id)).then(|| {
            let back = show::person_path(id);
            Link::new(
                visit.words.t("command-authorisation-grant"),
                format!("/do/authorisation.grant?person={id}&return_to={back}"),
            )
        });
    let page = PersonPage {
        person: id,
        code: if erased { String::new() } else { person.code },
        name_en: person.names.en,
        name_zh: person.names.zh,
        erased,
        roles,
        account: found.filter(|_| !erased).map(|account| account_line(visit, &account)),
        authorisations,
        as_of: now,
        grant,
        forms,
    };
    let view = View::new(page.name(visit.words), page.render(visit.words), &page);
    Ok(view.under(Link::new(visit.words.t("list-people"), "/people")))
}

fn account_line(visit: &Visit<'_>, account: &account::rules::Account) -> AccountLine {
    let locked_until = account.guard.locked(visit.now);
    let own = visit.actor.person() == Some(account.person);
    let shown = own || visit.actor.roles.contains(&Role::Administrator);
    let state = match (account.closed_at, locked_until) {
        (Some(_), _) => "closed",
        (None, Some(_)) => "locked",
        (None, None) => "open",
    };
    AccountLine { login: shown.then(|| account.login.clone()), state, locked_until }
}

/// The changes a reader may make, as forms; each comes back to this page.
fn forms(
    visit: &Visit<'_>,
    id: PersonId,
    roles: &[Role],
    found: Option<&account::rules::Account>,
) -> Vec<(&'static str, Form)> {
    let words = visit.words;
    let own = visit.actor.person() == Some(id);
    let begin = |command: &'static str| {
        let mut form = visit.form(command, Some(show::person_path(id)));
        form.primary = false;
        form.item(Item::Hidden("person".to_owned(), id.to_string()))
    };
    let choose = |some: &[Role]| {
        let options = show::choices(words, "role", some.iter().map(|role| role.word()));
        show::field(words, "role", FieldKind::Select(options)).required()
    };
    let mut forms = Vec::new();
    let others: Vec<Role> = Role::ALL.iter().copied().filter(|role| !roles.contains(role)).collect();
    if visit.may("role.grant") && !own {
        forms.push(("page-role-grant", begin("role.grant").field(choose(&others))));
    }
    if visit.may("role.withdraw") && !roles.is_empty() {
        forms.push(("page-role-withdraw", begin("role.withdraw").field(choose(roles))));
    }
    if visit.may("account.open") {
        match found.filter(|account| account.closed_at.is_none()) {
            None => {
                let login = show::field(words, "login", FieldKind::Text).required();
                let password = show::field(words, "password", FieldKind::Password { new: true });
                let password = password.required().hint(words.t("hint-password"));
                forms.push(("page-account-open", begin("account.open").field(login).field(password)));
            }
            Some(account) if account.guard.locked(visit.now).is_some() => {
                forms.push(("page-account-unlock", begin("account.unlock")));
            }
            Some(_) if !own => forms.push(("page-account-close", begin("account.close"))),
            Some(_) => {}
        }
    }
    forms
}

impl PersonPage {
    fn name(&self, words: &Words) -> String {
        let name = words.pick(&self.name_en, &self.name_zh);
        if name.is_empty() { self.person.to_string() } else { name.to_owned() }
    }

    fn badges(&self, words: &Words) -> Vec<Badge> {
        if self.erased {
            return vec![super::list::account_badge(words, "erased")];
        }
        let account = self.account.as_ref().map_or("none", |account| account.state);
        vec![super::list::account_badge(words, account)]
    }

    fn facts(&self, words: &Words) -> Markup {
        let mut pairs = vec![
            (words.t("field-code"), html! { (self.code) }),
            (words.t("column-authority-name"), html! { (self.name_en) " · " (self.name_zh) }),
            (words.t("column-authority-roles"), html! { (show::roles_text(words, &self.roles)) }),
        ];
        if let Some(account) = &self.account {
            if let Some(login) = &account.login {
                pairs.push((words.t("field-login"), html! { code { (login) } }));
            }
            if let Some(until) = account.locked_until {
                pairs.push((words.t("column-authority-locked-until"), words.time(until.timestamp())));
            }
        }
        facts(pairs.iter().map(|(name, value)| (name.as_str(), value.clone())))
    }

    fn table(&self, words: &Words) -> Table {
        let columns = vec![
            Column::text("activity", words.t("field-activity")),
            Column::text("scope", words.t("field-scope")),
            Column::text("validity", words.t("column-authority-validity")),
            Column::text("valid_from", words.t("field-valid-from")),
            Column::text("valid_until", words.t("field-valid-until")),
            Column::text("basis", words.t("field-authorisation-grant-basis")),
        ];
        let row = |held: &Held| {
            let one = &held.authorisation;
            let path = format!("/authorisations/{}", one.id);
            Row {
                href: Some(path.clone()),
                id: None,
                cells: vec![
                    Cell::Link(Link::new(words.t(&format!("activity-{}", one.activity)), path)),
                    held.scope.cell(),
                    Cell::Badge(authorisation::list::badge(words, held.validity, one.end(), self.as_of)),
                    Cell::Instant(one.valid_from.timestamp()),
                    Cell::Instant(one.valid_until.timestamp()),
                    Cell::Text(one.basis.clone()),
                ],
            }
        };
        let rows = self.authorisations.iter().map(row).collect();
        let mut table = Table::plain("authorisations", words.t("list-authorisations"), columns, rows);
        table.empty = Empty::new(words.t("empty-authorisations"), words.t("empty-authorisations.hint"));
        table
    }
}

impl ui::gallery::View for PersonPage {
    fn render(&self, words: &Words) -> Markup {
        let head = RecordHead {
            kind: words.t("kind-person"),
            name: self.name(words),
            badges: self.badges(words),
            action: self.grant.clone().map(Action::Open),
            others: Vec::new(),
            path: show::person_path(self.person),
            tab: RecordTab::Overview,
        };
        html! {
            (head.render(words))
            @if self.erased {
                (ui::kit::blocks::Notice::new(State::Neutral, words.t("page-person-erased")))
            } @else { (self.facts(words)) }
            (section(&words.t("list-authorisations"), self.table(words).render(words)))
            @for (title, form) in &self.forms { (section(&words.t(title), form.render(words))) }
        }
    }
}

impl Sample for PersonPage {
    fn samples() -> Vec<(&'static str, Self)> {
        let one = authorisation::pages::sample_authorisation(false);
        let as_of = one.valid_from.plus_seconds(86_400);
        let scope = Named {
            record: one.scope,
            label: "ICP-OES, rare earths".into(),
            url: "/methods/method-41".into(),
        };
        let usual = PersonPage {
            person: PersonId(12),
            code: "LN".into(),
            name_en: "Li Na".into(),
            name_zh: "李娜".into(),
            erased: false,
            roles: vec![Role::Analyst, Role::LaboratoryHead],
            account: Some(AccountLine { login: Some("li.na".into()), state: "open", locked_until: None }),
            authorisations: vec![Held { validity: one.at(as_of), scope, authorisation: one }],
            as_of,
            grant: Some(Link::new("+", "/do/authorisation.grant")),
            forms: vec![("page-account-close", Form::new("account.close", "/do/account.close", "x", "OK"))],
        };
        let locked = AccountLine {
            login: Some("li.na".into()),
            state: "locked",
            locked_until: Some(as_of.plus_seconds(900)),
        };
        let bare = PersonPage { authorisations: Vec::new(), forms: Vec::new(), grant: None, ..usual.clone() };
        let erased = PersonPage {
            erased: true,
            code: String::new(),
            name_en: String::new(),
            name_zh: String::new(),
            roles: Vec::new(),
            account: None,
            ..bare.clone()
        };
        vec![("usual", usual), ("locked", PersonPage { account: Some(locked), ..bare }), ("erased", erased)]
    }
}
