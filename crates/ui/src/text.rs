//! Two languages from Fluent files. Each crate that shows words keeps them in `text/en.ftl` and
//! `text/zh.ftl` and the server hands all pairs to [`Catalogue::new`]; a page gets a [`Words`] handle in
//! the reader's language. A key that is missing shows as `⟦key⟧`, never as an empty place;
//! [`Catalogue::problems`] lets a test find it first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use fluent_bundle::FluentValue as Arg;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};
use jiff::tz::TimeZone;
use unic_langid::LanguageIdentifier;

use crate::format;

/// A language a reader may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Both, in the order in which they are shown.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Zh];

    /// The value kept in the cookie and sent by forms: `en` or `zh`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh",
        }
    }

    /// The value of `<html lang>` (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
    }

    /// The language's own name for itself.
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Zh => "中文",
        }
    }

    /// Reads a code or any BCP 47 tag of the two languages (`zh-CN`, `en-GB`).
    pub fn parse(text: &str) -> Option<Lang> {
        match text.trim().get(..2)?.to_ascii_lowercase().as_str() {
            "en" => Some(Lang::En),
            "zh" => Some(Lang::Zh),
            _ => None,
        }
    }

    /// The reader's first choice in an `Accept-Language` header (RFC 9110, 12.5.4); English when neither is
    /// named.
    pub fn accept(header: &str) -> Lang {
        let mut best: Option<(f32, Lang)> = None;
        for part in header.split(',') {
            let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
            let weight = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
            let Some(lang) = Lang::parse(tag) else { continue };
            if weight > best.map_or(0.0, |(w, _)| w) {
                best = Some((weight, lang));
            }
        }
        best.map_or(Lang::En, |(_, lang)| lang)
    }
}

/// Why a catalogue could not be built.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The file is not Fluent.
    #[error("the {lang} text does not parse: {what} near `{near}`")]
    Syntax {
        /// `en` or `zh`.
        lang: &'static str,
        /// The parser's words.
        what: String,
        /// The text at that place.
        near: String,
    },
    /// Two files, or one file twice, define the same key.
    #[error("the {lang} text defines `{key}` twice; keys are shared by all crates")]
    Duplicate {
        /// `en` or `zh`.
        lang: &'static str,
        /// The key.
        key: String,
    },
}

type Bundle = FluentBundle<FluentResource>;
/// Key (or `key.attribute`) → the variables its text uses.
type Shape = BTreeMap<String, BTreeSet<String>>;

struct Side {
    bundle: Bundle,
    shape: Shape,
}

/// All words of the product, in both languages.
pub struct Catalogue {
    en: Side,
    zh: Side,
}

impl Catalogue {
    /// The kit's own words and the given pairs (English, Chinese) of Fluent text.
    ///
    /// # Errors
    /// A file that does not parse, or a key defined twice.
    pub fn new(sources: &[(&str, &str)]) -> Result<Arc<Catalogue>, TextError> {
        let own = [(include_str!("../text/en.ftl"), include_str!("../text/zh.ftl"))];
        let pairs = own.iter().chain(sources);
        let (en, zh): (Vec<&str>, Vec<&str>) = pairs.copied().unzip();
        Ok(Arc::new(Catalogue { en: side(Lang::En, &en)?, zh: side(Lang::Zh, &zh)? }))
    }

    /// A handle for one reader. `zone` is the institute's, in which all instants are shown.
    pub fn words(self: &Arc<Self>, lang: Lang, zone: TimeZone) -> Words {
        Words { lang, catalogue: Arc::clone(self), zone }
    }

    /// Whether the key (or `key.attribute`) exists in both languages.
    pub fn has(&self, key: &str) -> bool {
        self.en.shape.contains_key(key) && self.zh.shape.contains_key(key)
    }

