//! The ways in which the results of a sample come to a figure for an item.

use kernel::{ResultId, SampleId};
use measure::judgement::Why;
use measure::reporting::Stated;
use measure::rounding::decimals_of;
use measure::{Analyte, Basis, Decimal, DecimalText, Qualifier, Reported, Unit};

use super::moisture::{self, End, Moisture};
use super::{Conversion, Measured, Reason, Scene, once};
use crate::specification::{Item, RepeatRule, SampleRule};

/// From which analytes the figure of an item is made.
pub(super) enum Recipe {
    /// From a result for it, or for what chemistry turns into it.
    Direct(Analyte),
    /// The sum of these.
    Sum(Vec<Analyte>),
    /// The first related to the sum of the others.
    Ratio(Analyte, Vec<Analyte>),
}

impl Recipe {
    pub(super) fn of(item: &Item, results: &[&Measured]) -> Result<Self, Reason> {
        let any = |analyte: &Analyte| results.iter().any(|result| leads_to(result, analyte));
        let members = item.members().unwrap_or_default();
        let named = !item.redefines();
        if named && any(&item.analyte) {
            return Ok(Recipe::Direct(item.analyte.clone()));
        }
        match &item.analyte {
            // Of a ratio the members are those of its whole: CeO2/TREO.
            Analyte::Ratio { part, whole } if named && any(whole.as_ref()) => {
                Ok(Recipe::Ratio(part.as_ref().clone(), vec![whole.as_ref().clone()]))
            }
            Analyte::Ratio { whole, .. } if members.is_empty() => {
                Err(Reason::MemberMissing(whole.to_string()))
            }
            Analyte::Ratio { part, .. } => Ok(Recipe::Ratio(part.as_ref().clone(), members)),
            _ if !members.is_empty() => Ok(Recipe::Sum(members)),
            _ => Err(match results.iter().find(|result| is_part_of(result, &item.analyte)) {
                Some(part) => Reason::PartOfElement(part.analyte.to_string()),
                None => Reason::Measured(Why::NoResult),
            }),
        }
    }

    pub(super) fn is_direct(&self) -> bool {
        matches!(self, Recipe::Direct(_))
    }

    /// The unit its terms are brought to. Of a ratio they are contents, since only their quotient matters.
    pub(super) fn unit(&self, item: &Item) -> Unit {
        if matches!(self, Recipe::Ratio(..)) { Unit::Percent } else { item.unit }
    }

    /// Whether a result counts for one of its analytes. Two of them that are states of one element (FeO
    /// beside Fe2O3, Fe/FeO) are determined each by itself: no result stands for both.
    fn takes(&self, result: &Measured, analyte: &Analyte) -> bool {
        let twin = |other: &Analyte| other != analyte && other.factor_to(analyte).is_ok();
        let apart = match self {
            Recipe::Direct(_) => false,
            Recipe::Sum(members) => members.iter().any(twin),
            Recipe::Ratio(part, whole) => match whole.as_slice() {
                [one] => twin(part) || twin(one),
                members => members.contains(analyte) && members.iter().any(twin),
            },
        };
        if apart { result.analyte == *analyte } else { leads_to(result, analyte) }
    }

    fn part(&self) -> &[Analyte] {
        match self {
            Recipe::Direct(one) | Recipe::Ratio(one, _) => std::slice::from_ref(one),
            Recipe::Sum(members) => members,
        }
    }

    fn whole(&self) -> &[Analyte] {
        if let Recipe::Ratio(_, whole) = self { whole } else { &[] }
    }
}

/// A result brought to the unit and basis of an item.
#[derive(Clone)]
pub(super) struct Candidate<'a> {
    pub result: &'a Measured,
    pub stated: Stated,
    pub conversion: Option<Conversion>,
    /// By which moisture it was converted.
    pub moisture: Option<Moisture>,
}

