//! The programming interface, `/api/v1`: the same commands, lists, pages and questions as JSON. The command
//! line asks here too, within its own process or of a running server, so that all three faces answer alike.

use kernel::{Actor, Via};
use serde_json::{Value, json};
use site::Miss;
use store::{CommandKind, FieldError, Request, Stop, StoreError};
use ui::Lang;

use crate::app::App;
use crate::backup::{self, NoBackup};
use crate::call::{Body, Call, Method, Reply};
use crate::door::{self, Reader};
use crate::routes::Target;
use crate::{listing, openapi, refused, rim, schema, show};

/// Where it begins.
pub const BASE: &str = "/api/v1";

/// Why there is no answer; told as RFC 9457 tells it.
#[derive(Debug)]
enum Problem {
    Miss(Miss),
    Unknown,
    Fields(Vec<FieldError>),
    Conflict(String),
    Unread(rim::Unread),
    Kind,
    Method(&'static str),
    NotSignedIn(String),
}

impl From<NoBackup> for Problem {
    fn from(why: NoBackup) -> Self {
        match why {
            NoBackup::Unclear(what) => Problem::Miss(Miss::Unclear(what)),
            NoBackup::Unknown(what) => Problem::NotSignedIn(what),
            NoBackup::Miss(miss) => Problem::Miss(miss),
        }
    }
}

impl From<rim::Unread> for Problem {
    fn from(why: rim::Unread) -> Self {
        Problem::Unread(why)
    }
}

impl From<Miss> for Problem {
    fn from(miss: Miss) -> Self {
        Problem::Miss(miss)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::KeyReused(_) | StoreError::Changed(_) => Problem::Conflict(error.to_string()),
            StoreError::TooMuch { .. } => {
                Problem::Fields(vec![FieldError { field: String::new(), message: error.to_string() }])
            }
            error => Problem::Miss(error.into()),
        }
    }
}

/// Answers a request that came over the network. Changes need a bearer token; a page's session may only read.
pub fn over_http(app: &App, session: Reader, call: &Call) -> Reply {
    let path = call.path.strip_prefix(BASE).unwrap_or(&call.path);
    if let Some(done) = backup::answer(app, call, path) {
        return done.unwrap_or_else(|why| problem(app, session.lang, call, why.into()));
    }
    match reader(app, session, call) {
        Ok(reader) => answer(app, &reader, call),
        Err(reply) => reply,
    }
}

/// Who asks over the network: by token, or, to read only, by a page's session.
///
/// # Errors
/// The answer that says that nobody known asks.
pub fn reader(app: &App, session: Reader, call: &Call) -> Result<Reader, Reply> {
    let lang = if call.header("accept-language").is_empty() { Lang::En } else { session.lang };
    let unknown = || problem(app, lang, call, Problem::Unknown).with("www-authenticate", "Bearer");
    let token = door::bearer(&call.headers)
        .map(|token| app.store.read(|db| authority::actor_of_token(db, token, app.store.now())));
    match token {
        Some(Ok(Some(known))) => Ok(Reader { known: Some(known.clone()), ..Reader::of(known.actor, lang) }),
        Some(Ok(None)) => Err(unknown()),
        Some(Err(error)) => Err(problem(app, lang, call, error.into())),
        None if call.method == Method::Get => Ok(session),
        None => Err(unknown()),
    }
}

/// Says to somebody why there is no answer.
pub fn missed(app: &App, reader: &Reader, call: &Call, miss: Miss) -> Reply {
    problem(app, reader.lang, call, miss.into())
}

