//! Whether the rows of a header stand over each other: units under names, names where names should be.

use std::collections::BTreeSet;

use crate::bind::{Binding, HeaderRows, Made, Target};
use crate::cell::{self, NumberFormat};
use crate::context::{is_count, is_time, is_token};
use crate::formula::elements;
use crate::mapping::{CellType, ColumnAt, HeaderRole, Mapping, Region, Source, Subject, When};
use crate::open::Row;
use crate::over::{alike, is_unit, said};
use crate::recognise::is_type;
use crate::text::{fold, same_label, short};
use crate::unit;

/// The column of a value in the rows of the header.
pub(crate) fn header_column(region: &Region, target: &Target) -> usize {
    usize::try_from(target.column as i64 - region.header.offset).unwrap_or(usize::MAX)
}

fn unit_rows(rows: &HeaderRows) -> impl Iterator<Item = &Vec<String>> {
    rows.iter().filter(|(role, _)| *role == HeaderRole::Unit).map(|(_, cells)| cells)
}

/// A number or a qualifier in a unit row is a reading that would vanish: there are fewer header rows than the
/// mapping says.
pub(crate) fn units_are_units(region: &Region, rows: &HeaderRows, targets: &[Target]) -> Result<(), String> {
    for cells in unit_rows(rows) {
        for target in targets {
            let text = cells.get(header_column(region, target)).map_or("", |text| text.trim());
            if text.is_empty() || text == "1" || unit::known(text) {
                continue;
            }
            if cell::is_number(text, target.format) {
                return Err(format!(
                    "the unit row holds the number {text:?} under {:?}; see [header] rows",
                    target.header
                ));
            }
            if is_token(region, target.format, text) {
                return Err(format!(
                    "the unit row holds {text:?} under {:?}, which is no unit; see [header] rows",
                    target.header
                ));
            }
        }
    }
    Ok(())
}

/// A unit over a column without a name, and a name without a unit: the rows are shifted against each other.
pub(crate) fn units_stand_under_names(
    region: &Region,
    rows: &HeaderRows,
    targets: &[Target],
) -> Result<(), String> {
    if region.columns.is_none() || region.transposed {
        return Ok(());
    }
    for cells in unit_rows(rows) {
        let under = |at: usize| cells.get(at).map_or("", |text| text.trim());
        let bare = targets.iter().find(|target| under(header_column(region, target)).is_empty());
        let nameless = |at: &usize| {
            let named = |(_, other): &(HeaderRole, Vec<String>)| {
                !std::ptr::eq(other, cells) && other.get(*at).is_some_and(|text| !text.trim().is_empty())
            };
            is_unit(under(*at)) && !rows.iter().any(named)
        };
        if let (Some(target), Some(at)) = (bare, (0..cells.len()).find(nameless)) {
            return Err(format!(
                "the unit row does not stand under the names: {:?} has no unit, column {} has the unit {:?} \
                 and no name",
                target.header,
                at + 1,
                under(at)
            ));
        }
    }
    Ok(())
}

/// A unit or a number where the name of an analyte should stand.
pub(crate) fn names_are_names(region: &Region, targets: &[Target]) -> Result<(), String> {
    if region.columns.is_none() || region.transposed {
        return Ok(());
    }
    for target in targets {
        let name = target.named.as_ref().map_or("", |named| named.analyte.as_str());
        let what = match name {
            _ if is_unit(name) => "unit",
            _ if cell::is_number(name, target.format) => "number",
            _ => continue,
        };
        return Err(format!(
            "the {what} {name:?} stands where the name of an analyte should; see [header] row, when and rows"
        ));
    }
    Ok(())
}

/// What the header says over each column of data; `None` where there is none.
pub(crate) fn titles(region: &Region, rows: &HeaderRows) -> Option<Vec<String>> {
    if rows.is_empty() {
        return None;
    }
    let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let over = |at: usize| {
        let cells = rows.iter().rev().filter(|(role, _)| *role != HeaderRole::Unit);
        let mut texts = cells.filter_map(|(_, cells)| cells.get(at)).map(|text| text.trim());
        texts.find(|text| !text.is_empty()).unwrap_or("").to_owned()
    };
    let shift = region.header.offset;
    let end = (width as i64 + shift.max(0)).max(0);
    Some((0..end).map(|at| usize::try_from(at - shift).map_or(String::new(), over)).collect())
}