impl Candidate<'_> {
    pub(super) fn factor(&self) -> Decimal {
        self.conversion.as_ref().map_or(Decimal::ONE, |conversion| conversion.factor)
    }

    /// The decimals that its digits have: those it was reported with, as many significant ones as were read
    /// where chemistry or moisture made new ones, here or in the laboratory, and six of a number that only
    /// arithmetic can have made.
    pub(super) fn places(&self, text: &DecimalText) -> i32 {
        self.places_of(text, true)
    }

    /// The same of a value, or of a limit, which has digits of its own.
    pub(super) fn places_of(&self, text: &DecimalText, value: bool) -> i32 {
        const MEASURED: u32 = 17;
        match (&self.conversion, self.result.digits.filter(|_| value)) {
            (_, Some(read)) => decimals_of(text.decimal(), read.clamp(1, MEASURED)).max(0),
            (Some(conversion), None) if !conversion.exact => {
                decimals_of(text.decimal(), conversion.significant.clamp(1, MEASURED)).max(0)
            }
            _ if text.significant_digits() > MEASURED => decimals_of(text.decimal(), 6).max(0),
            _ => text.decimal_places() as i32,
        }
    }

    /// The least and the most it may stand for; nothing where there is no end.
    fn ends(&self) -> (Option<Decimal>, Option<Decimal>) {
        ends(&self.stated.counted)
    }

    /// The same of what is printed of it, which an estimate differs in.
    pub(super) fn shown_ends(&self) -> (Option<Decimal>, Option<Decimal>) {
        ends(&self.stated.shown)
    }
}

fn ends(reported: &Reported) -> (Option<Decimal>, Option<Decimal>) {
    let number = reported.text().map(DecimalText::decimal);
    match reported.qualifier() {
        Qualifier::Value => (number, number),
        Qualifier::Below | Qualifier::NotDetected => (Some(Decimal::ZERO), number),
        _ => (number, None),
    }
}

/// A term with the weight it has in a mean; 1 outside of one.
#[derive(Clone)]
pub(super) struct Weighted<'a> {
    pub candidate: Candidate<'a>,
    pub weight: Decimal,
}

/// One way to come to a figure: Σ weight·part ÷ divisor, related to the same of `whole` where there is one.
#[derive(Clone)]
pub(super) struct Combo<'a> {
    /// The sample it is of; nothing for a mean over several.
    pub sample: Option<SampleId>,
    pub part: Vec<Weighted<'a>>,
    pub whole: Vec<Weighted<'a>>,
    pub divisor: Decimal,
}

impl<'a> Combo<'a> {
    pub(super) fn terms(&self) -> impl Iterator<Item = &Weighted<'a>> {
        self.part.iter().chain(&self.whole)
    }

    pub(super) fn results(&self) -> Vec<ResultId> {
        once(self.terms().map(|term| term.candidate.result.id))
    }

    /// The one result it is, when it is one and nothing is reckoned.
    pub(super) fn only(&self) -> Option<&Candidate<'a>> {
        match (self.part.as_slice(), self.whole.is_empty()) {
            ([only], true) => Some(&only.candidate),
            _ => None,
        }
    }
}

/// A sample with the ways in which its results come to the figure; one way only where repeats are averaged.
pub(super) struct OfSample<'a> {
    pub ways: Vec<Combo<'a>>,
    /// The mass of the sample, kg, and whether that is dry.
    pub kg: Option<(Decimal, bool)>,
    pub code: String,
}

/// The results of the item by sample. A sample that lacks a member of a sum which another one has leaves the
/// sum open; where no sample has all of them, the lot is taken as one.
pub(super) fn of_samples<'a>(
    scene: &Scene<'_>,
    usable: &[&'a Measured],
) -> Result<Vec<OfSample<'a>>, Reason> {
    let needed: Vec<&Analyte> = scene.recipe.part().iter().chain(scene.recipe.whole()).collect();
    let bears = |result: &&&'a Measured| needed.iter().any(|analyte| scene.recipe.takes(result, analyte));
    let bearing: Vec<&'a Measured> = usable.iter().filter(bears).copied().collect();
    if let Some(missing) =
        needed.iter().find(|of| !bearing.iter().any(|result| scene.recipe.takes(result, of)))
    {
        return Err(Reason::MemberMissing(missing.to_string()));
    }
    let mut samples: Vec<SampleId> = bearing.iter().map(|result| result.sample).collect();
    samples.sort();
    samples.dedup();
    let of = |sample: SampleId| -> Vec<&'a Measured> {
        bearing.iter().filter(|result| result.sample == sample).copied().collect()
    };
    let lacks = |sample: SampleId| {
        let own = of(sample);
        needed.iter().find(|analyte| !own.iter().any(|result| scene.recipe.takes(result, analyte))).copied()
    };
    if scene.recipe.is_direct() {
        return samples.into_iter().map(|sample| of_sample(scene, &of(sample))).collect();
    }
    let incomplete = samples.iter().find_map(|sample| Some((*sample, lacks(*sample)?)));
    match incomplete {
        None => samples.into_iter().map(|sample| of_sample(scene, &of(sample))).collect(),
        Some((sample, missing)) if samples.iter().any(|sample| lacks(*sample).is_none()) => {
            let code = of(sample).first().map(|result| result.sample_code.clone()).unwrap_or_default();
            Err(Reason::MemberMissing(format!("{missing} ({code})")))
        }
        Some(_) => Ok(vec![of_sample(scene, &bearing)?]),
    }
}