/// Answers a request of somebody known.
pub fn answer(app: &App, reader: &Reader, call: &Call) -> Reply {
    let path = call.path.strip_prefix(BASE).unwrap_or(&call.path);
    let found = match (call.method, path) {
        (Method::Get, "/openapi.json") => Ok(Reply::json(200, &openapi::document())),
        (Method::Get, "/commands") => Ok(Reply::json(200, &commands(app))),
        (Method::Get, "/lists") => Ok(Reply::json(200, &lists(app))),
        (Method::Get, "/me") => me(reader),
        (Method::Get, path) if path.starts_with("/commands/") => Err(Problem::Method("POST")),
        (Method::Get, path) if app.routes.upload(path).is_some() && app.routes.find(path).is_none() => {
            Err(Problem::Method("POST"))
        }
        (Method::Get, path) => match path.strip_prefix("/records/") {
            Some(record) => record_of(app, reader, call, record),
            None => read(app, reader, call, path),
        },
        (Method::Post, path) => match path.strip_prefix("/commands/") {
            Some(name) => command(app, reader, call, name),
            None if app.routes.upload(path).is_none() && is_read(app, path) => {
                Err(Problem::Method("GET, HEAD"))
            }
            None => upload(app, reader, call, path),
        },
    };
    found.unwrap_or_else(|error| problem(app, reader.lang, call, error))
}

/// Whether something can be read at this path.
fn is_read(app: &App, path: &str) -> bool {
    let own = ["/openapi.json", "/commands", "/lists", "/me"];
    own.contains(&path) || path.starts_with("/records/") || app.routes.find(path).is_some()
}

/// Somebody on the command line, by their actor.
pub fn as_actor(actor: Actor, lang: Lang) -> Reader {
    Reader::of(Actor { via: Via::Cli, ..actor }, lang)
}

/// A call made within this process.
pub fn local(method: Method, path: &str, query: Vec<(String, String)>, body: Option<String>) -> Call {
    Call {
        method,
        path: format!("{BASE}{path}"),
        query,
        here: path.to_owned(),
        headers: Default::default(),
        body: body.map_or(Body::None, Body::Text),
    }
}

/// A file handed in within this process.
pub fn local_upload(path: &str, name: String, bytes: Vec<u8>, fields: Vec<(String, String)>) -> Call {
    let uploaded = site::Uploaded { files: vec![(name, bytes)], fields: fields.into_iter().collect() };
    Call { body: Body::Upload(uploaded), ..local(Method::Post, path, Vec::new(), None) }
}

pub use crate::call::{Call as ApiCall, Method as ApiMethod, Reply as ApiReply};

fn me(reader: &Reader) -> Result<Reply, Problem> {
    let Some(known) = &reader.known else { return Err(Problem::Unknown) };
    let person = json!({ "person": known.person, "code": known.code, "names": known.names,
                         "roles": reader.actor.roles });
    Ok(Reply::json(200, &person))
}

/// Files handed in; answers where their receipt is.
fn upload(app: &App, reader: &Reader, call: &Call, path: &str) -> Result<Reply, Problem> {
    let Some(upload) = app.routes.upload(path) else { return Err(Miss::NoSuch(call.path.clone()).into()) };
    show::allowed(reader, upload.readers)?;
    let Body::Upload(uploaded) = &call.body else {
        return Err(Miss::Unclear("send the files as multipart/form-data".to_owned()).into());
    };
    let location = (upload.receive)(&app.store, &reader.actor, uploaded)?;
    Ok(Reply::json(200, &json!({ "location": location })))
}

fn commands(app: &App) -> Value {
    let all = app.store.registry().commands.values().filter(|kind| !kind.roles.is_empty());
    let each = all.map(|kind| {
        let example: Value = serde_json::from_str(kind.example).unwrap_or_default();
        json!({ "name": kind.name, "summary": schema::summary(kind), "roles": kind.roles, "signs": kind.signs,
                "example": example })
    });
    each.collect()
}

fn lists(app: &App) -> Value {
    app.routes
        .listings()
        .map(|list| json!({ "name": list.name, "path": list.path, "readers": list.readers }))
        .collect()
}

fn read(app: &App, reader: &Reader, call: &Call, path: &str) -> Result<Reply, Problem> {
    let inner = Call { path: path.to_owned(), ..call.clone() };
    let Some((target, parts)) = app.routes.find(path) else {
        return Err(Miss::NoSuch(path.to_owned()).into());
    };
    match target {
        Target::Page(page) => {
            show::allowed(reader, page.readers)?;
            let view = app.visit(reader, &inner, parts, page.show)?;
            Ok(Reply::json(200, &view.data))
        }
        Target::Listing(list) => {
            show::allowed(reader, list.readers)?;
            let query = listing::query_of(path, &call.query);
            let table = app.visit(reader, &inner, parts, |visit| (list.fetch)(visit, &query))?;
            let links = listing::links(&query, table.total);
            let reply = Reply::json(200, &listing::data(&table));
            Ok(reply.with("link", links).with("x-total-count", table.total.to_string()))
        }
        Target::Download(_) => Ok(show::read(app, reader, &inner)?),
    }
}