/// Columns that something reads or that are left out by name.
pub(crate) fn known(region: &Region, rows: &HeaderRows, binding: &Binding, made: &Made) -> BTreeSet<usize> {
    // where the columns of values begin and end is no rule that reads them
    let bounds = region.columns.iter().flat_map(|columns| columns.from.iter().chain(&columns.to));
    let bounds: Vec<usize> = bounds.map(|id| id.0).collect();
    let positions = binding.positions.iter().enumerate().filter(|(id, _)| !bounds.contains(id));
    let mut known: BTreeSet<usize> = positions.filter_map(|(_, at)| *at).collect();
    // a column that some rule reads by its place, while the row of analytes names it as one, is told
    let analytes = rows.iter().find(|(role, _)| *role == HeaderRole::Analyte).map(|(_, cells)| cells);
    if let Some(cells) = analytes.filter(|_| region.columns.is_some()) {
        let formula = |at: &usize| cells.get(*at).is_some_and(|text| elements(text.trim()).is_some());
        known.retain(|at| !formula(at));
    }
    known.extend(made.targets.iter().flat_map(Target::columns));
    known.extend(made.companions.iter().chain(&made.left).copied());
    let beside = region.replicates.as_ref().and_then(|rule| rule.flag_beside);
    for column in &binding.replicates {
        known.insert(*column);
        known.extend(beside.map(|shift| column + shift));
    }
    known
}

/// Rules about qualifiers and classes that look at a column which is not there: what they would say is not
/// known, so every reading is a question. Rules that several regions share may be meant for another one.
pub(crate) fn missing_rules(mapping: &Mapping, region: &Region, positions: &[Option<usize>]) -> Vec<String> {
    if mapping.regions.len() > 1 {
        return Vec::new();
    }
    let missing = |when: &When, what: &str| {
        when.iter().find_map(|condition| match &condition.subject {
            Subject::Column(id) if positions[id.0].is_none() => Some(format!(
                "a [[{what}]] rule looks at the column {}, which the header does not have",
                mapping.columns[id.0].written
            )),
            _ => None,
        })
    };
    let qualifiers = region.qualifiers.iter().filter_map(|rule| missing(&rule.when, "qualifier"));
    let classes = region.classes.iter().filter_map(|rule| missing(&rule.when, "class"));
    let mut found: Vec<String> = qualifiers.chain(classes).collect();
    found.dedup();
    found
}

/// Names that the columns of ids have, folded.
const ID_NAMES: &[&str] = &[
    "sample",
    "sample id",
    "sampleid",
    "sample_id",
    "sample name",
    "sample no",
    "sample no.",
    "sample number",
    "id",
    "lab id",
    "lab no",
    "lab no.",
    "lab number",
    "labid",
    "client id",
    "specimen",
    "solution label",
    "probe",
    "proben-nr",
    "proben-nr.",
    "proben id",
    "probenname",
    "probe nr",
    "probenbezeichnung",
    "bezeichnung",
    "echantillon",
    "nom echantillon",
    "muestra",
    "id muestra",
    "amostra",
    "campione",
    "проба",
    "образец",
    "№ пробы",
    "номер пробы",
    "шифр пробы",
    "样品",
    "样品编号",
    "样品名称",
    "样品号",
    "编号",
    "样号",
    "試料名",
    "試料",
    "サンプル名",
    "サンプル",
];

/// The name of the ids comes a second time, or another one stands among the values: two tables side by side.
pub(crate) fn second_table(
    mapping: &Mapping,
    region: &Region,
    binding: &Binding,
    made: &Made,
) -> Option<String> {
    let titles = binding.titles.as_ref().filter(|_| !region.transposed)?;
    let Some(Source::Columns(ids)) = region.sample.from.as_ref().map(|from| &from.source) else {
        return None;
    };
    let places: Vec<usize> = ids.iter().filter_map(|id| binding.positions[id.0]).collect();
    let own = |at: usize| titles.get(at).map_or("", String::as_str);
    let told = |at: usize| binding.positions.iter().flatten().any(|one| *one == at);
    // whoever says which of several is meant knows of the others
    let chosen = |id: &crate::mapping::ColumnId| {
        let alternatives = &mapping.columns[id.0].alternatives;
        alternatives.iter().any(|spec| match &spec.at {
            ColumnAt::Name { occurrence, .. } | ColumnAt::Pattern { occurrence, .. } => *occurrence > 1,
            ColumnAt::Position(_) => false,
        })
    };
    let same = |at: &usize| {
        let title = own(*at);
        !title.is_empty() && places.iter().any(|id| id != at && same_label(own(*id), title))
    };
    let first = made.targets.iter().map(|target| target.column).min().unwrap_or(0);
    let among = |at: &usize| *at > first && ID_NAMES.contains(&fold(own(*at)).as_str());
    let all = (0..titles.len()).filter(|at| !told(*at) && !places.contains(at));
    let again =
        (all.clone()).find(|at| same(at) && !ids.iter().any(chosen)).or_else(|| all.clone().find(among))?;
    Some(format!(
        "column {} ({:?}) is named like a column of sample ids; do two tables stand side by side?",
        again + 1,
        own(again)
    ))
}

/// Replicates in columns whose names tell another unit than that of the value.
pub(crate) fn replicates_in_another_unit(region: &Region, binding: &Binding, made: &Made) -> Option<String> {
    if !region.replicates.as_ref().is_some_and(|rule| rule.compute) {
        return None;
    }
    let title =
        |at: &usize| binding.titles.as_ref().and_then(|titles| titles.get(*at)).and_then(|text| said(text));
    let mut units: Vec<String> = binding.replicates.iter().filter_map(title).collect();
    let constant = match region.unit.as_ref().map(|unit| &unit.source) {
        Some(Source::Constant(unit)) => Some(unit.clone()),
        _ => None,
    };
    let stated = made.targets.iter().find_map(|target| target.unit.clone()).or(constant);
    units.extend(stated.filter(|_| !units.is_empty()));
    let first = units.first()?;
    let other = units.iter().find(|unit| !alike(first, unit, &region.unit_alias))?;
    Some(format!("the replicates are told in {first} and in {other}"))
}

