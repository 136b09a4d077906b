//! Commands by form: `GET /do/NAME` shows it, `POST /do/NAME` gives it and goes on, or shows it again with
//! what was entered and, where the button is, what is wrong or refused and what would make it pass.

use kernel::Refusal;
use maud::html;
use site::{Miss, SIGNATURE, View, Visit, word};
use store::{CommandKind, FieldError, Receipt, Request, Stop, StoreError};
use ui::kit::form::ADD_LINE;
use ui::kit::record::page_head;

use crate::app::App;
use crate::call::{self, Call, Reply};
use crate::clock::clocked;
use crate::door::{self, Reader};
use crate::form::{self, Entered, REASON};
use crate::routes::Parts;
use crate::{refused, rim, schema, sent, show};

/// Fields of a form that are not the command's.
const OWN: [&str; 6] = ["csrf", "return_to", "idempotency_key", ADD_LINE, SIGNATURE, "selected"];

/// What came of a command.
enum Outcome {
    Done(Receipt),
    Wrong(Vec<FieldError>),
    Refused(Box<Refusal>),
}

/// The empty form, with what the address says already filled in.
pub fn form(app: &App, reader: &Reader, call: &Call, name: &str) -> Result<Reply, Miss> {
    let kind = kind(app, name)?;
    let values = call.query.iter().filter(|(key, _)| key != "return_to").cloned().collect();
    again(app, reader, call, &kind, Entered { values, ..Entered::default() }, None)
}

