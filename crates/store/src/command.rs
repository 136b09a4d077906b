//! Commands: what somebody wants to happen. The only way to change anything.
//!
//! A command is a struct that the rim parses from a form, JSON, arguments or a file. Parsing gives types that
//! cannot be wrong; everything that depends on stored records is decided in the transaction.

use std::any::Any;

use kernel::{Act, Actor, AuthorisationId, Instant, Meaning, Numbers, Ref, Role};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::{Authorise, Db, Facts, Registry, Stop, Store, StoreError};

/// What a command is decided with.
pub struct Context<'a> {
    /// The instant of the commit; all facts of one command have the same.
    pub at: Instant,
    /// Who gives it.
    pub actor: &'a Actor,
    /// Numbers for new records.
    pub numbers: &'a mut dyn Numbers,
    /// Why, in the actor's words.
    pub reason: Option<&'a str>,
    /// The authorisations under which each of the command's acts was allowed, in the same order.
    pub authorisations: Vec<AuthorisationId>,
    /// The name of the ledger it goes into, which stands on certificates: the origin of its checkpoints.
    pub ledger: &'a str,
    /// What [`Command::prepare`] made before the transaction.
    pub prepared: Option<&'a Prepared>,
    /// Whether it is only tried what would come of it ([`Store::rehearse`]): nothing is kept.
    pub rehearsal: bool,
    /// The gate of acts, for acts that were not done at the instant of the commit.
    pub authorise: Authorise,
}

impl Context<'_> {
    /// The authorisations of the command's acts when they were done, for acts done before the commit: whoever
    /// did them must have been authorised then as well, and that is what goes on record.
    pub fn authorised(&self, db: &mut Db, acts: &[Act], done: Instant) -> Result<Vec<AuthorisationId>, Stop> {
        match done < self.at && !acts.is_empty() {
            true => (self.authorise)(db, self.actor, acts, done),
            false => Ok(self.authorisations.clone()),
        }
    }
}

/// What a command made before its transaction; its own type, known to it alone.
pub type Prepared = Box<dyn Any + Send>;

/// A change somebody can ask for. Implemented in one file with its fact, its decision and its tests.
pub trait Command: Serialize + DeserializeOwned + ToSchema + Send + 'static {
    /// `lot.receive`: the record and the verb. The same on all faces; for ever.
    const NAME: &'static str;
    /// Who may give it. The permission matrix is made of these.
    const ROLES: &'static [Role];
    /// Set when giving it signs something: the password must be given again.
    const SIGNS: Option<Meaning> = None;
    /// A complete example, as JSON; shown in help and run by a test.
    const EXAMPLE: &'static str;

    /// The acts that need an authorisation at this instant. May read, to find the method or material.
    fn acts(&self, _db: &mut Db) -> Result<Vec<Act>, StoreError> {
        Ok(Vec::new())
    }

    /// Whether it has long work that comes before its transaction: then see [`Command::prepare`].
    const PREPARES: bool = false;

    /// Does the long work that must not fail once the facts are on record, against a state that may be old
    /// by the time of the transaction. [`Command::handle`] checks that what it was made from is still so, and
    /// gives [`StoreError::Changed`] when it is not; then it is prepared anew.
    fn prepare(&self, _store: &Store, _actor: &Actor) -> Result<Option<Prepared>, StoreError> {
        Ok(None)
    }

    /// Loads what it names, and decides: facts, or a refusal. Loading is in `rows.rs`, deciding is pure.
    fn handle(&self, db: &mut Db, context: &mut Context<'_>) -> Result<Facts, Stop>;
}

/// A command whose type is not known here.
pub trait AnyCommand: Send {
    /// See [`Command::NAME`].
    fn name(&self) -> &'static str;
    /// See [`Command::ROLES`].
    fn roles(&self) -> &'static [Role];
    /// See [`Command::SIGNS`].
    fn signs(&self) -> Option<Meaning>;
    /// The command as JSON: for idempotency keys and for the record of a refusal.
    fn json(&self) -> Result<String, StoreError>;
    /// See [`Command::acts`].
    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError>;
    /// See [`Command::PREPARES`].
    fn prepares(&self) -> bool;
    /// See [`Command::prepare`].
    fn prepare(&self, store: &Store, actor: &Actor) -> Result<Option<Prepared>, StoreError>;
    /// See [`Command::handle`].
    fn handle(&self, db: &mut Db, context: &mut Context<'_>) -> Result<Facts, Stop>;
}

impl<C: Command> AnyCommand for C {
    fn name(&self) -> &'static str {
        C::NAME
    }
    fn roles(&self) -> &'static [Role] {
        C::ROLES
    }
    fn signs(&self) -> Option<Meaning> {
        C::SIGNS
    }
    fn json(&self) -> Result<String, StoreError> {
        serde_json::to_string(self).map_err(|why| StoreError::stored(C::NAME, why))
    }
    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        Command::acts(self, db)
    }
    fn prepares(&self) -> bool {
        C::PREPARES
    }
    fn prepare(&self, store: &Store, actor: &Actor) -> Result<Option<Prepared>, StoreError> {
        Command::prepare(self, store, actor)
    }
    fn handle(&self, db: &mut Db, context: &mut Context<'_>) -> Result<Facts, Stop> {
        Command::handle(self, db, context)
    }
}

