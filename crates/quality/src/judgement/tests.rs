//! Verdicts as tables: limits, rounding that flips them, censored values, conversions, sums.

use kernel::{Instant, MethodId, MethodVersionId, Names, ResultId, SampleId};
use measure::{Analyte, Basis, DecimalText, Qualifier, Reported, Unit};

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
        analyte: Analyte::parse(analyte),
        reported: Reported::new(qualifier, text, unit, Basis::Dry, None).unwrap(),
        method: MethodId(1),
        method_version: MethodVersionId(2),
        method_code: "M-1".into(),
        method_edition: "1".into(),
        method_names: Names { en: "m".into(), zh: "方法".into() },
        reporting_limit: None,
        workflow: Workflow::Released,
        qc: Qc::Fine,
        in_range: Some(true),
        instrument: None,
        window: None,
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
        (rounded, ("Mn", "31.96", "%"), "pass 31.96 (within-limits)"),
        (rounded, ("Mn", "31.94", "%"), "fail 31.94 (below-lower)"),
        (half_up, ("Mn", "32.05", "%"), "pass 32.05 (within-limits)"),
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
    assert_eq!(by("half_up"), "pass 32.05 (within-limits)");
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
    assert_eq!(said(upper, &[("Cd", "0.0008", "%"), ("Cd", "0.0009", "%")]), "pass 0.0009 (within-limits)");
}

#[test]
fn sums_and_ratios_carry_the_interval_of_their_censored_members() {
    let sum = r#"{"analyte":"Ca+Mg","upper":"0.010","unit":"%","basis":"dry","sum_of":["Ca","Mg"]}"#;
    assert_eq!(said(sum, &[("Ca", "0.0040", "%"), ("Mg", "0.0050", "%")]), "pass 0.009 (within-limits)");
    assert_eq!(said(sum, &[("Ca", "0.0040", "%"), ("Mg", "<0.0050", "%")]), "pass 0.009 (within-limits)");
    assert_eq!(
        said(sum, &[("Ca", "0.0080", "%"), ("Mg", "<0.0050", "%")]),
        "undecidable 0.013 (limit-straddles-bound)"
    );
    assert_eq!(said(sum, &[("Ca", "0.0120", "%"), ("Mg", "<0.0050", "%")]), "fail 0.017 (above-upper)");
    assert_eq!(said(sum, &[("Ca", "0.0120", "%")]), "undecidable  (member-missing)");
    let ratio = r#"{"analyte":"La2O3/CeO2","upper":"60","unit":"%","basis":"dry","places":1}"#;
    assert_eq!(said(ratio, &[("La2O3", "10", "%"), ("CeO2", "20", "%")]), "pass 50.0 (within-limits)");
    assert_eq!(
        said(ratio, &[("La2O3", "10", "%"), ("CeO2", "<20", "%")]),
        "undecidable 50.0 (limit-not-known)"
    );
    let of_sum = r#"{"analyte":"CeO2/TREO","upper":"60","unit":"%","basis":"dry","places":1,
        "sum_of":["La2O3","CeO2","Nd2O3"]}"#;
    let oxides = &[("La2O3", "5", "%"), ("CeO2", "10", "%"), ("Nd2O3", "5", "%")];
    assert_eq!(said(of_sum, oxides), "pass 50.0 (within-limits)");
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