    /// Every key (and `key.attribute`) of the English side.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.en.shape.keys().map(String::as_str)
    }

    /// Keys and attributes that only one language has.
    pub fn missing_keys(&self) -> Vec<String> {
        let (en, zh) = (&self.en.shape, &self.zh.shape);
        let lost_in_zh = en.keys().filter(|key| !zh.contains_key(*key)).map(|key| format!("zh: {key}"));
        let lost_in_en = zh.keys().filter(|key| !en.contains_key(*key)).map(|key| format!("en: {key}"));
        lost_in_zh.chain(lost_in_en).collect()
    }

    /// Everything a test should refuse: missing keys, and texts whose variables differ between the languages.
    pub fn problems(&self) -> Vec<String> {
        let mut found: Vec<String> =
            self.missing_keys().into_iter().map(|key| format!("missing {key}")).collect();
        for (key, variables) in &self.en.shape {
            let Some(other) = self.zh.shape.get(key) else { continue };
            if variables != other {
                found.push(format!("`{key}` uses {variables:?} in English and {other:?} in Chinese"));
            }
        }
        found
    }

    fn side(&self, lang: Lang) -> &Side {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// The words of one reader: language, catalogue and the institute's time zone. Cheap to clone.
#[derive(Clone)]
pub struct Words {
    lang: Lang,
    catalogue: Arc<Catalogue>,
    zone: TimeZone,
}

impl Words {
    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The institute's time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The text of a key, or of `key.attribute`.
    pub fn t(&self, key: &str) -> String {
        self.tv(key, &[])
    }

    /// The text of a key with variables: `w.tv("rows", &[("n", 3.into())])`.
    pub fn tv(&self, key: &str, variables: &[(&str, Arg<'_>)]) -> String {
        let bundle = &self.catalogue.side(self.lang).bundle;
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, name)| (id, Some(name)));
        let message = bundle.get_message(id);
        let pattern = message.and_then(|message| match attribute {
            Some(name) => message.get_attribute(name).map(|found| found.value()),
            None => message.value(),
        });
        let Some(pattern) = pattern else { return format!("⟦{key}⟧") };
        let mut arguments = FluentArgs::with_capacity(variables.len());
        for (name, value) in variables {
            arguments.set(*name, value.clone());
        }
        bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// A name and what belongs to it, with the language's own colon.
    pub fn pair(&self, name: &str, value: &str) -> String {
        self.tv("kit-pair", &[("name", name.into()), ("value", value.into())])
    }

    /// Whether both languages have the key; for texts that may be absent, such as a hint.
    pub fn has(&self, key: &str) -> bool {
        self.catalogue.has(key)
    }

    /// The reader's side of a name that a record keeps in both languages; the other side when it is empty.
    pub fn pick<'a>(&self, en: &'a str, zh: &'a str) -> &'a str {
        let (first, second) = if self.lang == Lang::En { (en, zh) } else { (zh, en) };
        if first.is_empty() { second } else { first }
    }

    /// The same handle in the other language.
    pub fn in_lang(&self, lang: Lang) -> Words {
        Words { lang, ..self.clone() }
    }
}

fn side(lang: Lang, sources: &[&str]) -> Result<Side, TextError> {
    let locale: LanguageIdentifier = lang.tag().parse().expect("both tags are valid BCP 47");
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(grouped));
    let mut shape = Shape::new();
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned())
            .map_err(|(_, errors)| syntax(lang, source, &errors))?;
        for entry in resource.entries() {
            shape_of(lang, entry, &mut shape)?;
        }
        bundle.add_resource_overriding(resource);
    }
    Ok(Side { bundle, shape })
}

/// Numbers in sentences get thin-space groups, as everywhere else.
fn grouped<M>(value: &Arg<'_>, _: &M) -> Option<String> {
    match value {
        Arg::Number(number) => Some(format::grouped(&number.as_string())),
        _ => None,
    }
}

fn syntax(lang: Lang, source: &str, errors: &[fluent_syntax::parser::ParserError]) -> TextError {
    let first = errors.first();
    let start = first.map_or(0, |error| error.pos.start.min(source.len()));
    let near = source.get(start..).unwrap_or("").chars().take(40).collect();
    TextError::Syntax { lang: lang.code(), what: first.map(ToString::to_string).unwrap_or_default(), near }
}

