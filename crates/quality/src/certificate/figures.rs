//! What a certificate says of a figure besides its text: where it stands in the derivation, where censored
//! members leave it, what was put in for them, and what several samples came to.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{CertificateId, ResultId};
use measure::rounding::{decimals_of, round_down, round_up};
use measure::{Decimal, DecimalText};
use publish::Names;
use publish::certificate as paper;

use crate::judgement::{Line, Measured};
use crate::specification::SampleRule;

/// The node of a line in the derivation.
pub(super) fn node(certificate: CertificateId, at: usize, line: &Line) -> String {
    node_of(&format!("{certificate}/item-{}", at + 1), line)
}

/// The node of a figure: the result itself where it is printed as it is, or as it is reported; else its own.
pub(super) fn node_of(own: &str, line: &Line) -> String {
    match line.results.first() {
        Some(result) if is_plain(line) && line.restated => restated(*result),
        Some(result) if is_plain(line) => result.to_string(),
        _ => own.to_owned(),
    }
}

/// The node of one of several values of a figure.
pub(super) fn node_among(own: &str, at: usize, line: &Line) -> String {
    node_of(&format!("{own}/{}", at + 1), line)
}

/// The node of a result as its method's limits have it reported.
pub(super) fn restated(result: ResultId) -> String {
    format!("{result}/reported")
}

/// Whether the figure is the result's own as it is reported, to the last digit.
pub(super) fn is_plain(line: &Line) -> bool {
    let among = line.spread.as_ref().is_some_and(|spread| !spread.values.is_empty());
    !among && line.arithmetic.is_none() && line.conversion.is_none() && line.rounded.is_none()
}

/// By which moisture figures were converted between dry and as received, in words; nothing where none was.
pub(super) fn moistures(lines: &[Line]) -> Option<Names> {
    let all: BTreeSet<(&str, &str, bool)> = lines
        .iter()
        .filter(|line| !line.figure.is_empty())
        .flat_map(|line| &line.moistures)
        .map(|used| (used.sample.as_str(), used.percent.as_str(), used.results.is_empty()))
        .collect();
    let words = |lot: &str, found: &str, between: &str| {
        let one = |(sample, percent, of_lot): &(&str, &str, bool)| {
            format!("{sample} {percent} % ({})", if *of_lot { lot } else { found })
        };
        all.iter().map(one).collect::<Vec<_>>().join(between)
    };
    let en = words("of the lot when it was sampled", "determined", "; ");
    let zh = words("取样时批次水分", "实测", "；");
    (!all.is_empty()).then(|| {
        Names::new(
            format!("Converted between dry and as received by the moisture of the sample: {en}."),
            format!("干基与收到基之间按样品水分换算：{zh}。"),
        )
    })
}

/// Where censored members leave it: each end outwards to two digits more than the figure has, four at least.
pub(super) fn interval(line: &Line) -> Option<paper::Interval> {
    let (low, high) = line.interval?;
    let finest = line.rounded.map_or(0, |to| to.places) + 2;
    let text = |end: Decimal, out: fn(Decimal, i32) -> DecimalText| {
        out(end, finest.max(decimals_of(end, 4))).decimal().normalize().to_string()
    };
    Some(paper::Interval {
        low: low.map(|low| text(low, round_down)),
        high: high.map(|high| text(high, round_up)),
    })
}

/// What was put in for members below their limit.
pub(super) fn substitution(line: &Line) -> Option<paper::Substitution> {
    let fraction = line.arithmetic.as_ref()?.censored.normalize().to_string();
    let members = line.substituted.clone();
    (!members.is_empty()).then_some(paper::Substitution { fraction, members })
}

/// The code of the one sample it is of, where each sample has a line of its own.
pub(super) fn sample(line: &Line, results: &BTreeMap<ResultId, Measured>) -> Option<String> {
    let each = line.spread.as_ref().is_some_and(|spread| spread.rule == Some(SampleRule::Each));
    code(line, results).filter(|_| each)
}

fn code(line: &Line, results: &BTreeMap<ResultId, Measured>) -> Option<String> {
    line.results.first().and_then(|id| results.get(id)).map(|result| result.sample_code.clone())
}

/// All values of several samples, or of several results of one, with the rule by which they came to one.
pub(super) fn samples(
    certificate: CertificateId,
    at: usize,
    line: &Line,
    results: &BTreeMap<ResultId, Measured>,
) -> Option<paper::Samples> {
    let spread = line.spread.as_ref()?;
    let own = format!("{certificate}/item-{}", at + 1);
    let values = spread.values.iter().enumerate().map(|(n, value)| paper::SampleValue {
        sample: code(&value.line, results).unwrap_or_default(),
        node: node_among(&own, n, &value.line),
        text: value.line.figure.clone(),
        mass_kg: value.weight_kg.map(|kg| kg.normalize().to_string()),
    });
    let rule = match spread.rule {
        Some(SampleRule::Mean) => paper::SampleRule::Mean,
        Some(SampleRule::Each) => paper::SampleRule::Each,
        Some(SampleRule::ByIncrement) => paper::SampleRule::ByIncrement,
        Some(SampleRule::Worst) | None => paper::SampleRule::Worst,
    };
    Some(paper::Samples { rule, n: spread.samples as u32, values: values.collect() })
}