/// What a record is, and the data of its page when it has one.
fn record_of(app: &App, reader: &Reader, call: &Call, record: &str) -> Result<Reply, Problem> {
    show::allowed(reader, site::STAFF)?;
    let Ok(record) = record.parse::<kernel::Ref>() else {
        return Err(Miss::NoSuch(record.to_owned()).into());
    };
    let Some(described) = app.store.describe(record)? else {
        return Err(Miss::NoSuch(record.to_string()).into());
    };
    let page = match app.routes.find(&described.url) {
        Some((Target::Page(page), parts)) if reader.may_read(page.readers) => {
            let inner = Call { path: described.url.clone(), ..call.clone() };
            app.visit(reader, &inner, parts, page.show).map(|view| view.data).unwrap_or_default()
        }
        _ => Value::Null,
    };
    let fields: serde_json::Map<String, Value> =
        described.fields.into_iter().map(|(key, text)| (key, Value::String(text))).collect();
    let found = json!({ "record": record, "kind": record.kind.word(), "label": described.label,
                        "url": described.url, "fields": fields, "page": page });
    Ok(Reply::json(200, &found))
}

fn command(app: &App, reader: &Reader, call: &Call, name: &str) -> Result<Reply, Problem> {
    let kind: Option<CommandKind> = app.store.registry().commands.get(name).copied();
    let Some(kind) = kind.filter(|kind| !kind.roles.is_empty()) else {
        return Err(Miss::NoSuch(format!("command {name}")).into());
    };
    if !kind.is_open_to(&reader.actor) {
        let request =
            Request { actor: reader.actor.clone(), command: kind.unread(), reason: None, key: None };
        return match app.store.request(request) {
            Err(Stop::Refused(refusal)) => Err(Miss::Refused(refusal).into()),
            Err(Stop::Failed(error)) => Err(error.into()),
            Ok(_) => Err(Miss::NotAllowed.into()),
        };
    }
    let body = match &call.body {
        Body::Text(text) if !text.trim().is_empty() => text.as_str(),
        Body::Text(_) | Body::None => "{}",
        Body::Form(_) | Body::Upload(_) => return Err(Problem::Kind),
    };
    let (reason, key) = rim::headers(call)?;
    let mut json = rim::json(body)?;
    let secret = authority::prepare(kind.name, &mut json)?;
    let body = if secret.is_some() { json.to_string() } else { body.to_owned() };
    let command = (kind.parse)(&body).map_err(|error| Problem::Fields(vec![schema::located(error)]))?;
    let mut actor = reader.actor.clone();
    let password = call.header("x-orepass-password");
    if let (Some(_), Some(person), false) = (kind.signs, actor.person(), password.is_empty()) {
        match authority::reauthenticate(&app.store, person, password, actor.via) {
            Ok(()) => actor.reauthenticated = true,
            Err(authority::SignInError::Store(error)) => return Err(error.into()),
            Err(error) => {
                let field = "X-Orepass-Password".to_owned();
                return Err(Problem::Fields(vec![FieldError { field, message: error.to_string() }]));
            }
        }
    }
    let request = Request { actor, command, reason: None, key: None };
    match app.store.request(request.because(reason).once(key)) {
        Ok(receipt) => {
            let mut receipt = serde_json::to_value(receipt).unwrap_or_default();
            if let Some(secret) = secret {
                receipt["secret"] = Value::String(secret);
            }
            Ok(Reply::json(200, &receipt))
        }
        Err(Stop::Refused(refusal)) => Err(Miss::Refused(refusal).into()),
        Err(Stop::Failed(error)) => Err(error.into()),
    }
}

