//! The rare-earth line: concentrate, leach, solvent extraction; La-Ce carbonate, Pr-Nd oxide, heavy
//! concentrate.

use anyhow::Result;

use super::chance::Chance;
use super::institute::Institute;
use super::instrument::{self, Kind, Position};
use super::laboratory::{ICP_RE, XRF_RE, blank, channels, control};
use super::plant::{process, receive, sample};
use super::{Run, laboratory};

/// Concentrate and acid for the season.
pub(super) fn deliveries(institute: &mut Institute) -> Result<()> {
    receive(institute, ("RC-0803", "RE-CON", "SUP-BY"), 24_000, "3.40")?;
    receive(institute, ("RC-0805", "RE-CON", "SUP-BY"), 22_500, "3.10")?;
    receive(institute, ("AC-0805", "H2SO4", "SUP-BY"), 40_000, "2.00")
}

/// One campaign: leach and separation, five lots.
pub(super) fn campaign(institute: &mut Institute, run: &Run) -> Result<()> {
    let name = |prefix: &str| format!("{prefix}-{}", run.short);
    let (liquor, tails, carbonate, oxide, heavy) =
        (name("RL"), name("RR"), name("LC"), name("PN"), name("SG"));
    let concentrate = ["RC-0803", "RC-0805"][run.index / 2 % 2];
    let day = run.day.as_str();
    let feed = [(concentrate, Some(3_000)), ("AC-0805", Some(1_400))];
    let out = [(liquor.as_str(), "RE-LIQ", "0.58", "68.00"), (tails.as_str(), "RE-RES", "0.34", "22.00")];
    process(institute, "metallurgist2", "leaching", &feed, &out, day)?;
    sample(institute, "shift2", &liquor, &format!("{liquor}-1"), "routine")?;
    institute.pass(30);
    let out = [
        (carbonate.as_str(), "LACE", "0.55", "4.00"),
        (oxide.as_str(), "PRND", "0.17", "0.10"),
        (heavy.as_str(), "SEG", "0.05", "1.00"),
    ];
    process(institute, "metallurgist2", "solvent extraction", &[(&liquor, None)], &out, day)
}

/// Samples of a campaign.
pub(super) fn take(institute: &mut Institute, run: &Run) -> Result<()> {
    // The second shift supervisor may no longer sample the oxide after 15 September.
    let who = if run.day.as_str() < "2026-09-16" { "shift2" } else { "shift" };
    for (prefix, parts) in [("LC", 2), ("PN", 2), ("SG", 1)] {
        for part in 1..=parts {
            let lot = format!("{prefix}-{}", run.short);
            sample(institute, who, &lot, &format!("{lot}-{part}"), "routine")?;
        }
    }
    Ok(())
}

fn samples(run: &Run) -> Vec<String> {
    let parts = [("RL", 1), ("LC", 2), ("PN", 2), ("SG", 1)];
    parts
        .iter()
        .flat_map(|(prefix, n)| (1..=*n).map(move |part| format!("{prefix}-{}-{part}", run.short)))
        .collect()
}

/// Oxides in mass-% of the dry solids, in the order of [`XRF_RE`].
fn oxides(institute: &mut Institute, code: &str) -> Vec<f64> {
    let base: [f64; 19] = match &code[..2] {
        "LC" => [
            15.1, 28.7, 0.04, 0.06, 0.01, 0.004, 0.01, 0.003, 0.004, 0.002, 0.003, 0.002, 0.002, 0.002, 0.01,
            0.02, 0.03, 0.12, 0.02,
        ],
        "PN" => [
            0.02, 0.03, 24.6, 74.55, 0.02, 0.004, 0.01, 0.003, 0.006, 0.003, 0.003, 0.002, 0.002, 0.002,
            0.01, 0.03, 0.02, 0.02, 0.02,
        ],
        "SG" => [
            0.05, 0.06, 0.1, 0.4, 31.0, 6.2, 24.5, 2.9, 9.8, 1.4, 2.6, 0.3, 1.4, 0.2, 14.1, 0.1, 0.2, 0.4,
            0.2,
        ],
        _ => [
            12.4, 23.8, 2.1, 7.6, 0.9, 0.2, 0.5, 0.06, 0.2, 0.03, 0.05, 0.01, 0.03, 0.01, 0.5, 1.4, 0.6, 2.8,
            0.7,
        ],
    };
    let scatter = |content: f64| institute.chance.about(content, if content > 1.0 { 0.25 } else { 8.0 });
    let mut contents: Vec<f64> = base.into_iter().map(scatter).collect();
    if let Some([iron, calcium, silicon, aluminium]) = traces(code) {
        // Fe2O3, SiO2, CaO, Al2O3 in mass-%, from the elements in mg/kg: atomic masses of IUPAC 2021.
        let oxides = [iron * 1.42973, silicon * 2.13932, calcium * 1.39920, aluminium * 1.88946];
        contents.splice(15.., oxides.map(|content| content / 1e4));
    }
    contents
}

