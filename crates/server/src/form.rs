//! The form of any command, made from its schema, so that every command has a page from the day it exists.

use std::collections::BTreeMap;

use kernel::Kind;
use site::{SIGNATURE, Visit, word};
use store::{CommandKind, FieldError};
use ui::Words;
use ui::kit::form::{Field, FieldKind, Form, Item, Repeat};

use crate::schema::{self, Shape};

/// The request's reason, where the command has none of its own.
pub const REASON: &str = "reason";
/// What a command calls a reason of its own; its form then asks for no other.
const OWN_REASONS: [&str; 3] = [REASON, "why", "because"];
/// How many records a choice lists; more become proposals while typing.
const CHOICES: u32 = 40;
const PROPOSALS: u32 = 300;

/// What was entered and what is wrong with it.
#[derive(Default)]
pub struct Entered {
    /// Name and text of each field, as sent.
    pub values: Vec<(String, String)>,
    /// What is wrong, by field.
    pub errors: Vec<FieldError>,
    /// The group that gets one more line.
    pub one_more: Option<String>,
}

impl Entered {
    fn text(&self, name: &str) -> String {
        let all: Vec<&str> =
            self.values.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect();
        all.join("\n")
    }

    /// What is wrong at a field. Of names in two languages that are missing the first is asked for.
    fn error(&self, words: &Words, name: &str) -> Option<String> {
        let both = name.strip_suffix(".en").unwrap_or(name);
        let found = self.errors.iter().find(|error| error.field == name || error.field == both)?;
        Some(in_words(words, &found.message))
    }

    /// What belongs to no field of the form.
    fn others(&self, words: &Words, command: &str, names: &[String]) -> Option<String> {
        let known = |error: &&FieldError| {
            names.contains(&error.field) || names.contains(&format!("{}.en", error.field))
        };
        let said = |error: &FieldError| match error.field.as_str() {
            "" => in_words(words, &error.message),
            field => format!("{}: {}", label(words, command, field), in_words(words, &error.message)),
        };
        let others: Vec<String> = self.errors.iter().filter(|error| !known(error)).map(said).collect();
        (!others.is_empty()).then(|| others.join(" · "))
    }

    fn lines(&self, group: &str) -> Vec<BTreeMap<String, String>> {
        let posted = ui::kit::form::Posted::from_pairs(self.values.iter().cloned());
        posted.group(group).into_iter().map(|(_, line)| line).collect()
    }
}

/// What is wrong with a field, as the readers of commands say it in English, in the reader's words.
fn in_words(words: &Words, message: &str) -> String {
    if message == schema::REQUIRED {
        return words.t("error-required");
    }
    if message.starts_with("is empty") {
        return words.t("form-empty");
    }
    let parts: Vec<&str> = message.split(' ').collect();
    if let ["has", length, "characters;", "at", "most", most, "are", "taken"] = parts[..] {
        return words.tv("form-long", &[("length", length.into()), ("most", most.into())]);
    }
    let Some((text, kind)) = message.strip_prefix('`').and_then(|rest| rest.split_once("` is no ")) else {
        return message.to_owned();
    };
    let kind = kind.split(';').next().unwrap_or(kind);
    let record = kind.strip_suffix(" id").map(|kind| word("kind", kind)).filter(|key| words.has(key));
    match record {
        Some(key) => words.tv("form-no-record", &[("text", text.into()), ("kind", words.t(&key).into())]),
        None => words.tv("form-no-such", &[("text", text.into()), ("what", kind.into())]),
    }
}

/// The form of a command.
pub fn of(visit: &mut Visit<'_>, kind: &CommandKind, entered: &Entered) -> Form {
    let fields = schema::fields(kind);
    let mut form = Form::new(
        kind.name,
        format!("/do/{}", kind.name),
        visit.csrf,
        visit.words.t(&word("command", kind.name)),
    );
    form.idempotency_key = Some(visit.key.clone());
    form.return_to = Some(visit.asked("return_to").to_owned()).filter(|to| !to.is_empty());
    let mut maker = Maker { visit, command: kind.name, entered, names: Vec::new() };
    let mut items = Vec::new();
    maker.items("", &fields, &mut items);
    if !fields.iter().any(|field| OWN_REASONS.contains(&field.name.as_str())) {
        let label = maker.visit.words.t("field-reason");
        items.push(Item::Field(
            Field::new(REASON, label, FieldKind::Area { rows: 2 }).value(entered.text(REASON)),
        ));
    }
    form.signature = maker
        .visit
        .signature(kind.name)
        .map(|field| field.error(entered.error(maker.visit.words, SIGNATURE)));
    maker.names.push(SIGNATURE.to_owned());
    form.error = entered.others(maker.visit.words, kind.name, &maker.names);
    form.items = items;
    form
}

