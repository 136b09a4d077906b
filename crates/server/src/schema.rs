//! A command's schema as fields, for forms, for arguments and for reading what a form sent.
//!
//! Commands describe themselves in OpenAPI's JSON Schema. Here that becomes a short list of [`Field`]s:
//! names in the order of the command's example, what each takes, what the doc comment says of it.

use std::collections::BTreeMap;

use kernel::Kind;
use serde_json::{Map, Value};
use store::{CommandKind, FieldError};

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Any text; decimals too, so that no digit is lost.
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Flag,
    /// A calendar day.
    Day,
    /// An instant.
    Instant,
    /// A secret.
    Password,
    /// The id of a record of this kind; of any kind when none is named.
    Record(Option<Kind>),
    /// One of these words.
    Choice(Vec<String>),
    /// Several of a simple shape.
    List(Box<Shape>),
    /// Fields of their own.
    Group(Vec<Field>),
    /// Several lines of fields.
    Lines(Vec<Field>),
    /// Something with alternatives: written as JSON.
    Json,
}

/// One field of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As in JSON.
    pub name: String,
    /// Whether it must be given.
    pub required: bool,
    /// The doc comment; empty when there is none.
    pub doc: String,
    /// What it takes.
    pub shape: Shape,
}

/// The fields of a command, in the order of its example; those the example leaves out come last, by name.
pub fn fields(command: &CommandKind) -> Vec<Field> {
    let book = Book::of(command);
    let example = serde_json::from_str(command.example).unwrap_or(Value::Null);
    book.fields(&book.root, &example)
}

/// The first sentence of the command's doc comment.
pub fn summary(command: &CommandKind) -> String {
    let book = Book::of(command);
    let (schema, _) = book.resolve(&book.root);
    doc(&schema).lines().next().unwrap_or_default().to_owned()
}

/// The first sentence of the doc comment, over as many lines as it takes.
pub fn lead(command: &CommandKind) -> String {
    let book = Book::of(command);
    let (schema, _) = book.resolve(&book.root);
    let text = doc(&schema);
    let paragraph = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |at| at + 1);
    paragraph[..end].to_owned()
}

struct Book {
    root: Value,
    named: BTreeMap<String, Value>,
}

fn doc(schema: &Value) -> String {
    schema.get("description").and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    }
}

fn is_null(schema: &Value) -> bool {
    types(schema) == ["null"]
}

impl Book {
    fn of(command: &CommandKind) -> Self {
        let root = serde_json::to_value((command.schema)()).unwrap_or_default();
        let named = (command.schemas)().into_iter();
        let named = named.map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()));
        Book { root, named: named.collect() }
    }

    /// Follows references and takes "or null" away; says whether null was allowed.
    fn resolve(&self, schema: &Value) -> (Value, bool) {
        let mut schema = schema.clone();
        let mut nullable = false;
        for _ in 0..16 {
            nullable |= types(&schema).contains(&"null");
            let reference = schema.get("$ref").and_then(Value::as_str);
            if let Some(name) = reference.and_then(|path| path.rsplit('/').next()) {
                schema = self.named.get(name).cloned().unwrap_or_default();
                continue;
            }
            let all = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| schema.get(*key)?.as_array());
            let Some(all) = all else { break };
            let real: Vec<Value> = all.iter().filter(|one| !is_null(one)).cloned().collect();
            nullable |= real.len() < all.len();
            match <[Value; 1]>::try_from(real) {
                Ok([only]) => schema = only,
                Err(_) => break,
            }
        }
        (schema, nullable)
    }

    /// The doc comment of a field itself: beside the reference to its type, or within "this or null".
    fn own_doc(&self, property: &Value) -> String {
        let beside = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| property.get(*key)?.as_array());
        let docs = std::iter::once(property).chain(beside.into_iter().flatten()).map(doc);
        docs.into_iter().find(|doc| !doc.is_empty()).unwrap_or_default()
    }

    fn fields(&self, schema: &Value, example: &Value) -> Vec<Field> {
        let (schema, _) = self.resolve(schema);
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut fields: Vec<Field> = properties
            .iter()
            .map(|(name, property)| {
                let (resolved, nullable) = self.resolve(property);
                let own = self.own_doc(property);
                Field {
                    name: name.clone(),
                    required: required.contains(&name.as_str()) && !nullable,
                    doc: if own.is_empty() { doc(&resolved) } else { own },
                    shape: self.shape(&resolved, example.get(name).unwrap_or(&Value::Null)),
                }
            })
            .collect();
        let place = |name: &str| {
            let given = example.as_object().and_then(|map| map.keys().position(|key| key == name));
            given.unwrap_or(usize::MAX)
        };
        fields.sort_by(|a, b| {
            (place(&a.name), !a.required, &a.name).cmp(&(place(&b.name), !b.required, &b.name))
        });
        fields
    }

    fn shape(&self, schema: &Value, example: &Value) -> Shape {
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            let words = words.iter().filter_map(Value::as_str).map(str::to_owned);
            return Shape::Choice(words.collect());
        }
        if schema.get("oneOf").is_some() || schema.get("anyOf").is_some() || schema.get("allOf").is_some() {
            return Shape::Json;
        }
        let kinds = types(schema);
        if schema.get("properties").is_some() {
            return Shape::Group(self.fields(schema, example));
        }
        if kinds.contains(&"array") {
            let (items, _) = self.resolve(schema.get("items").unwrap_or(&Value::Null));
            let first = example.get(0).unwrap_or(&Value::Null);
            return match self.shape(&items, first) {
                Shape::Group(fields) => Shape::Lines(fields),
                Shape::Lines(_) | Shape::List(_) | Shape::Json => Shape::Json,
                simple => Shape::List(Box::new(simple)),
            };
        }
        if kinds.contains(&"object") {
            return Shape::Json;
        }
        if kinds.contains(&"boolean") {
            return Shape::Flag;
        }
        if kinds.contains(&"integer") {
            return Shape::Integer;
        }
        match schema.get("format").and_then(Value::as_str) {
            Some("date") => Shape::Day,
            Some("date-time") => Shape::Instant,
            Some("password") => Shape::Password,
            Some(format) if format.ends_with("-id") => {
                Shape::Record(Kind::from_word(&format[..format.len() - 3]))
            }
            _ => Shape::Text,
        }
    }
}

