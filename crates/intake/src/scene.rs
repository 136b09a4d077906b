//! What a rule can look at while a row is read, and whether its conditions hold.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::mapping::{ColumnId, Condition, Extract, Field, Source, Subject, Test, When};
use crate::open::Row;
use crate::text::same_label;

pub(crate) type Attributes = BTreeMap<String, String>;

/// The reading as far as it is known.
#[derive(Clone, Copy, Default)]
pub(crate) struct Facts<'a> {
    pub sample_id: &'a str,
    pub analyte: &'a str,
    pub channel: &'a str,
    pub unit: &'a str,
    pub value: &'a str,
    pub flags: &'a [String],
    pub class: &'a str,
}

#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub row: Row<'a>,
    /// Where each column of the mapping stands, 0-based.
    pub positions: &'a [Option<usize>],
    pub block: &'a Attributes,
    pub file: &'a Attributes,
    pub file_name: &'a str,
    pub sheet: &'a str,
    pub region: &'a str,
    pub register: &'a BTreeSet<String>,
    pub operator_id: Option<&'a str>,
    pub facts: Facts<'a>,
}

impl<'a> Scene<'a> {
    /// Text of a column; `None` when the header does not have it. In a merged area, what stands in its first
    /// cell.
    pub fn column(&self, id: ColumnId) -> Option<&'a str> {
        self.positions.get(id.0).copied().flatten().map(|position| self.row.described(position))
    }

    /// An attribute of the block, else of the file.
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.block.get(name).or_else(|| self.file.get(name)).map(String::as_str)
    }

    pub fn holds(&self, when: &When) -> bool {
        when.iter().all(|condition| self.one(condition) != condition.not)
    }

    fn one(&self, condition: &Condition) -> bool {
        let text: Cow<'_, str> = match &condition.subject {
            Subject::Column(id) => match self.column(*id) {
                Some(text) => Cow::Borrowed(text),
                None => return false,
            },
            Subject::Attribute(name) => Cow::Borrowed(self.attribute(name).unwrap_or("")),
            Subject::Field(field) => self.field(*field),
        };
        // empty cells at the beginning of a line are tabs, which patterns may name
        let line = matches!(condition.subject, Subject::Field(Field::Line));
        let text = if line { &*text } else { text.trim() };
        match &condition.test {
            Test::Equals(words) => words.iter().any(|word| same_label(word, text)),
            Test::Matches(pattern) => pattern.is_match(text),
            Test::Empty(empty) => text.trim().is_empty() == *empty,
            Test::Register => self.register.contains(text),
        }
    }

    fn field(&self, field: Field) -> Cow<'a, str> {
        Cow::Borrowed(match field {
            Field::SampleId => self.facts.sample_id,
            Field::Analyte => self.facts.analyte,
            Field::Channel => self.facts.channel,
            Field::Unit => self.facts.unit,
            Field::Value => self.facts.value,
            Field::Class => self.facts.class,
            Field::FileName => self.file_name,
            Field::Sheet => self.sheet,
            Field::Region => self.region,
            Field::Flags => return Cow::Owned(self.facts.flags.join(";")),
            Field::Line => return self.row.line(),
        })
    }

    /// Text of a source before its pattern; `None` when the source is not there.
    pub fn source(&self, source: &'a Source) -> Option<Cow<'a, str>> {
        match source {
            Source::Columns(ids) if ids.len() == 1 => self.column(ids[0]).map(Cow::Borrowed),
            Source::Columns(ids) => self.joined(&[], ids),
            Source::Joined(names, ids) => self.joined(names, ids),
            Source::Attribute(name) => self.attribute(name).map(Cow::Borrowed),
            Source::FileName => Some(Cow::Borrowed(stem(self.file_name))),
            Source::Sheet => Some(Cow::Borrowed(self.sheet)),
            Source::Constant(text) => Some(Cow::Borrowed(text)),
            Source::Operator => self.operator_id.map(Cow::Borrowed),
        }
    }

    fn joined(&self, names: &[String], ids: &[ColumnId]) -> Option<Cow<'a, str>> {
        let attributes = names.iter().filter_map(|name| self.attribute(name));
        let columns = ids.iter().filter_map(|id| self.column(*id));
        let parts: Vec<&str> =
            attributes.chain(columns).map(str::trim).filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| Cow::Owned(parts.join(" ")))
    }

    /// The part of the source that counts: the group `group` of the pattern, its first group, or the match.
    pub fn extract(&self, extract: &'a Extract, group: &str) -> Option<String> {
        let text = self.source(&extract.source)?;
        let text = text.trim();
        let Some(pattern) = &extract.pattern else { return Some(text.to_owned()) };
        let found = pattern.captures(text)?;
        let part = found.name(group).or_else(|| found.get(1)).or_else(|| found.get(0))?;
        Some(part.as_str().trim().to_owned())
    }
}

/// File name without folders and without its last ending.
pub(crate) fn stem(file_name: &str) -> &str {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    match name.rfind('.') {
        Some(at) if at > 0 => &name[..at],
        _ => name,
    }
}
