//! What a row is about: sample id, class, analyte, channel.

use crate::analyte::{self, Named};
use crate::bind::Target;
use crate::cell::{self, NumberFormat};
use crate::context::analyte_column;
use crate::engine::{Active, Walk, skipped};
use crate::formula::elements;
use crate::mapping::{Analyte, ClassRule, Field, Role, Source, Subject, Test};
use crate::reading::{Class, Outcome};
use crate::row::{Place, Refused};
use crate::scene::Scene;
use crate::statistic::{Likeness, is_no_analyte, likeness, of_label, serial_kind};
use crate::text::{fold, same_label, short};
use crate::workbook;

impl<'a> Walk<'a> {
    /// Analyte and channel, from the nearest source.
    pub(crate) fn name(
        &self,
        scene: &Scene<'_>,
        active: &Active<'a>,
        target: &Target,
        questions: &mut Vec<String>,
    ) -> Result<(Named, String), Refused> {
        let spec = &active.region.analyte;
        questions.extend(workbook::analyte_questions(scene, active, target));
        let listed = listed(scene, active);
        let from_list = spec.list.as_ref().is_some_and(|list| list.source);
        let beside = target.analyte_column.map(|column| scene.row.cell(column).trim().to_owned());
        let text = match (&target.named, &spec.from) {
            (Some(_), _) => None,
            _ if beside.is_some() => beside,
            (None, Some(from)) => scene.extract(from, "analyte"),
            (None, None) if from_list => listed.clone(),
            (None, None) => scene.attribute("analyte").map(str::to_owned),
        };
        let whole = text.clone().unwrap_or_default();
        let named = match (&target.named, text.filter(|text| !text.is_empty())) {
            (Some(named), _) => named.clone(),
            (None, Some(text)) => analyte::split(spec, &text).ok_or_else(|| {
                Refused::new(&text, format!("the analyte {:?} fits no pattern of [analyte]", short(&text)))
            })?,
            (None, None) => return Err(Refused::new("", "nothing tells the analyte")),
        };
        if let Some(other) = listed.filter(|_| !from_list)
            && let Some(other) = analyte::split(spec, &other)
            && other.analyte != named.analyte
        {
            questions.push(format!(
                "the list in the file says {} here, the block says {}",
                other.analyte, named.analyte
            ));
        }
        if cell::is_number(&named.analyte, NumberFormat::default()) {
            return Err(Refused::new(
                &named.analyte,
                "the name of the analyte is a number; have columns moved?",
            ));
        }
        // what a pattern leaves out of the name may say that this is another quantity
        let whole = if target.named.is_some() { target.header.as_str() } else { whole.as_str() };
        questions.extend(odd_names(spec, &named.analyte, whole));
        let own = active.region.channel.as_ref().and_then(|extract| scene.extract(extract, "channel"));
        let beside = target.channel_column.map(|column| scene.row.cell(column).trim().to_owned());
        let channel = target
            .channel
            .clone()
            .or(beside.filter(|text| !text.is_empty()))
            .or(own.filter(|text| !text.is_empty()))
            .or_else(|| named.channel.clone())
            .or_else(|| scene.attribute("channel").map(str::to_owned))
            .unwrap_or_default();
        Ok((named, channel))
    }
}

/// What makes the name of an analyte doubtful, with the text it was taken from.
fn odd_names(spec: &Analyte, name: &str, whole: &str) -> Vec<String> {
    let mut questions = Vec::new();
    if name.starts_with('#') && analyte::alias(spec, name).is_none() {
        questions.push(format!("the analyte {:?} is an error of the workbook, no name", short(name)));
    }
    let known = |text: &str| spec.known.iter().any(|one| same_label(one, text));
    if known(whole) || known(name) || analyte::alias(spec, whole).is_some() {
        return questions;
    }
    if let Some(odd) = [name, whole].into_iter().find(|one| is_no_analyte(one)) {
        let odd = short(odd);
        questions.push(format!("{odd:?} looks like a statistic, not like an analyte; see [analyte] known"));
    }
    // `Fe as Fe2O3`: the name that a pattern took and what stands beside it are two quantities
    let compound = |word: &&str| elements(word).is_some_and(|all| all.len() > 1 && all.contains(&name));
    let mut words = whole.split(|one: char| !one.is_alphanumeric());
    let other = words.find(|word| compound(word) && *word != name && analyte::alias(spec, word).is_none());
    questions
        .extend(other.map(|other| format!("the header says {other} beside {name}; which of them is it?")));
    questions
}

type Id = (String, String);

/// The sample id and the text it was taken from.
pub(crate) fn sample(
    scene: &Scene<'_>,
    active: &Active<'_>,
    questions: &mut Vec<String>,
) -> Result<Id, Outcome> {
    let rule = &active.region.sample;
    let Some(from) = &rule.from else {
        let id = scene.attribute("sample_id").unwrap_or("").to_owned();
        return Ok((id.clone(), id));
    };
    let verbatim = scene.source(&from.source).map_or(String::new(), |text| text.trim().to_owned());
    if let Source::Columns(ids) | Source::Joined(_, ids) = &from.source {
        for at in ids.iter().filter_map(|id| scene.positions[id.0]) {
            questions.extend(workbook::id_questions(scene.row, at));
        }
    }
    if verbatim.is_empty() {
        return Ok((String::new(), String::new()));
    }
    let Some(id) = scene.extract(from, "sample_id") else {
        let reason = format!("the sample id {:?} does not fit the pattern of [sample]", short(&verbatim));
        return Err(Outcome::Refused { reason });
    };
    if rule.unknown.iter().any(|token| same_label(token, &id)) {
        questions.push(format!("{id:?} means that the sample id is not known"));
    }
    Ok((id, verbatim))
}