/// Fe, Ca, Si and Al of a sample of the two products in mg/kg, the same for whichever instrument looks.
fn traces(code: &str) -> Option<[f64; 4]> {
    let base = match &code[..2] {
        "PN" => [210.0, 140.0, 90.0, 110.0],
        "LC" => [150.0, 860.0, 130.0, 95.0],
        _ => return None,
    };
    let mut chance = Chance::new(code.bytes().fold(7, |seed, byte| seed * 31 + u64::from(byte)));
    let mut contents = base.map(|content| chance.about(content, 7.0));
    if code.starts_with("PN-0928") {
        // One campaign caught iron from a corroded spout.
        contents[0] *= 4.1;
    }
    Some(contents)
}

/// The day's beads, with the control at both ends.
pub(super) fn measure(institute: &mut Institute, run: &Run) -> Result<()> {
    let mut rack = vec![control("QCR-2601", XRF_RE)];
    for code in samples(run) {
        let contents = oxides(institute, &code);
        rack.push(Position { label: code, kind: Kind::Sample, contents });
    }
    rack.push(control("QCR-2601", XRF_RE));
    let file = instrument::xrf(&mut institute.chance, &run.slashed(), &channels(XRF_RE), &rack);
    laboratory::import(
        institute,
        "analyst2",
        ("XRF-RE-01", "XRF-1"),
        &format!("reo-{}.csv", run.short),
        &file,
    )?;
    Ok(())
}

/// Impurities of the two products, in mg/kg.
pub(super) fn impurities(institute: &mut Institute, run: &Run) -> Result<()> {
    let mut rack = vec![blank(ICP_RE), control("QCP-2601", ICP_RE)];
    for code in samples(run).iter().filter(|code| code.starts_with("PN") || code.starts_with("LC")) {
        let base: [f64; 10] = match &code[..2] {
            "PN" => [210.0, 140.0, 90.0, 110.0, 35.0, 12.0, 6.0, 4.0, 3.0, 5.0],
            _ => [150.0, 860.0, 130.0, 95.0, 420.0, 22.0, 9.0, 6.0, 4.0, 6.0],
        };
        let mut contents: Vec<f64> =
            base.into_iter().map(|content| institute.chance.about(content, 7.0)).collect();
        contents.splice(..4, traces(code).into_iter().flatten());
        rack.push(Position { label: code.clone(), kind: Kind::Sample, contents });
    }
    rack.push(control("QCP-2601", ICP_RE));
    let file = instrument::icp(&mut institute.chance, &run.european(), &channels(ICP_RE), &rack);
    laboratory::import(
        institute,
        "analyst",
        ("ICP-RE-02", "ICP-1"),
        &format!("icp-re-{}.csv", run.short),
        &file,
    )?;
    Ok(())
}

/// Loss on ignition of the two products, weighed and typed.
pub(super) fn ignite(institute: &mut Institute, run: &Run) -> Result<()> {
    for (prefix, loss) in [("LC", 27.8), ("PN", 0.42)] {
        let value = institute.chance.about(loss, 2.0);
        laboratory::weigh(institute, &format!("{prefix}-{}-1", run.short), "LOI", value)?;
    }
    Ok(())
}