/// The ways of a sample, at either end of its moisture where that is not known to the last digit. Where the
/// ends come to another verdict, or to another figure and there is no limit, it is the moisture that is open.
fn of_sample<'a>(scene: &Scene<'_>, own: &[&'a Measured]) -> Result<OfSample<'a>, Reason> {
    let mut open = None;
    let mut exact = true;
    for result in own {
        if let Some(known) = moisture::needed(scene, result)?.filter(moisture::Known::is_open) {
            exact &= known.is_exact();
            open = Some(known.said);
        }
    }
    let most = of_sample_at(scene, own, End::Most);
    let Some(said) = open else { return most };
    if exact && scene.limit.is_none() {
        return of_sample_at(scene, own, End::Mean);
    }
    let (least, most) = (of_sample_at(scene, own, End::Least)?, most?);
    let mut ways = Vec::new();
    for (dry, wet) in least.ways.into_iter().zip(most.ways) {
        let (one, other) = (scene.line(&dry), scene.line(&wet));
        let alike = (&one.figure, &one.uncertainty) == (&other.figure, &other.uncertainty);
        if one.verdict != other.verdict || (!alike && scene.limit.is_none()) {
            return Err(Reason::Moisture(format!("{}: {}", said.sample, said.percent)));
        }
        ways.extend(Some(dry).filter(|_| !alike));
        ways.push(wet);
    }
    Ok(OfSample { ways, kg: most.kg, code: most.code })
}

fn of_sample_at<'a>(scene: &Scene<'_>, own: &[&'a Measured], end: End) -> Result<OfSample<'a>, Reason> {
    let lists = |analytes: &[Analyte]| -> Result<Vec<Vec<Candidate<'a>>>, Reason> {
        analytes.iter().map(|analyte| candidates(scene, analyte, own, end)).collect()
    };
    let (part, whole) = (lists(scene.recipe.part())?, lists(scene.recipe.whole())?);
    let (sample, kg, code) = match own.first() {
        Some(first) => (Some(first.sample), first.sample_kg, first.sample_code.clone()),
        None => (None, None, String::new()),
    };
    let repeated = part.iter().chain(&whole).any(|list| list.len() > 1);
    // Where there is no limit there is no worst, and what is averaged over samples is averaged within them.
    let averaged = matches!(scene.item.samples, Some(SampleRule::Mean | SampleRule::ByIncrement));
    let repeats = match scene.item.repeats {
        None if averaged && scene.limit.is_none() => Some(RepeatRule::Mean),
        said => said,
    };
    let ways = match (repeated, repeats, scene.recipe.is_direct()) {
        (true, Some(RepeatRule::Mean), _) => vec![mean(sample, &part, &whole)],
        (true, _, true) => {
            let alone = |one: &Candidate<'a>| combo(sample, vec![one.clone()], Vec::new());
            part.iter().flatten().map(alone).collect()
        }
        (true, ..) => extremes(sample, &part, &whole),
        (false, ..) => {
            let all = |lists: Vec<Vec<Candidate<'a>>>| lists.into_iter().flatten().collect();
            vec![combo(sample, all(part), all(whole))]
        }
    };
    Ok(OfSample { ways, kg, code })
}

fn combo<'a>(sample: Option<SampleId>, part: Vec<Candidate<'a>>, whole: Vec<Candidate<'a>>) -> Combo<'a> {
    let weigh = |all: Vec<Candidate<'a>>| {
        all.into_iter().map(|candidate| Weighted { candidate, weight: Decimal::ONE }).collect()
    };
    Combo { sample, part: weigh(part), whole: weigh(whole), divisor: Decimal::ONE }
}