fn shape_of(lang: Lang, entry: &Entry<&str>, shape: &mut Shape) -> Result<(), TextError> {
    let Entry::Message(message) = entry else { return Ok(()) };
    let own = message.value.iter().map(|value| (message.id.name.to_owned(), value));
    let attributes =
        message.attributes.iter().map(|part| (format!("{}.{}", message.id.name, part.id.name), &part.value));
    for (key, pattern) in own.chain(attributes) {
        let mut variables = BTreeSet::new();
        in_pattern(pattern, &mut variables);
        if shape.insert(key.clone(), variables).is_some() {
            return Err(TextError::Duplicate { lang: lang.code(), key });
        }
    }
    Ok(())
}

fn in_pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        in_expression(expression, found);
    }
}

fn in_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => in_inline(inline, found),
        Expression::Select { selector, variants } => {
            in_inline(selector, found);
            for variant in variants {
                in_pattern(&variant.value, found);
            }
        }
    }
}

fn in_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => in_expression(expression, found),
        InlineExpression::FunctionReference { arguments, .. } => in_arguments(arguments, found),
        InlineExpression::TermReference { arguments: Some(arguments), .. } => in_arguments(arguments, found),
        _ => {}
    }
}

fn in_arguments(arguments: &CallArguments<&str>, found: &mut BTreeSet<String>) {
    for argument in &arguments.positional {
        in_inline(argument, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(lang: Lang, en: &str, zh: &str) -> Words {
        Catalogue::new(&[(en, zh)]).unwrap().words(lang, TimeZone::UTC)
    }

    #[test]
    fn own_words_are_the_same_in_both_languages() {
        assert_eq!(Catalogue::new(&[]).unwrap().problems(), Vec::<String>::new());
    }

    #[test]
    fn text_attributes_variables_and_plurals() {
        let en = "x-lots = { $n ->\n    [one] one lot\n   *[other] { $n } lots\n }\n\
            \x20   .rule = because { $why }\n";
        let zh = "x-lots = { $n } 个批次\n    .rule = 因为{ $why }\n";
        let english = words(Lang::En, en, zh);
        assert_eq!(english.tv("x-lots", &[("n", 1.into())]), "one lot");
        assert_eq!(english.tv("x-lots", &[("n", 12345.into())]), "12\u{202f}345 lots");
        assert_eq!(english.tv("x-lots.rule", &[("why", "it fits".into())]), "because it fits");
        assert_eq!(english.t("x-none.rule"), "⟦x-none.rule⟧");
        assert_eq!(english.in_lang(Lang::Zh).tv("x-lots", &[("n", 3.into())]), "3 个批次");
        assert_eq!(english.pick("lot", ""), "lot");
        assert_eq!(english.in_lang(Lang::Zh).pick("lot", ""), "lot");
    }

    #[test]
    fn problems_name_missing_keys_and_differing_variables() {
        let catalogue =
            Catalogue::new(&[("x-a = a { $n }\n    .rule = r\nx-b = b", "x-a = 甲\nx-c = 丙")]).unwrap();
        assert_eq!(catalogue.missing_keys(), ["zh: x-a.rule", "zh: x-b", "en: x-c"]);
        assert_eq!(catalogue.problems().len(), 4);
    }

    #[test]
    fn duplicates_and_bad_syntax_are_refused() {
        assert!(matches!(Catalogue::new(&[("x-a = a\nx-a = b", "")]), Err(TextError::Duplicate { .. })));
        assert!(matches!(Catalogue::new(&[("x-a = { $n", "")]), Err(TextError::Syntax { lang: "en", .. })));
    }

    #[test]
    fn accept_language_takes_the_heaviest_of_ours() {
        for (header, expected) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("de, en;q=0.3, zh;q=0.7", Lang::Zh),
            ("en-GB", Lang::En),
            ("fr", Lang::En),
            ("", Lang::En),
        ] {
            assert_eq!(Lang::accept(header), expected, "{header}");
        }
    }
}
