//! Everything in which the two databases differ. SQL elsewhere is written once, for both.
//!
//! Portable SQL here means: parameters `?1`, types TEXT, INTEGER (64 bits), REAL and BLOB, decimals and
//! instants as TEXT, no booleans, `ON CONFLICT … DO UPDATE`, `RETURNING`, common table expressions.

use crate::{Db, StoreError};

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

/// `?1` becomes `$1`, outside quotes.
pub(crate) fn postgres_statement(sql: &str) -> String {
    let mut quoted = false;
    sql.chars()
        .map(|c| match c {
            '\'' => {
                quoted = !quoted;
                c
            }
            '?' if !quoted => '$',
            _ => c,
        })
        .collect()
}

/// Types of table definitions. Text is compared byte by byte, as SQLite does, so that both sort alike.
pub(crate) fn definition(dialect: Dialect, sql: &str) -> String {
    match dialect {
        Dialect::Sqlite => sql.to_owned(),
        Dialect::Postgres => sql
            .replace(" INTEGER", " BIGINT")
            .replace(" BLOB", " BYTEA")
            .replace(" REAL", " DOUBLE PRECISION")
            .replace(" TEXT", " TEXT COLLATE \"C\"")
            .replace(" WITHOUT ROWID", ""),
    }
}

/// How each connection is set up.
pub(crate) fn set_up_sqlite(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA busy_timeout = 10000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 1073741824; PRAGMA wal_autocheckpoint = 4000;",
    )?;
    connection.set_prepared_statement_cache_capacity(512);
    Ok(())
}

/// How one state of the database is read, whatever others write meanwhile.
pub(crate) fn begin_reading(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "BEGIN",
        Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    }
}

/// The address of an embedded database that nothing and nobody changes.
pub(crate) fn still_uri(path: &std::path::Path) -> String {
    let coded: String = path
        .to_string_lossy()
        .chars()
        .map(|c| match c {
            '%' => "%25".to_owned(),
            '?' => "%3f".to_owned(),
            '#' => "%23".to_owned(),
            c => c.to_string(),
        })
        .collect();
    format!("file:{coded}?immutable=1")
}

/// The search index: SQLite has trigrams in FTS5; PostgreSQL compares with ILIKE.
pub(crate) fn search_definition(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "CREATE VIRTUAL TABLE search
                 USING fts5(record UNINDEXED, label UNINDEXED, words, tokenize='trigram');
             CREATE TABLE search_row (record TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;"
        }
        Dialect::Postgres => {
            "CREATE TABLE search (record TEXT PRIMARY KEY, label TEXT NOT NULL, words TEXT NOT NULL);"
        }
    }
}

/// Puts a record into the search index, or renews it.
pub(crate) fn search_put(db: &mut Db, record: &str, label: &str, words: &str) -> Result<(), StoreError> {
    match db.dialect() {
        Dialect::Sqlite => {
            let place =
                db.maybe("SELECT place FROM search_row WHERE record = ?1", crate::params![record], |row| {
                    row.int(0)
                })?;
            match place {
                Some(place) => {
                    let sql = "UPDATE search SET label = ?2, words = ?3 WHERE rowid = ?1";
                    db.execute(sql, crate::params![place, label, words])?;
                }
                None => {
                    let sql = "INSERT INTO search (record, label, words) VALUES (?1, ?2, ?3)";
                    db.execute(sql, crate::params![record, label, words])?;
                    let sql = "INSERT INTO search_row (record, place) VALUES (?1, last_insert_rowid())";
                    db.execute(sql, crate::params![record])?;
                }
            }
        }
        Dialect::Postgres => {
            let sql = "INSERT INTO search (record, label, words) VALUES (?1, ?2, ?3)
                       ON CONFLICT (record) DO UPDATE SET label = excluded.label, words = excluded.words";
            db.execute(sql, crate::params![record, label, words])?;
        }
    }
    Ok(())
}

/// Records whose words hold every part of `query`: `(record, label)`, at most `limit`.
pub(crate) fn search_find(db: &mut Db, query: &str, limit: u32) -> Result<Vec<(String, String)>, StoreError> {
    let parts: Vec<&str> = query.split_whitespace().collect();
    if parts.is_empty() {
        return Ok(vec![]);
    }
    let long = parts.iter().all(|part| part.chars().count() >= 3);
    let pair = |row: &crate::Row<'_>| Ok((row.text(0)?, row.text(1)?));
    if db.dialect() == Dialect::Sqlite && long {
        let quoted: Vec<String> = parts.iter().map(|p| format!("\"{}\"", p.replace('"', "\"\""))).collect();
        let sql = "SELECT record, label FROM search WHERE search MATCH ?1 ORDER BY rank LIMIT ?2";
        return db.query(sql, crate::params![quoted.join(" AND "), limit], pair);
    }
    let like = if db.dialect() == Dialect::Sqlite { "LIKE" } else { "ILIKE" };
    let tests: Vec<String> = (1..=parts.len()).map(|n| format!("words {like} ?{n} ESCAPE '\\'")).collect();
    let sql = format!(
        "SELECT record, label FROM search WHERE {} ORDER BY label LIMIT ?{}",
        tests.join(" AND "),
        parts.len() + 1
    );
    let escape = |part: &&str| part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let mut values: Vec<crate::Value<'_>> =
        parts.iter().map(|part| format!("%{}%", escape(part)).into()).collect();
    values.push(limit.into());
    db.query(&sql, &values, pair)
}

/// The newest records whose id begins with `word-`: `(record, label)`. Ids of other kinds may begin so too
/// (`method-version-7`), so the caller looks again; hence a few more than asked for.
pub(crate) fn search_newest(
    db: &mut Db,
    word: &str,
    limit: u32,
) -> Result<Vec<(String, String)>, StoreError> {
    let (from, to) = (format!("{word}-"), format!("{word}."));
    let pair = |row: &crate::Row<'_>| Ok((row.text(0)?, row.text(1)?));
    let sql = match db.dialect() {
        Dialect::Sqlite => {
            "SELECT s.record, s.label FROM search_row r JOIN search s ON s.rowid = r.place
             WHERE r.record > ?1 AND r.record < ?2 ORDER BY r.place DESC LIMIT ?3"
        }
        Dialect::Postgres => {
            "SELECT record, label FROM search
             WHERE record COLLATE \"C\" > ?1 AND record COLLATE \"C\" < ?2
             ORDER BY length(record) DESC, record DESC LIMIT ?3"
        }
    };
    db.query(sql, crate::params![&from, &to, limit], pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_change_outside_quotes_only() {
        let sql = "SELECT '?1', a FROM t WHERE a = ?1 AND b = ?12";
        assert_eq!(postgres_statement(sql), "SELECT '?1', a FROM t WHERE a = $1 AND b = $12");
    }
}