/// A field of a command that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Where: `outputs[0].mass_kg`; empty for the command as a whole.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

type Parse = fn(&str) -> Result<Box<dyn AnyCommand>, FieldError>;

/// A command as an area registers it: enough for the page, the programming interface and the command line
/// to offer it without knowing its type.
#[derive(Clone, Copy)]
pub struct CommandKind {
    /// See [`Command::NAME`].
    pub name: &'static str,
    /// See [`Command::ROLES`].
    pub roles: &'static [Role],
    /// See [`Command::SIGNS`].
    pub signs: Option<Meaning>,
    /// See [`Command::EXAMPLE`].
    pub example: &'static str,
    /// Its fields, for forms, help and the OpenAPI document.
    pub schema: fn() -> RefOr<Schema>,
    /// The schemas its schema refers to, by name.
    pub schemas: fn() -> Vec<(String, RefOr<Schema>)>,
    /// Reads it from JSON.
    pub parse: Parse,
}

impl CommandKind {
    /// Registers a command.
    pub fn of<C: Command>() -> Self {
        CommandKind {
            name: C::NAME,
            roles: C::ROLES,
            signs: C::SIGNS,
            example: C::EXAMPLE,
            schema: C::schema,
            schemas: || {
                let mut all = Vec::new();
                C::schemas(&mut all);
                all.into_iter().map(|(name, schema)| (name.to_string(), schema)).collect()
            },
            parse: |json| {
                let mut reader = serde_json::Deserializer::from_str(json);
                match serde_path_to_error::deserialize::<_, C>(&mut reader) {
                    Ok(command) => Ok(Box::new(command)),
                    Err(error) => Err(FieldError {
                        field: Some(error.path().to_string()).filter(|path| path != ".").unwrap_or_default(),
                        message: error.inner().to_string(),
                    }),
                }
            },
        }
    }

    /// Whether this actor may give it, going by roles and by what a token is limited to: what can be said
    /// before anything they sent is read. The system may give all.
    pub fn is_open_to(&self, actor: &Actor) -> bool {
        let within = actor.only.as_ref().is_none_or(|only| only.iter().any(|name| name == self.name));
        actor.is_system() || (self.allowed(&actor.roles) && within)
    }

    /// The command without its content: for one who may not give it, so that the refusal is on record and
    /// nothing they sent was read.
    pub fn unread(&self) -> Box<dyn AnyCommand> {
        Box::new(Unread(*self))
    }

    /// Whether one with these roles may give it. A command without roles is the system's alone.
    pub fn allowed(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.roles.contains(role))
    }
}

/// A command whose content was not read.
struct Unread(CommandKind);

impl AnyCommand for Unread {
    fn name(&self) -> &'static str {
        self.0.name
    }
    fn roles(&self) -> &'static [Role] {
        self.0.roles
    }
    fn signs(&self) -> Option<Meaning> {
        self.0.signs
    }
    fn json(&self) -> Result<String, StoreError> {
        Ok("{}".to_owned())
    }
    fn acts(&self, _db: &mut Db) -> Result<Vec<Act>, StoreError> {
        Ok(Vec::new())
    }
    fn prepares(&self) -> bool {
        false
    }
    fn prepare(&self, _store: &Store, _actor: &Actor) -> Result<Option<Prepared>, StoreError> {
        Ok(None)
    }
    fn handle(&self, _db: &mut Db, _context: &mut Context<'_>) -> Result<Facts, Stop> {
        Err(StoreError::stored(self.0.name, "its content was not read").into())
    }
}

/// A command on its way to the writer.
pub struct Request {
    /// Who gives it.
    pub actor: Actor,
    /// What.
    pub command: Box<dyn AnyCommand>,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// When given twice with the same key, it happens once.
    pub key: Option<String>,
}

impl Request {
    /// A command by an actor, without reason or key.
    pub fn new(actor: &Actor, command: impl Command) -> Self {
        Request { actor: actor.clone(), command: Box::new(command), reason: None, key: None }
    }

    /// The same request once more, when its command prepares something that can have become old.
    pub(crate) fn again(&self, registry: &Registry) -> Result<Option<Request>, StoreError> {
        if !self.command.prepares() {
            return Ok(None);
        }
        let name = self.command.name();
        let kind = registry.commands.get(name).ok_or_else(|| StoreError::Missing(name.to_owned()))?;
        let parsed = (kind.parse)(&self.command.json()?);
        let command = parsed.map_err(|why| StoreError::stored(name, why.message))?;
        let Request { actor, reason, key, .. } = self;
        Ok(Some(Request { actor: actor.clone(), command, reason: reason.clone(), key: key.clone() }))
    }

    /// With a reason.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into()).filter(|reason| !reason.trim().is_empty());
        self
    }

    /// With an idempotency key.
    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into()).filter(|key| !key.trim().is_empty());
        self
    }
}

/// What a committed command left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Receipt {
    /// Its entries in the ledger, first to last.
    pub entries: Vec<u64>,
    /// The records its facts are about, in order, each once. The first is the one it made or changed.
    pub subjects: Vec<Ref>,
}

impl Receipt {
    /// The first subject of this kind: what the command made or changed.
    pub fn id<T: TryFrom<Ref>>(&self) -> Option<T> {
        self.subjects.iter().find_map(|subject| T::try_from(*subject).ok())
    }
}
