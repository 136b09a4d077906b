//! The manganese line: ore, leach, purification, crystallisation, battery-grade MnSO4·H2O.

use anyhow::Result;

use super::institute::Institute;
use super::instrument::{self, Kind, Position};
use super::laboratory::{ICP_MN, SCREENING, blank, channels, control};
use super::plant::{know, process, receive, rework, sample};
use super::{Run, laboratory};
use serde_json::json;

const WHO: &str = "metallurgist";

/// Ore and acid for the season.
pub(super) fn deliveries(institute: &mut Institute) -> Result<()> {
    receive(institute, ("MO-0803", "MN-ORE", "SUP-XT"), 64_000, "6.50")?;
    receive(institute, ("MO-0804", "MN-ORE", "SUP-SJ"), 58_000, "7.20")?;
    receive(institute, ("MO-0805", "MN-ORE", "SUP-XT"), 61_000, "6.80")?;
    receive(institute, ("MO-0806", "MN-ORE", "SUP-SJ"), 66_000, "7.00")?;
    receive(institute, ("MO-0807", "MN-ORE", "SUP-XT"), 60_000, "6.60")?;
    receive(institute, ("AC-0803", "H2SO4", "SUP-XT"), 120_000, "2.00")
}

/// One campaign: four steps, five lots.
pub(super) fn campaign(institute: &mut Institute, run: &Run) -> Result<()> {
    let name = |prefix: &str| format!("{prefix}-{}", run.short);
    let (liquor, residue, pure, product, mother) =
        (name("ML"), name("MR"), name("MP"), name("MS"), name("MM"));
    let ore = ["MO-0803", "MO-0804", "MO-0805", "MO-0806", "MO-0807"][run.index % 5];
    let day = run.day.as_str();
    let feed = [(ore, Some(10_000)), ("AC-0803", Some(4_800))];
    let out = [(liquor.as_str(), "MN-LIQ", "0.55", "72.00"), (residue.as_str(), "MN-RES", "0.31", "28.00")];
    process(institute, WHO, "leaching", &feed, &out, day)?;
    sample(institute, "shift", &liquor, &format!("{liquor}-1"), "routine")?;
    institute.pass(20);
    process(institute, WHO, "purification", &[(&liquor, None)], &[(&pure, "MN-PUR", "0.97", "70.00")], day)?;
    sample(institute, "shift", &pure, &format!("{pure}-1"), "routine")?;
    institute.pass(20);
    let out = [(product.as_str(), "MSM", "0.72", "0.10"), (mother.as_str(), "MN-ML", "0.26", "64.00")];
    process(institute, "shift", "crystallisation", &[(&pure, None)], &out, day)
}

/// Samples of a campaign: residue and mother liquor once, the product by three increments and one kept back.
pub(super) fn take(institute: &mut Institute, run: &Run) -> Result<()> {
    let day = &run.short;
    for prefix in ["MR", "MM"] {
        sample(institute, "shift", &format!("{prefix}-{day}"), &format!("{prefix}-{day}-1"), "routine")?;
    }
    for part in 1..=4 {
        let purpose = if part == 4 { "retained" } else { "routine" };
        sample(institute, "shift", &format!("MS-{day}"), &format!("MS-{day}-{part}"), purpose)?;
    }
    Ok(())
}

/// The samples of a campaign that go to the plasma, in the order of the rack.
fn measured(run: &Run) -> [String; 6] {
    [("ML", 1), ("MP", 1), ("MM", 1), ("MS", 1), ("MS", 2), ("MS", 3)]
        .map(|(prefix, part)| format!("{prefix}-{}-{part}", run.short))
}

/// The contents of a position, in the order of [`ICP_MN`].
fn contents(institute: &mut Institute, code: &str, spoilt: &[(&str, f64)]) -> Vec<f64> {
    let base: [f64; 12] = match &code[..2] {
        "MS" => [31.98, 4.1, 18.0, 16.0, 9.0, 12.0, 0.6, 0.4, 2.1, 3.2, 2.8, 0.5],
        "MM" => [20.4, 310.0, 640.0, 820.0, 900.0, 1500.0, 6.0, 3.0, 45.0, 60.0, 52.0, 3.1],
        "MP" => [30.6, 9.0, 95.0, 180.0, 110.0, 240.0, 1.1, 0.7, 4.6, 6.5, 5.8, 1.0],
        _ => [26.3, 5_200.0, 2_400.0, 2_100.0, 480.0, 640.0, 31.0, 4.8, 160.0, 90.0, 71.0, 12.0],
    };
    let mut all = Vec::new();
    for (analyte, base) in ICP_MN.iter().zip(base) {
        let scatter = if analyte.0 == "Mn" { 0.15 } else { 9.0 };
        let spoilt = spoilt.iter().find(|(name, _)| *name == analyte.0).map(|(_, value)| *value);
        let chance = institute.chance.about(base, scatter);
        all.push(spoilt.unwrap_or(chance));
    }
    all
}

/// What went wrong on purpose: the run, the lots, the analyte and its content.
const SPOILT: &[(&str, &str, &str, f64)] = &[
    ("0831", "MS", "Cd", 8.2),
    ("0921", "MS", "Zn", 13.9),
    ("1016", "MS", "Fe", 11.4),
    ("1030", "MS", "Ca", 57.0),
];

