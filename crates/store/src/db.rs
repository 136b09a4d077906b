//! One connection to either database, with the four ways of asking it something.

use std::collections::BTreeMap;

use crate::dialect::{self, Dialect};
use crate::{Row, StoreError, Value};

/// A connection. The same statements run on both databases; see [`crate::dialect`] for what differs.
pub struct Db(Inner);

enum Inner {
    Sqlite(rusqlite::Connection),
    Postgres { client: Box<postgres::Client>, prepared: BTreeMap<String, postgres::Statement> },
}

impl Db {
    /// Opens the embedded database in a file, made when missing.
    pub fn sqlite(path: &std::path::Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Sqlite { sql: format!("open {}", path.display()), source };
        let connection = rusqlite::Connection::open(path).map_err(failed)?;
        dialect::set_up_sqlite(&connection).map_err(failed)?;
        Ok(Db(Inner::Sqlite(connection)))
    }

    /// Opens an embedded database that must be there, only to read. Where it is `still` (nobody has it open
    /// and nothing is left to be carried into it), nothing beside it is made or touched.
    pub(crate) fn sqlite_to_read(path: &std::path::Path, still: bool) -> Result<Self, StoreError> {
        use rusqlite::OpenFlags;
        let failed = |source| StoreError::Sqlite { sql: format!("open {}", path.display()), source };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match still {
            true => rusqlite::Connection::open_with_flags(
                dialect::still_uri(path),
                flags | OpenFlags::SQLITE_OPEN_URI,
            ),
            false => rusqlite::Connection::open_with_flags(path, flags),
        };
        let connection = connection.map_err(failed)?;
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA busy_timeout = 10000;").map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Db(Inner::Sqlite(connection)))
    }

    /// Begins to read from one state of the database, until the end of the transaction.
    pub(crate) fn begin_reading(&mut self) -> Result<(), StoreError> {
        let sql = dialect::begin_reading(self.dialect());
        self.batch(sql)
    }

    /// An embedded database that is gone with the process: for folding events again beside the stored rows.
    /// What a row refers to need not be there: the fact that made it may have been erased.
    pub fn scratch() -> Result<Self, StoreError> {
        let failed = |source| StoreError::Sqlite { sql: "open in memory".to_owned(), source };
        let connection = rusqlite::Connection::open_in_memory().map_err(failed)?;
        connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF;").map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(512);
        Ok(Db(Inner::Sqlite(connection)))
    }

    /// Connects to a server: `postgres://user@host/name`.
    pub fn postgres(url: &str) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Postgres { sql: "connect".to_owned(), source };
        let client = postgres::Client::connect(url, postgres::NoTls).map_err(failed)?;
        Ok(Db(Inner::Postgres { client: Box::new(client), prepared: BTreeMap::new() }))
    }

    /// Which database it is.
    pub fn dialect(&self) -> Dialect {
        match self.0 {
            Inner::Sqlite(_) => Dialect::Sqlite,
            Inner::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// All rows of an answer, each mapped.
    pub fn query<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.each(sql, params, |row| {
            found.push(map(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Hands every row of an answer to `visit`, one at a time.
    pub fn each(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match &mut self.0 {
            Inner::Sqlite(connection) => {
                let failed = |source| StoreError::Sqlite { sql: sql.to_owned(), source };
                let mut statement = connection.prepare_cached(sql).map_err(failed)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(failed)?;
                while let Some(row) = rows.next().map_err(failed)? {
                    visit(&Row::Sqlite(row))?;
                }
            }
            Inner::Postgres { client, prepared } => {
                use postgres::fallible_iterator::FallibleIterator;
                let failed = |source| StoreError::Postgres { sql: sql.to_owned(), source };
                let statement = prepare(client, prepared, sql)?;
                let mut rows = client.query_raw(&statement, params).map_err(failed)?;
                while let Some(row) = rows.next().map_err(failed)? {
                    visit(&Row::Postgres(&row))?;
                }
            }
        }
        Ok(())
    }

    /// The first row of an answer, mapped, if there is one.
    pub fn maybe<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.query(sql, params, map)?.into_iter().next())
    }

    /// The first row of an answer that must have one; `what` names it in the error.
    pub fn one<T>(
        &mut self,
        what: impl std::fmt::Display,
        sql: &str,
        params: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.maybe(sql, params, map)?.ok_or_else(|| StoreError::Missing(what.to_string()))
    }

    /// Changes rows; gives how many.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        match &mut self.0 {
            Inner::Sqlite(connection) => {
                let failed = |source| StoreError::Sqlite { sql: sql.to_owned(), source };
                let mut statement = connection.prepare_cached(sql).map_err(failed)?;
                statement.execute(rusqlite::params_from_iter(params)).map(|n| n as u64).map_err(failed)
            }
            Inner::Postgres { client, prepared } => {
                let failed = |source| StoreError::Postgres { sql: sql.to_owned(), source };
                let statement = prepare(client, prepared, sql)?;
                let values: Vec<&(dyn postgres::types::ToSql + Sync)> =
                    params.iter().map(|value| value as _).collect();
                client.execute(&statement, &values).map_err(failed)
            }
        }
    }

    /// Runs a script of definitions, written portably.
    pub fn define(&mut self, script: &str) -> Result<(), StoreError> {
        let script = dialect::definition(self.dialect(), script);
        self.batch(&script)
    }

    /// Checks that a statement would run, without running it.
    pub fn prepare(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.0 {
            Inner::Sqlite(connection) => {
                let failed = |source| StoreError::Sqlite { sql: sql.to_owned(), source };
                connection.prepare_cached(sql).map(|_| ()).map_err(failed)
            }
            Inner::Postgres { client, prepared } => prepare(client, prepared, sql).map(|_| ()),
        }
    }

    /// Runs statements without parameters, as they are.
    pub(crate) fn batch(&mut self, script: &str) -> Result<(), StoreError> {
        let sql = || script.chars().take(2000).collect();
        match &mut self.0 {
            Inner::Sqlite(connection) => {
                connection.execute_batch(script).map_err(|source| StoreError::Sqlite { sql: sql(), source })
            }
            Inner::Postgres { client, .. } => {
                client.batch_execute(script).map_err(|source| StoreError::Postgres { sql: sql(), source })
            }
        }
    }

    /// Copies the whole embedded database into a file, in the state that this connection reads, while others
    /// go on reading and writing.
    pub(crate) fn copy_to(&self, path: &std::path::Path) -> Result<(), StoreError> {
        let failed = |source| StoreError::Sqlite { sql: format!("copy to {}", path.display()), source };
        match &self.0 {
            Inner::Sqlite(connection) => {
                let silent = None::<fn(rusqlite::backup::Progress)>;
                connection.backup("main", path, silent).map_err(failed)
            }
            Inner::Postgres { .. } => {
                Err(StoreError::stored("the database", "only SQLite is copied as a file"))
            }
        }
    }
}

fn prepare(
    client: &mut postgres::Client,
    prepared: &mut BTreeMap<String, postgres::Statement>,
    sql: &str,
) -> Result<postgres::Statement, StoreError> {
    if let Some(statement) = prepared.get(sql) {
        return Ok(statement.clone());
    }
    let text = dialect::postgres_statement(sql);
    let statement =
        client.prepare(&text).map_err(|source| StoreError::Postgres { sql: sql.to_owned(), source })?;
    prepared.insert(sql.to_owned(), statement.clone());
    Ok(statement)
}