struct Maker<'a, 'v> {
    visit: &'a mut Visit<'v>,
    command: &'a str,
    entered: &'a Entered,
    names: Vec<String>,
}

impl Maker<'_, '_> {
    fn items(&mut self, above: &str, fields: &[schema::Field], into: &mut Vec<Item>) {
        for field in fields {
            let name = if above.is_empty() { field.name.clone() } else { format!("{above}.{}", field.name) };
            match &field.shape {
                Shape::Group(parts) if is_names(parts) => {
                    let line =
                        parts.iter().map(|part| self.field(&format!("{name}.{}", part.name), &name, part));
                    let line: Vec<Field> = line.collect();
                    into.push(Item::Line(line));
                }
                Shape::Group(parts) => {
                    into.push(Item::Heading(
                        label(self.visit.words, self.command, &name),
                        self.hint(&name, &field.doc),
                    ));
                    self.items(&name, parts, into);
                }
                Shape::Lines(parts) => into.push(self.lines(&name, parts)),
                _ => into.push(Item::Field(self.field(&name, "", field))),
            }
        }
    }

    fn lines(&mut self, name: &str, parts: &[schema::Field]) -> Item {
        let fields = parts.iter().map(|part| {
            let full = format!("{name}.{}", part.name);
            let mut field = self.field(&full, "", part);
            field.name = part.name.clone();
            field
        });
        let fields = fields.collect();
        let lines = self.entered.lines(name);
        let more = usize::from(self.entered.one_more.as_deref() == Some(name));
        let errors = self.entered.errors.iter().filter(|error| error.field.starts_with(&format!("{name}[")));
        let errors: BTreeMap<String, String> =
            errors.map(|error| (error.field.clone(), in_words(self.visit.words, &error.message))).collect();
        self.names.extend(errors.keys().cloned());
        let least = (lines.len() + more).max(2);
        let legend = label(self.visit.words, self.command, name);
        Item::Repeat(Repeat { name: name.to_owned(), legend, fields, lines, errors, least })
    }

    fn field(&mut self, name: &str, under: &str, field: &schema::Field) -> Field {
        self.names.push(name.to_owned());
        let words = self.visit.words;
        let mut text = label(words, self.command, name);
        if !under.is_empty() {
            text = format!("{} · {text}", label(words, self.command, under));
        }
        let kind = self.kind(name, &field.shape);
        let mut made = Field::new(name, text, kind).value(self.entered.text(name));
        made.required = field.required;
        made.hint = self.hint(name, &field.doc);
        made.unit = unit(name).map(str::to_owned);
        made.error = self.entered.error(self.visit.words, name);
        if matches!(made.kind, FieldKind::Proposals(_)) {
            made.value = self.proposed(&made.value);
        }
        if matches!(made.kind, FieldKind::Instant) {
            made.value = clock(words, &made.value);
        }
        if let FieldKind::Select(options) = &made.kind
            && let Some((id, _)) = options.iter().find(|(id, _)| *id == schema::bare_id(&made.value))
        {
            made.value = id.clone();
        }
        made
    }

    /// What a field is for: its own words where there are some, else, in English, what the program says of
    /// it.
    fn hint(&self, name: &str, doc: &str) -> Option<String> {
        let words = self.visit.words;
        let said = hint_key(words, self.command, name);
        let plain =
            || Some(doc.replace('\n', " ")).filter(|doc| !doc.is_empty() && words.lang() == ui::Lang::En);
        said.map(|key| words.t(&key)).or_else(plain)
    }

