//! Values on their way into a statement and out of a row, the same for both databases.

use std::borrow::Cow;

use crate::StoreError;

/// A parameter or a stored value. Decimals, instants and ids of other systems are stored as text.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// A whole number (64 bits in both databases).
    Int(i64),
    /// A float; only for masses and shares on edges.
    Real(f64),
    /// Text.
    Text(Cow<'a, str>),
    /// Bytes.
    Blob(Cow<'a, [u8]>),
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}
impl From<u64> for Value<'_> {
    fn from(value: u64) -> Self {
        Value::Int(value as i64)
    }
}
impl From<u32> for Value<'_> {
    fn from(value: u32) -> Self {
        Value::Int(i64::from(value))
    }
}
impl From<usize> for Value<'_> {
    fn from(value: usize) -> Self {
        Value::Int(value as i64)
    }
}
impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Value::Int(i64::from(value))
    }
}
impl From<f64> for Value<'_> {
    fn from(value: f64) -> Self {
        Value::Real(value)
    }
}
impl<'a> From<&'a str> for Value<'a> {
    fn from(value: &'a str) -> Self {
        Value::Text(Cow::Borrowed(value))
    }
}
impl<'a> From<&'a String> for Value<'a> {
    fn from(value: &'a String) -> Self {
        Value::Text(Cow::Borrowed(value))
    }
}
impl From<String> for Value<'_> {
    fn from(value: String) -> Self {
        Value::Text(Cow::Owned(value))
    }
}
impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(value: &'a [u8]) -> Self {
        Value::Blob(Cow::Borrowed(value))
    }
}
impl<'a, const N: usize> From<&'a [u8; N]> for Value<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Value::Blob(Cow::Borrowed(value))
    }
}
impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Value::Blob(Cow::Borrowed(value))
    }
}
impl From<kernel::Instant> for Value<'_> {
    fn from(value: kernel::Instant) -> Self {
        Value::Text(Cow::Owned(value.to_string()))
    }
}
impl From<kernel::Day> for Value<'_> {
    fn from(value: kernel::Day) -> Self {
        Value::Text(Cow::Owned(value.to_string()))
    }
}
impl<'a> From<&'a kernel::Code> for Value<'a> {
    fn from(value: &'a kernel::Code) -> Self {
        Value::Text(Cow::Borrowed(value.as_str()))
    }
}
impl From<kernel::Ref> for Value<'_> {
    fn from(value: kernel::Ref) -> Self {
        Value::Text(Cow::Owned(value.to_string()))
    }
}
impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// Builds the parameters of a statement: `params![lot.number(), code, mass]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$( $crate::Value::from($value) ),*] };
}

/// One row of an answer. Columns are counted from 0; a wrong type is an error that says what was found.
pub enum Row<'r> {
    /// From the embedded database.
    Sqlite(&'r rusqlite::Row<'r>),
    /// From the server.
    Postgres(&'r postgres::Row),
}

