//! Pages, lists and files of the areas: found, drawn, framed.

use kernel::Ref;
use maud::{Markup, html};
use site::{Miss, View, word};
use ui::kit::Link;
use ui::kit::blocks::Notice;
use ui::kit::icon::Icon;
use ui::kit::record::Tab;
use ui::page::{Frame, Person, RailItem};
use ui::{State, Words};

use crate::app::App;
use crate::call::{Call, Reply};
use crate::door::{self, Reader};
use crate::routes::Target;
use crate::{listing, refused};

/// The rail's order (PAGES.md, Frame); what is not named here comes before the ledger.
const RAIL: [&str; 12] = [
    "today",
    "intake",
    "laboratory",
    "samples",
    "lots",
    "balance",
    "quality",
    "research",
    "production",
    "talent",
    "governance",
    "people",
];

/// What is read at an address.
pub fn read(app: &App, reader: &Reader, call: &Call) -> Result<Reply, Miss> {
    let Some((target, parts)) = app.routes.find(&call.path) else {
        return Err(Miss::NoSuch(call.path.clone()));
    };
    match target {
        Target::Page(page) => {
            allowed(reader, page.readers)?;
            let view = app.visit(reader, call, parts, page.show)?;
            let rail = if view.of.is_empty() { page.rail } else { app.routes.rail(&view.of) };
            Ok(framed(app, reader, call, 200, rail, view))
        }
        Target::Listing(list) => {
            allowed(reader, list.readers)?;
            listing::reply(app, reader, call, parts, &list)
        }
        Target::Download(download) => {
            allowed(reader, download.readers)?;
            let file = app.visit(reader, call, parts, download.make)?;
            Ok(attached(&file.name, file.content_type, file.bytes, file.inline))
        }
    }
}

/// Refuses who may not read.
pub fn allowed(reader: &Reader, readers: &[kernel::Role]) -> Result<(), Miss> {
    if reader.may_read(readers) { Ok(()) } else { Err(Miss::NotAllowed) }
}

/// A file with its name in any script (RFC 6266, RFC 8187).
pub fn attached(name: &str, content_type: &str, bytes: Vec<u8>, inline: bool) -> Reply {
    let how = if inline { "inline" } else { "attachment" };
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\;%".contains(c) { c } else { '_' }).collect();
    let coded = ui::kit::query::encode(name);
    let disposition = format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{coded}");
    Reply::new(200, content_type, bytes).with("content-disposition", disposition)
}

/// A view in its frame.
pub fn framed(app: &App, reader: &Reader, call: &Call, status: u16, rail: &str, view: View) -> Reply {
    let words = app.store.read(|db| Ok(app.words(db, reader.lang)));
    let words =
        words.unwrap_or_else(|_| crate::assemble::catalogue().words(reader.lang, jiff::tz::TimeZone::UTC));
    let done = call.cookie(door::DONE).filter(|_| status == 200).and_then(|text| text.parse::<u64>().ok());
    let frame = Frame {
        breadcrumb: crumbs(&view),
        rail: self::rail(app, reader, &words, rail),
        near: near(app, reader, &words, rail, &call.path),
        theme: reader.theme,
        person: reader.known.as_ref().map(|known| Person {
            name: words.pick(&known.names.en, &known.names.zh).to_owned(),
            href: page_of(app, known.person.into()),
        }),
        search: if call.path == "/search" { call.asked("q").to_owned() } else { String::new() },
        banner: done.map(|entry| receipt(&words, entry)),
        wide: view.wide,
        refresh: view.refresh,
        ..Frame::new(words.clone(), view.title.clone(), reader.csrf.clone(), call.here.clone())
    };
    let reply = Reply::html(status, frame.page(&view.body));
    match done {
        Some(_) => reply.cookie(door::DONE, "", 0, call.is_secure()),
        None => reply,
    }
}

fn crumbs(view: &View) -> Vec<Link> {
    if view.breadcrumb.is_empty() {
        return Vec::new();
    }
    let mut way = view.breadcrumb.clone();
    way.push(Link::new(view.title.clone(), ""));
    way
}

fn receipt(words: &Words, entry: u64) -> Notice {
    let text = words.tv("done-receipt", &[("entry", entry.to_string().into())]);
    let link = Some(Link::new(words.t("done-look"), format!("/ledger/{entry}")));
    Notice { link, ..Notice::new(State::Pass, text) }
}

/// The page of a record, wherever it is.
pub fn page_of(app: &App, record: Ref) -> String {
    let described = app.store.describe(record).ok().flatten();
    let url = described.map(|described| described.url).filter(|url| !url.is_empty());
    url.unwrap_or_else(|| format!("/history/{record}"))
}

