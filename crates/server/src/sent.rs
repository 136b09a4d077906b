//! What a form sent, turned into the JSON of a command. Names come from anybody: each is looked up in the
//! command's fields before anything is built of it, so that a name is never deeper than the command.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use store::FieldError;

use crate::schema::{Field, Shape, bare_id};

/// How many parts a field's name has at most: `outputs[0].names.en` has four.
const DEEPEST: usize = 8;
/// How many bytes a field's name has at most.
const LONGEST: usize = 200;
/// How many lines a form takes at most; more come as a file.
pub const MOST_LINES: u32 = 10_000;

/// Why a name is no field of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoField {
    /// Deeper than any command.
    #[error("is no field: its name has more than {DEEPEST} parts")]
    Deep,
    /// Longer than any field's name.
    #[error("is no field: its name has more than {LONGEST} bytes")]
    Long,
    /// The command does not have it.
    #[error("is no field of this command; leave it out")]
    Unknown,
    /// A line whose number is not one.
    #[error("is no line: lines are numbered from 0 to below {MOST_LINES}")]
    Line,
}

/// Turns what a form sent, `outputs[0].mass_kg = 12.5`, into the JSON of a command: empty fields are left
/// out, lists may come as one text with a line each, numbers and flags become what the schema says.
///
/// # Errors
/// Names that are no fields of the command, each once.
pub fn to_json(fields: &[Field], sent: &[(String, String)]) -> Result<Value, Vec<FieldError>> {
    let mut root = Node::default();
    let mut wrong: Vec<FieldError> = Vec::new();
    for (name, value) in sent {
        match place(fields, name) {
            Ok(path) if !value.trim().is_empty() => root.put(&path, value.trim()),
            Ok(_) => {}
            Err(why) => {
                let field = shown(name);
                if wrong.iter().all(|error| error.field != field) && wrong.len() < 8 {
                    wrong.push(FieldError { field, message: why.to_string() });
                }
            }
        }
    }
    if wrong.is_empty() { Ok(root.group(fields)) } else { Err(wrong) }
}

/// A name as an error repeats it: never more than a line.
fn shown(name: &str) -> String {
    let short: String = name.chars().take(60).collect();
    if short.len() < name.len() { format!("{short}…") } else { short }
}

/// The parts of a name, `outputs[0].mass_kg` → `outputs`, `0`, `mass_kg`, when they lead to a field.
///
/// # Errors
/// Why they do not.
pub fn place(fields: &[Field], name: &str) -> Result<Vec<String>, NoField> {
    if name.len() > LONGEST {
        return Err(NoField::Long);
    }
    let parts: Vec<String> = name.replace(']', "").split(['.', '[']).map(str::to_owned).collect();
    if parts.len() > DEEPEST {
        return Err(NoField::Deep);
    }
    let (first, mut rest) = parts.split_first().ok_or(NoField::Unknown)?;
    let find = |fields: &'_ [Field], name: &str| fields.iter().position(|field| field.name == name);
    let mut shape = &fields[find(fields, first).ok_or(NoField::Unknown)?].shape;
    while let Some((part, after)) = rest.split_first() {
        match shape {
            Shape::Group(inner) => shape = &inner[find(inner, part).ok_or(NoField::Unknown)?].shape,
            Shape::Lines(inner) => {
                line(part)?;
                let Some((part, further)) = after.split_first() else { break };
                shape = &inner[find(inner, part).ok_or(NoField::Unknown)?].shape;
                rest = further;
                continue;
            }
            Shape::List(each) => {
                line(part)?;
                shape = each;
            }
            Shape::Json => break,
            _ => return Err(NoField::Unknown),
        }
        rest = after;
    }
    Ok(parts)
}

fn line(part: &str) -> Result<(), NoField> {
    let number = part.parse::<u32>().ok().filter(|number| *number < MOST_LINES);
    number.map(|_| ()).ok_or(NoField::Line)
}

#[derive(Default)]
struct Node {
    values: Vec<String>,
    parts: BTreeMap<String, Node>,
}

impl Node {
    fn put(&mut self, path: &[String], value: &str) {
        match path.split_first() {
            None => self.values.push(value.to_owned()),
            Some((first, rest)) => self.parts.entry(first.clone()).or_default().put(rest, value),
        }
    }

    fn group(&self, fields: &[Field]) -> Value {
        let mut map = Map::new();
        for (name, node) in &self.parts {
            let shape =
                fields.iter().find(|field| field.name == *name).map_or(&Shape::Text, |field| &field.shape);
            map.insert(name.clone(), node.value(shape));
        }
        Value::Object(map)
    }

    fn numbered(&self) -> Vec<&Node> {
        let mut lines: Vec<(u32, &Node)> =
            self.parts.iter().filter_map(|(at, node)| Some((at.parse().ok()?, node))).collect();
        lines.sort_by_key(|(at, _)| *at);
        lines.into_iter().map(|(_, node)| node).collect()
    }

    fn value(&self, shape: &Shape) -> Value {
        let text = self.values.first().map(String::as_str).unwrap_or_default();
        match shape {
            Shape::Group(fields) if !self.parts.is_empty() => self.group(fields),
            Shape::Lines(fields) if !self.parts.is_empty() => {
                self.numbered().into_iter().map(|line| line.group(fields)).collect()
            }
            Shape::List(each) => {
                let single =
                    self.values.iter().flat_map(|text| text.split(['\n', ',', ';', '，', '；', '、']));
                let single =
                    single.map(str::trim).filter(|text| !text.is_empty()).map(|text| simple(each, text));
                let many = self.numbered().into_iter().map(|node| node.value(each));
                single.chain(many).collect()
            }
            Shape::Json | Shape::Lines(_) | Shape::Group(_) if text.starts_with(['{', '[', '"']) => {
                serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
            }
            Shape::Json if !self.parts.is_empty() => self.group(&[]),
            _ if !self.parts.is_empty() => self.group(&[]),
            shape => simple(shape, text),
        }
    }
}

