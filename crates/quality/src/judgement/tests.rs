//! Verdicts as tables: limits, rounding that flips them, censored values, conversions, sums.

use kernel::{Instant, MethodId, MethodVersionId, Names, ResultId, SampleId};
use measure::{Analyte, Basis, DecimalText, Qualifier, Reported, Uncertainty, Unit};
use proptest::prelude::*;

use super::*;
use crate::specification::item_tests::item;

/// A released result without a blemish: `("Mn", "32.14", "%", dry)`.
pub(crate) fn result(id: u64, analyte: &str, figure: &str, unit: &str) -> Measured {
    let at: Instant = "2026-03-02T08:00:00Z".parse().unwrap();
    let (qualifier, digits) = match figure.split_at(1) {
        ("<", rest) => (Qualifier::Below, Some(rest)),
        (">", rest) => (Qualifier::Above, Some(rest)),
        _ if figure == "ND" => (Qualifier::NotDetected, None),
        _ => (Qualifier::Value, Some(figure)),
    };
    let text = digits.map(|digits| digits.parse::<DecimalText>().unwrap());
    let unit = Unit::parse(unit).unwrap();
    Measured {
        id: ResultId(id),
        sample: SampleId(1),
        sample_code: "S-1".into(),
        sample_kg: None,
        sample_moisture: None,
        analyte: Analyte::parse(analyte),
        reported: Reported::new(qualifier, text, unit, Basis::Dry, None).unwrap(),
        digits: None,
        method: MethodId(1),
        method_version: MethodVersionId(2),
        method_code: "M-1".into(),
        method_edition: "1".into(),
        method_names: Names { en: "m".into(), zh: "方法".into() },
        limits: measure::Limits::default(),
        workflow: Workflow::Released,
        qc: Qc::Fine,
        in_range: Some(true),
        instrument: None,
        window: None,
        edition_void: false,
        reference_void: Vec::new(),
        reading: None,
        hand_typed: false,
        changed: false,
        from_outside: false,
        tested_at: at.plus_seconds(id as i64),
        tested: None,
        reviewed: None,
        released: None,
    }
}

/// Judged with a moisture that the lot had when each sample was taken.
fn lines(items: &[Item], results: &[Measured], sample_moisture: Option<Decimal>) -> Vec<Line> {
    let moist = |one: &Measured| Measured { sample_moisture, ..one.clone() };
    super::lines(items, &results.iter().map(moist).collect::<Vec<_>>())
}

fn said(item: &str, results: &[(&str, &str, &str)]) -> String {
    let item = crate::specification::item_tests::item(item);
    let results: Vec<Measured> = results.iter().zip(1..).map(|((a, f, u), id)| result(id, a, f, u)).collect();
    let line = &lines(&[item], &results, Some("5".parse().unwrap()))[0];
    let verdict = line.verdict.map_or("reported", |verdict| verdict.as_str());
    format!("{verdict} {} ({})", line.figure, line.reason.word())
}

#[test]
fn verdicts_of_single_results() {
    let upper = r#"{"analyte":"Cd","upper":"0.0010","unit":"%","basis":"dry"}"#;
    let exclusive = r#"{"analyte":"Cd","upper":"0.0010","unit":"%","basis":"dry","exclusive":true}"#;
    let lower = r#"{"analyte":"Mn","lower":"32.0","unit":"%","basis":"dry"}"#;
    let rounded = r#"{"analyte":"Mn","lower":"32.0","unit":"%","basis":"dry","comparison":"rounded_value"}"#;
    let half_up = r#"{"analyte":"Mn","lower":"32.1","unit":"%","basis":"dry","comparison":"rounded_value",
        "rounding":"half_up"}"#;
    let guard = r#"{"analyte":"Cd","upper":"0.0010","unit":"%","basis":"dry","guard_band":"0.0002"}"#;
    let table = [
        (upper, ("Cd", "0.0010", "%"), "pass 0.0010 (within-limits)"),
        (exclusive, ("Cd", "0.0010", "%"), "fail 0.0010 (above-upper)"),
        (upper, ("Cd", "0.0011", "%"), "fail 0.0011 (above-upper)"),
        (upper, ("Cd", "9.0", "ppm"), "pass 0.00090 (within-limits)"),
        (upper, ("Cd", "<0.0005", "%"), "pass <0.0005 (within-limits)"),
        (upper, ("Cd", "<0.05", "%"), "undecidable <0.05 (limit-straddles-bound)"),
        (upper, ("Cd", "ND", "%"), "undecidable ND (limit-not-known)"),
        (upper, ("Cd", "1.0", "mg/L"), "undecidable  (units-differ)"),
        (lower, ("Mn", "31.96", "%"), "fail 31.96 (below-lower)"),
        // The same figure, judged as rounded to the limit's places, passes: the specification says which.
        (rounded, ("Mn", "31.96", "%"), "pass 32.0 (within-limits)"),
        (rounded, ("Mn", "31.94", "%"), "fail 31.94 (below-lower)"),
        (half_up, ("Mn", "32.05", "%"), "pass 32.1 (within-limits)"),
        (lower, ("Mn", ">30", "%"), "undecidable >30 (limit-straddles-bound)"),
        (guard, ("Cd", "0.0009", "%"), "undecidable 0.0009 (inside-guard-band)"),
        (guard, ("Cd", "0.0007", "%"), "pass 0.0007 (within-limits)"),
        (upper, ("Pb", "0.0001", "%"), "undecidable  (no-result)"),
    ];
    for (item, result, expected) in table {
        assert_eq!(said(item, &[result]), expected, "{item} {result:?}");
    }
}

