//! What a cell says, together with the columns beside it: qualifier, number, unit, basis, flags and marks.

use crate::analyte::Named;
use crate::bind::{Binding, Target};
use crate::cell::{NumberFormat, Reader, Token, number, percent_of, raised};
use crate::engine::Active;
use crate::mapping::{Extract, Source, Split, ValueEntry};
use crate::open::{CellFormat, Note, Row};
use crate::reading::{Qualifier, Replicate};
use crate::row::Refused;
use crate::scene::Scene;
use crate::text::{half_width, same_label, short};
use crate::unit;

pub(crate) fn read_token(
    scene: &Scene<'_>,
    active: &Active<'_>,
    target: &Target,
    entry: &ValueEntry,
) -> Option<Token> {
    let text = scene.facts.value;
    if text.is_empty() {
        return None;
    }
    let mut format = target.format;
    let cell_format = scene.row.format(target.column);
    match cell_format {
        Some(CellFormat::Error) => {
            return Some(Token { qualifier: Some(Qualifier::Invalid), ..Token::default() });
        }
        // a workbook stores numbers with a point, whatever it shows
        Some(CellFormat::Percent | CellFormat::Number) => format = NumberFormat::default(),
        Some(CellFormat::Date) | None => {}
    }
    let reader = Reader {
        format,
        pattern: entry.pattern.as_ref(),
        marks: &entry.marks,
        aliases: &active.region.unit_alias,
    };
    let plain = Reader { pattern: None, ..reader };
    let mut token = match cell_format {
        Some(CellFormat::Percent) => plain.read(text)?,
        _ => plain_or(&plain, entry, text)?,
    };
    if cell_format == Some(CellFormat::Percent) {
        token.number = token.number.as_deref().and_then(percent_of);
        token.unit = Some("%".to_owned());
    }
    // a unit that stands in the number format is what the analyst saw
    if let Some(unit) = scene.row.note(target.column, Note::Unit) {
        token.unit = Some(unit.to_owned());
    }
    Some(token)
}

pub(crate) fn plain_or(plain: &Reader<'_>, entry: &ValueEntry, text: &str) -> Option<Token> {
    match &entry.pattern {
        None => plain.read(text),
        Some(pattern) => Reader { pattern: Some(pattern), ..*plain }.read(text),
    }
}

pub(crate) fn flags(
    scene: &Scene<'_>,
    active: &Active<'_>,
    target: &Target,
    token: Option<&Token>,
) -> Vec<String> {
    let mut flags: Vec<String> = token.and_then(|token| token.mark.clone()).into_iter().collect();
    for column in &target.flag_columns {
        let text = scene.row.cell(*column).trim();
        if !text.is_empty() {
            flags.push(text.to_owned());
        }
    }
    for source in &active.region.flags {
        let text = scene.column(source.column).unwrap_or("").trim();
        let items: Vec<String> = match &source.split {
            Split::No => vec![text.to_owned()],
            Split::Characters => text.chars().filter(|one| !one.is_whitespace()).map(String::from).collect(),
            Split::At(separator) => {
                text.split(separator.as_str()).map(|item| item.trim().to_owned()).collect()
            }
        };
        for item in items {
            let wanted =
                source.only.as_ref().is_none_or(|only| only.iter().any(|one| same_label(one, &item)));
            if !item.is_empty() && wanted && !source.ignore.iter().any(|one| same_label(one, &item)) {
                flags.push(item);
            }
        }
    }
    flags.dedup();
    flags
}

/// What stands in a column of flags whose words the mapping names (`known`), and is none of them.
pub(crate) fn unknown_flags(scene: &Scene<'_>, active: &Active<'_>) -> Vec<String> {
    let sources = active.region.flags.iter().filter(|source| !source.known.is_empty());
    let odd = sources.filter_map(|source| {
        let text = scene.column(source.column).unwrap_or("").trim();
        let named = text.is_empty()
            || source.known.iter().any(|pattern| pattern.is_match(text))
            || source.only.iter().flatten().chain(&source.ignore).any(|one| same_label(one, text));
        (!named).then(|| format!("the mapping does not know what {:?} beside the value means", short(text)))
    });
    odd.collect()
}