/// Every analyte by the mean of its results, over one common divisor so that no third is cut.
fn mean<'a>(
    sample: Option<SampleId>,
    part: &[Vec<Candidate<'a>>],
    whole: &[Vec<Candidate<'a>>],
) -> Combo<'a> {
    let common = part.iter().chain(whole).map(|list| list.len().max(1) as u64).fold(1, least_common_multiple);
    let weigh = |lists: &[Vec<Candidate<'a>>]| {
        let weighted = |list: &Vec<Candidate<'a>>| {
            let weight = Decimal::from(common / list.len().max(1) as u64);
            list.iter().map(|one| Weighted { candidate: one.clone(), weight }).collect::<Vec<_>>()
        };
        lists.iter().flat_map(weighted).collect()
    };
    Combo { sample, part: weigh(part), whole: weigh(whole), divisor: Decimal::from(common) }
}

/// The figure at its most and at its least, over all choices of one result for each analyte.
fn extremes<'a>(
    sample: Option<SampleId>,
    part: &[Vec<Candidate<'a>>],
    whole: &[Vec<Candidate<'a>>],
) -> Vec<Combo<'a>> {
    let most = |list: &Vec<Candidate<'a>>| {
        list.iter().max_by_key(|one| one.ends().1.unwrap_or(Decimal::MAX)).cloned()
    };
    let least = |list: &Vec<Candidate<'a>>| {
        list.iter().min_by_key(|one| one.ends().0.unwrap_or(Decimal::MIN)).cloned()
    };
    // A member of the whole that is the part itself is one result in both.
    let in_part = |list: &Vec<Candidate<'a>>| {
        let own = |one: &Candidate<'a>| list.iter().any(|other| other.result.id == one.result.id);
        part.iter().flatten().any(own)
    };
    let high = |list: &Vec<Candidate<'a>>| if in_part(list) { most(list) } else { least(list) };
    let low = |list: &Vec<Candidate<'a>>| if in_part(list) { least(list) } else { most(list) };
    let all = |lists: &[Vec<Candidate<'a>>], pick: &dyn Fn(&Vec<Candidate<'a>>) -> Option<Candidate<'a>>| {
        lists.iter().filter_map(pick).collect::<Vec<_>>()
    };
    vec![
        combo(sample, all(part, &most), all(whole, &high)),
        combo(sample, all(part, &least), all(whole, &low)),
    ]
}

pub(super) fn least_common_multiple(one: u64, two: u64) -> u64 {
    let (mut a, mut b) = (one, two);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    one / a.max(1) * two
}

fn leads_to(result: &Measured, analyte: &Analyte) -> bool {
    result.analyte == *analyte || result.analyte.whole_factor_to(analyte).is_ok()
}

/// Whether it is of the same element, and yet only of a part of it: FeO where Fe is asked for.
fn is_part_of(result: &Measured, analyte: &Analyte) -> bool {
    let element = analyte.form_of();
    result.analyte != *analyte
        && element.is_some_and(|of| result.analyte.form_of() == Some(of) && !leads_to(result, analyte))
}

/// Results for the analyte itself, or else those of the sample that chemistry turns into it: of the element
/// where it was determined, else of what stands for the whole of it. Beside a part of the element (FeO) it is
/// not said whether an oxide (Fe2O3) holds that part too.
fn candidates<'a>(
    scene: &Scene<'_>,
    analyte: &Analyte,
    results: &[&'a Measured],
    end: End,
) -> Result<Vec<Candidate<'a>>, Reason> {
    let direct: Vec<&Measured> =
        results.iter().copied().filter(|result| result.analyte == *analyte).collect();
    if !direct.is_empty() {
        return direct.into_iter().map(|result| convert(scene, analyte, result, end)).collect();
    }
    let mut found: Vec<&Measured> =
        results.iter().copied().filter(|result| scene.recipe.takes(result, analyte)).collect();
    let is_element = |result: &&Measured| matches!(result.analyte, Analyte::Element(_));
    if found.iter().any(is_element) {
        found.retain(is_element);
    }
    for one in &found {
        let parts = |other: &&&Measured| {
            other.sample == one.sample
                && is_part_of(other, analyte)
                && other.analyte.form_of().is_some_and(|of| !other.analyte.is_whole_of(of))
        };
        if let Some(part) = scene.released.iter().find(parts) {
            return Err(Reason::PartOfElement(format!("{}, {}", one.analyte, part.analyte)));
        }
    }
    found.into_iter().map(|result| convert(scene, analyte, result, end)).collect()
}

