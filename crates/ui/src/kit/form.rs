//! Forms that work without script: labels, hints and errors tied to their fields, the session's token, the
//! way back, and repeated groups as numbered fields (`outputs[0].mass_kg`) that [`Posted`] reads again.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Link;
use super::icon::Icon;
use crate::Words;

/// The submit button that asks for one more line of a repeated group; its value is the group's name. The
/// server shows the form again with what was entered and one line more.
pub const ADD_LINE: &str = "add_line";

/// What is entered in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// One line of words.
    Text,
    /// A password: current or new, so that password managers help.
    Password {
        /// Whether it is being set, not asked for.
        new: bool,
    },
    /// A decimal number; stays text, so that no digit is lost on the way.
    Decimal,
    /// A date.
    Date,
    /// Local date and time.
    Instant,
    /// Several lines of words.
    Area {
        /// Lines shown.
        rows: u8,
    },
    /// One of a list: value and words. An empty first choice is added unless required and chosen.
    Select(Vec<(String, String)>),
    /// Words with proposals.
    Proposals(Vec<String>),
    /// Yes or no.
    Check,
    /// A file, dropped or chosen.
    File {
        /// Endings or types, as in HTML's `accept`; empty for all.
        accept: String,
        /// Whether several may be given.
        multiple: bool,
    },
}

/// One field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in the form.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it holds now, as the person left it.
    pub value: String,
    /// What is entered.
    pub kind: FieldKind,
    /// Unit shown behind it.
    pub unit: Option<String>,
    /// A hint below it.
    pub hint: Option<String>,
    /// What was wrong with it.
    pub error: Option<String>,
    /// Whether it must be given.
    pub required: bool,
}

impl Field {
    /// An empty, optional field.
    pub fn new(name: impl Into<String>, label: impl Into<String>, kind: FieldKind) -> Field {
        Field {
            name: name.into(),
            label: label.into(),
            value: String::new(),
            kind,
            unit: None,
            hint: None,
            error: None,
            required: false,
        }
    }

    /// With its value.
    pub fn value(mut self, value: impl Into<String>) -> Field {
        self.value = value.into();
        self
    }

    /// With its unit.
    pub fn unit(mut self, unit: impl Into<String>) -> Field {
        self.unit = Some(unit.into());
        self
    }