/// Unit as written, whether it is the mapping's own, and a question when the cell contradicts the column.
/// What is a number or a qualifier is no unit; where the cells of the row have moved, that is asked already.
pub(crate) fn unit_of(
    scene: &Scene<'_>,
    active: &Active<'_>,
    target: &Target,
    named: &Named,
    token: Option<&Token>,
    moved: bool,
) -> Result<(String, bool, Option<String>), Refused> {
    let region = active.region;
    let from_column = target.unit_column.map(|column| scene.row.described(column).trim());
    let from_column = from_column.filter(|text| !text.is_empty() && !unit::is_placeholder(text));
    let (around, from_mapping) = if let Some(text) = from_column {
        (text.to_owned(), false)
    } else if let Some(text) = &target.unit {
        (text.clone(), target.unit_from_mapping)
    } else if let Some(text) = &named.unit {
        (text.clone(), false)
    } else {
        let constant = matches!(&region.unit, Some(Extract { source: Source::Constant(_), .. }));
        let own = region.unit.as_ref().and_then(|extract| scene.extract(extract, "unit"));
        match own.filter(|text| !text.is_empty() && !unit::is_placeholder(text)) {
            Some(text) => (text, constant),
            None => (scene.attribute("unit").unwrap_or("").to_owned(), false),
        }
    };
    // the unit 1 of a ratio is stated above the column or by the mapping, not in a row of numbers
    let stated = from_mapping || from_column.is_none() && target.unit.is_some();
    for text in token.and_then(|token| token.unit.as_deref()).into_iter().chain([around.as_str()]) {
        if !moved && unit::is_none(text, &region.unit_alias) && !(stated && text.trim() == "1") {
            let reason = format!("the unit is given as {:?}, which is a number or a qualifier", short(text));
            return Err(Refused::new(text.trim(), reason));
        }
    }
    let Some(in_cell) = token.and_then(|token| token.unit.clone()) else {
        return Ok((around, from_mapping, None));
    };
    let canonical = |text: &str| unit::normal(text, &region.unit_alias);
    let differs = !around.is_empty() && canonical(&around) != canonical(&in_cell);
    if let Some(what) = unit::amount(&canonical(&in_cell)).filter(|_| differs) {
        // often the letter that says "below this limit"; what stands around the cell is the unit
        let clash = format!("the cell says {in_cell}, {what} and no concentration, where {around} is given");
        return Ok((around, from_mapping, Some(clash)));
    }
    let percent = scene.row.format(target.column) == Some(CellFormat::Percent);
    let question = || match (percent, from_column.is_some()) {
        (true, _) => format!("the cell is formatted as a percentage, but its unit is given as {around}"),
        (false, true) => format!("the cell says {in_cell}, the unit beside it says {around}"),
        (false, false) => format!("the cell says {in_cell}, the file gives the unit {around} here"),
    };
    let clash = (differs && (!from_mapping || percent)).then(question);
    Ok((in_cell, false, clash))
}

pub(crate) type Quality = (Qualifier, Option<String>, Option<String>);

/// Qualifier, value and printed limit: rules first, then tokens, then what the cell itself says.
pub(crate) fn quality(
    scene: &Scene<'_>,
    active: &Active<'_>,
    target: &Target,
    token: Option<Token>,
    raw: &str,
) -> Result<Quality, Refused> {
    let region = active.region;
    let text = scene.facts.value;
    let rule = region
        .qualifiers
        .iter()
        .find(|rule| scene.holds(&rule.when))
        .map(|rule| (rule.is, rule.limit_printed));
    let stated = rule.or_else(|| {
        let same = |one: &&(String, Qualifier)| same_label(&one.0, text);
        region.tokens.iter().find(same).map(|(_, is)| (*is, true))
    });
    let printed = token.as_ref().and_then(|token| token.number.clone());
    let own = token.as_ref().and_then(|token| token.qualifier);
    let (qualifier, keeps_limit) = match (stated, own) {
        (Some(stated), _) => stated,
        (None, Some(own)) => (own, true),
        (None, None) if text.is_empty() => (Qualifier::Missing, false),
        (None, None) => {
            return Err(Refused::new(raw.trim(), no_token(raw.trim(), target.format)));
        }
    };
    Ok(match qualifier {
        Qualifier::Value => match printed {
            Some(number) => (Qualifier::Value, Some(number), None),
            None if text.is_empty() => (Qualifier::Missing, None, None),
            None => {
                let reason =
                    format!("the token {:?} is said to be a value but is no number", short(raw.trim()));
                return Err(Refused::new(raw.trim(), reason));
            }
        },
        Qualifier::Below => {
            // what stands beside a mark for "below" may be the reading itself: a limit is never negative
            let limit = printed.filter(|number| keeps_limit && !number.starts_with('-'));
            (Qualifier::Below, limit.clone(), limit)
        }
        Qualifier::Above => (Qualifier::Above, None, printed.filter(|_| keeps_limit)),
        other => (other, None, None),
    })
}

