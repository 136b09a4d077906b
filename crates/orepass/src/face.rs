//! Whom the command line asks: the programming interface within this process, over a data folder, or that of
//! a running server. Both answer alike.

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use jiff::tz::TimeZone;
use kernel::{Actor, Role, Via};
use serde_json::Value;
use server::api::{self, ApiMethod};
use server::{App, Lang};
use store::Store;

use crate::client::Client;
use crate::config::Settings;
use crate::exit::Exit;
use crate::system;

/// A question.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Below `/api/v1`.
    pub path: String,
    /// After the question mark.
    pub query: Vec<(String, String)>,
    /// The JSON of a command; none to read.
    pub body: Option<String>,
    /// Headers: reason, idempotency key.
    pub headers: Vec<(&'static str, String)>,
    /// A file to be taken in, with its name.
    pub file: Option<(String, Vec<u8>)>,
    /// What is said of the file: method, instrument, mapping.
    pub fields: Vec<(String, String)>,
}

impl Ask {
    /// Reads at a path.
    pub fn get(path: impl Into<String>) -> Self {
        Ask { path: path.into(), ..Ask::default() }
    }
}

/// An answer.
pub struct Told {
    /// As of HTTP.
    pub status: u16,
    /// What was said.
    pub body: Value,
}

/// Who is asked.
pub enum Face {
    /// A running server.
    Server(Client),
    /// A data folder, as an actor.
    Folder(Box<Folder>),
}

/// An open data folder and who uses it.
pub struct Folder {
    app: App,
    actor: Actor,
    lang: Lang,
    /// How many entries the ledger had when it was opened.
    begun: u64,
}

impl Face {
    /// Finds out whom to ask, and as whom. `change` says whether something is to be changed.
    pub fn open(settings: &Settings, change: bool) -> Result<Self> {
        if let Some(url) = &settings.server {
            let password = std::env::var("OREPASS_PASSWORD").ok();
            return Ok(Face::Server(Client::new(url, settings.token.clone(), password)?));
        }
        let store = settings.open_existing()?;
        let actor = actor(&store, settings, change)?;
        let lang = if settings.chinese { Lang::Zh } else { Lang::En };
        let begun = store.read(store::log::count)?;
        let app = App::new(store, settings.site());
        Ok(Face::Folder(Box::new(Folder { app, actor, lang, begun })))
    }

    /// The zone in which people here write times: the institute's.
    pub fn zone(&self) -> Result<TimeZone> {
        match self {
            Face::Folder(folder) => Ok(folder.app.store.read(authority::zone)?),
            Face::Server(_) => {
                let told = self.ask(Ask::get("/institute"))?;
                let name = told.body["institute"]["time_zone"].as_str().unwrap_or("UTC");
                TimeZone::get(name).with_context(|| format!("the server's time zone {name}"))
            }
        }
    }

    /// Asks.
    pub fn ask(&self, ask: Ask) -> Result<Told> {
        match self {
            Face::Server(client) => client.ask(&ask),
            Face::Folder(folder) => folder.ask(ask),
        }
    }

    /// Ends the work that follows from what was given: files are read, certificates typeset. On a data folder
    /// it is done here, for there is nobody else to do it; a server does it by itself. Says what is left, and
    /// how that goes on; then `exit` tells so as well.
    pub fn finish(&self, exit: Exit) -> Result<Exit> {
        let Face::Folder(folder) = self else { return Ok(exit) };
        let store = &folder.app.store;
        while store.work()? {}
        let undone = store.read(|db| store::jobs::undone_since(db, folder.begun))?;
        for job in &undone {
            let (kind, subject) = (&job.kind, job.subject);
            let why = if job.trouble.is_empty() { "it is not due yet" } else { job.trouble.as_str() };
            let next = match job.goes_on {
                true => "it is tried again by the next command on this folder, or by `orepass serve`",
                false => "it is not tried again by itself",
            };
            eprintln!("orepass: not finished: {kind} of {subject}: {why}; {next}");
        }
        Ok(if undone.is_empty() || exit != Exit::Ok { exit } else { Exit::Unfinished })
    }

    /// The receipt of an import when nothing of it is under way any more: a server is waited for.
    pub fn imported(&self, receipt: &str) -> Result<Told> {
        self.finish(Exit::Ok)?;
        for _ in 0..WAITS {
            let told = self.ask(Ask::get(receipt))?;
            let import = &told.body["import"];
            let asks = import["date_question"].is_object() && import["date_order"].is_null();
            let ended = told.status != 200 || asks || !import["finished_at"].is_null();
            if ended || matches!(self, Face::Folder(_)) {
                return Ok(told);
            }
            std::thread::sleep(WAIT);
        }
        self.ask(Ask::get(receipt))
    }
}

/// How long, and how often, a server is asked whether it is done with a file: two minutes.
const WAIT: std::time::Duration = std::time::Duration::from_millis(250);
const WAITS: u32 = 480;

impl Folder {
    fn ask(&self, ask: Ask) -> Result<Told> {
        let change = ask.body.is_some() || ask.file.is_some();
        let method = if change { ApiMethod::Post } else { ApiMethod::Get };
        let mut call = match ask.file {
            Some((name, bytes)) => api::local_upload(&ask.path, name, bytes, ask.fields),
            None => api::local(method, &ask.path, ask.query, ask.body),
        };
        call.headers.extend(ask.headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let reader = api::as_actor(self.actor.clone(), self.lang);
        let reply = api::answer(&self.app, &reader, &call);
        let body = serde_json::from_slice(&reply.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&reply.body).into_owned()));
        Ok(Told { status: reply.status, body })
    }
}

/// Who acts on a data folder: the owner of a token, or of a password. Whoever can read the folder can read
/// all of it, so reading without either is as an auditor.
fn actor(store: &Arc<Store>, settings: &Settings, change: bool) -> Result<Actor> {
    if let Some(token) = &settings.token {
        let known = store.read(|db| authority::actor_of_token(db, token, store.now()))?;
        return known
            .map(|known| known.actor)
            .context("the token is not good: unknown, revoked or past its time");
    }
    if let Some(login) = &settings.login {
        let password = system::password(login)?;
        let known = authority::authenticate(store, login, &password, Via::Cli)?;
        return Ok(Actor { reauthenticated: true, ..known.actor });
    }
    if change {
        bail!("who are you? give --as LOGIN (with OREPASS_PASSWORD), or --token");
    }
    Ok(Actor { roles: vec![Role::Auditor], via: Via::Cli, only: Some(vec![]), ..Actor::system() })
}
