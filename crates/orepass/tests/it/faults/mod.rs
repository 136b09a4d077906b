//! How far the product can be relied on: mistakes of every kind are put into sound work, by seed, and what
//! became of each is counted. The table stands in docs/reliability.md; `UPDATE_GOLDENS=1` writes it again.

mod bench;
mod files;
mod seed;
mod trial;

use std::path::Path;

use testkit::faults::{Chance, Fate, Fault, Tally};

use bench::Bench;
use trial::Trial;

/// Of a kind of fault, why some of it goes out: nothing that the product is told could tell it.
fn why_not(fault: Fault) -> Option<&'static str> {
    match fault {
        Fault::TransposedDigits => Some(
            "the other number is one that sound lots of this material have; only a second reading of the \
             screen, or a file instead of typing, can tell. A number that was read from a file has no digits \
             to transpose.",
        ),
        Fault::SwappedSamples => Some(
            "both lots are of one material and their figures lie within its usual scatter; only the retained \
             sample, measured again, can tell.",
        ),
        Fault::DoubleRounding => Some(
            "what was rounded before it reached the product has lost its digits; the product itself rounds \
             once. Instruments should export all the digits that they have.",
        ),
        Fault::PercentForGramsPerTonne | Fault::WrongUnitOnOneColumn => Some(
            "true content and false one both lie below the reporting limit, or within the material's usual \
             scatter.",
        ),
        _ => None,
    }
}

fn run(seeded: usize) -> Tally {
    let mut bench = Bench::open();
    let mut tally = Tally::default();
    // Every second lot is sound, so that false alarms are counted as often as faults; sound ones come first,
    // for a material needs a history before anything can be unusual.
    for number in 0..bench::HISTORY {
        let fate = Trial::new(&mut bench, Chance::new(1 << 32 | number as u64), None).run();
        tally.count(None, fate);
    }
    for number in 0..seeded {
        let fault = Fault::ALL[number % Fault::ALL.len()];
        for fault in [Some(fault), None] {
            let seed = (number as u64) << 1 | u64::from(fault.is_some());
            let fate = Trial::new(&mut bench, Chance::new(seed), fault).run();
            if std::env::var_os("OREPASS_FAULTS").is_some() {
                println!("{number} {fault:?} {fate:?}");
            }
            tally.count(fault, fate);
        }
    }
    tally
}

fn judge(tally: &Tally) {
    println!("{}", tally.markdown(why_not));
    assert_eq!(tally.wrong_though_sound(), &[] as &[String], "sound work came out wrong");
    let (stopped, sound) = tally.false_alarms();
    let rules = tally.false_alarm_rules();
    assert!(stopped * 50 <= sound, "{stopped} of {sound} sound lots were stopped: {rules}");
    for fault in Fault::ALL {
        let (escaped, first) = tally.escaped(fault);
        let listed = why_not(fault).is_some();
        assert!(escaped == 0 || listed, "{}: {escaped} went out wrong, the first: {first:?}", fault.words());
    }
}

#[test]
fn two_hundred_seeded_faults_are_caught_or_listed_as_beyond_catching() {
    judge(&run(200));
}

/// The long run, whose table stands in the document.
#[test]
#[ignore = "minutes; `cargo xtask test --long` runs it"]
fn five_thousand_seeded_faults_are_caught_or_listed_as_beyond_catching() {
    let tally = run(5_000);
    judge(&tally);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reliability.md");
    if std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        let (begin, end) = ("<!-- seeded faults: begin -->\n", "<!-- seeded faults: end -->");
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once(begin).unwrap();
        let (_, after) = rest.split_once(end).unwrap();
        let table = tally.markdown(why_not);
        std::fs::write(&path, format!("{before}{begin}{table}{end}{after}")).unwrap();
    }
}

/// A fate that says why it was stopped.
fn stopped(step: &'static str, rule: impl Into<String>) -> Fate {
    Fate::Stopped { step, rule: rule.into() }
}
