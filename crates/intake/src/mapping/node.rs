//! TOML text as a tree that remembers lines, so that every complaint can name one.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::schema;
use crate::error::MappingError;
use crate::text::nearest;

/// One value with the line it stands on.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub line: usize,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Bool(bool),
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
    /// Dates and floats: never meant in a mapping.
    Other(&'static str),
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a text",
            Value::Integer(_) => "a whole number",
            Value::Bool(_) => "true or false",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(kind) => kind,
        }
    }
}

/// Reads TOML; `name` is for the error.
pub(crate) fn read(text: &str, name: &str) -> Result<Node, MappingError> {
    let line_of =
        |offset: usize| 1 + text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count();
    let table = DeTable::parse(text).map_err(|error| MappingError {
        mapping: name.to_owned(),
        line: line_of(error.span().map_or(0, |span| span.start)),
        key: error.span().and_then(|span| text.get(span)).unwrap_or_default().trim().to_owned(),
        problem: format!("this is not TOML: {}", error.message()),
        remedy: "Keys and [tables] stand once, lists are [[doubled]], patterns are in 'single quotes'"
            .to_owned(),
    })?;
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(offset, _)| offset + 1)).collect();
    Ok(Node { line: 1, value: Value::Table(table_of(table.get_ref(), &starts)) })
}

fn table_of(table: &DeTable<'_>, starts: &[usize]) -> BTreeMap<String, Node> {
    table.iter().map(|(key, value)| (key.get_ref().to_string(), node_of(value, starts))).collect()
}

fn node_of(spanned: &Spanned<DeValue<'_>>, starts: &[usize]) -> Node {
    let line = starts.partition_point(|start| *start <= spanned.span().start);
    let value = match spanned.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a number"), Value::Integer),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Array(list) => Value::List(list.iter().map(|item| node_of(item, starts)).collect()),
        DeValue::Table(table) => Value::Table(table_of(table, starts)),
        DeValue::Float(_) => Value::Other("a number with a decimal point"),
        DeValue::Datetime(_) => Value::Other("a date"),
    };
    Node { line, value }
}

/// A table opened as one section of the format: unknown keys are refused here.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    pub mapping: &'a str,
    pub section: &'static str,
    pub line: usize,
    keys: &'a BTreeMap<String, Node>,
    /// Where a key is looked for when this table does not have it (regions inherit).
    fallback: Option<&'a BTreeMap<String, Node>>,
}

pub(crate) type Parsed<T> = Result<T, MappingError>;

impl<'a> Table<'a> {
    /// Opens a node as `section`.
    pub fn open(mapping: &'a str, section: &'static str, node: &'a Node) -> Parsed<Self> {
        let Value::Table(keys) = &node.value else {
            let problem = format!("a table is expected, this is {}", node.value.kind());
            return Err(failure(mapping, node.line, section, problem, "Write it as a [table]"));
        };
        let table = Table { mapping, section, line: node.line, keys, fallback: None };
        if let Some(known) = schema::keys(section) {
            for (key, value) in keys {
                if !known.iter().any(|one| one == key) {
                    return Err(table.unknown(key, value.line, known));
                }
            }
        }
        Ok(table)
    }

    /// The same keys read as a region that inherits from the top level.
    pub fn inheriting(mut self, top: Table<'a>) -> Self {
        self.fallback = Some(top.keys);
        self
    }