    /// With a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Field {
        self.hint = Some(hint.into());
        self
    }

    /// With what was wrong, if anything was.
    pub fn error(mut self, error: Option<String>) -> Field {
        self.error = error;
        self
    }

    /// That must be given.
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }

    /// The field with label, hint and error. `form` is the form's id; ids in the page begin with it.
    pub fn render(&self, words: &Words, form: &str) -> Markup {
        let id = id(form, &self.name);
        if self.kind == FieldKind::Check {
            return html! {
                div.field.check {
                    label for=(id) { (self.control(&id, None)) " " (self.label) }
                    (self.notes(words, &id))
                }
            };
        }
        html! {
            div.field.wide[matches!(self.kind, FieldKind::Area { .. } | FieldKind::File { .. })] {
                label for=(id) {
                    (self.label)
                    @if !self.required && !matches!(self.kind, FieldKind::File { .. }) {
                        small { " " (words.t("kit-form-optional")) }
                    }
                }
                @if let FieldKind::File { .. } = self.kind {
                    div.drop data-drop data-drop-name=(words.t("kit-form-dropped")) {
                        (Icon::Intake)
                        p { (words.t("kit-form-drop")) }
                        (self.control(&id, None))
                        p.drop-names role="status" {}
                    }
                } @else {
                    div.control {
                        (self.control(&id, None)) @if let Some(unit) = &self.unit { span.unit { (unit) } }
                    }
                }
                (self.notes(words, &id))
            }
        }
    }

    fn notes(&self, words: &Words, id: &str) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { p.hint id={ (id) "-hint" } { (hint) } }
            @if let Some(error) = &self.error {
                p.error id={ (id) "-error" } {
                    (Icon::Fail) span.aloud { (words.t("kit-form-error")) " " } (error)
                }
            }
        }
    }

    /// The control alone; `label` is read aloud where no label stands, as in a cell of a group.
    fn control(&self, id: &str, label: Option<&str>) -> Markup {
        let described = self.described(id);
        let described = described.as_deref();
        let invalid = self.error.is_some().then_some("true");
        if let FieldKind::Area { rows } = &self.kind {
            return html! {
                textarea id=(id) name=(self.name) rows=(rows) required[self.required] aria-label=[label]
                    aria-describedby=[described] aria-invalid=[invalid] { (self.value) }
            };
        }
        if let FieldKind::Select(options) = &self.kind {
            let chosen = self.required && options.iter().any(|(value, _)| *value == self.value);
            return html! {
                select id=(id) name=(self.name) required[self.required] aria-label=[label]
                    aria-describedby=[described] aria-invalid=[invalid] {
                    @if !chosen {
                        option value="" { "—" }
                    }
                    @for (value, text) in options {
                        option value=(value) selected[*value == self.value] { (text) }
                    }
                }
            };
        }
        let (kind, mode, complete) = self.input_type();
        let list = matches!(self.kind, FieldKind::Proposals(_)).then(|| format!("{id}-list"));
        let (accept, multiple) = match &self.kind {
            FieldKind::File { accept, multiple } => {
                (Some(accept.as_str()).filter(|a| !a.is_empty()), *multiple)
            }
            _ => (None, false),
        };
        let checked = self.kind == FieldKind::Check && !self.value.is_empty();
        let value = match self.kind {
            FieldKind::File { .. } | FieldKind::Password { .. } => None,
            FieldKind::Check => Some("yes"),
            _ => Some(self.value.as_str()),
        };
        html! {
            input id=(id) name=(self.name) type=(kind) value=[value] required[self.required] checked[checked]
                inputmode=[mode] autocomplete=[complete] list=[list.as_deref()] accept=[accept]
                multiple[multiple] aria-label=[label] aria-describedby=[described] aria-invalid=[invalid];
            @if let FieldKind::Proposals(proposals) = &self.kind {
                datalist id=[list.as_deref()] { @for proposal in proposals { option value=(proposal) {} } }
            }
        }
    }

    fn input_type(&self) -> (&'static str, Option<&'static str>, Option<&'static str>) {
        match self.kind {
            FieldKind::Password { new: true } => ("password", None, Some("new-password")),
            FieldKind::Password { new: false } => ("password", None, Some("current-password")),
            FieldKind::Decimal => ("text", Some("decimal"), Some("off")),
            FieldKind::Date => ("date", None, None),
            FieldKind::Instant => ("datetime-local", None, None),
            FieldKind::Check => ("checkbox", None, None),
            FieldKind::File { .. } => ("file", None, None),
            _ => ("text", None, if self.name == "user_name" { Some("username") } else { Some("off") }),
        }
    }

    fn described(&self, id: &str) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{id}-hint"));
        let error = self.error.as_ref().map(|_| format!("{id}-error"));
        let parts: Vec<String> = [hint, error].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

fn id(form: &str, name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    format!("{form}-{}", name.chars().map(plain).collect::<String>())
}

/// A group of fields that repeats, one line each, as a table. Names inside are `group[0].field`.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// The group's name.
    pub name: String,
    /// Its heading.
    pub legend: String,
    /// The fields of one line; names without the group. Values and errors are ignored.
    pub fields: Vec<Field>,
    /// What the lines hold, from [`Posted::group`] or a record.
    pub lines: Vec<BTreeMap<String, String>>,
    /// What is wrong, by full field name: `outputs[0].mass_kg`.
    pub errors: BTreeMap<String, String>,
    /// How many lines to show at least.
    pub least: usize,
}

impl Repeat {
    fn render(&self, words: &Words, form: &str) -> Markup {
        let count = self.lines.len().max(self.least).max(1);
        html! {
            fieldset.repeat {
                legend { (self.legend) }
                div.scroll tabindex="0" role="region" aria-label=(self.legend) {
                    table data-repeat=(self.name) {
                        thead { tr { @for field in &self.fields {
                            th scope="col" {
                                (field.label) @if let Some(unit) = &field.unit { small { span { (unit) } } }
                            }
                        } } }
                        tbody {
                            @for at in 0..count {
                                tr { @for field in &self.fields { td { (self.cell(form, at, field)) } } }
                            }
                        }
                    }
                }
                p.hint { (words.t("kit-form-paste")) }
                button name=(ADD_LINE) value=(self.name) formnovalidate data-add=(self.name) {
                    (words.t("kit-form-add-line"))
                }
            }
        }
    }

    fn cell(&self, form: &str, at: usize, field: &Field) -> Markup {
        let name = format!("{}[{at}].{}", self.name, field.name);
        let value = self.lines.get(at).and_then(|line| line.get(&field.name)).cloned().unwrap_or_default();
        let error = self.errors.get(&name).cloned();
        let id = id(form, &name);
        let full = Field { name, value, error, hint: None, required: false, ..field.clone() };
        html! {
            (full.control(&id, Some(&format!("{} {}", field.label, at + 1))))
            @if let Some(error) = &full.error { p.error id={ (id) "-error" } { (error) } }
        }
    }
}