#[test]
fn rounding_by_gb_8170_and_by_half_up_flip_a_verdict() {
    let by = |rule: &str| {
        let rule = format!(r#""comparison":"rounded_value","rounding":"{rule}""#);
        said(
            &format!(r#"{{"analyte":"Mn","lower":"32.1","unit":"%","basis":"dry",{rule}}}"#),
            &[("Mn", "32.05", "%")],
        )
    };
    assert_eq!(by("gb8170_half_even"), "fail 32.05 (below-lower)");
    assert_eq!(by("half_up"), "pass 32.1 (within-limits)");
}

#[test]
fn chemistry_turns_an_element_into_the_oxide_that_is_limited() {
    let oxide = r#"{"analyte":"MnO","lower":"41.5","unit":"%","basis":"dry","places":2}"#;
    // 32.20 × 1.29121 = 41.577 %.
    assert_eq!(said(oxide, &[("Mn", "32.20", "%")]), "pass 41.58 (within-limits)");
    let line = &lines(&[item(oxide)], &[result(1, "Mn", "32.20", "%")], None)[0];
    let conversion = line.conversion.as_ref().unwrap();
    assert!(conversion.chemical && !conversion.exact);
    assert_eq!((conversion.from.as_str(), line.rounded.unwrap().places), ("Mn", 2));
    // A result for the very analyte goes before any conversion.
    assert_eq!(said(oxide, &[("Mn", "32.20", "%"), ("MnO", "41.0", "%")]), "fail 41.00 (below-lower)");
}

#[test]
fn another_basis_is_reached_by_the_lots_moisture_or_not_at_all() {
    let received = item(r#"{"analyte":"Fe","upper":"10","unit":"%","basis":"as_received"}"#);
    let line =
        &lines(std::slice::from_ref(&received), &[result(1, "Fe", "10.20", "%")], Some("5".parse().unwrap()))
            [0];
    assert_eq!((line.figure.as_str(), line.verdict), ("9.690", Some(Verdict::Pass)));
    let line = &lines(&[received], &[result(1, "Fe", "10.20", "%")], None)[0];
    assert_eq!(line.reason, Reason::Measured(Why::BasesDiffer));
}

#[test]
fn of_several_results_the_worst_stands() {
    let upper = r#"{"analyte":"Cd","upper":"0.0010","unit":"%","basis":"dry"}"#;
    assert_eq!(said(upper, &[("Cd", "0.0012", "%"), ("Cd", "0.0008", "%")]), "fail 0.0012 (above-upper)");
    assert_eq!(
        said(upper, &[("Cd", "0.0008", "%"), ("Cd", "<0.01", "%")]),
        "undecidable <0.01 (limit-straddles-bound)"
    );
    for both in [["0.0008", "0.0009"], ["0.0009", "0.0008"]] {
        let both = both.map(|figure| ("Cd", figure, "%"));
        assert_eq!(said(upper, &both), "pass 0.0009 (within-limits)", "never the latest");
    }
}

#[test]
fn sums_and_ratios_carry_the_interval_of_their_censored_members() {
    let sum = r#"{"analyte":"Ca+Mg","upper":"0.010","unit":"%","basis":"dry","sum_of":["Ca","Mg"]}"#;
    assert_eq!(said(sum, &[("Ca", "0.0040", "%"), ("Mg", "0.0050", "%")]), "pass 0.0090 (within-limits)");
    assert_eq!(said(sum, &[("Ca", "0.0040", "%"), ("Mg", "<0.0050", "%")]), "pass <0.009 (within-limits)");
    assert_eq!(
        said(sum, &[("Ca", "0.0080", "%"), ("Mg", "<0.0050", "%")]),
        "undecidable <0.013 (limit-straddles-bound)"
    );
    assert_eq!(said(sum, &[("Ca", "0.0120", "%"), ("Mg", "<0.0050", "%")]), "fail 0.012–0.017 (above-upper)");
    assert_eq!(said(sum, &[("Ca", "0.0120", "%")]), "undecidable  (member-missing)");
    let ratio = r#"{"analyte":"La2O3/CeO2","upper":"60","unit":"%","basis":"dry","places":1}"#;
    assert_eq!(said(ratio, &[("La2O3", "10", "%"), ("CeO2", "20", "%")]), "pass 50.0 (within-limits)");
    assert_eq!(
        said(ratio, &[("La2O3", "10", "%"), ("CeO2", "<20", "%")]),
        "undecidable ≥50 (limit-not-known)"
    );
    let of_sum = r#"{"analyte":"CeO2/TREO","upper":"60","unit":"%","basis":"dry","places":1,
        "sum_of":["La2O3","CeO2","Nd2O3"]}"#;
    let oxides = &[("La2O3", "5", "%"), ("CeO2", "10", "%"), ("Nd2O3", "5", "%")];
    assert_eq!(said(of_sum, oxides), "pass 50.0 (within-limits)");
    let named = r#"{"analyte":"CeO2/TREO","upper":"60","unit":"%","basis":"dry","places":1}"#;
    let all: Vec<(&str, &str, &str)> = item(named).members().unwrap().iter().map(|_| ("", "", "")).collect();
    assert_eq!(all.len(), 15, "a ratio to TREO rests on the members of TREO, though it lists none");
}

#[test]
fn results_that_are_not_released_or_by_another_method_do_not_count() {
    let by_method = item(r#"{"analyte":"Cd","upper":"1","unit":"%","basis":"dry","methods":["method-9"]}"#);
    let line = &lines(std::slice::from_ref(&by_method), &[result(1, "Cd", "0.1", "%")], None)[0];
    assert!(!line.passes());
    let pending =
        Measured { workflow: Workflow::Pending, method: MethodId(9), ..result(1, "Cd", "0.1", "%") };
    assert!(!lines(&[by_method], &[pending], None)[0].passes());
    let reported = item(r#"{"analyte":"pH","unit":"1","basis":"dry"}"#);
    assert!(!lines(std::slice::from_ref(&reported), &[], None)[0].passes(), "required, though only reported");
    let optional = Item { optional: crate::given::YesNo(true), ..reported };
    assert!(lines(&[optional], &[], None)[0].passes());
}

fn limited(lod: &str, loq: &str, one: Measured) -> Measured {
    let limits = measure::Limits { lod: lod.parse().ok(), loq: loq.parse().ok(), ..Default::default() };
    Measured { limits, ..one }
}

fn with_u(percent: i64, one: Measured) -> Measured {
    let value = one.reported.number().unwrap();
    let width = (value * Decimal::new(percent, 2)).abs();
    let u = Uncertainty::new(width, Decimal::TWO, one.reported.unit()).unwrap();
    Measured { reported: one.reported.clone().with_uncertainty(u).unwrap(), ..one }
}

fn of_sample(id: u64, one: Measured) -> Measured {
    let kg = Some((Decimal::from(id), true));
    Measured { sample: SampleId(id), sample_code: format!("S-{id}"), sample_kg: kg, ..one }
}

fn judged(json: &str, results: &[Measured]) -> Vec<String> {
    let lines = lines(&[item(json)], results, Some("5".parse().unwrap()));
    let verdict = |line: &Line| line.verdict.map_or("reported", |verdict| verdict.as_str());
    lines.iter().map(|line| format!("{} {}", verdict(line), line.figure)).collect()
}

#[test]
fn below_the_limits_a_result_is_no_number() {
    let upper = r#"{"analyte":"Cd","upper":"0.0005","unit":"%","basis":"dry","places":4}"#;
    for figure in ["0.0002", "0.00004", "-0.0002", "0", "1.2e-005", "0.000", "<0.0001"] {
        let plain = result(1, "Cd", figure, "%");
        let one = limited("0.0001", "0.0003", if figure.starts_with('<') { plain } else { with_u(2, plain) });
        assert_eq!(judged(upper, std::slice::from_ref(&one)), ["pass <0.0003"], "{figure}");
        let line = &lines(&[item(upper)], &[one], None)[0];
        assert_eq!((line.uncertainty.as_deref(), line.restated), (None, true), "{figure}");
        assert_eq!(line.reported.as_ref().unwrap().reporting, "0.0003");
    }
    let nd = limited("0.0001", "0.0003", result(1, "Cd", "ND", "%"));
    assert_eq!(judged(upper, &[nd]), ["pass ND (<0.0001)"]);
    let fine = r#"{"analyte":"Cd","upper":"0.0002","unit":"%","basis":"dry"}"#;
    let coarse = limited("0.0001", "0.0003", result(1, "Cd", "0.00004", "%"));
    assert_eq!(judged(fine, &[coarse]), ["undecidable <0.0003"], "the method is too coarse for the limit");
}

#[test]
fn limits_follow_the_conversion_of_unit_chemistry_and_moisture() {
    let limit = |json: &str, one: Measured| {
        let line = &lines(&[item(json)], &[one], Some("5".parse().unwrap()))[0];
        let limits = line.reported.clone().unwrap();
        (line.figure.clone(), limits.reporting, limits.detection.unwrap_or_default())
    };
    let absent = || limited("1", "3", result(1, "Mn", "0.5", "mg/kg"));
    let oxide = r#"{"analyte":"MnO","upper":"0.001","unit":"%","basis":"dry"}"#;
    // 3 mg/kg Mn = 0.0003 %; × 1.29122 = 0.00038737 % MnO, rounded up so that it stays true.
    assert_eq!(limit(oxide, absent()), ("<0.00039".into(), "0.00039".into(), "0.00013".into()));
    let percent = r#"{"analyte":"Mn","upper":"0.001","unit":"%","basis":"dry"}"#;
    assert_eq!(limit(percent, absent()), ("<0.0003".into(), "0.0003".into(), "0.0001".into()));
    let wet = r#"{"analyte":"Mn","upper":"0.001","unit":"%","basis":"as_received"}"#;
    assert_eq!(limit(wet, absent()).0, "<0.00029", "0.0003 × 0.95 = 0.000285");
    let tight = r#"{"analyte":"MnO","upper":"0.000388","unit":"%","basis":"dry"}"#;
    assert_eq!(judged(tight, &[absent()]), ["pass <0.000388"], "the print agrees with the verdict");
}

#[test]
fn result_and_uncertainty_end_at_one_place() {
    let said = |json: &str, one: Measured| {
        let line = &lines(&[item(json)], &[one], None)[0];
        format!("{} {}", line.figure, line.uncertainty.as_deref().unwrap_or_default())
    };
    let item = |analyte: &str, unit: &str, places: &str| {
        format!(r#"{{"analyte":"{analyte}","unit":"{unit}","basis":"dry"{places}}}"#)
    };
    let of = |analyte: &str, figure: &str, unit: &str| with_u(2, result(1, analyte, figure, unit));
    let table = [
        (item("Mn", "%", r#","places":1"#), of("Mn", "9.6", "%"), "9.6 ± 0.2 (k = 2)"),
        (item("Mn", "%", r#","places":0"#), of("Mn", "27.6", "%"), "28 ± 1 (k = 2)"),
        (item("Cd", "ppm", r#","places":1"#), of("Cd", "0.00045", "%"), "4.5 ± 0.1 (k = 2)"),
        (item("Fe", "%", r#","places":1"#), of("Fe", "0.25", "%"), "0.2 ± 0.1 (k = 2)"),
        (item("Mn", "%", ""), of("Mn", "32.1437", "%"), "32.14 ± 0.64 (k = 2)"),
        (item("Mn", "%", ""), of("Mn", "1.0E1", "%"), "10.0 ± 0.2 (k = 2)"),
        (item("Au", "g/t", ""), with_u(5, result(1, "Au", "0.0001", "%")), "1.00 ± 0.05 (k = 2)"),
        (item("Au", "g/t", ""), with_u(15, result(1, "Au", "0.0001", "%")), "1.00 ± 0.15 (k = 2)"),
        (item("Au", "g/t", ""), with_u(50, result(1, "Au", "0.0001", "%")), "1.0 ± 0.5 (k = 2)"),
        (item("Au", "g/t", ""), with_u(7, result(1, "Au", "0.00013", "%")), "1.300 ± 0.091 (k = 2)"),
        (item("Au", "g/t", r#","places":0"#), with_u(5, result(1, "Au", "0.0001", "%")), "1 ± 1 (k = 2)"),
        (item("Mn", "%", ""), of("Mn", "32.1", "%"), "32.1 ± 0.7 (k = 2)"),
        (item("MnO", "%", ""), of("Mn", "32.20", "%"), "41.58 ± 0.83 (k = 2)"),
        (item("Mn", "%", ""), with_u(0, result(1, "Mn", "32.14", "%")), "32.14 "),
        (item("Mn", "ppm", ""), of("Mn", "327612", "ppm"), "327600 ± 6600 (k = 2)"),
    ];
    for (json, one, expected) in table {
        assert_eq!(said(&json, one), expected, "{json}");
    }
}

#[test]
fn a_print_never_seems_to_say_another_thing_than_the_verdict() {
    let full = r#"{"analyte":"Cd","upper":"0.0005","unit":"%","basis":"dry","places":4}"#;
    assert_eq!(judged(full, &[result(1, "Cd", "0.00052", "%")]), ["fail 0.00052"]);
    assert_eq!(judged(full, &[result(1, "Cd", "0.000504", "%")]), ["fail 0.000504"]);
    assert_eq!(judged(full, &[result(1, "Cd", "0.00048", "%")]), ["pass 0.0005"]);
    let line = &lines(&[item(full)], &[result(1, "Cd", "0.00052", "%")], None)[0];
    assert_eq!(line.said(), "Cd 0.00052 (≤0.0005 %)");
}

#[test]
fn sums_of_censored_members_are_bounds_or_named_substitutions() {
    let sum = |more: &str| {
        format!(r#"{{"analyte":"Ca+Mg","upper":"0.5","unit":"%","basis":"dry","sum_of":["Ca","Mg"]{more}}}"#)
    };
    let both = [result(1, "Ca", "<0.01", "%"), result(2, "Mg", "<0.02", "%")];
    assert_eq!(judged(&sum(""), &both), ["pass <0.03"]);
    assert_eq!(judged(&sum(r#","places":0"#), &both), ["pass <0.03"], "never a zero");
    assert_eq!(judged(&sum(r#","treatment":"lower_bound""#), &both), ["pass <0.03"], "0 says nothing");
    assert_eq!(judged(&sum(r#","treatment":"0.5","places":3"#), &both), ["pass 0.015"]);
    let line = &lines(&[item(&sum(r#","treatment":"0.5""#))], &both, None)[0];
    assert_eq!(line.substituted, ["Ca", "Mg"]);
    // Field fault 02: a member that is not detected counts as its limit of detection, or as nothing.
    let nd = || [limited("0.0001", "0.0003", result(1, "Ca", "ND", "%")), result(2, "Mg", "0.2", "%")];
    assert_eq!(judged(&sum(r#","places":4,"treatment":"upper_bound""#), &nd()), ["pass <0.2001"]);
    assert_eq!(judged(&sum(r#","places":4,"treatment":"lower_bound""#), &nd()), ["pass 0.2000–0.2001"]);
    assert_eq!(judged(&sum(r#","places":2"#), &nd()), ["pass 0.20"], "what does not show is not said");
}

#[test]
fn several_samples_come_to_what_the_item_says_and_never_to_the_latest() {
    let cd = |id: u64, sample: u64, figure: &str| of_sample(sample, result(id, "Cd", figure, "%"));
    let by = |more: &str| {
        format!(r#"{{"analyte":"Cd","upper":"0.0010","unit":"%","basis":"dry","places":5{more}}}"#)
    };
    let all = [cd(1, 1, "0.0011"), cd(2, 2, "0.0008"), cd(3, 3, "0.0002")];
    assert_eq!(judged(&by(""), &all), ["fail 0.00110"], "unsaid, the worst");
    assert_eq!(judged(&by(r#","samples":"worst""#), &all), ["fail 0.00110"]);
    assert_eq!(judged(&by(r#","samples":"mean""#), &all), ["pass 0.00070"]);
    // By 1, 2 and 3 kg: (0.0011 + 0.0016 + 0.0006) / 6.
    assert_eq!(judged(&by(r#","samples":"by_increment""#), &all), ["pass 0.00055"]);
    assert_eq!(judged(&by(r#","samples":"each""#), &all), ["fail 0.00110", "pass 0.00080", "pass 0.00020"]);
    let unweighed = [Measured { sample_kg: None, ..all[0].clone() }, all[1].clone()];
    let line = &lines(&[item(&by(r#","samples":"by_increment""#))], &unweighed, None)[0];
    assert_eq!(line.reason, Reason::MassMissing("S-1".into()));
    let line = &lines(&[item(&by(r#","samples":"mean""#))], &all, None)[0];
    let spread = line.spread.as_ref().unwrap();
    assert_eq!((spread.samples, spread.values.len(), line.results.len()), (3, 3, 3));
    let reported = r#"{"analyte":"Cd","unit":"%","basis":"dry"}"#;
    assert_eq!(judged(reported, &all), ["reported 0.0011", "reported 0.0008", "reported 0.0002"]);
    // A mean of bounds is a bound.
    let bounds = [cd(1, 1, "<0.0004"), cd(2, 2, "0.0008")];
    assert_eq!(judged(&by(r#","samples":"mean""#), &bounds), ["pass <0.0006"]);
    let repeats = [cd(1, 1, "0.0012"), cd(2, 1, "0.0006")];
    assert_eq!(judged(&by(""), &repeats), ["fail 0.00120"]);
    assert_eq!(judged(&by(r#","repeats":"mean""#), &repeats), ["pass 0.00090"]);
}

#[test]
fn what_nothing_determines_is_no_number() {
    let by_nd = |id, analyte: &str, figure: &str| {
        let one = limited("1", "3", result(id, analyte, figure, "mg/kg"));
        let limits = measure::Limits { rule: measure::ReportingRule::NdBelowLod, ..one.limits.clone() };
        Measured { limits, ..one }
    };
    let both = [by_nd(1, "Ca", "0.9"), by_nd(2, "Mg", "1")];
    for (more, verdict) in [
        ("", None),
        (r#","upper":"50""#, Some(Verdict::Undecidable)),
        (r#","lower":"50""#, Some(Verdict::Undecidable)),
        (r#","treatment":"0.5""#, None),
    ] {
        let json = format!(r#"{{"analyte":"Ca/Mg","unit":"%","basis":"dry"{more}}}"#);
        let line = &lines(&[item(&json)], &both, None)[0];
        assert_eq!((line.figure.as_str(), line.verdict), ("", verdict), "{more}");
        assert!(!line.passes(), "{more}");
        assert!(matches!(line.reason, Reason::NotComputed(_)), "{more} {:?}", line.reason);
    }
    // One of them a number: an end is known, and is said.
    let part = [by_nd(1, "Ca", "0.9"), by_nd(2, "Mg", "10")];
    let json = r#"{"analyte":"Ca/Mg","unit":"%","basis":"dry"}"#;
    assert_eq!(judged(json, &part), ["reported <10"]);
}

#[test]
fn a_share_of_its_own_whole_is_no_more_than_the_rest_leaves() {
    let share = |more: &str| {
        format!(r#"{{"analyte":"La2O3/TREO","unit":"%","basis":"dry","sum_of":["La2O3","CeO2"]{more}}}"#)
    };
    let of = |la: &str, ce: &str| [result(1, "La2O3", la, "%"), result(2, "CeO2", ce, "%")];
    assert_eq!(judged(&share(""), &of("<5", "2")), ["reported <72"]);
    assert_eq!(judged(&share(r#","upper":"72""#), &of("<5", "2")), ["pass <72"]);
    assert_eq!(judged(&share(r#","lower":"50""#), &of("5", "<2")), ["pass ≥71"]);
    assert_eq!(judged(&share(""), &of("<5", "<2")), ["reported "], "from nothing to all");
    // The whole determined by itself: a member is no more than all of it.
    let direct = [result(1, "La2O3", "<5", "%"), result(2, "TREO", "2", "%")];
    assert_eq!(judged(r#"{"analyte":"La2O3/TREO","unit":"%","basis":"dry"}"#, &direct), ["reported "]);
}

#[test]
fn a_sum_or_mean_has_the_digits_of_its_terms_and_none_of_its_limit() {
    let said = |json: &str, all: &[Measured]| {
        let line = &lines(&[item(json)], all, None)[0];
        let verdict = line.verdict.map_or("reported", |verdict| verdict.as_str());
        let u = line.uncertainty.as_deref().map(|u| format!(" {u}")).unwrap_or_default();
        format!("{verdict} {}{u}", line.figure)
    };
    let sum =
        |more: &str| format!(r#"{{"analyte":"Ca+Mg","unit":"%","basis":"dry","sum_of":["Ca","Mg"]{more}}}"#);
    let two = |ca: &str, mg: &str, unit: &str, u: i64| {
        let one = |id, analyte: &str, figure: &str| {
            let one = result(id, analyte, figure, unit);
            if u > 0 { with_u(u, one) } else { one }
        };
        vec![one(1, "Ca", ca), one(2, "Mg", mg)]
    };
    let wet = two("2200", "2300", "mg/kg", 3);
    assert_eq!(said(&sum(r#","upper":"1""#), &wet), "pass 0.450 ± 0.014 (k = 2)");
    assert_eq!(said(&sum(r#","upper":"0.451""#), &wet), "pass 0.450 ± 0.014 (k = 2)");
    assert_eq!(said(&sum(r#","lower":"1""#), &two("0.70", "0.79", "%", 0)), "pass 1.49");
    assert_eq!(said(&sum(r#","upper":"5""#), &two("1.5", "0.0123", "%", 0)), "pass 1.5");
    assert_eq!(said(&sum(r#","upper":"1","places":1"#), &wet), "pass 0.4 ± 0.1 (k = 2)");
    let mean = r#"{"analyte":"Cd","upper":"1","unit":"%","basis":"dry","samples":"mean"}"#;
    let of = |figures: [&str; 2], u: i64| -> Vec<Measured> {
        let all = figures.iter().zip(1..).map(|(figure, id)| {
            let one = of_sample(id, result(id, "Cd", figure, "%"));
            if u > 0 { with_u(u, one) } else { one }
        });
        all.collect()
    };
    assert_eq!(said(mean, &of(["0.51", "0.52"], 3)), "pass 0.515 ± 0.015 (k = 2)");
    assert_eq!(said(mean, &of(["0.31", "0.32"], 0)), "pass 0.315");
    assert_eq!(said(mean, &of(["0.10931925301288605", "0.2"], 0)), "pass 0.15");
    let ratio = r#"{"analyte":"Ca/Mg","upper":"100","unit":"%","basis":"dry"}"#;
    assert_eq!(said(ratio, &two("5", "20", "%", 0)), "pass 25");
    assert_eq!(said(ratio, &two("32.14", "45.2", "%", 0)), "pass 71.1");
}

#[test]
fn the_worst_is_the_worst_before_it_is_rounded() {
    let by = |more: &str| format!(r#"{{"analyte":"Cd","unit":"%","basis":"dry","places":4{more}}}"#);
    let all = |figures: [&str; 3]| -> Vec<Measured> {
        figures.iter().zip(1..).map(|(figure, id)| of_sample(id, result(id, "Cd", figure, "%"))).collect()
    };
    for (more, figures, worst) in [
        (r#","upper":"0.0010""#, ["0.00041", "0.00044", "0.00036"], 2),
        (r#","lower":"0.0001""#, ["0.00041", "0.00044", "0.00036"], 3),
        (r#","lower":"0.0001","upper":"0.00075""#, ["0.00041", "0.00044", "0.00036"], 3),
        (r#","upper":"0.0010""#, ["0.00141", "0.00144", "0.00136"], 2),
        (r#","upper":"0.0010""#, ["<0.0100", "0.00114", "0.00113"], 2),
    ] {
        let line = &lines(&[item(&by(more))], &all(figures), None)[0];
        assert_eq!(line.results[0], ResultId(worst), "{more} {figures:?}");
    }
    let sums = r#"{"analyte":"Ca+Mg","upper":"1","unit":"%","basis":"dry","places":1,"sum_of":["Ca","Mg"]}"#;
    let of = |id: u64, ca: &str| {
        let kind = |id: u64, analyte: &str, figure: &str| Measured {
            id: ResultId(id),
            ..of_sample(id / 10, result(id, analyte, figure, "%"))
        };
        [kind(id * 10, "Ca", ca), kind(id * 10 + 1, "Mg", "0.30")]
    };
    let line = &lines(&[item(sums)], &[of(1, "0.11"), of(2, "0.13")].concat(), None)[0];
    assert_eq!((line.figure.as_str(), line.results[0]), ("0.4", ResultId(20)));
}

#[test]
fn a_conversion_makes_no_digits_and_drops_none() {
    let said = |unit: &str, one: Measured| {
        let json = format!(r#"{{"analyte":"Mn","unit":"{unit}","basis":"dry"}}"#);
        let line = &lines(&[item(&json)], &[one], None)[0];
        let limits = line.reported.clone().map(|limits| limits.reporting).unwrap_or_default();
        format!("{} {limits}", line.figure)
    };
    assert_eq!(said("mg/kg", result(1, "Mn", "0.10", "%")), "1000 ");
    assert_eq!(said("%", result(1, "Mn", "10.00", "mg/kg")), "0.001000 ");
    assert_eq!(said("mg/kg", result(1, "Mn", "<0.0003", "%")), "<3 ");
    assert_eq!(said("mg/kg", limited("0.0001", "0.0003", result(1, "Mn", "0.0002", "%"))), "<3 3");
    let nd = limited("0.0001", "", result(1, "Mn", "ND", "%"));
    let limits = measure::Limits { rule: measure::ReportingRule::NdBelowLod, ..nd.limits.clone() };
    assert_eq!(said("mg/kg", Measured { limits, ..nd }), "ND (<1) 1");
    // What an earlier program stored with all digits of a quotient.
    let long = result(1, "Mn", "13.427947598253275109170305670", "%");
    assert_eq!(said("%", long.clone()), "13.4279 ");
    let line = &lines(&[item(r#"{"analyte":"Mn","upper":"13","unit":"%","basis":"dry"}"#)], &[long], None)[0];
    assert_eq!(line.said(), "Mn 13.4279 (≤13 %)");
}

#[test]
fn what_is_not_zero_is_not_printed_as_zero() {
    let two = r#"{"analyte":"Cd","unit":"%","basis":"dry","places":2}"#;
    let estimated = limited("0.0001", "0.0003", result(1, "Cd", "0.0002", "%"));
    let limits = measure::Limits { rule: measure::ReportingRule::Estimated, ..estimated.limits.clone() };
    assert_eq!(judged(two, &[Measured { limits, ..estimated }]), ["reported 0.0002"]);
    assert_eq!(judged(two, &[result(1, "Cd", "0.0042", "%")]), ["reported 0.004"]);
    assert_eq!(judged(two, &[result(1, "Cd", "-0.0042", "%")]), ["reported -0.004"]);
    assert_eq!(judged(two, &[result(1, "Cd", "0.0000", "%")]), ["reported 0.00"]);
    assert_eq!(judged(two, &[result(1, "Cd", "0.0062", "%")]), ["reported 0.01"]);
}

#[test]
fn both_ends_are_printed_where_one_would_not_show_the_verdict() {
    let treo = |more: &str| {
        format!(r#"{{"analyte":"TREO","unit":"%","basis":"dry","sum_of":["La2O3","CeO2"]{more}}}"#)
    };
    let of = |la: &str, ce: &str| [result(1, "La2O3", la, "%"), result(2, "CeO2", ce, "%")];
    for (more, la, ce, expected) in [
        (r#","lower":"30","upper":"40""#, "33.69", "<0.03", "pass 33.69–33.72"),
        (r#","lower":"73","upper":"77""#, "74.1", "<1.3", "pass 74.1–75.4"),
        (r#","lower":"73","upper":"75""#, "74.1", "<1.3", "undecidable <75.4"),
        (r#","upper":"77""#, "74.1", "<1.3", "pass <75.4"),
        (r#","lower":"73""#, "74.1", "<1.3", "pass ≥74.1"),
        (r#","lower":"73","treatment":"upper_bound""#, "74.1", "<1.3", "pass 74.1–75.4"),
        (r#","upper":"74""#, "74.1", "<1.3", "fail 74.1–75.4"),
        (r#","lower":"76","upper":"77""#, "74.1", "<1.3", "fail <75.4"),
        ("", "74.1", "<1.3", "reported <75.4"),
        (r#","lower":"74.099","upper":"77","places":1"#, "74.0995", "<1.3", "pass 74.099–75.400"),
    ] {
        assert_eq!(judged(&treo(more), &of(la, ce)), [expected], "{more}");
    }
}

#[test]
fn an_uncertainty_has_two_digits_also_where_its_figure_needs_more() {
    let upper = r#"{"analyte":"Fe","upper":"3.2","unit":"%","basis":"dry"}"#;
    let line = &lines(&[item(upper)], &[with_u(16, result(1, "Fe", "3.2001", "%"))], None)[0];
    assert_eq!((line.figure.as_str(), line.uncertainty.as_deref()), ("3.2001", Some("± 0.51 (k = 2)")));
    assert_eq!(line.verdict, Some(Verdict::Fail));
}

#[test]
fn all_that_lies_below_a_limit_keeps_it() {
    let sum = |more: &str| {
        format!(r#"{{"analyte":"Ca+Mg+Fe","unit":"%","basis":"dry","sum_of":["Ca","Mg","Fe"]{more}}}"#)
    };
    let three = |last: &str| {
        [result(1, "Ca", "<0.003", "%"), result(2, "Mg", "<0.003", "%"), result(3, "Fe", last, "%")]
    };
    let exclusive = r#","upper":"0.009","exclusive":true"#;
    assert_eq!(judged(&sum(exclusive), &three("<0.003")), ["pass <0.009"]);
    assert_eq!(judged(&sum(exclusive), &three("0.003")), ["pass <0.009"]);
    assert_eq!(judged(&sum(exclusive), &three("0.0031")), ["undecidable <0.0091"]);
    let rounded = r#","upper":"0.009","exclusive":true,"comparison":"rounded_value""#;
    assert_eq!(judged(&sum(rounded), &three("<0.003")), ["undecidable <0.009"], "rounding reaches it");
    let line = &lines(&[item(&sum(exclusive))], &three("<0.003"), None)[0];
    assert_eq!(line.said(), "Ca+Mg+Fe <0.009 (<0.009 %)");
}

proptest! {
    /// More of an impurity never turns a fail into a pass, and no print contradicts its verdict.
    #[test]
    fn verdicts_are_monotone_and_prints_agree(
        one in 0i64..20_000, more in 0i64..5_000, limit in 1i64..12_000, places in 0u32..7,
        loq in 0i64..2_000,
        rounded in any::<bool>(), percent in 0i64..20
    ) {
        let comparison = if rounded { r#","comparison":"rounded_value""# } else { "" };
        let limit = Decimal::new(limit, 6);
        let json = format!(
            r#"{{"analyte":"Cd","upper":"{limit}","unit":"%","basis":"dry","places":{places}{comparison}}}"#
        );
        let of = |number: i64| {
            let text = Decimal::new(number, 6).to_string();
            let one = with_u(percent, result(1, "Cd", &text, "%"));
            limited("", &Decimal::new(loq, 6).to_string(), one)
        };
        let line = |number| lines(&[item(&json)], &[of(number)], None).remove(0);
        let (less, more) = (line(one), line(one + more));
        let rank = |line: &Line| match line.verdict {
            Some(Verdict::Pass) => 0,
            Some(Verdict::Undecidable) => 1,
            _ => 2,
        };
        // Below the reporting limit nothing is known; above it a value decides.
        if less.qualifier == more.qualifier {
            prop_assert!(rank(&less) <= rank(&more), "{:?} {:?}", less, more);
        }
        for line in [less, more] {
            let number: Decimal = line.figure.trim_start_matches('<').parse().unwrap();
            let seems = number <= limit;
            // Rounded to the limit's places, all below 0.0012 may be 0.001; the bound is printed as it is.
            match line.verdict {
                _ if rounded && line.qualifier == Qualifier::Below => {}
                Some(Verdict::Pass) => prop_assert!(seems, "{:?}", line),
                _ => prop_assert!(!seems, "{:?}", line),
            }
            prop_assert!(line.uncertainty.is_none() || line.qualifier == Qualifier::Value);
        }
    }

    /// Doubled results of one figure come to that figure by every rule.
    #[test]
    fn equal_samples_come_to_their_figure(number in 1i64..9_999, n in 2u64..5, rule in 0usize..3) {
        let rule = ["mean", "worst", "by_increment"][rule];
        let json = format!(r#"{{"analyte":"Cd","upper":"1","unit":"%","basis":"dry","places":4,
                "samples":"{rule}"}}"#);
        let text = Decimal::new(number, 4).to_string();
        let all: Vec<Measured> = (1..=n).map(|id| of_sample(id, result(id, "Cd", &text, "%"))).collect();
        prop_assert_eq!(judged(&json, &all), vec![format!("pass {text}")]);
    }
}

/// A moisture whose factor does not end: what is 5 exactly is 5, on whichever side of the limit that lies.
#[test]
fn a_basis_whose_factor_was_cut_leaves_no_noise() {
    for (moisture, figure, limit, exclusive, verdict) in [
        ("12.50", "4.375", r#""upper":"5""#, false, "pass"),
        ("12.50", "4.375", r#""upper":"5""#, true, "fail"),
        ("12.50", "4.375", r#""lower":"5""#, false, "pass"),
        ("12.50", "4.375", r#""lower":"5""#, true, "fail"),
        ("0.13", "2.9961", r#""lower":"3""#, false, "pass"),
        ("0.13", "2.9961", r#""upper":"3""#, true, "fail"),
        ("12.50", "4.376", r#""upper":"5""#, false, "fail"),
    ] {
        let item = format!(r#"{{"analyte":"Ca",{limit},"unit":"%","basis":"dry","exclusive":{exclusive}}}"#);
        let mut one = result(1, "Ca", figure, "%");
        let text = figure.parse::<DecimalText>().unwrap();
        one.reported =
            Reported::new(Qualifier::Value, Some(text), Unit::Percent, Basis::AsReceived, None).unwrap();
        let item = crate::specification::item_tests::item(&item);
        let line = &lines(&[item], &[one], Some(moisture.parse().unwrap()))[0];
        assert_eq!(
            line.verdict.map(|verdict| verdict.as_str()),
            Some(verdict),
            "{moisture} {figure} {limit}"
        );
        assert!(line.figure.len() < 9, "{}", line.figure);
    }
}

#[test]
fn no_result_stands_for_two_states_of_one_element_nor_for_a_sum_that_the_item_names_otherwise() {
    let iron = |all: &[(&str, &str)]| -> Vec<Measured> {
        all.iter().zip(1..).map(|((analyte, figure), id)| result(id, analyte, figure, "%")).collect()
    };
    let ratio = r#"{"analyte":"FeO/Fe","upper":"80","unit":"%","basis":"dry"}"#;
    let sum = r#"{"analyte":"oxides","upper":"80","unit":"%","basis":"dry","sum_of":["FeO","Fe2O3"]}"#;
    for (json, all, expected) in [
        (ratio, iron(&[("FeO", "20.00"), ("Fe", "50.00")]), "pass 40.00"),
        (ratio, iron(&[("Fe", "50.00")]), "undecidable "),
        (ratio, iron(&[("FeO", "20.00")]), "undecidable "),
        (sum, iron(&[("FeO", "20.00"), ("Fe2O3", "50.00")]), "pass 70.00"),
        (sum, iron(&[("Fe", "50.00")]), "undecidable "),
        (sum, iron(&[("FeO", "20.00")]), "undecidable "),
        (
            r#"{"analyte":"TREO","unit":"%","basis":"dry","sum_of":["La2O3","CeO2"]}"#,
            iron(&[("La2O3", "20.0"), ("CeO2", "30.0"), ("TREO", "60.0")]),
            "reported 50.0",
        ),
        (
            r#"{"analyte":"La2O3/TREO","unit":"%","basis":"dry","sum_of":["La2O3","CeO2"]}"#,
            iron(&[("La2O3", "20.0"), ("CeO2", "30.0"), ("TREO", "60.0")]),
            "reported 40.0",
        ),
        (
            r#"{"analyte":"La2O3/TREO","unit":"%","basis":"dry"}"#,
            iron(&[("La2O3", "20.0"), ("CeO2", "30.0"), ("TREO", "60.0")]),
            "reported 33.3",
        ),
        (
            r#"{"analyte":"La/TREO","unit":"%","basis":"dry","sum_of":["La2O3","CeO2"]}"#,
            iron(&[("La", "20.0"), ("CeO2", "30.0")]),
            "reported 37.4",
        ),
    ] {
        assert_eq!(judged(json, &all), [expected], "{json}");
    }
}

/// Digits by the least precise part: of a limit as of a value, of what was put in for one, and of what was
/// read before moisture made more.
#[test]
fn a_figure_has_no_more_digits_than_its_least_precise_part() {
    let nd = |id, lod: &str, analyte: &str| limited(lod, "1", result(id, analyte, "ND", "%"));
    let many = |analyte: [&str; 3], all: [&str; 3]| -> Vec<Measured> {
        let one =
            |((figure, analyte), id): ((&&str, &str), u64)| of_sample(id, result(id, analyte, figure, "%"));
        all.iter().zip(analyte).zip(1..).map(one).collect()
    };
    let sum =
        |more: &str| format!(r#"{{"analyte":"Ca+Mg","unit":"%","basis":"dry","sum_of":["Ca","Mg"]{more}}}"#);
    let half = sum(r#","treatment":"0.5""#);
    let mean = r#"{"analyte":"Cd","unit":"%","basis":"dry","samples":"mean"}"#;
    let halved = r#"{"analyte":"Cd","unit":"%","basis":"dry","samples":"mean","treatment":"0.5"}"#;
    let cd = |all| many(["Cd"; 3], all);
    let two = |one: &str, other: &str| vec![result(1, "Ca", one, "%"), result(2, "Mg", other, "%")];
    let read = |digits, one: Measured| Measured { digits: Some(digits), ..one };
    let plain = r#"{"analyte":"Mn","unit":"%","basis":"dry"}"#;
    let oxide = r#"{"analyte":"MnO","unit":"%","basis":"dry"}"#;
    let moist = || vec![read(4, result(1, "Mn", "13.4279", "%"))];
    for (json, all, expected) in [
        (half.as_str(), vec![nd(1, "0.001", "Ca"), nd(2, "0.001", "Mg")], "0.001"),
        (&half, vec![nd(1, "0.0010", "Ca"), nd(2, "0.0010", "Mg")], "0.0010"),
        (&half, vec![nd(1, "0.01", "Ca"), nd(2, "0.001", "Mg")], "0.01"),
        (&half, two("0.2230", "<0.03"), "0.24"),
        (&half, two("0.2230", "<0.0300"), "0.2380"),
        (&sum(""), two("<0.01", "<0.02"), "<0.03"),
        (&sum(""), two("0.2230", "<0.03"), "<0.26"),
        (&sum(r#","treatment":"lower_bound""#), two("0.2230", "<0.03"), "≥0.223"),
        (&sum(r#","places":3"#), two("0.2230", "<0.03"), "<0.253"),
        (mean, cd(["<0.003", "0.0025", "0.0027"]), "<0.0028"),
        (mean, cd(["<0.003", "<0.003", "<0.002"]), "<0.0027"),
        (mean, cd(["<0.0030", "0.0025", "0.0027"]), "<0.00274"),
        (halved, cd(["<0.003", "<0.003", "<0.003"]), "0.0015"),
        (halved, cd(["<0.003", "0.0025", "0.0027"]), "0.0022"),
        (plain, moist(), "13.43"),
        (plain, vec![read(1, result(1, "Mn", "0.000327", "%"))], "0.0003"),
        (oxide, moist(), "17.34"),
        (plain, vec![result(1, "Mn", "13.4279", "%")], "13.4279"),
        (
            r#"{"analyte":"Mn","unit":"mg/kg","basis":"dry"}"#,
            vec![read(2, result(1, "Mn", "0.012345", "%"))],
            "123",
        ),
    ] {
        let line = &lines(&[item(json)], &all, None)[0];
        assert_eq!(line.figure, expected, "{json} {:?}", line.arithmetic);
    }
}

fn on(basis: Basis, one: Measured) -> Measured {
    let of = &one.reported;
    let reported = Reported::new(of.qualifier(), of.text().cloned(), of.unit(), basis, None).unwrap();
    Measured { reported, ..one }
}

/// A figure is moved between dry and as received by the moisture of its own sample: what the laboratory
/// released of it, else what the lot had when it was taken.
#[test]
fn a_figure_is_converted_by_the_moisture_of_its_own_sample() {
    let wet = |id, analyte, figure| on(Basis::AsReceived, result(id, analyte, figure, "%"));
    let cu = || result(1, "Cu", "24.00", "%");
    let lower = r#"{"analyte":"Cu","lower":"22.5","unit":"%","basis":"as_received"}"#;
    let close = r#"{"analyte":"Cu","lower":"22.078","unit":"%","basis":"as_received"}"#;
    let plain = r#"{"analyte":"Cu","unit":"%","basis":"as_received"}"#;
    let dry = r#"{"analyte":"Cu","lower":"22.5","unit":"%","basis":"dry"}"#;
    for (json, more, expected) in [
        (lower, vec![], "pass 22.80 (within-limits)"),
        (lower, vec![wet(2, "H2O", "8.00")], "fail 22.08 (below-lower)"),
        (lower, vec![wet(2, "moisture", "8.00")], "fail 22.08 (below-lower)"),
        (lower, vec![wet(2, "水分", "8.00")], "fail 22.08 (below-lower)"),
        (lower, vec![on(Basis::NotStated, wet(2, "Moisture", "8.00"))], "fail 22.08 (below-lower)"),
        (lower, vec![on(Basis::AsReceived, result(2, "H2O", "80000", "mg/kg"))], "fail 22.08 (below-lower)"),
        // Of another sample, or not released, it says nothing of this one.
        (
            lower,
            vec![Measured { sample: SampleId(2), ..wet(2, "H2O", "8.00") }],
            "pass 22.80 (within-limits)",
        ),
        (
            lower,
            vec![Measured { workflow: Workflow::Pending, ..wet(2, "H2O", "8.00") }],
            "pass 22.80 (within-limits)",
        ),
        // Results that contradict each other, that cannot be, or that are not related to the whole mass.
        (lower, vec![wet(2, "H2O", "8.00"), wet(3, "moisture", "5.00")], "undecidable  (moisture)"),
        (lower, vec![wet(2, "H2O", "-3.00")], "undecidable  (moisture)"),
        (lower, vec![limited("", "0.1", wet(2, "H2O", "-3.00"))], "undecidable  (moisture)"),
        (lower, vec![wet(2, "H2O", "150")], "undecidable  (moisture)"),
        (lower, vec![wet(2, "H2O", "100")], "undecidable  (moisture)"),
        (lower, vec![wet(2, "H2O", ">5")], "undecidable  (moisture)"),
        (lower, vec![wet(2, "H2O", "ND")], "undecidable  (moisture)"),
        (lower, vec![on(Basis::Dry, wet(2, "moisture", "8.00"))], "undecidable  (moisture)"),
        // Duplicates that scatter: the worst of both, or the mean where nothing is limited.
        (lower, vec![wet(2, "H2O", "8.00"), wet(3, "H2O", "8.02")], "fail 22.08 (below-lower)"),
        (close, vec![wet(2, "H2O", "8.00"), wet(3, "H2O", "8.02")], "undecidable  (moisture)"),
        (plain, vec![wet(2, "H2O", "8.00"), wet(3, "H2O", "8.10")], "reported 22.07 (only-reported)"),
        // A limit leaves an interval.
        (lower, vec![wet(2, "H2O", "<0.5")], "pass 23.88 (within-limits)"),
        (lower, vec![wet(2, "H2O", "<8")], "undecidable  (moisture)"),
        (plain, vec![wet(2, "H2O", "<0.5")], "reported  (moisture)"),
        (plain, vec![wet(2, "H2O", "<0.001")], "reported 24.00 (only-reported)"),
        (dry, vec![wet(2, "H2O", "150")], "pass 24.00 (within-limits)"),
    ] {
        let all: Vec<Measured> = std::iter::once(cu()).chain(more).collect();
        let line = &lines(&[item(json)], &all, Some("5".parse().unwrap()))[0];
        let verdict = line.verdict.map_or("reported", |verdict| verdict.as_str());
        let found = format!("{verdict} {} ({})", line.figure, line.reason.word());
        assert_eq!(found, expected, "{json} {:?}", &all[1..]);
    }
    let line = &lines(&[item(lower)], &[cu(), wet(2, "H2O", "8.00")], Some("5".parse().unwrap()))[0];
    assert_eq!(line.moistures[0].percent, "8.00");
    assert_eq!(line.results, [ResultId(1), ResultId(2)], "the moisture is evidence like the figure");
    let line = &lines(&[item(lower)], &[cu()], Some("5".parse().unwrap()))[0];
    assert_eq!(
        (line.moistures[0].percent.as_str(), line.moistures[0].results.as_slice()),
        ("5", [].as_slice())
    );
    // Each sample by its own.
    let two = [cu(), wet(2, "H2O", "8.00"), of_sample(3, result(3, "Cu", "24.00", "%"))];
    let each = r#"{"analyte":"Cu","lower":"22","unit":"%","basis":"as_received","samples":"mean"}"#;
    assert_eq!(judged(each, &two), ["pass 22.440"]);
    let moist = r#"{"analyte":"H2O","upper":"8.5","unit":"%","basis":"as_received"}"#;
    assert_eq!(judged(moist, &[wet(2, "H2O", "8.00")]), ["pass 8.00"]);
}

/// What stands for the whole of an element goes into any other form of it, sample by sample; what is a part
/// of it never does.
#[test]
fn every_sample_counts_in_whatever_form_it_was_reported() {
    let oxide = |more: &str| format!(r#"{{"analyte":"CeO2","lower":"45","unit":"%","basis":"dry"{more}}}"#);
    let two =
        |ce: &str| [of_sample(1, result(1, "CeO2", "60.00", "%")), of_sample(2, result(2, "Ce", ce, "%"))];
    assert_eq!(judged(&oxide(""), &two("30.00")), ["fail 36.85"]);
    assert_eq!(judged(&oxide(r#","samples":"mean""#), &two("30.00")), ["pass 48.425"]);
    assert_eq!(judged(&oxide(""), &two("40.00")), ["pass 49.13"]);
    let each = r#"{"analyte":"Ce","unit":"%","basis":"dry","samples":"each"}"#;
    assert_eq!(judged(each, &two("30.00")), ["reported 48.85", "reported 30.00"]);
    let iron = |limit: &str| format!(r#"{{"analyte":"Fe","upper":"{limit}","unit":"%","basis":"dry"}}"#);
    let of = |all: &[(&str, &str)]| -> Vec<Measured> {
        all.iter().zip(1..).map(|((analyte, figure), id)| result(id, analyte, figure, "%")).collect()
    };
    for (json, all, expected) in [
        (iron("40"), of(&[("Fe2O3", "50.00"), ("FeO", "20.00")]), "undecidable  (part-of-element)"),
        (iron("60"), of(&[("Fe2O3", "50.00"), ("FeO", "20.00")]), "undecidable  (part-of-element)"),
        (iron("40"), of(&[("Fe2O3", "50.00")]), "pass 34.97 (within-limits)"),
        (
            iron("40"),
            of(&[("Fe2O3", "50.00"), ("FeO", "20.00"), ("Fe", "50.52")]),
            "fail 50.52 (above-upper)",
        ),
        (iron("40"), of(&[("FeO", "20.00")]), "undecidable  (part-of-element)"),
        (iron("40"), of(&[("Cd", "20.00")]), "undecidable  (no-result)"),
        (
            r#"{"analyte":"FeO","upper":"40","unit":"%","basis":"dry"}"#.to_owned(),
            of(&[("Fe", "20.00")]),
            "undecidable  (part-of-element)",
        ),
        (
            r#"{"analyte":"FeO","upper":"40","unit":"%","basis":"dry"}"#.to_owned(),
            of(&[("FeO", "20.00"), ("Fe2O3", "50.00")]),
            "pass 20.00 (within-limits)",
        ),
        (
            r#"{"analyte":"S","upper":"1","unit":"%","basis":"dry"}"#.to_owned(),
            of(&[("SO4", "0.50")]),
            "undecidable  (part-of-element)",
        ),
        (
            r#"{"analyte":"SO4","upper":"1","unit":"%","basis":"dry"}"#.to_owned(),
            of(&[("S", "0.50")]),
            "undecidable  (part-of-element)",
        ),
        (
            r#"{"analyte":"MnSO4·H2O","lower":"98","unit":"%","basis":"dry"}"#.to_owned(),
            of(&[("Mn", "32.20"), ("SO4", "56.0")]),
            "pass 99.06 (within-limits)",
        ),
    ] {
        let line = &lines(&[item(&json)], &all, None)[0];
        let verdict = line.verdict.map_or("reported", |verdict| verdict.as_str());
        let found = format!("{verdict} {} ({})", line.figure, line.reason.word());
        assert_eq!(found, expected, "{json}");
    }
}

/// What was stated on a basis is that very number there, whatever the moisture; and it is converted once.
#[test]
fn a_figure_that_is_asked_for_as_it_was_stated_is_that_very_figure() {
    let wet = |figure: &str| on(Basis::AsReceived, result(1, "Cu", figure, "%"));
    for (limit, basis, figure, expected) in [
        (r#""lower":"24.00""#, "as_received", "24.00", "pass 24.00"),
        (r#""upper":"24.00","exclusive":true"#, "as_received", "24.00", "fail 24.00"),
        (r#""upper":"24.01","comparison":"rounded_value""#, "as_received", "24.015", "fail 24.015"),
        (r#""upper":"24.02","comparison":"rounded_value""#, "as_received", "24.015", "pass 24.015"),
        (r#""upper":"0.01""#, "as_received", "<0.01", "pass <0.01"),
        (r#""upper":"26.67","comparison":"rounded_value""#, "dry", "24.00", "pass 26.67"),
        (r#""lower":"26.67""#, "dry", "24.00", "fail 26.667"),
        (r#""upper":"0.0112""#, "dry", "<0.01", "pass <0.0112"),
    ] {
        let json = format!(r#"{{"analyte":"Cu",{limit},"unit":"%","basis":"{basis}"}}"#);
        for moisture in ["10", "12.5", "0.13", "33.3"] {
            if basis == "dry" && moisture != "10" {
                continue;
            }
            let line = &lines(&[item(&json)], &[wet(figure)], Some(moisture.parse().unwrap()))[0];
            let verdict = line.verdict.map_or("reported", |verdict| verdict.as_str());
            assert_eq!(format!("{verdict} {}", line.figure), expected, "{json} {moisture}");
        }
    }
}