    fn kind(&mut self, name: &str, shape: &Shape) -> FieldKind {
        match shape {
            Shape::Text if is_number(name) => FieldKind::Decimal,
            Shape::Text if matches!(last(name), "reason" | "note" | "remark" | "text") => {
                FieldKind::Area { rows: 2 }
            }
            Shape::Integer => FieldKind::Decimal,
            Shape::Flag => FieldKind::Check,
            Shape::Day => FieldKind::Date,
            Shape::Password => FieldKind::Password { new: last(name) != "current" },
            Shape::Record(Some(kind)) => self.records(*kind),
            Shape::Choice(values) => FieldKind::Select(self.choices(name, values)),
            Shape::List(_) => FieldKind::Area { rows: 3 },
            Shape::Json | Shape::Group(_) | Shape::Lines(_) => FieldKind::Area { rows: 4 },
            Shape::Instant => FieldKind::Instant,
            Shape::Text | Shape::Record(None) => FieldKind::Text,
        }
    }

    fn choices(&self, name: &str, values: &[String]) -> Vec<(String, String)> {
        let words = self.visit.words;
        let say = |value: &String| choice(words, name, value);
        values.iter().map(|value| (value.clone(), say(value))).collect()
    }

    /// A record that was named by its id, as the proposals name it: `MS-0921 (lot-4431)`.
    fn proposed(&mut self, text: &str) -> String {
        let Ok(record) = text.parse::<kernel::Ref>() else { return text.to_owned() };
        if !self.names_records() {
            return text.to_owned();
        }
        let Ok(named) = self.visit.name(record) else { return text.to_owned() };
        format!("{} ({record})", self.with_name(record, named.label))
    }

    /// Whether records are named to this reader: customers learn nothing of each other from a form.
    fn names_records(&self) -> bool {
        self.visit.actor.has_any(site::STAFF)
    }

    /// A code and the name that goes with it, where a record has both: of parties and materials.
    fn with_name(&mut self, record: kernel::Ref, label: String) -> String {
        if !matches!(record.kind, Kind::Party | Kind::Material) {
            return label;
        }
        let found = self.visit.store.registry().describe(self.visit.db, record).ok().flatten();
        let fields = found.unwrap_or_default().fields;
        let field = |key: &str| {
            let named = fields.iter().find(|(name, _)| name.trim_start_matches("field-") == key);
            named.map(|(_, text)| text.as_str()).unwrap_or_default()
        };
        let name = self.visit.words.pick(field("name-en"), field("name-zh"));
        if name.is_empty() || name == label { label } else { format!("{label} · {name}") }
    }

    fn records(&mut self, kind: Kind) -> FieldKind {
        if !self.names_records() {
            return FieldKind::Text;
        }
        let found = store::newest(self.visit.db, kind, PROPOSALS).unwrap_or_default();
        let named: Vec<(String, String)> = found
            .into_iter()
            .map(|(record, label)| (record.to_string(), self.with_name(record, label)))
            .collect();
        let named = named.into_iter();
        match u32::try_from(named.len()) {
            Ok(0) => FieldKind::Text,
            Ok(few) if few <= CHOICES => FieldKind::Select(named.collect()),
            _ => FieldKind::Proposals(named.map(|(id, label)| format!("{label} ({id})")).collect()),
        }
    }
}

/// The word of a choice: `choice-FIELD-VALUE`, `FIELD-VALUE`, or a shared word of that value.
pub fn choice(words: &Words, name: &str, value: &str) -> String {
    choice_key(words, name, value).map_or_else(|| value.to_owned(), |key| words.t(&key))
}

fn choice_key(words: &Words, name: &str, value: &str) -> Option<String> {
    let plain = value.replace(['.', '_'], "-");
    let field = last(name).replace('_', "-");
    let own = [format!("choice-{field}-{plain}"), format!("{field}-{plain}")];
    let shared = ["choice", "role", "activity", "meaning"].map(|kind| format!("{kind}-{plain}"));
    own.into_iter().chain(shared).find(|key| words.has(key))
}

/// An instant by the reader's clock, as the field for date and time takes it; any other text as it is.
fn clock(words: &Words, text: &str) -> String {
    let Ok(at) = text.trim().parse::<kernel::Instant>() else { return text.to_owned() };
    let local = at.timestamp().to_zoned(words.zone().clone()).datetime();
    let format = if local.second() == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" };
    local.strftime(format).to_string()
}

