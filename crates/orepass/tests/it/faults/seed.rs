//! What each kind of fault changes in a run before its file is written.

use jiff::ToSpan as _;
use testkit::faults::{Chance, Fault};

use super::files::{Channel, Kind, MANGANESE, Run, printed};

/// Spoils the run that measures the main constituents, or the trace elements, as the fault has it. The
/// contents of the lot stay what they are.
pub(super) fn spoil(fault: Fault, chance: &mut Chance, run: &mut Run) {
    match fault {
        Fault::ElementForOxide => element_for_oxide(chance, run),
        Fault::PercentForGramsPerTonne => {
            // Half of the time the whole column, as when the instrument was set up so.
            let (column, all) = (trace(chance, run), chance.even() < 0.5);
            let of = |row: &&mut super::files::Row| all || row.kind == Kind::Sample;
            run.rows.iter_mut().filter(of).for_each(|row| multiply(&mut row.values[column], 1e-4));
        }
        Fault::TransposedDigits => transpose(chance, run),
        Fault::ReferenceOut => {
            let column = chance.below(run.channels.len());
            let drift = 1.0 + if chance.even() < 0.5 { -1.0 } else { 1.0 } * (0.10 + 0.3 * chance.even());
            for row in &mut run.rows {
                multiply(&mut row.values[column], drift);
            }
        }
        Fault::TreoWithoutY => drop_column(run, "Y2O3"),
        Fault::SumAboveHundred => {
            let (nd, pr) = (run.column("Nd2O3"), run.column("Pr6O11"));
            let more = 1.022 + 0.03 * chance.even();
            each_sample(run, nd, |value| value * more);
            each_sample(run, pr, |value| value * more);
        }
        Fault::StoichiometricCeiling => {
            let (column, more) = (run.column("Mn"), 1.022 + 0.1 * chance.even());
            each_sample(run, column, |value| value * more);
        }
        Fault::FutureTime => {
            let ahead = [30.minutes(), 3.hours(), (24 * 30).hours(), (24 * 365).hours()][chance.below(4)];
            run.rows.iter_mut().for_each(|row| row.at = row.at.checked_add(ahead).unwrap());
        }
        Fault::WrongZone => {
            let hours = [-8, -13, 5, 8][chance.below(4)];
            run.rows.iter_mut().for_each(|row| row.at = row.at.checked_add(hours.hours()).unwrap());
        }
        Fault::WrongUnitOnOneColumn => {
            let column = trace(chance, run);
            run.channels[column].1 = ["%", "ug/kg", "g/kg"][chance.below(3)];
        }
        _ => {}
    }
}

fn samples(run: &mut Run) -> impl Iterator<Item = &mut super::files::Row> {
    run.rows.iter_mut().filter(|row| row.kind == Kind::Sample)
}

fn multiply(text: &mut String, by: f64) {
    let value: f64 = text.parse().unwrap();
    *text = printed(value * by);
}

fn each_sample(run: &mut Run, column: usize, change: impl Fn(f64) -> f64) {
    samples(run).for_each(|row| {
        let value: f64 = row.values[column].parse().unwrap();
        row.values[column] = printed(change(value));
    });
}

/// A column of contents in mg/kg; of a run in percent, one of little.
pub(super) fn trace(chance: &mut Chance, run: &Run) -> usize {
    let is = |channel: &&Channel| channel.product < 1.0 || channel.unit == "mg/kg";
    let all: Vec<usize> = (0..run.channels.len()).filter(|column| is(&run.channels[*column].0)).collect();
    all[chance.below(all.len())]
}

fn drop_column(run: &mut Run, name: &str) {
    let column = run.column(name);
    run.channels.remove(column);
    run.rows.iter_mut().for_each(|row| drop(row.values.remove(column)));
}

/// Mass of the element in a mass of its oxide (IUPAC 2021 atomic weights).
const ELEMENT_IN_OXIDE: &[(&str, f64)] =
    &[("La2O3", 0.8527), ("CeO2", 0.8141), ("Pr6O11", 0.8277), ("Nd2O3", 0.8573), ("Y2O3", 0.7874)];

fn element_for_oxide(chance: &mut Chance, run: &mut Run) {
    if run.channels.len() == MANGANESE.len() {
        let column = run.column("Mn");
        return each_sample(run, column, |value| value * 1.2912); // MnO in the column of Mn
    }
    let (oxide, factor) = ELEMENT_IN_OXIDE[chance.below(ELEMENT_IN_OXIDE.len())];
    let column = run.column(oxide);
    each_sample(run, column, |value| value * factor);
}

/// Two neighbouring digits that differ change places, in one number of one sample or of all of them.
fn transpose(chance: &mut Chance, run: &mut Run) {
    let (column, all) = (chance.below(run.channels.len()), chance.even() < 0.5);
    let at = chance.below(4);
    for row in samples(run) {
        let mut digits: Vec<char> = row.values[column].chars().collect();
        let places: Vec<usize> = (0..digits.len()).filter(|at| digits[*at].is_ascii_digit()).collect();
        let pairs: Vec<(usize, usize)> = places.windows(2).map(|pair| (pair[0], pair[1])).collect();
        let differs = |(a, b): &&(usize, usize)| digits[*a] != digits[*b];
        let pair = pairs.iter().skip(at).chain(pairs.iter()).find(differs).copied();
        if let Some((a, b)) = pair {
            digits.swap(a, b);
        }
        row.values[column] = digits.into_iter().collect();
        if !all {
            return;
        }
    }
}