/// A part of a form.
#[derive(Debug, Clone)]
pub enum Item {
    /// One field on its own line.
    Field(Field),
    /// Short fields side by side.
    Line(Vec<Field>),
    /// A heading with a sentence.
    Heading(String, Option<String>),
    /// A repeated group.
    Repeat(Repeat),
    /// A hidden value.
    Hidden(String, String),
    /// Anything else.
    Markup(Markup),
}

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its id in the page, which must be unique there.
    pub id: &'static str,
    /// The address posted to.
    pub action: String,
    /// The session's token, sent as `csrf`.
    pub csrf: String,
    /// Where to go afterwards, sent as `return_to`.
    pub return_to: Option<String>,
    /// Sent as `idempotency_key`, so that sending twice does once.
    pub idempotency_key: Option<String>,
    /// What is wrong with the whole.
    pub error: Option<String>,
    /// Its parts.
    pub items: Vec<Item>,
    /// Where the password is given again, last before the button, when sending it signs.
    pub signature: Option<Field>,
    /// The words of the button.
    pub submit: String,
    /// Whether its button is the page's one filled button.
    pub primary: bool,
    /// The way out.
    pub cancel: Option<Link>,
}

impl Form {
    /// A form with nothing in it yet; its button is the filled one.
    pub fn new(
        id: &'static str,
        action: impl Into<String>,
        csrf: impl Into<String>,
        submit: impl Into<String>,
    ) -> Form {
        Form {
            id,
            action: action.into(),
            csrf: csrf.into(),
            return_to: None,
            idempotency_key: None,
            error: None,
            items: Vec::new(),
            signature: None,
            submit: submit.into(),
            primary: true,
            cancel: None,
        }
    }

    /// With one more field.
    pub fn field(mut self, field: Field) -> Form {
        self.items.push(Item::Field(field));
        self
    }

    /// With one more part.
    pub fn item(mut self, item: Item) -> Form {
        self.items.push(item);
        self
    }

    /// The form. It is sent as `multipart/form-data` when it holds a file.
    pub fn render(&self, words: &Words) -> Markup {
        let is_file = |field: &Field| matches!(field.kind, FieldKind::File { .. });
        let multipart = self.items.iter().any(|item| match item {
            Item::Field(field) => is_file(field),
            Item::Line(fields) => fields.iter().any(is_file),
            _ => false,
        });
        let keep = self.may_be_kept().then(|| words.t("kit-form-kept"));
        html! {
            form.form id=(self.id) method="post" action=(self.action)
                enctype=[multipart.then_some("multipart/form-data")] data-keep=[keep] novalidate {
                input type="hidden" name="csrf" value=(self.csrf);
                @if let Some(to) = &self.return_to { input type="hidden" name="return_to" value=(to); }
                @if let Some(key) = &self.idempotency_key {
                    input type="hidden" name="idempotency_key" value=(key);
                }
                @if let Some(error) = &self.error {
                    div.notice.fail role="alert" tabindex="-1" data-focus { (Icon::Fail) p { (error) } }
                }
                @for item in &self.items { (self.item_markup(words, item)) }
                @if let Some(signature) = &self.signature { (signature.render(words, self.id)) }
                p.submit {
                    button.primary[self.primary] { (self.submit) }
                    @if let Some(cancel) = &self.cancel { (cancel) }
                }
                @if multipart {
                    progress.upload hidden max="100" value="0" aria-label=(words.t("kit-form-sending")) {}
                }
            }
        }
    }

    /// Whether the script may keep the form on the device while there is no connection: only where sending
    /// twice does once, and never a secret or a file.
    fn may_be_kept(&self) -> bool {
        let plain =
            |field: &Field| !matches!(field.kind, FieldKind::Password { .. } | FieldKind::File { .. });
        let fields_plain = self.items.iter().all(|item| match item {
            Item::Field(field) => plain(field),
            Item::Line(fields) => fields.iter().all(plain),
            Item::Markup(_) => false,
            _ => true,
        });
        self.idempotency_key.is_some() && self.signature.is_none() && fields_plain
    }

    fn item_markup(&self, words: &Words, item: &Item) -> Markup {
        match item {
            Item::Field(field) => field.render(words, self.id),
            Item::Line(fields) => {
                html! { div.line { @for field in fields { (field.render(words, self.id)) } } }
            }
            Item::Heading(title, lead) => {
                html! { h2 { (title) } @if let Some(lead) = lead { p.lead { (lead) } } }
            }
            Item::Repeat(repeat) => repeat.render(words, self.id),
            Item::Hidden(name, value) => html! { input type="hidden" name=(name) value=(value); },
            Item::Markup(markup) => markup.clone(),
        }
    }
}

