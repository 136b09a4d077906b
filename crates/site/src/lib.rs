//! What a page is given and what it gives back, so that areas can have pages without knowing the web server.
//!
//! An area lists its [`Page`]s and [`Listing`]s; the server routes to them, draws the frame, and turns a
//! listing into a page, CSV, XLSX, JSON, an answer of the programming interface or a table on the command
//! line. Pages only read. Every change is a command, posted to `/do/NAME` by a form that [`Visit::form`]
//! starts.

mod list_rows;
mod named;
mod said;

use std::collections::BTreeMap;
use std::str::FromStr;

use kernel::{Actor, Instant, Ref, Refusal, Role};
use store::{Db, Stop, Store, StoreError};
use ui::kit::form::{Field, FieldKind, Form};
use ui::kit::query::TableQuery;
use ui::kit::record::Action;
use ui::kit::table::Table;
use ui::{Badge, Lang, Markup, Words};

pub use list_rows::{Condition, ListSql, listed};
pub use named::Named;
pub use said::said;

/// One reader at one address.
pub struct Visit<'a> {
    /// The open store: its thread, files, clock.
    pub store: &'a Store,
    /// A connection, in one consistent state for the whole visit.
    pub db: &'a mut Db,
    /// All areas' sites: what they say about records of each other.
    pub sites: &'a [Site],
    /// The reader's language and time zone.
    pub words: &'a Words,
    /// The reader.
    pub actor: &'a Actor,
    /// The session's token for forms.
    pub csrf: &'a str,
    /// The present instant.
    pub now: Instant,
    /// The address, to come back to.
    pub here: String,
    /// Named parts of the path: `lot` in `/lots/{lot}`.
    pub path: BTreeMap<String, String>,
    /// What stands after the question mark.
    pub query: BTreeMap<String, String>,
    /// A fresh key, so that a form sent twice happens once.
    pub key: String,
}

impl Visit<'_> {
    /// A typed part of the path; something else there is a page that does not exist.
    pub fn id<T: FromStr>(&self, name: &str) -> Result<T, Miss> {
        let text = self.path.get(name).map(String::as_str).unwrap_or_default();
        text.parse().map_err(|_| Miss::NoSuch(text.to_owned()))
    }

    /// A value after the question mark; empty when absent.
    pub fn asked(&self, name: &str) -> &str {
        self.query.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Whether the reader's roles allow a command. Only for showing; the commit path decides.
    pub fn may(&self, command: &str) -> bool {
        let kind = self.store.registry().commands.get(command);
        kind.is_some_and(|kind| kind.allowed(&self.actor.roles))
    }

    /// The states of a record as badges: what its own area says first, then what others do, as that a lot
    /// is held.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn standing(&mut self, record: impl Into<Ref>) -> Result<Vec<Badge>, StoreError> {
        let record = record.into();
        let mut badges = Vec::new();
        for site in self.sites {
            badges.extend((site.standing)(self, record)?);
        }
        Ok(badges)
    }

    /// The one next act on a record; the highest floor that has one says it.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn next(&mut self, record: impl Into<Ref>) -> Result<Option<Action>, StoreError> {
        let record = record.into();
        for site in self.sites.iter().rev() {
            if let Some(action) = (site.next)(self, record)? {
                return Ok(Some(action));
            }
        }
        Ok(None)
    }

    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.words.lang()
    }

    /// Where the password is given again, for a command that signs: it says what is signed.
    pub fn signature(&self, command: &str) -> Option<Field> {
        let meaning = self.store.registry().commands.get(command)?.signs?;
        let said = self.words.t(&word("meaning", meaning.word()));
        let hint = self.words.tv("do-sign", &[("meaning", said.into())]);
        let field = Field::new(SIGNATURE, self.words.t("do-password"), FieldKind::Password { new: false });
        Some(field.hint(hint).required())
    }

    /// Starts the form of a command. Fields are named like the command's; the button says `command-NAME`.
    /// After success the reader comes back to `return_to`, or to the page of the record it made.
    pub fn form(&self, command: &'static str, return_to: Option<String>) -> Form {
        let mut form =
            Form::new(command, format!("/do/{command}"), self.csrf, self.words.t(&word("command", command)));
        form.return_to = return_to;
        form.idempotency_key = Some(self.key.clone());
        form.signature = self.signature(command);
        form
    }
}

