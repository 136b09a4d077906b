//! The socket's side: reads a request into a [`Call`], answers it on a thread that may block, adds the
//! headers that every answer has, and logs it without secrets.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body as HttpBody, to_bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use site::{Miss, Uploaded};

use crate::app::App;
use crate::call::{Body, Call, Method, Reply, pairs};
use crate::door::{self, Reader};
use crate::pages::{self, search, sign_in};
use crate::{act, api, rim, show};

/// The most that a form or a command may send.
const FORM_BYTES: usize = 4 * 1024 * 1024;
/// The most files and fields of an upload.
const MOST_PARTS: usize = 1000;
/// The most that an upload may send.
pub const UPLOAD_BYTES: usize = 256 * 1024 * 1024;

/// Everything on every answer. Pages hold no inline script or style, so nothing else need be allowed.
const ALWAYS: [(&str, &str); 6] = [
    ("content-security-policy", ui::assets::CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(self), geolocation=(), microphone=()"),
];

/// Answers one request.
pub async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let begun = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let reply = match read(&app, request).await {
        Ok(call) => {
            let worked = tokio::task::spawn_blocking(move || respond(&app, &call)).await;
            worked.unwrap_or_else(|error| {
                tracing::error!(%error, "a request ended in a panic");
                (Reply::new(500, "text/plain; charset=utf-8", "this failed; the log says why"), None)
            })
        }
        Err(reply) => (reply, None),
    };
    let (reply, actor) = (api::told(&path, reply.0), reply.1);
    let ms = begun.elapsed().as_millis() as u64;
    tracing::info!(%method, path, status = reply.status, ms, actor, "request");
    response(reply)
}

fn response(reply: Reply) -> Response {
    let mut response = Response::new(HttpBody::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert("cache-control", HeaderValue::from_static("no-store"));
    for (name, value) in reply.headers {
        let Ok(value) = HeaderValue::from_str(&value) else { continue };
        let name = HeaderName::from_static(name);
        if name == "set-cookie" {
            headers.append(name, value);
        } else {
            headers.insert(name, value);
        }
    }
    response
}

fn unread(why: rim::Unread) -> Reply {
    Reply::new(400, "text/plain; charset=utf-8", why.to_string())
}

async fn read(app: &Arc<App>, request: Request) -> Result<Call, Reply> {
    let method = match request.method().as_str() {
        "GET" | "HEAD" => Method::Get,
        "POST" => Method::Post,
        _ => return Err(Reply::new(405, "text/plain", "GET and POST only").with("allow", "GET, HEAD, POST")),
    };
    let uri = request.uri();
    let path = percent_encoding::percent_decode_str(uri.path()).decode_utf8_lossy().into_owned();
    let query = pairs(uri.query().unwrap_or_default());
    let here_is_text = if path.contains('\0') { Err(rim::Unread::Null("the address")) } else { Ok(()) };
    here_is_text.and_then(|()| rim::pairs(&query, "the address")).map_err(unread)?;
    let here = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let headers: BTreeMap<String, String> = request
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let kind = headers.get("content-type").cloned().unwrap_or_default();
    let mut call = Call { method, path, query, here, headers, body: Body::None };
    call.body = match method {
        Method::Get => Body::None,
        Method::Post if kind.starts_with("multipart/form-data") => {
            if app.routes.upload(call.path.strip_prefix(api::BASE).unwrap_or(&call.path)).is_none() {
                return Err(Reply::new(415, "text/plain", "no files are taken at this address"));
            }
            let (app, asked) = (Arc::clone(app), call.clone());
            let may = tokio::task::spawn_blocking(move || may_upload(&app, &asked)).await;
            may.unwrap_or_else(|_| Err(Reply::new(500, "text/plain", "this failed; the log says why")))?;
            upload(request).await?
        }
        Method::Post => text(request, &kind).await?,
    };
    Ok(call)
}

/// Whether somebody may send files here, asked before any are read.
fn may_upload(app: &App, call: &Call) -> Result<(), Reply> {
    let path = call.path.strip_prefix(api::BASE).unwrap_or(&call.path);
    let Some(upload) = app.routes.upload(path) else { return Ok(()) };
    let session = door::meet(&app.store, call);
    let session = session.map_err(|_| Reply::new(503, "text/plain", "the store does not answer"))?;
    if call.path.starts_with(api::BASE) {
        let reader = api::reader(app, session, call)?;
        return show::allowed(&reader, upload.readers).map_err(|miss| api::missed(app, &reader, call, miss));
    }
    show::allowed(&session, upload.readers).map_err(|miss| show::missed(app, &session, call, &miss))
}

fn too_large(limit: usize) -> Reply {
    let said = format!("this is larger than {limit} bytes, the most that is taken; split it");
    Reply::new(413, "text/plain; charset=utf-8", said)
}

async fn text(request: Request, kind: &str) -> Result<Body, Reply> {
    let bytes = to_bytes(request.into_body(), FORM_BYTES).await.map_err(|_| too_large(FORM_BYTES))?;
    let text = String::from_utf8(bytes.to_vec())
        .map_err(|_| Reply::new(400, "text/plain; charset=utf-8", "the body is not UTF-8"))?;
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Ok(Body::Text(text));
    }
    // Counted before they are taken apart: four million of them would be a lot of memory.
    if text.bytes().filter(|byte| *byte == b'&').count() >= rim::MOST_PAIRS {
        return Err(unread(rim::Unread::Many));
    }
    let pairs = pairs(&text);
    rim::pairs(&pairs, "the form").map_err(unread)?;
    Ok(Body::Form(pairs))
}