    fn unknown(&self, key: &str, line: usize, known: &[&'static str]) -> MappingError {
        let remedy = match nearest(key, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`? Known here: {}", known.join(", ")),
            None => format!("Known here: {}", known.join(", ")),
        };
        failure(self.mapping, line, &self.path(key), "there is no such key".to_owned(), &remedy)
    }

    pub fn path(&self, key: &str) -> String {
        if self.section.is_empty() { key.to_owned() } else { format!("{}.{key}", self.section) }
    }

    pub fn node(&self, key: &str) -> Option<&'a Node> {
        debug_assert!(
            schema::keys(self.section).is_none_or(|known| known.contains(&key)),
            "{} is not in the schema",
            self.path(key)
        );
        self.keys.get(key).or_else(|| self.fallback.and_then(|top| top.get(key)))
    }

    pub fn has(&self, key: &str) -> bool {
        self.node(key).is_some()
    }

    /// Whether the key stands in this very table, not in one it inherits from.
    pub fn has_own(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    /// Whether a `[[preamble]]` of the mapping takes rows of any label: then the header says where it ends.
    pub fn preamble_takes_any(&self) -> Parsed<bool> {
        let top = self.fallback.unwrap_or(self.keys);
        let Some(node) = top.get("preamble") else { return Ok(false) };
        let any = |node: &Node| matches!(&node.value, Value::Table(keys) if keys.contains_key("any"));
        Ok(match &node.value {
            Value::List(items) => items.iter().any(any),
            _ => any(node),
        })
    }

    pub fn fail(&self, key: &str, problem: impl Into<String>, remedy: impl AsRef<str>) -> MappingError {
        let line = self.keys.get(key).map_or(self.line, |node| node.line);
        failure(self.mapping, line, &self.path(key), problem.into(), remedy.as_ref())
    }

    fn wrong<T>(&self, key: &str, node: &Node, wanted: &str) -> Parsed<T> {
        let problem = format!("{wanted} is expected, this is {}", node.value.kind());
        Err(failure(self.mapping, node.line, &self.path(key), problem, "See docs/intake.md for this key"))
    }

    pub fn text(&self, key: &str) -> Parsed<Option<String>> {
        match self.node(key) {
            None => Ok(None),
            Some(Node { value: Value::Text(text), .. }) => Ok(Some(text.clone())),
            Some(node) => self.wrong(key, node, "a text"),
        }
    }

    pub fn required(&self, key: &str) -> Parsed<String> {
        self.text(key)?.ok_or_else(|| self.fail(key, "this key is missing", format!("Add {key} = \"…\"")))
    }

    pub fn flag(&self, key: &str) -> Parsed<Option<bool>> {
        match self.node(key) {
            None => Ok(None),
            Some(Node { value: Value::Bool(flag), .. }) => Ok(Some(*flag)),
            Some(node) => self.wrong(key, node, "true or false"),
        }
    }

    /// A whole number of at least 1.
    pub fn count(&self, key: &str) -> Parsed<Option<usize>> {
        match self.node(key) {
            None => Ok(None),
            Some(node @ Node { value: Value::Integer(number), .. }) => match usize::try_from(*number) {
                Ok(number) if number >= 1 => Ok(Some(number)),
                _ => self.wrong(key, node, "a whole number of at least 1"),
            },
            Some(node) => self.wrong(key, node, "a whole number of at least 1"),
        }
    }

    /// A whole number, negative allowed.
    pub fn integer(&self, key: &str) -> Parsed<Option<i64>> {
        match self.node(key) {
            None => Ok(None),
            Some(Node { value: Value::Integer(number), .. }) => Ok(Some(*number)),
            Some(node) => self.wrong(key, node, "a whole number"),
        }
    }

    /// A text or a list of texts; empty when absent.
    pub fn texts(&self, key: &str) -> Parsed<Vec<String>> {
        let Some(node) = self.node(key) else { return Ok(Vec::new()) };
        match &node.value {
            Value::Text(text) => Ok(vec![text.clone()]),
            Value::List(items) => items
                .iter()
                .map(|item| match &item.value {
                    Value::Text(text) => Ok(text.clone()),
                    _ => self.wrong(key, item, "a list of texts"),
                })
                .collect(),
            _ => self.wrong(key, node, "a text or a list of texts"),
        }
    }

    /// One of the given words.
    pub fn choice<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Parsed<Option<T>> {
        let Some(text) = self.text(key)? else { return Ok(None) };
        match words.iter().find(|(word, _)| *word == text) {
            Some((_, value)) => Ok(Some(*value)),
            None => {
                let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                Err(self.fail(
                    key,
                    format!("`{text}` is not a choice"),
                    format!("Choose one of: {}", all.join(", ")),
                ))
            }
        }
    }

    /// A regular expression of bounded size; matching is linear in the text.
    pub fn regex(&self, key: &str) -> Parsed<Option<Regex>> {
        self.text(key)?.map(|text| self.compile(key, &text)).transpose()
    }

    pub fn regexes(&self, key: &str) -> Parsed<Vec<Regex>> {
        self.texts(key)?.iter().map(|text| self.compile(key, text)).collect()
    }

    pub fn compile(&self, key: &str, text: &str) -> Parsed<Regex> {
        RegexBuilder::new(text).size_limit(1 << 20).dfa_size_limit(1 << 20).nest_limit(50).build().map_err(
            |error| {
                let line = error.to_string().lines().last().unwrap_or("").trim().to_owned();
                self.fail(
                    key,
                    format!("`{text}` is not a usable regular expression: {line}"),
                    "Mend it; see Conditions",
                )
            },
        )
    }

    pub fn table(&self, key: &str, section: &'static str) -> Parsed<Option<Table<'a>>> {
        self.node(key).map(|node| Table::open(self.mapping, section, node)).transpose()
    }

    /// A table or a list of tables.
    pub fn tables(&self, key: &str, section: &'static str) -> Parsed<Vec<Table<'a>>> {
        let Some(node) = self.node(key) else { return Ok(Vec::new()) };
        match &node.value {
            Value::List(items) => items.iter().map(|item| Table::open(self.mapping, section, item)).collect(),
            _ => Ok(vec![Table::open(self.mapping, section, node)?]),
        }
    }

    /// A table of free names with text values.
    pub fn dictionary(&self, key: &str) -> Parsed<BTreeMap<String, String>> {
        let Some(node) = self.node(key) else { return Ok(BTreeMap::new()) };
        let Value::Table(items) = &node.value else { return self.wrong(key, node, "a table of texts") };
        items
            .iter()
            .map(|(name, item)| match &item.value {
                Value::Text(text) => Ok((name.clone(), text.clone())),
                _ => self.wrong(key, item, "a table of texts"),
            })
            .collect()
    }
}

pub(crate) fn failure(mapping: &str, line: usize, key: &str, problem: String, remedy: &str) -> MappingError {
    MappingError {
        mapping: mapping.to_owned(),
        line,
        key: key.to_owned(),
        problem,
        remedy: remedy.to_owned(),
    }
}
