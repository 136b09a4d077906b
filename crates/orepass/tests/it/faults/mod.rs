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

/// Of a listed kind, the largest share that goes out wrong, %; more is a defect of the product.
fn most_escaped(fault: Fault) -> usize {
    match fault {
        Fault::DoubleRounding => 60,
        Fault::TransposedDigits | Fault::SwappedSamples => 10,
        Fault::PercentForGramsPerTonne | Fault::WrongUnitOnOneColumn => 5,
        _ => 0,
    }
}

/// So many faults are seeded into one institute; then another begins, as a year does: authorisations end.
const ROUND: usize = 250;

fn run(seeded: usize, after_round: impl Fn(&Tally)) -> Tally {
    let mut tally = Tally::default();
    for first in (0..seeded).step_by(ROUND) {
        round(&mut tally, first..(first + ROUND).min(seeded));
        after_round(&tally);
    }
    tally
}

fn round(tally: &mut Tally, numbers: std::ops::Range<usize>) {
    let mut bench = Bench::open();
    // Every second lot is sound, so that false alarms are counted as often as faults; sound ones come first,
    // for a material needs a history before anything can be unusual.
    for number in 0..bench::HISTORY {
        let seed = 1 << 32 | (numbers.start + number) as u64;
        let fate = Trial::new(&mut bench, Chance::new(seed), None).run();
        tally.count(None, fate);
    }
    for number in numbers {
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
}

fn judge(tally: &Tally) {
    println!("{}", tally.markdown(why_not));
    assert_eq!(tally.wrong_though_sound(), &[] as &[String], "sound work came out wrong");
    let (stopped, sound) = tally.false_alarms();
    let rules = tally.false_alarm_rules();
    assert!(stopped * 50 <= sound, "{stopped} of {sound} sound lots were stopped: {rules}");
    for fault in Fault::ALL {
        let (escaped, first) = tally.escaped(fault);
        // One more than the share allows, for a few seeds are no sample.
        let most = most_escaped(fault) * tally.seeded(fault) / 100 + usize::from(why_not(fault).is_some());
        assert!(escaped <= most, "{}: {escaped} went out wrong, the first: {first:?}", fault.words());
    }
}

#[test]
fn two_hundred_seeded_faults_are_caught_or_listed_as_beyond_catching() {
    judge(&run(200, |_| ()));
}

/// The long run, whose table stands in the document.
#[test]
#[ignore = "minutes; `cargo xtask test --long` runs it"]
fn five_thousand_seeded_faults_are_caught_or_listed_as_beyond_catching() {
    judge(&run(5_000, write));
}

/// Writes the table into the document, when that is asked; after every round, so that a run that is ended
/// early leaves what it found.
fn write(tally: &Tally) {
    if std::env::var_os("UPDATE_GOLDENS").is_none_or(|value| value != "1") {
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reliability.md");
    let (begin, end) = ("<!-- seeded faults: begin -->\n", "<!-- seeded faults: end -->");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let table = tally.markdown(why_not);
    std::fs::write(&path, format!("{before}{begin}{table}{end}{after}")).unwrap();
}

/// A fate that says why it was stopped.
fn stopped(step: &'static str, rule: impl Into<String>) -> Fate {
    Fate::Stopped { step, rule: rule.into() }
}