/// What the socket's side said in plain words, as this interface says it.
pub fn told(path: &str, reply: Reply) -> Reply {
    if !path.starts_with(BASE) || reply.status < 400 {
        return reply;
    }
    let code = match reply.status {
        405 => "method",
        413 => "large",
        415 => "kind",
        status if status < 500 => "unclear",
        _ => "failed",
    };
    let detail = String::from_utf8_lossy(&reply.body).into_owned();
    if reply.headers.iter().any(|(_, value)| value == PROBLEM) {
        return reply;
    }
    let body = json!({ "type": format!("urn:orepass:problem:{code}"), "title": code, "status": reply.status,
                       "detail": detail, "instance": path });
    let kept = reply.headers.into_iter().filter(|(name, _)| *name != "content-type");
    let mut told = Reply::new(reply.status, PROBLEM, body.to_string());
    told.headers.extend(kept);
    told
}

const PROBLEM: &str = "application/problem+json";

/// RFC 9457.
fn problem(app: &App, lang: Lang, call: &Call, problem: Problem) -> Reply {
    let words = app.store.read(|db| Ok(app.words(db, lang)));
    let Ok(words) = words else { return Reply::new(503, "text/plain", "the store does not answer") };
    let allowed = if let Problem::Method(methods) = problem { Some(methods) } else { None };
    let (status, code, detail, more) = match problem {
        Problem::Unknown => (401, "unauthenticated", words.t("api-unauthenticated"), Value::Null),
        Problem::Conflict(detail) => (409, "conflict", detail, Value::Null),
        Problem::Unread(why) => (400, "unclear", why.to_string(), Value::Null),
        Problem::NotSignedIn(detail) => (401, "unauthenticated", detail, Value::Null),
        Problem::Kind => (415, "kind", words.t("api-kind"), Value::Null),
        Problem::Method(_) => (405, "method", words.t("api-method"), Value::Null),
        Problem::Fields(errors) => {
            let detail =
                errors.iter().map(|e| format!("{}: {}", e.field, e.message)).collect::<Vec<_>>().join("; ");
            (422, "fields", detail, json!(errors))
        }
        Problem::Miss(Miss::NoSuch(what)) => {
            (404, "no-such", words.tv("api-no-such", &[("what", what.into())]), Value::Null)
        }
        Problem::Miss(Miss::NotAllowed) => {
            (403, "not-allowed", words.t("error-not-allowed-help"), Value::Null)
        }
        Problem::Miss(Miss::Unclear(what)) => (400, "unclear", what, Value::Null),
        Problem::Miss(Miss::Failed(error)) => {
            tracing::error!(path = call.path, %error, "a request failed");
            (500, "failed", words.t("error-failed-help"), Value::Null)
        }
        Problem::Miss(Miss::Unreadable(refusal)) => {
            let registry = app.store.registry();
            let said = app.store.read(|db| refused::explain(db, registry, &words, &refusal));
            let detail = said.as_ref().map(|said| said.what.clone()).unwrap_or_default();
            (400, "unreadable", detail, said.map(|said| json!(said)).unwrap_or_default())
        }
        Problem::Miss(Miss::Refused(refusal)) => {
            let registry = app.store.registry();
            let said = app.store.read(|db| refused::explain(db, registry, &words, &refusal));
            let detail = said.as_ref().map(|said| said.what.clone()).unwrap_or_default();
            let status = if refusal.code.starts_with("permission-") { 403 } else { 422 };
            (status, "refused", detail, said.map(|said| json!(said)).unwrap_or_default())
        }
    };
    let mut body = json!({ "type": format!("urn:orepass:problem:{code}"), "title": code, "status": status,
                           "detail": detail, "instance": call.path });
    let key = if ["refused", "unreadable"].contains(&code) { "refusal" } else { "errors" };
    if !more.is_null() {
        body[key] = more;
    }
    let text = serde_json::to_string_pretty(&body).unwrap_or_default();
    let reply = Reply::new(status, PROBLEM, text);
    match allowed {
        Some(methods) => reply.with("allow", methods),
        None => reply,
    }
}