/// The shape of the field that a name in a form means: `outputs[0].mass_kg`.
pub fn shape<'a>(mut fields: &'a [Field], name: &str) -> Option<&'a Shape> {
    let mut found = None;
    for part in name.split('.') {
        let plain = part.split('[').next().unwrap_or(part);
        let field = fields.iter().find(|field| field.name == plain)?;
        match &field.shape {
            Shape::Group(inner) | Shape::Lines(inner) => fields = inner,
            simple => found = Some(simple),
        }
    }
    found
}

/// What is said of a field that must be given and is not.
pub const REQUIRED: &str = "is required";

/// An error about a field that is not there, put to that field: the reader names it only in its message.
pub fn located(error: FieldError) -> FieldError {
    let FieldError { field, message } = error;
    let named = message.strip_prefix("missing field `").and_then(|rest| rest.split_once('`'));
    match named {
        Some((name, _)) => {
            let above = field.rsplit_once('.').map_or("", |(above, _)| above);
            let above = if field == name || field.ends_with(&format!(".{name}")) { above } else { &field };
            let field = if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
            FieldError { field, message: REQUIRED.to_owned() }
        }
        None => {
            let end = message.rfind(" at line ").unwrap_or(message.len());
            FieldError { field, message: message[..end].to_owned() }
        }
    }
}

/// `L-2026-014 (lot-12)`, as a form proposes it, → `lot-12`.
pub fn bare_id(text: &str) -> &str {
    let inner = text.rsplit_once('(').and_then(|(_, rest)| rest.trim_end().strip_suffix(')'));
    inner.filter(|inner| inner.parse::<kernel::Ref>().is_ok()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_at_its_field() {
        let said = |field: &str, message: &str| {
            let FieldError { field, message } =
                located(FieldError { field: field.into(), message: message.into() });
            (field, message)
        };
        let required = |field: &str| (field.to_owned(), "is required".to_owned());
        assert_eq!(said("", "missing field `code` at line 1 column 2"), required("code"));
        assert_eq!(said("outputs[1]", "missing field `mass_kg`"), required("outputs[1].mass_kg"));
        assert_eq!(said("outputs[1].mass_kg", "missing field `mass_kg`"), required("outputs[1].mass_kg"));
        assert_eq!(said("a", "is empty at line 1 column 9"), ("a".into(), "is empty".into()));
    }

    #[test]
    fn labels_with_ids_give_the_id() {
        assert_eq!(bare_id("A (b) (lot-3)"), "lot-3");
        assert_eq!(bare_id("A (b)"), "A (b)");
        assert_eq!(bare_id("lot-3"), "lot-3");
    }
}