/// Why a cell is no token, with the marks of numbers it was read with if they may be the reason.
fn no_token(text: &str, format: NumberFormat) -> String {
    let shown = short(text);
    let problem = format!("the token {shown:?} is neither a number nor named in the mapping");
    if let Some(script) = raised(text) {
        return format!("{problem}; it has a {script}, which is no digit of a number");
    }
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    if !digits || !text.contains(['.', ',', '\'', ' ']) {
        return format!("{problem}; name it in [tokens], or state the marks of numbers in [number]");
    }
    let thousands = format.thousands.map_or("none".to_owned(), |mark| format!("{mark:?}"));
    format!(
        "{problem}; [number] says decimal {:?}, thousands {thousands}: state what this instrument writes, or \
         name the token in [tokens]",
        format.decimal
    )
}

pub(crate) fn basis_of(scene: &Scene<'_>, active: &Active<'_>, target: &Target) -> (String, Option<String>) {
    const NONE: &str = "not_stated";
    if let Some(basis) = &target.basis {
        return (basis.clone(), None);
    }
    let region = active.region;
    let own = match &region.basis {
        Some(extract) => scene.extract(extract, "basis"),
        None => scene.attribute("basis").map(str::to_owned),
    };
    let Some(text) = own.filter(|text| !text.is_empty()) else { return (NONE.to_owned(), None) };
    if let Some((_, word)) = region.basis_tokens.iter().find(|(token, _)| same_label(token, &text)) {
        return (word.clone(), None);
    }
    if ["dry", "as_received", "calcined", NONE].contains(&text.as_str()) {
        return (text, None);
    }
    (NONE.to_owned(), Some(format!("the basis {text:?} is not named in [basis.tokens]")))
}

pub(crate) fn marks(
    scene: &Scene<'_>,
    active: &Active<'_>,
    target: &Target,
    unit_from_mapping: bool,
) -> Vec<String> {
    let mut marks: Vec<String> = target.mark.clone().into_iter().collect();
    let rules = active.region.marks.iter().filter(|rule| scene.holds(&rule.when));
    marks.extend(rules.map(|rule| rule.mark.clone()));
    if unit_from_mapping {
        marks.push("unit from mapping".to_owned());
    }
    marks
}

/// Text of a cell as it is shown: a percentage with its sign.
pub(crate) fn shown(row: Row<'_>, column: usize, text: &str) -> String {
    match row.format(column) {
        Some(CellFormat::Percent) => {
            percent_of(text).map_or_else(|| text.to_owned(), |number| format!("{number}%"))
        }
        _ => text.to_owned(),
    }
}

/// Number of a replicate. As for readings, a workbook's own numbers have a point whatever texts have.
fn replicate_value(row: Row<'_>, column: usize, raw: &str, format: NumberFormat) -> Option<String> {
    let stored = matches!(row.format(column), Some(CellFormat::Percent | CellFormat::Number));
    let format = if stored { NumberFormat::default() } else { format };
    let text = half_width(raw);
    let asks = row.note(column, Note::Ask).is_some() || row.is_hidden_column(column);
    let (number, rest) =
        number(&text, format).filter(|_| !asks && row.format(column) != Some(CellFormat::Error))?;
    match row.format(column) {
        Some(CellFormat::Percent) => percent_of(&number),
        _ => rest.is_empty().then_some(number),
    }
}

pub(crate) fn replicates(row: Row<'_>, active: &Active<'_>, binding: &Binding) -> Vec<Replicate> {
    let beside = active.region.replicates.as_ref().and_then(|rule| rule.flag_beside);
    let filled = |column: &usize| !row.cell(*column).trim().is_empty();
    let last = binding.replicates.iter().copied().filter(filled).max();
    // a mean that is computed needs every replicate that the header names, or that others follow
    let needed = |column: usize| {
        let title = binding.titles.as_ref().and_then(|titles| titles.get(column));
        let named = title.is_some_and(|title| !title.is_empty());
        active.region.replicates.as_ref().is_some_and(|rule| rule.compute)
            && last.is_some_and(|last| column < last || named)
    };
    let one = |column: &usize| {
        let own = row.value(*column).trim();
        let flag = beside.map_or("", |shift| row.cell(column + shift).trim());
        let value = replicate_value(row, *column, own, active.region.number);
        let raw = shown(row, *column, own);
        (!raw.is_empty() || needed(*column)).then(|| Replicate { raw, flag: flag.to_owned(), value })
    };
    let end = row.len().max(binding.titles.as_ref().map_or(0, Vec::len));
    binding.replicates.iter().take_while(|column| **column < end).filter_map(one).collect()
}
