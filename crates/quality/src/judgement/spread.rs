//! What several samples, and several results of one, come to. Never the latest of them.

use std::cmp::Reverse;

use measure::{Decimal, Verdict};

use super::figure::{Ends, badness};
use super::line::{Line, Reason, Spread, SpreadValue};
use super::ways::{Combo, OfSample, Weighted, least_common_multiple};
use super::{Scene, once};
use crate::specification::SampleRule;

pub(super) fn by_rule(scene: &Scene<'_>, samples: Vec<OfSample<'_>>) -> Vec<Line> {
    let count = samples.len();
    // Against a limit the worst is the answer that is never too good; without one there is no worst.
    let unsaid = if scene.limit.is_some() { SampleRule::Worst } else { SampleRule::Each };
    let rule = match scene.item.samples.unwrap_or(unsaid) {
        SampleRule::Worst => unsaid,
        said => said,
    };
    if let [only] = samples.as_slice() {
        return of_one(scene, only);
    }
    match rule {
        SampleRule::Each => {
            let lines = samples.iter().flat_map(|of| of_one(scene, of));
            let with = |line: Line| {
                let spread = line.spread.clone().unwrap_or_default();
                Line { spread: Some(Spread { rule: Some(rule), samples: count, ..spread }), ..line }
            };
            lines.map(with).collect()
        }
        SampleRule::Worst => {
            let ways: Vec<(&Combo<'_>, Option<Decimal>)> =
                samples.iter().flat_map(|of| of.ways.iter().map(|way| (way, None))).collect();
            vec![worst(scene, &ways, Some(rule), count)]
        }
        SampleRule::Mean | SampleRule::ByIncrement => vec![mean(scene, &samples, rule)],
    }
}

/// The lines of one sample: one, unless it was measured again and there is neither a limit nor a mean.
fn of_one(scene: &Scene<'_>, of: &OfSample<'_>) -> Vec<Line> {
    match of.ways.as_slice() {
        [only] => vec![scene.line(only)],
        several if scene.limit.is_none() => {
            let spread = || Some(Spread { rule: Some(SampleRule::Each), samples: 1, ..Spread::default() });
            several.iter().map(|way| Line { spread: spread(), ..scene.line(way) }).collect()
        }
        several => {
            let ways: Vec<_> = several.iter().map(|way| (way, None)).collect();
            vec![worst(scene, &ways, None, 1)]
        }
    }
}

/// Which way is the worst: by its verdict; among equal ones by the unrounded figure, that lies nearest to its
/// limit or farthest beyond it.
fn worst_of(scene: &Scene<'_>, ways: &[&Combo<'_>], lines: &[Line]) -> Option<usize> {
    let rank = |line: &Line| match line.verdict {
        Some(Verdict::Fail) => 2,
        Some(Verdict::Undecidable) => 1,
        Some(Verdict::Pass) | None => 0,
    };
    let key = |way: &Combo<'_>, line: &Line| {
        let unknown: Ends = (None, None);
        let bad = scene.limit.as_ref().map(|limit| badness(scene.ends(way).unwrap_or(unknown), limit));
        (rank(line), bad, Reverse(line.results.first().copied()))
    };
    let all = ways.iter().zip(lines).enumerate();
    all.max_by_key(|(_, (way, line))| key(way, line)).map(|(at, _)| at)
}