fn convert<'a>(
    scene: &Scene<'_>,
    analyte: &Analyte,
    result: &'a Measured,
    end: End,
) -> Result<Candidate<'a>, Reason> {
    let (item, unit) = (scene.item, scene.recipe.unit(scene.item));
    // The limits first, in the unit in which the method states them; then the conversion.
    let stated = result.stated();
    let from = &result.reported;
    let Some(text) = stated.counted.text().cloned() else {
        return Ok(Candidate { result, stated, conversion: None, moisture: None });
    };
    let chemistry = result.analyte.factor_to(analyte).map_err(|_| Reason::NotJudgeable)?;
    let Ok(by_unit) = Unit::convert(Decimal::ONE, from.unit(), unit) else {
        return Err(Reason::Measured(Why::UnitsDiffer));
    };
    let known = moisture::needed(scene, result)?;
    let basis = basis_factor(from.basis(), item.basis, known.as_ref().map(|known| known.at(end)))?;
    let factor = chemistry.checked_mul(by_unit).and_then(|f| f.checked_mul(basis));
    let factor = factor.ok_or(Reason::Measured(Why::TooLarge))?;
    if factor == Decimal::ONE && from.unit() == unit && from.basis() == item.basis {
        return Ok(Candidate { result, stated, conversion: None, moisture: None });
    }
    let exact = chemistry == Decimal::ONE && basis == Decimal::ONE && text.shifted(factor).is_some();
    let moved = |one: &Reported| -> Result<Reported, Reason> {
        let text = one.text().map(|text| brought(text, factor, exact));
        let text = text.map(|value| value.ok_or(Reason::Measured(Why::TooLarge))).transpose()?;
        Reported::new(one.qualifier(), text, unit, item.basis, None).map_err(|_| Reason::NotJudgeable)
    };
    let conversion = Conversion {
        from: result.analyte.to_string(),
        from_unit: from.unit(),
        from_basis: from.basis(),
        factor,
        chemical: chemistry != Decimal::ONE,
        significant: text.significant_digits(),
        exact,
    };
    let stated = Stated {
        shown: moved(&stated.shown)?,
        counted: moved(&stated.counted)?,
        estimated: stated.estimated,
    };
    let moisture = known.map(|known| known.said);
    Ok(Candidate { result, stated, conversion: Some(conversion), moisture })
}

/// A number times a factor: with its own digits where that only moves the point, else with all that come.
pub(super) fn brought(text: &DecimalText, factor: Decimal, exact: bool) -> Option<DecimalText> {
    match text.shifted(factor).filter(|_| exact) {
        Some(moved) => Some(moved),
        None => text.decimal().checked_mul(factor).map(without_noise).map(DecimalText::from_decimal),
    }
}

/// So many significant digits a product keeps that was cut to the 28 of a decimal: a factor such as 100/87.5
/// was cut before it, and what it lacks would make 5.0000000000000000000000000002 of 5, on the wrong side of
/// a limit of 5.
const KEPT_DIGITS: u32 = 24;

fn without_noise(product: Decimal) -> Decimal {
    if product.scale() < KEPT_DIGITS {
        return product;
    }
    let nearest = rust_decimal::RoundingStrategy::MidpointNearestEven;
    product.round_sf_with_strategy(KEPT_DIGITS, nearest).unwrap_or(product).normalize()
}

/// What turns a content on one basis into one on another: `as received = dry × (100 − moisture) / 100`.
fn basis_factor(from: Basis, to: Basis, moisture: Option<Decimal>) -> Result<Decimal, Reason> {
    if from == to {
        return Ok(Decimal::ONE);
    }
    let moisture = moisture.ok_or(Reason::Measured(Why::BasesDiffer))?;
    measure::convert_basis(Decimal::ONE, from, to, moisture).map_err(|_| Reason::Measured(Why::BasesDiffer))
}