/// Class, and the unit of such rows.
pub(crate) type Ruled = (Class, Option<String>);

/// Class and unit by the rules; `None` where no rule says anything. A row that calls itself a mean or a
/// maximum is a question unless a rule names it: never a sample.
pub(crate) fn class(
    scene: &Scene<'_>,
    active: &Active<'_>,
    place: &Place<'_>,
    questions: &mut Vec<String>,
) -> Result<Option<Ruled>, Outcome> {
    let rules = active.region.classes.iter().enumerate();
    let ruled = rules.filter(|(_, rule)| scene.holds(&rule.when)).map(|(at, rule)| (at, Some(rule))).next();
    let (class, unit, rule) = match ruled {
        Some((at, Some(rule))) if rule.is == Class::Skip => {
            return Err(skipped(&format!("class rule {}", at + 1)));
        }
        Some((_, Some(rule))) => (rule.is, rule.unit.clone(), Some(rule)),
        _ if active.region.role == Role::Statistics => (Class::Statistics, None, None),
        _ => {
            questions.extend(footer(scene, active, place, active.region.class_default, None));
            return Ok(None);
        }
    };
    questions.extend(footer(scene, active, place, class, rule));
    Ok(Some((class, unit)))
}

/// Whether a rule names this very id: then it is no question what the row is.
fn names_the_id(rule: &ClassRule, active: &Active<'_>) -> bool {
    let ids = match active.region.sample.from.as_ref().map(|from| &from.source) {
        Some(Source::Columns(ids)) => ids.as_slice(),
        _ => &[],
    };
    let same = |id: &crate::mapping::ColumnId| {
        let at = active.positions().get(id.0).copied().flatten();
        at.is_some() && ids.iter().any(|one| active.positions().get(one.0).copied().flatten() == at)
    };
    rule.when.iter().any(|condition| {
        let of_id = match &condition.subject {
            Subject::Field(field) => *field == Field::SampleId,
            Subject::Column(id) => same(id),
            Subject::Attribute(_) => false,
        };
        of_id && !condition.not && matches!(condition.test, Test::Equals(_))
    })
}

fn footer(
    scene: &Scene<'_>,
    active: &Active<'_>,
    place: &Place<'_>,
    class: Class,
    rule: Option<&ClassRule>,
) -> Option<String> {
    if class == Class::Statistics || rule.is_some_and(|rule| names_the_id(rule, active)) {
        return None;
    }
    let id = scene.facts.sample_id;
    let sample_like = matches!(class, Class::Sample | Class::Unknown | Class::Duplicate);
    // `Std` is a standard where a rule says so
    let standard = |id: &str| !sample_like && fold(id).trim_end_matches('.') == "std";
    // what an id with a number says is decided by its numbers, at the end
    let of_id = |id: &&str| serial_kind(id).is_none() && of_label(id).is_some() && !standard(id);
    let replicates = active.region.replicate_rows.as_ref();
    let labels = replicates.and_then(|rule| place.binding.positions[rule.column.0]);
    let word = if active.region.transposed {
        Some(id).filter(of_id)
    } else {
        let first = place.targets.iter().map(|target| target.column).min()?;
        let aside = |at: &usize| {
            Some(*at) != labels
                && !place.binding.replicates.contains(at)
                && !place.binding.beside_values.contains(&(*at as i64))
                && Some(*at) != analyte_column(active.region, place.binding)
                && !place.targets.iter().any(|target| target.columns().any(|one| one == *at))
        };
        // a remark behind the values may say what the row is
        let places = (0..first.min(scene.row.len())).chain(first.saturating_add(1)..scene.row.len());
        let beside = places.filter(aside).map(|at| scene.row.cell(at).trim());
        let mut beside = beside.filter(|_| sample_like && replicates.is_none());
        let whole = |text: &&str| {
            let found = likeness(text).filter(|_| serial_kind(text).is_none());
            text.chars().nth(1).is_some() && found.is_some_and(|found| found != Likeness::Beside)
        };
        Some(id).filter(|id| !own_label(active, labels, place) && of_id(id)).or_else(|| beside.find(whole))
    }?;
    Some(format!("{word:?} looks like a statistic of the file; add a [[class]] or [[skip]] rule for it"))
}

/// Whether the ids stand in the column that labels replicate rows.
fn own_label(active: &Active<'_>, labels: Option<usize>, place: &Place<'_>) -> bool {
    let Some(Source::Columns(ids)) = active.region.sample.from.as_ref().map(|from| &from.source) else {
        return false;
    };
    labels.is_some() && ids.iter().any(|id| place.binding.positions[id.0] == labels)
}

/// The item of the list for this block.
fn listed(scene: &Scene<'_>, active: &Active<'_>) -> Option<String> {
    let list = active.region.analyte.list.as_ref()?;
    let text = scene.attribute(&list.attribute)?;
    let at = (active.block_number as usize).checked_sub(1)?;
    text.split(list.separator.as_str())
        .nth(at)
        .map(|item| item.trim().to_owned())
        .filter(|item| !item.is_empty())
}