/// The day's ICP run: blank, control, samples, control, samples, control. On 21 September the second control
/// drifts in cadmium and takes along what stands between its neighbours.
pub(super) fn measure(institute: &mut Institute, run: &Run) -> Result<()> {
    let mut rack = vec![blank(ICP_MN), control("QCM-2601", ICP_MN)];
    for (at, code) in measured(run).iter().enumerate() {
        if at == 3 {
            let mut second = control("QCM-2601", ICP_MN);
            if run.short == "0921" {
                second.contents[7] *= 1.13;
            }
            rack.push(second);
        }
        let is = |one: &&(&str, &str, &str, f64)| one.0 == run.short && code.starts_with(one.1);
        let spoilt: Vec<(&str, f64)> = SPOILT.iter().filter(is).map(|one| (one.2, one.3)).collect();
        let contents = contents(institute, code, &spoilt);
        rack.push(Position { label: code.clone(), kind: Kind::Sample, contents });
    }
    rack.push(control("QCM-2601", ICP_MN));
    // From mid October on the plasma runs a little rich in magnesium: within tolerance, yet one-sided.
    if run.index >= 11 {
        let drifting = rack.iter_mut().filter(|position| position.kind == Kind::Control);
        drifting.for_each(|position| position.contents[3] *= 1.021);
    }
    let file = instrument::icp(&mut institute.chance, &run.european(), &channels(ICP_MN), &rack);
    let who = if run.index == 3 { "trainee" } else { "analyst" };
    laboratory::import(institute, who, ("ICP-MN-01", "ICP-1"), &format!("icp-mn-{}.csv", run.short), &file)?;
    Ok(())
}

/// The residue is screened on the other spectrometer, one file a sample, and the product's moisture is
/// weighed.
pub(super) fn screen(institute: &mut Institute, run: &Run) -> Result<()> {
    let residue = [5.6, 7.9, 41.0, 9.4, 11.2, 2.1, 0.9, 12.5];
    let rows: Vec<_> =
        SCREENING.iter().zip(residue).map(|((name, z, line), value)| (*name, *z, *line, value)).collect();
    let file = instrument::screening(&mut institute.chance, &rows);
    let name = format!("MR-{}-1.csv", run.short);
    laboratory::import(institute, "analyst2", ("XRF-SC-03", "XRF-2"), &name, &file)?;
    let moisture = institute.chance.about(0.10, 12.0);
    laboratory::weigh(institute, &format!("MS-{}-1", run.short), "moisture", moisture)
}

/// The contaminated lot of 31 August is dissolved again and crystallised anew.
pub(super) fn work_up(institute: &mut Institute, run: &Run) -> Result<()> {
    let out = [("MS-0831-R", "MSM", "0.93", "0.10"), ("MM-0831-R", "MN-ML", "0.05", "60.00")];
    let why = "Cadmium removed by sulphide precipitation, crystallised anew; procedure RW-02 (invented)";
    rework(institute, WHO, why, &[("MS-0831", None)], &out, &run.day)?;
    sample(institute, "shift", "MS-0831-R", "MS-0831-R1", "routine")?;
    let mut rack = vec![blank(ICP_MN), control("QCM-2601", ICP_MN)];
    let contents = contents(institute, "MS-0831-R1", &[]);
    rack.push(Position { label: "MS-0831-R1".to_owned(), kind: Kind::Sample, contents });
    rack.push(control("QCM-2601", ICP_MN));
    let file = instrument::icp(&mut institute.chance, &run.european(), &channels(ICP_MN), &rack);
    institute.at(&run.at("15:00"))?;
    laboratory::import(institute, "analyst", ("ICP-MN-01", "ICP-1"), "icp-mn-rework.csv", &file)?;
    Ok(())
}

/// The product is packed in two halves.
pub(super) fn split(institute: &mut Institute, run: &Run) -> Result<()> {
    let lot = format!("MS-{}", run.short);
    let (a, b) = (format!("{lot}-A"), format!("{lot}-B"));
    let half =
        |code: &str| json!({"code": code, "mass_kg_wet": "2000", "packages": 80, "mass_kg_gross": "2016"});
    let fields = json!({"lot": institute.id(&lot)?, "outputs": [half(&a), half(&b)]});
    institute.give("shift", "lot.split", fields)?;
    know(institute, &a)?;
    know(institute, &b)
}

/// Two halves become one blend.
pub(super) fn blend(institute: &mut Institute, code: &str, from: [&str; 2], day: &str) -> Result<()> {
    let inputs = [json!({"lot": institute.id(from[0])?}), json!({"lot": institute.id(from[1])?})];
    let fields = json!({"inputs": inputs, "output": {"code": code, "produced_on": day}});
    institute.give("shift", "lot.blend", fields)?;
    know(institute, code)
}

/// A run of one sample, as somebody in a hurry makes it.
pub(super) fn one_sample(institute: &mut Institute, day: &str, code: &str) -> Vec<u8> {
    let contents = contents(institute, code, &[]);
    let sample = Position { label: code.to_owned(), kind: Kind::Sample, contents };
    let rack = [blank(ICP_MN), control("QCM-2601", ICP_MN), sample, control("QCM-2601", ICP_MN)];
    instrument::icp(&mut institute.chance, day, &channels(ICP_MN), &rack)
}

/// Two files that ask: one measures again what has results, one names samples that nobody registered.
pub(super) fn undecided(institute: &mut Institute) -> Result<()> {
    let file = one_sample(institute, "20/11/2026", "MP-1113-1");
    laboratory::import(institute, "analyst", ("ICP-MN-01", "ICP-1"), "icp-mn-again.csv", &file)?;
    let samples = [("MR 1119 (IND) - 4".to_owned(), 0.41, 6.2), ("MR 1118 (IND) - 5".to_owned(), 0.44, 6.0)];
    let file = instrument::combustion(&mut institute.chance, "11/20/2026", &samples);
    laboratory::import(institute, "analyst", ("CS-04", "CS-1"), "eltra-1120.txt", &file)?;
    Ok(())
}