/// A number in a column that has no name, while the names stand elsewhere: header and data may be shifted.
pub(crate) fn nameless(binding: &Binding, row: Row<'_>) -> Option<String> {
    let titles = binding.titles.as_ref()?;
    let free = |at: &usize| titles[*at].is_empty() && !binding.known.contains(at);
    let number = |at: &usize| cell::is_number(row.cell(*at), NumberFormat::default());
    let at = (0..titles.len().min(row.len())).filter(free).find(number)?;
    Some(format!(
        "column {} holds a number and has no name; do names and values stand in the same columns?",
        at + 1
    ))
}

/// A row of a file without header whose cells are not of the kinds that the mapping states: columns moved.
pub(crate) fn untyped(mapping: &Mapping, region: &Region, binding: &Binding, row: Row<'_>) -> Option<String> {
    let kinds = mapping.recognise.column_types.iter().enumerate().filter(|_| binding.titles.is_none());
    let odd = |(at, kind): &(usize, &CellType)| !is_type(row.cell(*at).trim(), **kind, region.number);
    let (at, _) = kinds.into_iter().find(odd)?;
    let text = short(row.cell(at).trim()).into_owned();
    Some(format!("column {} holds {text:?}, which is not what [recognise] column_types says", at + 1))
}

/// An id that is a unit or a time of day; or a fraction, where no name of ids stands over their column.
pub(crate) fn odd_id(region: &Region, binding: &Binding, id: &str) -> Option<String> {
    let Some(Source::Columns(ids)) = region.sample.from.as_ref().map(|from| &from.source) else {
        return None;
    };
    let at = ids.first().and_then(|id| binding.positions[id.0])?;
    let title = binding.titles.as_ref().and_then(|titles| titles.get(at)).map_or("", String::as_str);
    let bare = title.is_empty() || elements(title).is_some();
    let fraction = id.contains(['.', ',']) && is_count(id);
    let odd = is_unit(id) || is_time(id) && id.contains(':') || bare && fraction;
    odd.then(|| format!("the sample id {:?} looks like a value of another column", short(id)))
}

/// An id of signs alone, or with characters that no person writes: no sample is told by it.
pub(crate) fn odd_signs(id: &str) -> Option<String> {
    // no line breaks, which cells hold; but what is not seen parts two ids that look the same
    let unseen = |one| {
        let hidden = matches!(one, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}');
        hidden || matches!(one, '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{E000}'..='\u{F8FF}')
    };
    let destroyed = |one: char| one.is_control() && !one.is_whitespace() || one == '\u{FFFD}' || unseen(one);
    // the escape of a character that no text can hold; others may be part of a name
    let escape = |at: usize| {
        let rest = id.get(at + 2..at + 7).filter(|rest| rest.ends_with('_'));
        let code = rest.and_then(|rest| u32::from_str_radix(&rest[..4], 16).ok());
        code.is_some_and(|code| {
            char::from_u32(code).is_none_or(|one| one.is_control() && !one.is_whitespace())
        })
    };
    let odd = !id.is_empty() && !id.chars().any(char::is_alphanumeric)
        || id.contains(destroyed)
        || id.match_indices("_x").any(|(at, _)| escape(at));
    odd.then(|| format!("{:?} stands as the sample id; is it one?", short(id)))
}

/// A number in the column that is ignored beside an empty value: cells of the row may have moved.
pub(crate) fn beside_the_value(row: Row<'_>, target: &Target) -> Option<String> {
    if !row.cell(target.column).trim().is_empty() {
        return None;
    }
    let number = |at: &&usize| cell::is_number(row.cell(**at), target.format);
    let at = target.ignored.iter().find(number)?;
    Some(format!("no value stands here, but column {} beside it holds a number; have cells moved?", at + 1))
}

/// The unit, together with what the header names over the column: it counts where nothing else tells the
/// unit, and is a question where it says something else.
pub(crate) fn heard(
    region: &Region,
    target: &Target,
    unit: String,
    from_mapping: bool,
    questions: &mut Vec<String>,
) -> (String, bool) {
    if let Some(doubt) = &target.doubt {
        questions.push(format!("the header says {:?} over this value; is it a concentration?", short(doubt)));
    }
    match &target.over {
        Some(over) if unit.is_empty() => return (over.clone(), false),
        Some(over) if !alike(over, &unit, &region.unit_alias) => {
            let who = if from_mapping { "the mapping" } else { "the file elsewhere" };
            questions.push(format!("the header says {over} over this value, {who} says {unit}"));
        }
        _ => {}
    }
    (unit, from_mapping)
}