/// The field in which a signer gives the password again; no command has one of this name.
pub const SIGNATURE: &str = "signature_password";

/// The Fluent key for a dotted name: `command` and `lot.receive` give `command-lot-receive`.
pub fn word(prefix: &str, name: &str) -> String {
    format!("{prefix}-{}", name.replace(['.', '_'], "-"))
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum Miss {
    /// Nothing has that id or name.
    #[error("there is no {0}")]
    NoSuch(String),
    /// The reader may not see it.
    #[error("this page is not for your roles")]
    NotAllowed,
    /// What was asked cannot be read.
    #[error("{0}")]
    Unclear(String),
    /// What was sent cannot be read and nothing of it was kept: said as a refusal is, in both languages, but
    /// no command was given and nothing is on record.
    #[error("cannot be read: {}", .0.code)]
    Unreadable(Box<Refusal>),
    /// A command given on the way was refused; the refusal is on record.
    #[error("refused: {}", .0.code)]
    Refused(Box<Refusal>),
    /// Reading failed.
    #[error(transparent)]
    Failed(#[from] StoreError),
}

impl From<Stop> for Miss {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusal) => Miss::Refused(refusal),
            Stop::Failed(error) => Miss::Failed(error),
        }
    }
}

/// A page's content, without the frame.
pub struct View {
    /// Its title.
    pub title: String,
    /// The thread to it: words and address of each step above.
    pub breadcrumb: Vec<ui::Link>,
    /// What is shown.
    pub body: Markup,
    /// The same as data: what the programming interface answers for this address.
    pub data: serde_json::Value,
    /// Whether it may use the width of the window.
    pub wide: bool,
    /// Seconds after which it shows itself again, while work goes on.
    pub refresh: Option<u32>,
    /// The address of the record it says more about; the rail marks where that belongs.
    pub of: String,
}

impl View {
    /// A page with its data.
    pub fn new(title: impl Into<String>, body: Markup, data: &impl serde::Serialize) -> Self {
        View {
            title: title.into(),
            breadcrumb: Vec::new(),
            body,
            data: serde_json::to_value(data).unwrap_or_default(),
            wide: false,
            refresh: None,
            of: String::new(),
        }
    }

    /// With one more step of the breadcrumb.
    #[must_use]
    pub fn under(mut self, link: ui::Link) -> Self {
        self.breadcrumb.push(link);
        self
    }
}

/// Roles that read everything but customers' own pages.
pub const STAFF: &[Role] = &[
    Role::Analyst,
    Role::LaboratoryHead,
    Role::Receiver,
    Role::ShiftSupervisor,
    Role::Metallurgist,
    Role::QualityManager,
    Role::TalentOfficer,
    Role::Director,
    Role::Auditor,
    Role::Administrator,
];

/// Everybody who is signed in.
pub const ALL: &[Role] = Role::ALL;

/// Everybody, signed in or not: a certificate is checked without an account.
pub const PUBLIC: &[Role] = &[];

/// The words that all areas share: kinds of records, roles, activities, meanings, common fields.
pub const TEXT: (&str, &str) = (include_str!("../text/en.ftl"), include_str!("../text/zh.ftl"));