/// What a form sent, as text, before it is parsed into types.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Posted(BTreeMap<String, Vec<String>>);

impl Posted {
    /// From the decoded pairs of the body.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Posted {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value);
        }
        Posted(fields)
    }

    /// The first value of a field without the space around it; empty when the field was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// The value of a field that was filled.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// All values of a field, as of checkboxes of one name.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The lines of a repeated group in their order, each with its place; lines left empty are skipped.
    pub fn group(&self, name: &str) -> Vec<(usize, BTreeMap<String, String>)> {
        let mut lines: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
        for (key, values) in &self.0 {
            let Some((at, field)) = numbered(name, key) else { continue };
            let value = values.first().map_or("", |value| value.trim());
            lines.entry(at).or_default().insert(field.to_owned(), value.to_owned());
        }
        lines.into_iter().filter(|(_, line)| line.values().any(|value| !value.is_empty())).collect()
    }
}

/// `outputs[3].mass_kg` of the group `outputs` → (3, `mass_kg`).
fn numbered<'a>(group: &str, key: &'a str) -> Option<(usize, &'a str)> {
    let (number, field) = key.strip_prefix(group)?.strip_prefix('[')?.split_once("].")?;
    Some((number.parse().ok()?, field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;
    use crate::gallery::sample_words;

    fn posted(pairs: &[(&str, &str)]) -> Posted {
        Posted::from_pairs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn groups_come_back_in_order_without_empty_lines() {
        let form = posted(&[
            ("outputs[10].mass_kg", " 1.0 "),
            ("outputs[2].mass_kg", "2.50"),
            ("outputs[2].lot", "B"),
            ("outputs[3].mass_kg", ""),
            ("outputs[x].mass_kg", "9"),
            ("outputs2[0].mass_kg", "9"),
            ("selected", "a"),
            ("selected", "b"),
        ]);
        let lines = form.group("outputs");
        assert_eq!(lines.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [2, 10]);
        assert_eq!(lines[0].1["mass_kg"], "2.50");
        assert_eq!(lines[1].1["mass_kg"], "1.0");
        assert_eq!(form.all("selected"), ["a", "b"]);
        assert_eq!(form.given("nothing"), None);
    }

    #[test]
    fn errors_and_hints_are_tied_to_their_field() {
        let field = Field::new("mass_kg", "Mass", FieldKind::Decimal)
            .hint("As weighed")
            .error(Some("Not a number".into()));
        let text = field.render(&sample_words(Lang::En), "receive").into_string();
        assert!(text.contains("aria-describedby=\"receive-mass_kg-hint receive-mass_kg-error\""), "{text}");
        assert!(
            text.contains("id=\"receive-mass_kg-error\"") && text.contains("aria-invalid=\"true\""),
            "{text}"
        );
        assert!(text.contains("<label for=\"receive-mass_kg\">"), "{text}");
    }

    #[test]
    fn a_form_carries_token_and_way_back_and_never_a_password() {
        let form = Form { return_to: Some("/lots".into()), ..Form::new("sign", "/sign", "tok", "Sign") };
        let secret = Field::new("password", "Password", FieldKind::Password { new: false }).value("hunter2");
        let text = form.field(secret).render(&sample_words(Lang::En)).into_string();
        assert!(
            text.contains("name=\"csrf\" value=\"tok\"")
                && text.contains("name=\"return_to\" value=\"/lots\"")
        );
        assert!(!text.contains("hunter2"));
    }

    #[test]
    fn repeated_fields_are_numbered_and_errors_find_their_cell() {
        let repeat = Repeat {
            name: "outputs".into(),
            legend: "Outputs".into(),
            fields: vec![Field::new("mass_kg", "Mass", FieldKind::Decimal).unit("kg")],
            lines: vec![BTreeMap::from([("mass_kg".to_owned(), "1.20".to_owned())])],
            errors: BTreeMap::from([("outputs[1].mass_kg".to_owned(), "missing".to_owned())]),
            least: 2,
        };
        let text = repeat.render(&sample_words(Lang::En), "split").into_string();
        assert!(text.contains("name=\"outputs[0].mass_kg\" type=\"text\" value=\"1.20\""), "{text}");
        assert!(text.contains("id=\"split-outputs-1--mass_kg-error\""), "{text}");
    }
}