fn rail(app: &App, reader: &Reader, words: &Words, current: &str) -> Vec<RailItem> {
    if reader.known.is_none() {
        return Vec::new();
    }
    let readable = |key: &str| {
        let pages = app.routes.pages().map(|page| (page.rail, page.readers));
        let lists = app.routes.listings().map(|list| (list.rail, list.readers));
        pages.chain(lists).any(|(rail, readers)| rail == key && reader.may_read(readers))
    };
    let place = |key: &str| match key {
        "ledger" => RAIL.len() + 1,
        _ => RAIL.iter().position(|name| *name == key).unwrap_or(RAIL.len()),
    };
    let mut entries: Vec<(&str, &str, Icon)> =
        app.sites.iter().flat_map(|site| site.rail.iter().copied()).collect();
    entries.sort_by_key(|(key, ..)| place(key));
    let entries = entries.into_iter().filter(|(key, ..)| readable(key));
    entries
        .map(|(key, href, icon)| RailItem {
            link: Link::new(words.t(&word("rail", key)), href),
            icon,
            current: key == current,
        })
        .collect()
}

/// The lists and pages of one entry of the rail, on each of these: what else is to be found there.
fn near(app: &App, reader: &Reader, words: &Words, rail: &str, path: &str) -> Vec<Tab> {
    let pages = app.routes.pages().filter(|page| page.rail == rail && reader.may_read(page.readers));
    let named = |path: &str| match path.strip_prefix('/').and_then(|path| path.split_once('/')) {
        None if path == format!("/{rail}") => "kit-tab-overview".to_owned(),
        None => word("page", path.trim_start_matches('/')),
        Some((_, last)) => word("page", last),
    };
    let pages = pages.map(|page| (page.path, named(page.path)));
    let lists = app.routes.listings().filter(|list| list.rail == rail && reader.may_read(list.readers));
    let lists = lists.map(|list| (list.path, word("list", list.name)));
    let mut all: Vec<(&str, String)> =
        pages.chain(lists).filter(|(path, key)| !path.contains('{') && words.has(key)).collect();
    let entry = app.sites.iter().flat_map(|site| site.rail).find(|(key, ..)| *key == rail);
    all.sort_by_key(|(path, _)| entry.is_none_or(|(_, href, _)| href != path));
    if rail.is_empty() || all.len() < 2 || !all.iter().any(|(known, _)| *known == path) {
        return Vec::new();
    }
    all.into_iter()
        .map(|(href, key)| Tab { current: href == path, link: Link::new(words.t(&key), href) })
        .collect()
}

/// A page that says why there is none.
pub fn missed(app: &App, reader: &Reader, call: &Call, miss: &Miss) -> Reply {
    let words = app.store.read(|db| Ok(app.words(db, reader.lang)));
    let Ok(words) = words else {
        return Reply::new(503, "text/plain; charset=utf-8", "the store does not answer");
    };
    let signed_in = reader.known.is_some();
    if matches!(miss, Miss::NotAllowed) && !signed_in {
        return Reply::see_other(&format!("/sign-in?return_to={}", ui::kit::query::encode(&call.here)));
    }
    let (status, key, detail): (u16, &str, String) = match miss {
        Miss::NoSuch(what) => (404, "error-no-such", what.clone()),
        Miss::NotAllowed => (403, "error-not-allowed", String::new()),
        Miss::Unclear(what) => (400, "error-unclear", what.clone()),
        Miss::Unreadable(_) => (400, "error-unreadable", String::new()),
        Miss::Refused(_) => (422, "error-refused", String::new()),
        Miss::Failed(error) => {
            tracing::error!(path = call.path, %error, "a page failed");
            (500, "error-failed", String::new())
        }
    };
    let panel = match miss {
        Miss::Refused(refusal) | Miss::Unreadable(refusal) => {
            let registry = app.store.registry();
            let said = app.store.read(|db| refused::explain(db, registry, &words, refusal));
            said.map(|said| said.panel(registry, &words).render(&words)).unwrap_or_default()
        }
        _ => Markup::default(),
    };
    let title = words.t(key);
    let body = html! {
        (ui::kit::record::page_head(&title, None, None))
        (panel)
        @if !detail.is_empty() { p { code { (detail) } } }
        p { (words.t(&format!("{key}-help"))) }
        p { a.button href="/" { (words.t("error-home")) } }
    };
    framed(app, reader, call, status, "", View::new(title, body, &serde_json::json!({ "status": status })))
}

/// What a form without files says; a field that stands several times, such as the rows that were selected,
/// is one of several lines.
fn chosen(pairs: &[(String, String)]) -> site::Uploaded {
    let mut uploaded = site::Uploaded::default();
    for (name, value) in pairs {
        let field = uploaded.fields.entry(name.clone()).or_default();
        if !field.is_empty() {
            field.push('\n');
        }
        field.push_str(value);
    }
    uploaded
}

/// Files, or a choice, sent to an area.
pub fn upload(app: &App, reader: &Reader, call: &Call) -> Result<Reply, Miss> {
    let Some(upload) = app.routes.upload(&call.path) else { return Err(Miss::NoSuch(call.path.clone())) };
    allowed(reader, upload.readers)?;
    let uploaded = match &call.body {
        crate::call::Body::Upload(uploaded) => uploaded.clone(),
        crate::call::Body::Form(pairs) => chosen(pairs),
        _ => site::Uploaded::default(),
    };
    let to = (upload.receive)(&app.store, &reader.actor, &uploaded)?;
    Ok(Reply::see_other(door::local(&to)))
}