/// A page of an area.
#[derive(Clone, Copy)]
pub struct Page {
    /// `/lots/{lot}`. Also answered as JSON under `/api/v1`.
    pub path: &'static str,
    /// Which entry of the left rail it belongs to.
    pub rail: &'static str,
    /// Who may read it; [`PUBLIC`] for everybody, signed in or not.
    pub readers: &'static [Role],
    /// Makes it.
    pub show: fn(&mut Visit<'_>) -> Result<View, Miss>,
}

/// A list of an area: a page, an export, an answer of the programming interface, a command-line table.
#[derive(Clone, Copy)]
pub struct Listing {
    /// `lots`: its name on the command line; its page is `/lots`, its title `list-lots`.
    pub name: &'static str,
    /// Where it is: `/lots`.
    pub path: &'static str,
    /// Which entry of the left rail it belongs to.
    pub rail: &'static str,
    /// Who may read it.
    pub readers: &'static [Role],
    /// The rows that the query asks for (its page, sorted and filtered), and how many there are in all.
    pub fetch: fn(&mut Visit<'_>, &TableQuery) -> Result<Table, Miss>,
    /// The commands offered above it: the buttons that make a new one.
    pub actions: &'static [&'static str],
}

/// A file that an area hands out: a certificate, a label, a dossier.
#[derive(Clone, Copy)]
pub struct Download {
    /// `/certificates/{certificate}/pdf`.
    pub path: &'static str,
    /// Who may have it; [`PUBLIC`] for everybody.
    pub readers: &'static [Role],
    /// Makes it.
    pub make: fn(&mut Visit<'_>) -> Result<FileOut, Miss>,
}

/// A file on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOut {
    /// The name it is saved under.
    pub name: String,
    /// `application/pdf`.
    pub content_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Whether the browser shows it rather than saving it.
    pub inline: bool,
}

/// Files that an area takes in. Its form is `multipart/form-data`, posted to `path` with the fields `csrf`
/// and whatever `receive` reads; a page of the same path may hold it.
#[derive(Clone, Copy)]
pub struct Upload {
    /// `/intake`.
    pub path: &'static str,
    /// Who may send them; the commands it gives decide in the end.
    pub readers: &'static [Role],
    /// Takes them and gives the address to go on to. Runs outside any transaction, as the person who sent
    /// them.
    pub receive: fn(&Store, &Actor, &Uploaded) -> Result<String, Miss>,
}

/// What came with an upload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// Name and bytes of each file, in order; fields left empty bring none.
    pub files: Vec<(String, Vec<u8>)>,
    /// The other fields.
    pub fields: BTreeMap<String, String>,
}

/// Everything an area shows. Start from [`Site::EMPTY`]: `Site { pages, ..Site::EMPTY }`.
#[derive(Clone, Copy)]
pub struct Site {
    /// Its pages.
    pub pages: fn() -> Vec<Page>,
    /// Its lists.
    pub listings: fn() -> Vec<Listing>,
    /// Its words: English and Chinese Fluent files.
    pub text: (&'static str, &'static str),
    /// Its pages drawn from samples.
    pub gallery: fn() -> Vec<ui::gallery::GalleryEntry>,
    /// Its entries on the left rail: key (words `rail-KEY`), address, icon.
    pub rail: &'static [(&'static str, &'static str, ui::kit::icon::Icon)],
    /// What of an area waits for this reader, for the page of today: see [`Waiting`].
    pub today: fn(&mut Visit<'_>) -> Result<Vec<Waiting>, Miss>,
    /// What it says about the state of a record, its own or another area's; nothing of records it does not
    /// know.
    pub standing: fn(&mut Visit<'_>, Ref) -> Result<Vec<Badge>, StoreError>,
    /// The one next act it offers on a record, its own or one of a floor below; none where nothing is next.
    pub next: fn(&mut Visit<'_>, Ref) -> Result<Option<Action>, StoreError>,
    /// The files it hands out.
    pub downloads: fn() -> Vec<Download>,
    /// The files it takes in.
    pub uploads: fn() -> Vec<Upload>,
}

impl Site {
    /// A site without anything.
    pub const EMPTY: Site = Site {
        pages: Vec::new,
        listings: Vec::new,
        text: ("", ""),
        gallery: Vec::new,
        rail: &[],
        today: |_| Ok(Vec::new()),
        standing: |_, _| Ok(Vec::new()),
        next: |_, _| Ok(None),
        downloads: Vec::new,
        uploads: Vec::new,
    };
}

/// Work that waits for a reader.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Waiting {
    /// What kind of work: its words are `today-KEY`.
    pub key: &'static str,
    /// How many.
    pub count: u64,
    /// Where to do it.
    pub href: String,
    /// Whether something is wrong rather than merely due.
    pub urgent: bool,
}