/// Gives the command that a form describes.
pub fn give(app: &App, reader: &Reader, call: &Call, name: &str) -> Result<Reply, Miss> {
    let kind = kind(app, name)?;
    if !kind.is_open_to(&reader.actor) {
        return barred(app, reader, call, &kind);
    }
    let mut entered = Entered { values: values(&kind, call), ..Entered::default() };
    let more = call.field(ADD_LINE);
    if !more.is_empty() {
        entered.one_more = Some(more.to_owned());
        return again(app, reader, call, &kind, entered, None);
    }
    let fields = schema::fields(&kind);
    let zone = app.store.read(authority::zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let reason = fields.iter().any(|field| field.name == REASON);
    let own: Vec<(String, String)> =
        entered.values.iter().filter(|(name, _)| reason || name != REASON).cloned().collect();
    let values = clocked(&zone, named(app, &own, &fields)?, &fields);
    let mut json = match sent::to_json(&fields, &values) {
        Ok(json) => json,
        Err(errors) => {
            entered.errors = errors;
            return again(app, reader, call, &kind, entered, None);
        }
    };
    let secret = authority::prepare(kind.name, &mut json)?;
    let signature = Some(call.field(SIGNATURE)).filter(|text| !text.is_empty());
    match ask(app, reader, &kind, &json.to_string(), signature, call)? {
        Outcome::Done(receipt) => match secret {
            Some(secret) => shown_once(app, reader, call, &secret),
            None => Ok(onward(app, call, &receipt)),
        },
        Outcome::Wrong(errors) => {
            entered.errors = errors;
            again(app, reader, call, &kind, entered, None)
        }
        Outcome::Refused(refusal) => again(app, reader, call, &kind, entered, Some(*refusal)),
    }
}

/// What somebody sent who may not give the command: it is refused, on record, and not read.
fn barred(app: &App, reader: &Reader, call: &Call, kind: &CommandKind) -> Result<Reply, Miss> {
    let request = Request { actor: reader.actor.clone(), command: kind.unread(), reason: None, key: None };
    match app.store.request(request) {
        Err(Stop::Refused(refusal)) => {
            let entered = Entered { values: values(kind, call), ..Entered::default() };
            again(app, reader, call, kind, entered, Some(*refusal))
        }
        Err(Stop::Failed(error)) => Err(error.into()),
        Ok(_) => Err(Miss::NotAllowed),
    }
}

fn kind(app: &App, name: &str) -> Result<CommandKind, Miss> {
    let kind = app.store.registry().commands.get(name).copied();
    kind.filter(|kind| !kind.roles.is_empty()).ok_or_else(|| Miss::NoSuch(name.to_owned()))
}

/// The command's own fields. Rows selected in a table fill its only list.
fn values(kind: &CommandKind, call: &Call) -> Vec<(String, String)> {
    let fields = schema::fields(kind);
    let mut values: Vec<(String, String)> =
        call.fields().iter().filter(|(name, _)| !OWN.contains(&name.as_str())).cloned().collect();
    let takes =
        |field: &&schema::Field| matches!(field.shape, schema::Shape::List(_) | schema::Shape::Record(_));
    if let Some(target) = fields.iter().find(takes) {
        let selected = call.fields().iter().filter(|(name, _)| name == "selected");
        values.extend(selected.map(|(_, id)| (target.name.clone(), id.clone())));
    }
    values
}

/// A code typed where an id is wanted becomes the id, when exactly one record of that kind bears it.
fn named(
    app: &App,
    values: &[(String, String)],
    fields: &[schema::Field],
) -> Result<Vec<(String, String)>, Miss> {
    let wants = |name: &str| match schema::shape(fields, name) {
        Some(schema::Shape::Record(kind)) => *kind,
        _ => None,
    };
    let mut out = Vec::with_capacity(values.len());
    for (name, value) in values {
        let typed = schema::bare_id(value.trim());
        let mut text = value.clone();
        if let Some(kind) = wants(name).filter(|_| !typed.is_empty() && typed.parse::<kernel::Ref>().is_err())
        {
            let found = app.store.read(|db| store::labelled(db, typed))?;
            if let [only] = found.into_iter().filter(|record| record.kind == kind).collect::<Vec<_>>()[..] {
                text = only.to_string();
            }
        }
        out.push((name.clone(), text));
    }
    Ok(out)
}

fn ask(
    app: &App,
    reader: &Reader,
    kind: &CommandKind,
    json: &str,
    signature: Option<&str>,
    call: &Call,
) -> Result<Outcome, Miss> {
    let lang = reader.lang;
    let say = |key: &str| crate::assemble::catalogue().words(lang, jiff::tz::TimeZone::UTC).t(key);
    let command = match (kind.parse)(json) {
        Ok(command) => command,
        Err(error) => return Ok(Outcome::Wrong(vec![schema::located(error)])),
    };
    let mut actor = reader.actor.clone();
    if kind.signs.is_some() {
        let wrong =
            |message: String| Ok(Outcome::Wrong(vec![FieldError { field: SIGNATURE.to_owned(), message }]));
        match (actor.person(), signature) {
            (Some(person), Some(password)) => {
                match authority::reauthenticate(&app.store, person, password, actor.via) {
                    Ok(()) => actor.reauthenticated = true,
                    Err(authority::SignInError::Store(error)) => return Err(error.into()),
                    Err(error) => return wrong(error.to_string()),
                }
            }
            _ => return wrong(say("do-sign-missing")),
        }
    }
    let (reason, key) = (call.field(REASON), call.field("idempotency_key"));
    for (what, text, most) in [(REASON, reason, rim::LONGEST_REASON), ("", key, rim::LONGEST_KEY)] {
        if let Err(why) = rim::short(what, text, most) {
            return Ok(Outcome::Wrong(vec![FieldError { field: what.to_owned(), message: why.to_string() }]));
        }
    }
    let request = Request { actor, command, reason: None, key: None }.because(reason).once(key);
    match app.store.request(request) {
        Ok(receipt) => Ok(Outcome::Done(receipt)),
        Err(Stop::Refused(refusal)) => Ok(Outcome::Refused(refusal)),
        Err(Stop::Failed(StoreError::KeyReused(_))) => {
            Ok(Outcome::Wrong(vec![FieldError { field: String::new(), message: say("do-resent") }]))
        }
        Err(Stop::Failed(error @ StoreError::TooMuch { .. })) => {
            Ok(Outcome::Wrong(vec![FieldError { field: String::new(), message: error.to_string() }]))
        }
        Err(Stop::Failed(error)) => Err(error.into()),
    }
}

/// A secret made for this command, shown this once.
fn shown_once(app: &App, reader: &Reader, call: &Call, secret: &str) -> Result<Reply, Miss> {
    let view = app.visit(reader, call, Parts::new(), |visit| {
        let words = visit.words;
        let title = words.t("secret-title");
        let body = html! {
            (page_head(&title, Some(&words.t("secret-lead")), None))
            p { code { (secret) } }
            p { a.button href="/" { (words.t("error-home")) } }
        };
        Ok(View::new(title, body, &()))
    })?;
    Ok(show::framed(app, reader, call, 200, "", view))
}

/// To where the form wants to return, or to the page of what was made; with the entry to be shown once.
fn onward(app: &App, call: &Call, receipt: &Receipt) -> Reply {
    let back = call.field("return_to");
    let first = receipt.subjects.first();
    let page = || {
        let described = first.and_then(|subject| app.store.describe(*subject).ok().flatten());
        let url = described.map(|described| described.url).filter(|url| !url.is_empty());
        url.or_else(|| first.map(|subject| format!("/history/{subject}"))).unwrap_or_else(|| "/".to_owned())
    };
    let to = if back.is_empty() { page() } else { door::local(back).to_owned() };
    let reply = Reply::see_other(&to);
    match receipt.entries.first() {
        Some(entry) => reply.cookie(door::DONE, &entry.to_string(), 20, call.is_secure()),
        None => reply,
    }
}

/// The form's page, filled, with what is wrong.
fn again(
    app: &App,
    reader: &Reader,
    call: &Call,
    kind: &CommandKind,
    entered: Entered,
    refusal: Option<Refusal>,
) -> Result<Reply, Miss> {
    let status = match (&refusal, entered.errors.is_empty()) {
        (None, true) => 200,
        _ => 422,
    };
    let view =
        app.visit(reader, call, Parts::new(), |visit| page(visit, kind, &entered, refusal.as_ref(), call))?;
    Ok(show::framed(app, reader, call, status, "", view))
}

fn page(
    visit: &mut Visit<'_>,
    kind: &CommandKind,
    entered: &Entered,
    refusal: Option<&Refusal>,
    call: &Call,
) -> Result<View, Miss> {
    let words = visit.words;
    let title = words.t(&word("command", kind.name));
    let registry = visit.store.registry();
    let panel = match refusal {
        Some(refusal) => {
            let said = refused::explain(visit.db, registry, words, refusal)?;
            Some(said.panel(registry, words).render(words))
        }
        None => None,
    };
    let who = authority::who(visit.db, registry, words, kind.name)?.unwrap_or_default();
    let not_allowed =
        (!kind.allowed(&visit.actor.roles)).then(|| words.tv("do-not-for-you", &[("roles", who.into())]));
    let mut form = form::of(visit, kind, entered);
    let back = call::value(call.fields(), "return_to");
    if !back.is_empty() {
        form.return_to = Some(door::local(back).to_owned());
    }
    form.cancel =
        Some(ui::Link::new(words.t("do-cancel"), form.return_to.clone().unwrap_or_else(|| "/".into())));
    let about = format!("{}.about", word("command", kind.name));
    let summary = match words.has(&about) {
        true => words.t(&about),
        false if words.lang() == ui::Lang::En => schema::lead(kind),
        false => String::new(),
    };
    let body = html! {
        (page_head(&title, Some(&summary).filter(|text| !text.is_empty()).map(String::as_str), None))
        @if let Some(panel) = panel { (panel) }
        @if let Some(words) = not_allowed { (ui::kit::blocks::Notice::new(ui::State::Warning, words)) }
        (form.render(words))
    };
    let data = serde_json::json!({ "command": kind.name, "example": kind.example, "errors": entered.errors });
    Ok(View::new(title, body, &data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Field, Shape};

    #[test]
    fn dates_and_times_are_of_the_institutes_clock() {
        let field =
            |name: &str, shape| Field { name: name.into(), required: true, doc: String::new(), shape };
        let lines = Shape::Lines(vec![field("at", Shape::Instant)]);
        let fields = [field("from", Shape::Instant), field("note", Shape::Text), field("lines", lines)];
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
        let table = [
            ("from", "2026-11-01T08:30", "2026-11-01T00:30:00Z"),
            ("from", "2026-11-01 08:30:15", "2026-11-01T00:30:15Z"),
            ("from", "2026-11-01", "2026-10-31T16:00:00Z"),
            ("from", "2026-11-01T08:30:00Z", "2026-11-01T08:30:00Z"),
            ("from", "2026-11-01T08:30+08:00", "2026-11-01T08:30+08:00"),
            ("from", "soon", "soon"),
            ("note", "2026-11-01", "2026-11-01"),
            ("lines[3].at", "2026-11-01T00:00", "2026-10-31T16:00:00Z"),
        ];
        for (name, text, expected) in table {
            let values = vec![(name.to_owned(), text.to_owned())];
            assert_eq!(clocked(&zone, values, &fields)[0].1, expected, "{name} {text}");
        }
    }
}