/// The line of the worst way, with all of them.
fn worst(
    scene: &Scene<'_>,
    ways: &[(&Combo<'_>, Option<Decimal>)],
    rule: Option<SampleRule>,
    samples: usize,
) -> Line {
    let lines: Vec<Line> = ways.iter().map(|(way, _)| scene.line(way)).collect();
    let combos: Vec<&Combo<'_>> = ways.iter().map(|(way, _)| *way).collect();
    let Some(chosen) = worst_of(scene, &combos, &lines).and_then(|at| lines.get(at)).cloned() else {
        return Line::undecidable(scene.item, Reason::NotJudgeable);
    };
    if lines.len() == 1 {
        return chosen;
    }
    let results = chosen.results.iter().chain(lines.iter().flat_map(|line| &line.results)).copied();
    let considered = lines.iter().flat_map(|line| &line.considered).copied();
    let values = lines.iter().map(|line| SpreadValue { weight_kg: None, line: line.clone() }).collect();
    Line {
        results: once(results),
        considered: once(considered),
        spread: Some(Spread { rule, samples, values }),
        ..chosen
    }
}

/// The mean over samples, of what each of them comes to: by number, or by mass.
fn mean(scene: &Scene<'_>, samples: &[OfSample<'_>], rule: SampleRule) -> Line {
    let weights: Option<Vec<Decimal>> = match rule {
        SampleRule::ByIncrement => {
            let alike =
                samples.iter().all(|of| of.kg.map(|(_, dry)| dry) == samples[0].kg.map(|(_, dry)| dry));
            samples
                .iter()
                .map(|of| of.kg.map(|(kg, _)| kg).filter(|kg| alike && *kg > Decimal::ZERO))
                .collect()
        }
        _ => Some(vec![Decimal::ONE; samples.len()]),
    };
    let Some(weights) = weights else {
        let unweighed: Vec<&str> =
            samples.iter().filter(|of| of.kg.is_none()).map(|of| of.code.as_str()).collect();
        return Line {
            considered: all_results(samples),
            ..Line::undecidable(scene.item, Reason::MassMissing(unweighed.join(", ")))
        };
    };
    let chosen: Vec<(Combo<'_>, Line)> = samples.iter().map(|of| settled(scene, of)).collect();
    let common = chosen.iter().map(|(way, _)| whole_number(way.divisor)).fold(1, least_common_multiple);
    let mut merged =
        Combo { sample: None, part: Vec::new(), whole: Vec::new(), divisor: Decimal::from(common) };
    merged.divisor *= weights.iter().sum::<Decimal>();
    for ((way, _), weight) in chosen.iter().zip(&weights) {
        let scale = weight * Decimal::from(common / whole_number(way.divisor));
        merged.part.extend(way.part.iter().map(|one| weigh(one, scale)));
        merged.whole.extend(way.whole.iter().map(|one| weigh(one, scale)));
    }
    let by_mass = rule == SampleRule::ByIncrement;
    let values = chosen
        .into_iter()
        .zip(&weights)
        .map(|((_, line), weight)| SpreadValue { weight_kg: by_mass.then_some(*weight), line });
    let spread = Spread { rule: Some(rule), samples: samples.len(), values: values.collect() };
    let line = scene.line(&merged);
    Line { considered: all_results(samples), spread: Some(spread), ..line }
}

fn weigh<'a>(one: &Weighted<'a>, scale: Decimal) -> Weighted<'a> {
    Weighted { candidate: one.candidate.clone(), weight: one.weight * scale }
}

/// The one way of a sample, or the worst of several.
fn settled<'a>(scene: &Scene<'_>, of: &OfSample<'a>) -> (Combo<'a>, Line) {
    let ways: Vec<(&Combo<'_>, Option<Decimal>)> = of.ways.iter().map(|way| (way, None)).collect();
    let line = worst(scene, &ways, None, 1);
    let lines: Vec<Line> = of.ways.iter().map(|way| scene.line(way)).collect();
    let combos: Vec<&Combo<'_>> = of.ways.iter().collect();
    let way = worst_of(scene, &combos, &lines).and_then(|at| of.ways.get(at));
    (way.unwrap_or(&of.ways[0]).clone(), line)
}

fn all_results(samples: &[OfSample<'_>]) -> Vec<kernel::ResultId> {
    once(samples.iter().flat_map(|of| &of.ways).flat_map(Combo::results))
}

fn whole_number(divisor: Decimal) -> u64 {
    divisor.to_string().parse().unwrap_or(1)
}