async fn upload(request: Request) -> Result<Body, Reply> {
    let unclear = || Reply::new(400, "text/plain; charset=utf-8", "the form's parts cannot be read");
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unclear())?;
    let mut uploaded = Uploaded::default();
    let (mut taken, mut count) = (0, 0);
    while let Some(mut part) = parts.next_field().await.map_err(|_| unclear())? {
        count += 1;
        if count > MOST_PARTS {
            return Err(unread(rim::Unread::Many));
        }
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|_| unclear())? {
            taken += chunk.len();
            if taken > UPLOAD_BYTES {
                return Err(too_large(UPLOAD_BYTES));
            }
            bytes.extend_from_slice(&chunk);
        }
        match file {
            Some(file) if !file.is_empty() => uploaded.files.push((file, bytes)),
            Some(_) => {}
            None => {
                let field = (name, String::from_utf8_lossy(&bytes).into_owned());
                rim::pairs(std::slice::from_ref(&field), "the form").map_err(unread)?;
                uploaded.fields.insert(field.0, field.1);
            }
        }
    }
    Ok(Body::Upload(uploaded))
}

/// Answers a call; says who it was, for the log.
pub fn respond(app: &App, call: &Call) -> (Reply, Option<String>) {
    if call.path.starts_with("/assets/") {
        return (asset(call), None);
    }
    let reader = match door::meet(&app.store, call) {
        Ok(reader) => reader,
        Err(error) => {
            tracing::error!(%error, "nobody can be let in");
            return (Reply::new(503, "text/plain; charset=utf-8", "the store does not answer"), None);
        }
    };
    let actor = reader.known.as_ref().map(|known| known.person.to_string());
    if call.path.starts_with(api::BASE) {
        return (api::over_http(app, reader, call), actor);
    }
    let reply = match call.method {
        Method::Get => get(app, &reader, call),
        Method::Post => post(app, &reader, call),
    };
    let reply = reply.unwrap_or_else(|miss| show::missed(app, &reader, call, &miss));
    (door::keep(&reader, call, reply), actor)
}

fn get(app: &App, reader: &Reader, call: &Call) -> Result<Reply, Miss> {
    if let Some(name) = call.path.strip_prefix("/do/") {
        show::allowed(reader, site::ALL)?;
        return act::form(app, reader, call, name);
    }
    if call.path.starts_with("/ledger/tile/") {
        let readers = if call.path.contains("/entries/") { site::STAFF } else { site::PUBLIC };
        show::allowed(reader, readers)?;
        let tile = pages::tile(&app.store, &call.path).ok_or_else(|| Miss::NoSuch(call.path.clone()))?;
        return Ok(Reply::new(200, "application/octet-stream", tile));
    }
    let may_jump = call.path == "/search" && reader.may_read(site::STAFF);
    if let Some(page) = may_jump.then(|| search::jump(app, call.asked("q"))).flatten() {
        return Ok(Reply::see_other(&page));
    }
    match show::read(app, reader, call) {
        Err(Miss::NoSuch(what)) => match tab(&call.path) {
            Some(to) => Ok(Reply::see_other(&to)),
            None => Err(Miss::NoSuch(what)),
        },
        done => done,
    }
}

/// A tab below a record's own page, `/lots/lot-12/explain`, is the question about that record.
fn tab(path: &str) -> Option<String> {
    let (page, tab) = path.rsplit_once('/')?;
    let record: kernel::Ref = page.rsplit('/').next()?.parse().ok()?;
    ["explain", "trace", "impact", "history"].contains(&tab).then(|| format!("/{tab}/{record}"))
}

fn post(app: &App, reader: &Reader, call: &Call) -> Result<Reply, Miss> {
    if !door::is_own(reader, call, &app.settings.public_url) {
        let words = crate::assemble::catalogue().words(reader.lang, jiff::tz::TimeZone::UTC);
        return Err(Miss::Unclear(words.t("error-not-own")));
    }
    match call.path.as_str() {
        "/preferences" => return Ok(door::preferences(call)),
        "/sign-in" => return sign_in::enter(app, reader, call),
        "/sign-out" => return sign_in::leave(app, reader, call),
        "/ledger/verify" => {
            show::allowed(reader, pages::VERIFIERS)?;
            pages::start_verification(&app.store);
            return Ok(Reply::see_other("/ledger"));
        }
        _ => {}
    }
    show::allowed(reader, site::ALL)?;
    match call.path.strip_prefix("/do/") {
        Some(name) => act::give(app, reader, call, name),
        None => show::upload(app, reader, call),
    }
}

fn asset(call: &Call) -> Reply {
    let Some(asset) = ui::assets::find(&call.path) else {
        return Reply::new(404, "text/plain", "no such asset");
    };
    if call.header("if-none-match") == asset.etag {
        return Reply { status: 304, headers: vec![("etag", asset.etag.to_owned())], body: Vec::new() };
    }
    Reply::new(200, asset.content_type, asset.gzipped)
        .with("content-encoding", "gzip")
        .with("cache-control", ui::assets::CACHE_CONTROL)
        .with("etag", asset.etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_below_a_page_lead_to_the_question() {
        assert_eq!(tab("/lots/lot-12/explain").as_deref(), Some("/explain/lot-12"));
        assert_eq!(tab("/lots/lot-12/edit"), None);
        assert_eq!(tab("/lots/explain"), None);
    }
}
