//! The season, day by day.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::json;

use super::institute::Institute;
use super::tour::Tour;
use super::{Run, balance, grinding, laboratory, manganese, people, plant, quality, rare_earth};

/// The days of the season. All lie after the twelfth of their month, so that nobody can read 13/08 as an
/// American date.
const DAYS: [&str; 22] = [
    "2026-08-13",
    "2026-08-17",
    "2026-08-20",
    "2026-08-24",
    "2026-08-27",
    "2026-08-31",
    "2026-09-14",
    "2026-09-17",
    "2026-09-21",
    "2026-09-24",
    "2026-09-28",
    "2026-10-13",
    "2026-10-16",
    "2026-10-20",
    "2026-10-23",
    "2026-10-27",
    "2026-10-30",
    "2026-11-13",
    "2026-11-16",
    "2026-11-18",
    "2026-11-19",
    "2026-11-20",
];

/// How far the laboratory has come with the last days: what waits today.
const MEASURED: usize = 21;
const REVIEWED: usize = 20;
const RELEASED: usize = 19;
const DECIDED: usize = 18;

/// Methods that measure every day, and those of the rare-earth days, with who reviews each.
const DAILY: [(&str, &str); 3] =
    [("ICP-MN-01", "analyst2"), ("XRF-SC-03", "analyst"), ("GRAV-05", "analyst2")];
const SEPARATION: [(&str, &str); 2] = [("XRF-RE-01", "analyst"), ("ICP-RE-02", "analyst2")];

/// Makes the institute in an empty folder. With `receipts`, says of each command which entry it ended with,
/// once that is committed.
///
/// # Errors
/// A folder that holds data, or a command that is not answered as the story says.
pub fn make(folder: &Path, receipts: bool) -> Result<Tour> {
    let mut institute = Institute::open(folder, receipts)?;
    found(&mut institute)?;
    for (index, day) in DAYS.iter().enumerate() {
        let run = Run::new(index, day);
        produce(&mut institute, &run)?;
        measure(&mut institute, &run)?;
        sign(&institute, &run)?;
        decide(&mut institute, &run)?;
    }
    institute.at("2026-11-20 19:00")?;
    waiting(&mut institute)?;
    institute.work()?;
    institute.store.publish()?;
    Tour::of(&institute)
}

fn found(institute: &mut Institute) -> Result<()> {
    institute.at("2026-08-03 08:30")?;
    people::found(institute)?;
    institute.at("2026-08-03 10:00")?;
    laboratory::set_up(institute)?;
    plant::set_up(institute)?;
    quality::set_up(institute)?;
    institute.at("2026-08-03 16:00")?;
    people::authorise(institute)?;
    balance::set_up(institute)?;
    institute.at("2026-08-06 09:00")?;
    manganese::deliveries(institute)?;
    rare_earth::deliveries(institute)
}

fn produce(institute: &mut Institute, run: &Run) -> Result<()> {
    institute.at(&run.at("07:30"))?;
    manganese::campaign(institute, run)?;
    manganese::take(institute, run)?;
    if run.separates() {
        institute.at(&run.at("09:30"))?;
        rare_earth::campaign(institute, run)?;
        rare_earth::take(institute, run)?;
    }
    if run.short == "0914" {
        manganese::work_up(institute, run)?;
    }
    Ok(())
}

fn measure(institute: &mut Institute, run: &Run) -> Result<()> {
    institute.at(&run.at("16:00"))?;
    if run.index >= MEASURED {
        return Ok(());
    }
    if run.short == "1013" {
        lapsed(institute)?;
    }
    manganese::measure(institute, run)?;
    manganese::screen(institute, run)?;
    if run.separates() {
        rare_earth::measure(institute, run)?;
        rare_earth::impurities(institute, run)?;
        rare_earth::ignite(institute, run)?;
    }
    Ok(())
}

/// The trainee's authorisation ended on 1 October; a file in hand does not help.
fn lapsed(institute: &mut Institute) -> Result<()> {
    let file = manganese::one_sample(institute, "13/10/2026", "MP-1013-1");
    match laboratory::import(institute, "trainee", ("ICP-MN-01", "ICP-1"), "icp-mn-late.csv", &file) {
        Err(error) if format!("{error:#}").contains("authorisation-lapsed") => Ok(()),
        Err(error) => bail!("the trainee was to be refused as lapsed, not: {error:#}"),
        Ok(_) => bail!("the trainee was to be refused"),
    }
}