/// Whether a group is a name in two languages, which stands on one line.
fn is_names(parts: &[schema::Field]) -> bool {
    let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    names.len() == 2 && names.contains(&"en") && names.contains(&"zh")
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn is_number(name: &str) -> bool {
    const UNITS: [&str; 8] = ["_kg", "_wet", "_dry", "_percent", "_value", "_g", "_factor", "_limit"];
    matches!(last(name), "value" | "mass" | "uncertainty" | "tolerance")
        || UNITS.iter().any(|end| name.ends_with(end))
}

/// The unit in a field's name, units last being the house's way: `mass_kg_dry`, `moisture_percent`.
fn unit(name: &str) -> Option<&'static str> {
    let parts: Vec<&str> = last(name).split('_').collect();
    let known = |part: &&str| match *part {
        "kg" => Some("kg"),
        "percent" => Some("%"),
        _ => None,
    };
    parts.iter().skip(1).find_map(known)
}

/// The label of a field: `field-lot-receive-mass-kg`, else `field-mass-kg`, else its name with spaces.
pub fn label(words: &Words, command: &str, name: &str) -> String {
    let own = word("field", &format!("{command}-{name}"));
    let shared = word("field", last(name));
    [own, shared]
        .iter()
        .find(|key| words.has(key))
        .map_or_else(|| last(name).replace('_', " "), |key| words.t(key))
}

/// The key of what is said of a field, where both languages say something.
fn hint_key(words: &Words, command: &str, name: &str) -> Option<String> {
    let keys = [word("field", &format!("{command}-{name}")), word("field", last(name))];
    keys.map(|key| format!("{key}.hint")).into_iter().find(|key| words.has(key))
}

/// The fields of a command's form of which the program says more than a few words (a label says those), and
/// the pages nothing in both languages; a test wants none.
pub fn unhinted(words: &Words, kind: &CommandKind) -> Vec<String> {
    fn walk(words: &Words, command: &str, above: &str, fields: &[schema::Field], out: &mut Vec<String>) {
        for field in fields {
            let name = if above.is_empty() { field.name.clone() } else { format!("{above}.{}", field.name) };
            let long = field.doc.split_whitespace().count() > 4;
            let heads_only = match &field.shape {
                Shape::Lines(_) => true,                // a table shows the heads of its columns
                Shape::Group(parts) => is_names(parts), // a pair of names says which language goes where
                _ => false,
            };
            if long && !heads_only && hint_key(words, command, &name).is_none() {
                out.push(format!("{command}: {name}: {}", field.doc));
            }
            if let Shape::Group(parts) = &field.shape {
                walk(words, command, &name, parts, out);
            }
        }
    }
    let mut out = Vec::new();
    walk(words, kind.name, "", &schema::fields(kind), &mut out);
    out
}

/// The choices of a command's form that have no word of their own in both languages; a test wants none.
pub fn unworded(words: &Words, kind: &CommandKind) -> Vec<String> {
    fn walk(words: &Words, command: &str, fields: &[schema::Field], out: &mut Vec<String>) {
        for field in fields {
            match &field.shape {
                Shape::Choice(values) => {
                    let lacking =
                        values.iter().filter(|value| choice_key(words, &field.name, value).is_none());
                    out.extend(lacking.map(|value| format!("{command}: {} = {value}", field.name)));
                }
                Shape::Group(parts) | Shape::Lines(parts) => walk(words, command, parts, out),
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    walk(words, kind.name, &schema::fields(kind), &mut out);
    out
}

/// The fields of a command that have no label in both languages; a test wants none.
pub fn unlabelled(words: &Words, kind: &CommandKind) -> Vec<String> {
    fn walk(words: &Words, command: &str, above: &str, fields: &[schema::Field], out: &mut Vec<String>) {
        for field in fields {
            let name = if above.is_empty() { field.name.clone() } else { format!("{above}.{}", field.name) };
            let own = word("field", &format!("{command}-{name}"));
            if !words.has(&own) && !words.has(&word("field", &field.name)) {
                out.push(format!("{command}: {} or {own}", word("field", &field.name)));
            }
            if let Shape::Group(parts) | Shape::Lines(parts) = &field.shape {
                walk(words, command, &name, parts, out);
            }
        }
    }
    let mut out = Vec::new();
    walk(words, kind.name, "", &schema::fields(kind), &mut out);
    out
}