fn simple(shape: &Shape, text: &str) -> Value {
    let plain = || Value::String(text.to_owned());
    match shape {
        Shape::Integer => text.parse::<i64>().map_or_else(|_| plain(), Value::from),
        Shape::Flag => match text {
            "yes" | "true" | "on" | "1" => Value::Bool(true),
            "no" | "false" | "off" | "0" => Value::Bool(false),
            _ => plain(),
        },
        Shape::Record(_) => Value::String(bare_id(text).to_owned()),
        _ => plain(),
    }
}

#[cfg(test)]
mod tests {
    use kernel::Kind;
    use serde_json::json;

    use super::*;

    fn field(name: &str, shape: Shape) -> Field {
        Field { name: name.into(), required: true, doc: String::new(), shape }
    }

    fn sent(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn numbered_names_become_lines_in_their_order_and_empty_fields_are_left_out() {
        let line = vec![field("mass_kg", Shape::Text), field("bags", Shape::Integer)];
        let fields = [field("outputs", Shape::Lines(line)), field("lot", Shape::Record(Some(Kind::Lot)))];
        let given = sent(&[
            ("outputs[10].mass_kg", "2.50"),
            ("outputs[2].mass_kg", " 1.0 "),
            ("outputs[2].bags", "3"),
            ("outputs[3].mass_kg", ""),
            ("lot", "L-7 (lot-12)"),
        ]);
        let expected =
            json!({"lot": "lot-12", "outputs": [{"bags": 3, "mass_kg": "1.0"}, {"mass_kg": "2.50"}]});
        assert_eq!(to_json(&fields, &given), Ok(expected));
    }

    #[test]
    fn groups_lists_flags_and_json() {
        let fields = [
            field("names", Shape::Group(vec![field("en", Shape::Text)])),
            field("results", Shape::List(Box::new(Shape::Record(None)))),
            field("umpire", Shape::Flag),
            field("limit", Shape::Json),
            field("count", Shape::Integer),
        ];
        let given = sent(&[
            ("names.en", "Ore"),
            ("results", "result-1, result-2\nresult-3"),
            ("results", "result-4"),
            ("umpire", "yes"),
            ("limit", r#"{"at_most": "0.5"}"#),
            ("count", "many"),
        ]);
        let json = to_json(&fields, &given).unwrap();
        assert_eq!(json["names"], json!({"en": "Ore"}));
        assert_eq!(json["results"], json!(["result-1", "result-2", "result-3", "result-4"]));
        assert_eq!((&json["umpire"], &json["limit"]), (&json!(true), &json!({"at_most": "0.5"})));
        assert_eq!(json["count"], json!("many"), "what is no number stays for the command to refuse");
    }

    #[test]
    fn a_name_that_is_no_field_is_refused_however_deep_or_long_it_is() {
        let line = vec![field("mass_kg", Shape::Text), field("names", Shape::Group(vec![]))];
        let fields = [
            field("outputs", Shape::Lines(line)),
            field("names", Shape::Group(vec![field("en", Shape::Text)])),
            field("results", Shape::List(Box::new(Shape::Record(None)))),
            field("limit", Shape::Json),
            field("code", Shape::Text),
        ];
        let deep = vec!["a"; 5000].join(".");
        let table = [
            ("code", Ok(1)),
            ("outputs", Ok(1)),
            ("outputs[9999].mass_kg", Ok(3)),
            ("results[3]", Ok(2)),
            ("names.en", Ok(2)),
            ("limit.at_most", Ok(2)),
            ("", Err(NoField::Unknown)),
            (".", Err(NoField::Unknown)),
            ("[", Err(NoField::Unknown)),
            ("code.more", Err(NoField::Unknown)),
            ("code[0]", Err(NoField::Unknown)),
            ("names.de", Err(NoField::Unknown)),
            ("outputs[10000].mass_kg", Err(NoField::Line)),
            ("outputs[-1].mass_kg", Err(NoField::Line)),
            ("outputs[x].mass_kg", Err(NoField::Line)),
            ("outputs[0].other", Err(NoField::Unknown)),
            ("results[0].more", Err(NoField::Unknown)),
            ("limit.a.b.c.d.e.f.g.h", Err(NoField::Deep)),
            (deep.as_str(), Err(NoField::Long)),
        ];
        for (name, expected) in table {
            assert_eq!(place(&fields, name).map(|parts| parts.len()), expected, "{name}");
        }
        let wrong = to_json(&fields, &sent(&[(&deep, "x"), (&deep, "y"), ("nope", ""), ("code", "A")]));
        let wrong = wrong.unwrap_err();
        assert_eq!(wrong.len(), 2, "each once, whether filled or not");
        assert!(wrong.iter().all(|error| error.field.chars().count() <= 61));
    }

    #[test]
    fn a_group_within_a_line_may_come_as_json() {
        let names = Shape::Group(vec![field("en", Shape::Text), field("zh", Shape::Text)]);
        let fields = [field("places", Shape::Lines(vec![field("names", names)]))];
        let given = sent(&[("places[0].names", r#"{"en": "Bin", "zh": "仓"}"#)]);
        let expected = json!({"places": [{"names": {"en": "Bin", "zh": "仓"}}]});
        assert_eq!(to_json(&fields, &given), Ok(expected));
    }
}