fn sign(institute: &Institute, run: &Run) -> Result<()> {
    let methods = DAILY.iter().chain(SEPARATION.iter().filter(|_| run.separates()));
    institute.at(&run.at("17:00"))?;
    for (method, reviewer) in methods.clone().filter(|_| run.index < REVIEWED) {
        laboratory::review(institute, if run.short == "0917" { "labhead2" } else { reviewer }, method)?;
    }
    if run.short == "0917" {
        let result = super::rows::result(&institute.store, "MS-0917-1", "Fe")?.to_string();
        let fields = json!({"results": [result]});
        institute.refused("labhead2", "result.release", fields, "result-same-person")?;
    }
    institute.at(&run.at("17:30"))?;
    for (method, _) in methods.filter(|_| run.index < RELEASED) {
        laboratory::release(institute, "labhead", method)?;
    }
    Ok(())
}

fn decide(institute: &mut Institute, run: &Run) -> Result<()> {
    institute.at(&run.at("18:30"))?;
    if run.index < DECIDED {
        quality::decide(institute, run)?;
    }
    incidents(institute, run)
}

fn incidents(institute: &mut Institute, run: &Run) -> Result<()> {
    let day = run.day.as_str();
    match run.short.as_str() {
        "0817" => {
            manganese::split(institute, &Run::new(0, "2026-08-13"))?;
            manganese::split(institute, run)?;
            manganese::blend(institute, "MB-0817", ["MS-0813-B", "MS-0817-B"], day)?;
        }
        "0820" => {
            let fields = json!({"lot": institute.id("PN-0820")?});
            institute.refused("quality2", "lot.release", fields, "authorisation-missing")?;
            quality::certify(institute, "MS-0820", "CUS-BH", "BH-2026-031")?;
            quality::ship(institute, "MS-0820", "CUS-BH", 2_500)?;
        }
        "0827" => quality::certify(institute, "PN-0827", "CUS-NM", "NM-2026-141")?,
        "0831" => quality::reject(
            institute,
            "MS-0831",
            "Cadmium 8.2 mg/kg, limit 5; contaminated at the purification filter",
        )?,
        "0914" => {
            institute.give("quality", "lot.release", json!({"lot": institute.id("MS-0831-R")?}))?;
            people::withdraw(institute)?;
            quality::hold(institute, "analyst2", "PN-0914", "Bead cracked; neodymium to be looked at again")?;
        }
        "0917" => {
            quality::lift(institute, "quality", "PN-0914", "Second bead within 0.2 %; see XRF journal")?
        }
        "0921" => quality::hold(
            institute,
            "labhead",
            "MS-0921",
            "Cadmium control failed and zinc is above the limit",
        )?,
        "0924" => {
            quality::answer_for_cadmium(institute)?;
            quality::supersede(institute, "PN-0827")?;
            quality::certify(institute, "LC-0914", "CUS-KC", "KC-2026-009")?;
        }
        "0928" => quality::reject(
            institute,
            "PN-0928",
            "Iron above the limit: corroded spout, replaced on 29 September",
        )?,
        "1020" => {
            quality::concede(institute)?;
            quality::certify(institute, "MS-1016", "CUS-SF", "SF-2026-118")?;
        }
        "1027" => quality::certify(institute, "MS-1027", "CUS-BH", "BH-2026-044")?,
        "1030" => quality::ship(institute, "MS-1027", "CUS-BH", 2_500)?,
        "1113" => {
            let found = "Filter cloth of 27 October found torn; solids may have passed";
            quality::hold(institute, "shift", "ML-1027", found)?;
            let fields = json!({"lot": institute.id("AC-0803")?, "change_kg_wet": "-35",
            "#because": "Stock-take of 13 November"});
            institute.give("metallurgist", "lot.adjust", fields)?;
        }
        _ => {}
    }
    Ok(())
}

/// What lies on people's desks this evening, beside the runs of the last days.
fn waiting(institute: &mut Institute) -> Result<()> {
    let fields = json!({"lot": institute.id("MS-1116")?});
    institute.refused("shift", "lot.release", fields, "permission-role")?;
    manganese::undecided(institute)?;
    balance::close(institute)?;
    grinding::close(institute)
}