impl Row<'_> {
    /// The value as it is.
    pub fn value(&self, column: usize) -> Result<Value<'static>, StoreError> {
        match self {
            Row::Sqlite(row) => sqlite_value(row, column),
            Row::Postgres(row) => postgres_value(row, column),
        }
    }

    /// Text, or `None` when null.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.into_owned())),
            other => Err(wrong(column, "text", &other)),
        }
    }

    /// Text.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.opt_text(column)?.ok_or_else(|| wrong(column, "text", &Value::Null))
    }

    /// A whole number, or `None` when null.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(number)),
            other => Err(wrong(column, "a whole number", &other)),
        }
    }

    /// A whole number.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| wrong(column, "a whole number", &Value::Null))
    }

    /// A record number.
    pub fn number(&self, column: usize) -> Result<u64, StoreError> {
        Ok(self.int(column)? as u64)
    }

    /// A record number, or `None` when null.
    pub fn opt_number(&self, column: usize) -> Result<Option<u64>, StoreError> {
        Ok(self.opt_int(column)?.map(|number| number as u64))
    }

    /// True or false, stored as 1 or 0.
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A float, or `None` when null.
    pub fn opt_real(&self, column: usize) -> Result<Option<f64>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Real(number) => Ok(Some(number)),
            Value::Int(number) => Ok(Some(number as f64)),
            other => Err(wrong(column, "a number", &other)),
        }
    }

    /// Bytes, or `None` when null.
    pub fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Blob(bytes) => Ok(Some(bytes.into_owned())),
            other => Err(wrong(column, "bytes", &other)),
        }
    }

    /// Text read into a type by its own parser: ids, instants, days, decimals, enums with `FromStr`.
    pub fn parse<T: std::str::FromStr>(&self, column: usize) -> Result<T, StoreError>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.text(column)?;
        text.parse().map_err(|why: T::Err| StoreError::stored(format!("column {column}"), why))
    }

    /// Like [`Row::parse`], or `None` when null.
    pub fn opt_parse<T: std::str::FromStr>(&self, column: usize) -> Result<Option<T>, StoreError>
    where
        T::Err: std::fmt::Display,
    {
        match self.opt_text(column)? {
            None => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|why: T::Err| StoreError::stored(format!("column {column}"), why)),
        }
    }

    /// JSON text read into a type: lists and structs that are stored whole.
    pub fn json<T: serde::de::DeserializeOwned>(&self, column: usize) -> Result<T, StoreError> {
        let text = self.text(column)?;
        serde_json::from_str(&text).map_err(|why| StoreError::stored(format!("column {column}"), why))
    }
}

fn wrong(column: usize, wanted: &'static str, found: &Value<'_>) -> StoreError {
    StoreError::Column { column, wanted, found: format!("{found:?}") }
}

fn sqlite_value(row: &rusqlite::Row<'_>, column: usize) -> Result<Value<'static>, StoreError> {
    use rusqlite::types::ValueRef;
    let value = row
        .get_ref(column)
        .map_err(|source| StoreError::Sqlite { sql: format!("column {column} of an answer"), source })?;
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned().into()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec().into()),
    })
}

fn postgres_value(row: &postgres::Row, column: usize) -> Result<Value<'static>, StoreError> {
    use postgres::types::Type;
    let failed = |source| StoreError::Postgres { sql: format!("column {column} of an answer"), source };
    let kind = row.columns().get(column).map(|c| c.type_().clone());
    let value = match kind {
        Some(Type::INT8) => row.try_get::<_, Option<i64>>(column).map_err(failed)?.map(Value::Int),
        Some(Type::INT4) => {
            row.try_get::<_, Option<i32>>(column).map_err(failed)?.map(|n| Value::Int(n.into()))
        }
        Some(Type::BOOL) => {
            row.try_get::<_, Option<bool>>(column).map_err(failed)?.map(|b| Value::Int(b.into()))
        }
        Some(Type::FLOAT8) => row.try_get::<_, Option<f64>>(column).map_err(failed)?.map(Value::Real),
        Some(Type::BYTEA) => {
            row.try_get::<_, Option<Vec<u8>>>(column).map_err(failed)?.map(|b| Value::Blob(b.into()))
        }
        _ => row.try_get::<_, Option<String>>(column).map_err(failed)?.map(|t| Value::Text(t.into())),
    };
    Ok(value.unwrap_or(Value::Null))
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl postgres::types::ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &postgres::types::Type,
        out: &mut postgres::types::private::BytesMut,
    ) -> Result<postgres::types::IsNull, Box<dyn std::error::Error + Sync + Send>> {
        use postgres::types::{IsNull, Type};
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) if *ty == Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
            Value::Int(number) if *ty == Type::FLOAT8 => (*number as f64).to_sql(ty, out),
            Value::Int(number) if *ty == Type::BOOL => (*number != 0).to_sql(ty, out),
            Value::Int(number) => number.to_sql(ty, out),
            Value::Real(number) => number.to_sql(ty, out),
            Value::Text(text) => text.as_ref().to_sql(ty, out),
            Value::Blob(bytes) => bytes.as_ref().to_sql(ty, out),
        }
    }

    fn accepts(_: &postgres::types::Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}
