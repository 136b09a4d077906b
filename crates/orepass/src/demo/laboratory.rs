//! The laboratory: methods, instruments, reference materials; and the days on which it measures.

use anyhow::{Context, Result};
use kernel::MethodId;
use serde_json::{Value, json};

use super::institute::{Institute, order};
use super::instrument::{Channel, Kind, Position};
use super::rows;

/// An analyte of a method: name, channel, unit, noise (one standard deviation near zero), scatter in %, what
/// the control material holds.
pub(super) type Analyte = (&'static str, &'static str, &'static str, f64, f64, f64);

/// Manganese and its companions by ICP-OES.
pub(super) const ICP_MN: &[Analyte] = &[
    ("Mn", "257.610", "%", 0.0004, 0.12, 31.95),
    ("Fe", "259.940", "mg/kg", 0.15, 1.4, 20.0),
    ("Ca", "317.933", "mg/kg", 0.3, 1.2, 60.0),
    ("Mg", "279.553", "mg/kg", 0.2, 1.2, 60.0),
    ("K", "766.491", "mg/kg", 0.5, 1.6, 40.0),
    ("Na", "589.592", "mg/kg", 0.5, 1.6, 40.0),
    ("Pb", "220.353", "mg/kg", 0.08, 1.5, 10.0),
    ("Cd", "214.439", "mg/kg", 0.02, 1.3, 10.0),
    ("Zn", "213.857", "mg/kg", 0.05, 1.3, 20.0),
    ("Ni", "231.604", "mg/kg", 0.06, 1.4, 20.0),
    ("Co", "228.615", "mg/kg", 0.06, 1.4, 20.0),
    ("Cu", "327.395", "mg/kg", 0.05, 1.4, 10.0),
];

/// Impurities of rare-earth products by ICP-OES.
pub(super) const ICP_RE: &[Analyte] = &[
    ("Fe", "259.940", "mg/kg", 0.2, 1.4, 50.0),
    ("Ca", "317.933", "mg/kg", 0.3, 1.3, 50.0),
    ("Si", "251.611", "mg/kg", 0.5, 1.8, 50.0),
    ("Al", "396.152", "mg/kg", 0.3, 1.5, 50.0),
    ("Na", "589.592", "mg/kg", 0.5, 1.6, 50.0),
    ("K", "766.491", "mg/kg", 0.5, 1.6, 50.0),
    ("Zn", "213.857", "mg/kg", 0.05, 1.4, 20.0),
    ("Pb", "220.353", "mg/kg", 0.1, 1.5, 20.0),
    ("Cu", "327.395", "mg/kg", 0.05, 1.4, 20.0),
    ("Ni", "231.604", "mg/kg", 0.06, 1.4, 20.0),
];

/// Rare-earth oxides by XRF on fused beads.
pub(super) const XRF_RE: &[Analyte] = &[
    ("La2O3", "", "mass%", 0.004, 0.25, 15.20),
    ("CeO2", "", "mass%", 0.004, 0.25, 28.40),
    ("Pr6O11", "", "mass%", 0.004, 0.3, 12.30),
    ("Nd2O3", "", "mass%", 0.004, 0.25, 34.10),
    ("Sm2O3", "", "mass%", 0.003, 0.4, 2.10),
    ("Eu2O3", "", "mass%", 0.003, 0.5, 0.50),
    ("Gd2O3", "", "mass%", 0.003, 0.5, 1.20),
    ("Tb4O7", "", "mass%", 0.003, 0.6, 0.30),
    ("Dy2O3", "", "mass%", 0.003, 0.6, 0.60),
    ("Ho2O3", "", "mass%", 0.003, 0.6, 0.20),
    ("Er2O3", "", "mass%", 0.003, 0.6, 0.30),
    ("Tm2O3", "", "mass%", 0.003, 0.6, 0.15),
    ("Yb2O3", "", "mass%", 0.003, 0.6, 0.20),
    ("Lu2O3", "", "mass%", 0.003, 0.6, 0.15),
    ("Y2O3", "", "mass%", 0.003, 0.4, 2.00),
    ("Fe2O3", "", "mass%", 0.002, 0.6, 0.40),
    ("SiO2", "", "mass%", 0.004, 0.8, 0.50),
    ("CaO", "", "mass%", 0.002, 0.6, 0.40),
    ("Al2O3", "", "mass%", 0.004, 0.8, 0.40),
];

/// What each screening looks for: compound, atomic number, line.
pub(super) const SCREENING: &[(&str, u32, &str)] = &[
    ("MnO", 25, "Mn"),
    ("Fe2O3", 26, "Fe"),
    ("SiO2", 14, "Si"),
    ("Al2O3", 13, "Al"),
    ("CaO", 20, "Ca"),
    ("MgO", 12, "Mg"),
    ("P2O5", 15, "P"),
    ("SO3", 16, "S"),
];

/// The channels of an instrument for a method.
pub(super) fn channels(analytes: &'static [Analyte]) -> Vec<Channel> {
    let one = |(name, line, unit, noise, relative, _): &Analyte| {
        let name: &'static str = match *line {
            "" => name,
            line => ICP_NAMES
                .iter()
                .copied()
                .find(|full| full.ends_with(line) && full.starts_with(name))
                .unwrap_or(name),
        };
        Channel { name, unit, noise: *noise, relative: *relative }
    };
    analytes.iter().map(one).collect()
}

const ICP_NAMES: &[&str] = &[
    "Mn 257.610",
    "Fe 259.940",
    "Ca 317.933",
    "Mg 279.553",
    "K 766.491",
    "Na 589.592",
    "Pb 220.353",
    "Cd 214.439",
    "Zn 213.857",
    "Ni 231.604",
    "Co 228.615",
    "Cu 327.395",
    "Si 251.611",
    "Al 396.152",
];

/// The control material of a method as a position of a run.
pub(super) fn control(label: &str, analytes: &[Analyte]) -> Position {
    let contents = analytes.iter().map(|analyte| analyte.5).collect();
    Position { label: label.to_owned(), kind: Kind::Control, contents }
}

/// A blank.
pub(super) fn blank(analytes: &[Analyte]) -> Position {
    Position { label: "Blank".to_owned(), kind: Kind::Blank, contents: vec![0.0; analytes.len()] }
}

fn spec(analyte: &Analyte, blanks: bool, basis: &str) -> Value {
    let (name, line, unit, noise, relative, content) = *analyte;
    let unit = if unit == "mass%" { "%" } else { unit };
    let text = |value: f64| format!("{value:.5}").trim_end_matches('0').trim_end_matches('.').to_owned();
    // Four and a half standard deviations at the content of the control, 1.5 % at least.
    let at_content = (relative.powi(2) + (100.0 * noise / content).powi(2)).sqrt();
    let tolerance = (4.5 * at_content).max(1.5);
    let mut spec = json!({
        "analyte": name, "unit": unit, "basis": basis,
        "lod": text(3.0 * noise), "loq": text(10.0 * noise),
        "range_high": if unit == "%" { "100" } else { "100000" },
        "uncertainty_percent": text(2.5 * relative), "uncertainty_absolute": text(4.0 * noise),
        "reference_required": "yes", "reference_percent": text(tolerance),
    });
    if line.is_empty() {
        return spec;
    }
    spec["channel"] = json!(line);
    if blanks {
        spec["blank_limit"] = json!(text(10.0 * noise));
    }
    spec
}

fn plain(name: &str, basis: &str, percent: &str) -> Value {
    json!({"analyte": name, "unit": "%", "basis": basis, "uncertainty_percent": percent})
}

/// Code, English and Chinese name, document, preparation.
type Named = (&'static str, &'static str, &'static str, &'static str, &'static str);

const METHODS: [Named; 6] = [
    (
        "ICP-MN-01",
        "Manganese sulphate by ICP-OES",
        "ICP-OES 法测定硫酸锰",
        "SOP-L-011",
        "1 g in 100 mL of 2 % nitric acid",
    ),
    (
        "XRF-RE-01",
        "Rare-earth oxides by XRF on fused beads",
        "熔片 XRF 法测定稀土氧化物",
        "SOP-L-021",
        "fused bead, 1:10",
    ),
    (
        "ICP-RE-02",
        "Impurities of rare-earth products by ICP-OES",
        "ICP-OES 法测定稀土产品杂质",
        "SOP-L-022",
        "microwave digestion",
    ),
    ("XRF-SC-03", "Screening by XRF on pressed powder", "压片 XRF 筛查", "SOP-L-031", "pressed pellet"),
    ("CS-04", "Carbon and sulphur by combustion", "燃烧法测定碳硫", "SOP-L-041", "dried at 105 °C"),
    ("GRAV-05", "Moisture and loss on ignition", "水分与灼烧减量", "SOP-L-051", "105 °C; 950 °C"),
];

fn analytes(method: &str) -> Vec<Value> {
    match method {
        "ICP-MN-01" => ICP_MN.iter().map(|one| spec(one, true, "dry")).collect(),
        "ICP-RE-02" => ICP_RE.iter().map(|one| spec(one, true, "dry")).collect(),
        "XRF-RE-01" => XRF_RE.iter().map(|one| spec(one, false, "dry")).collect(),
        "XRF-SC-03" => SCREENING.iter().map(|(name, ..)| plain(name, "dry", "5")).collect(),
        "CS-04" => vec![plain("C", "dry", "3"), plain("S", "dry", "4")],
        _ => vec![plain("moisture", "as_received", "3"), plain("LOI", "dry", "2")],
    }
}

/// Code, English and Chinese name, serial number, calibration certificate, its first and last day.
type Machine =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const INSTRUMENTS: [Machine; 5] = [
    (
        "ICP-1",
        "ICP-OES, Vista-PRO layout",
        "电感耦合等离子体发射光谱仪",
        "DEMO-0401",
        "CAL-26-011",
        "2026-06-01",
        "2027-06-01",
    ),
    (
        "XRF-1",
        "XRF, Supermini layout",
        "波长色散 X 荧光光谱仪（熔片）",
        "DEMO-0217",
        "CAL-26-007",
        "2026-03-15",
        "2026-12-12",
    ),
    (
        "XRF-2",
        "XRF, S8 Tiger layout",
        "X 荧光光谱仪（压片）",
        "DEMO-0330",
        "CAL-26-009",
        "2026-04-01",
        "2027-04-01",
    ),
    (
        "CS-1",
        "Combustion analyser, CS-2000 layout",
        "碳硫分析仪",
        "DEMO-0111",
        "CAL-26-004",
        "2026-02-01",
        "2027-02-01",
    ),
    ("BAL-1", "Analytical balance", "分析天平", "DEMO-0092", "CAL-26-002", "2026-01-10", "2027-01-10"),
];

/// Methods, instruments with calibrations, reference materials.
pub(super) fn set_up(institute: &mut Institute) -> Result<()> {
    for (code, en, zh, document, preparation) in METHODS {
        let method = institute.make(
            code,
            "labhead",
            "method.define",
            json!({"code": code, "names": {"en": en, "zh": zh}}),
        )?;
        let version = json!({
            "method": method.to_string(), "edition": "2026", "in_force_from": "2026-01-05",
            "document": document,
            "preparation": preparation, "reviewer_differs": "yes", "releaser_differs": "yes",
            "analytes": analytes(code),
        });
        institute.make(&format!("{code} 2026"), "labhead", "method.issue_version", version)?;
    }
    for (code, en, zh, serial, certificate, from, until) in INSTRUMENTS {
        let fields = json!({"code": code, "names": {"en": en, "zh": zh}, "serial": serial});
        let instrument = institute.make(code, "labhead", "instrument.register", fields)?;
        let window = json!({
            "instrument": instrument.to_string(), "certificate": certificate,
            "valid_from": format!("{from}T00:00:00+08:00"), "valid_until": format!("{until}T00:00:00+08:00"),
        });
        institute.make(certificate, "labhead", "instrument.calibrate", window)?;
    }
    for (code, lot, en, zh, expires, analytes) in [
        ("QC-MNS", "QCM-2601", "Manganese sulphate control", "硫酸锰质控样", "2027-06-30", ICP_MN),
        (
            "QC-REO",
            "QCR-2601",
            "Mixed rare-earth oxide control",
            "混合稀土氧化物质控样",
            "2026-12-31",
            XRF_RE,
        ),
        (
            "QC-PRN",
            "QCP-2601",
            "Praseodymium-neodymium oxide control",
            "镨钕氧化物质控样",
            "2027-03-31",
            ICP_RE,
        ),
    ] {
        let fields = json!({"code": code, "names": {"en": en, "zh": zh}, "producer": "Qingshi (synthetic)"});
        let reference = institute.make(code, "labhead", "reference.define", fields)?;
        let value = |(name, _, unit, noise, relative, content): &Analyte| {
            let unit = if *unit == "mass%" { "%" } else { unit };
            let uncertainty = format!("{:.4}", content * relative / 200.0 + noise);
            json!({"analyte": name, "value": format!("{content:.3}"), "unit": unit,
            "uncertainty": uncertainty})
        };
        let fields = json!({
            "reference": reference.to_string(), "code": lot, "expires": expires,
            "certificate": format!("C-{lot}"),
            "values": analytes.iter().map(value).collect::<Vec<_>>(),
        });
        institute.make(lot, "labhead", "reference.add_lot", fields)?;
    }
    Ok(())
}

/// Imports a file as an analyst does on the page.
pub(super) fn import(
    institute: &Institute,
    who: &str,
    (method, instrument): (&str, &str),
    file: &str,
    bytes: &[u8],
) -> Result<laboratory::ImportReceipt> {
    let method: MethodId = institute.record(method)?.try_into()?;
    let instrument = Some(institute.record(instrument)?.try_into()?);
    let zone = Some("Asia/Shanghai".to_owned());
    let context = laboratory::ImportContext { instrument, zone, ..laboratory::ImportContext::of(method) };
    laboratory::import(&institute.store, &institute.actor(who)?, file, bytes, None, &context, &mut |_| {})
        .with_context(|| format!("import {file}"))
}

/// Enters a weighing by hand: marked as typed for ever.
pub(super) fn weigh(institute: &Institute, sample: &str, analyte: &str, value: f64) -> Result<()> {
    let fields = json!({
        "sample": institute.id(sample)?, "method": institute.id("GRAV-05")?, "analyte": analyte,
        "value": format!("{value:.2}"), "instrument": institute.id("BAL-1")?,
    });
    institute.give("analyst", "result.enter", fields)?;
    Ok(())
}

/// All measured results of a method are reviewed, sample by sample.
pub(super) fn review(institute: &Institute, who: &'static str, method: &str) -> Result<()> {
    sign(institute, who, "result.review", method, "measured", |_| true)
}

/// All reviewed results of a method whose quality control stands are released, sample by sample.
pub(super) fn release(institute: &Institute, who: &'static str, method: &str) -> Result<()> {
    let good = |qc: &str| !matches!(qc, "failure" | "not_tested");
    sign(institute, who, "result.release", method, "reviewed", good)
}

fn sign(
    institute: &Institute,
    who: &'static str,
    command: &'static str,
    method: &str,
    workflow: &str,
    good: impl Fn(&str) -> bool,
) -> Result<()> {
    let open = rows::results(&institute.store, method, workflow)?;
    let mut orders = Vec::new();
    for of_sample in open.chunk_by(|a, b| a.sample == b.sample) {
        let some = of_sample.iter().filter(|open| good(&open.qc));
        let results: Vec<String> = some.map(|open| open.result.to_string()).collect();
        if !results.is_empty() {
            orders.push(order(who, command, json!({"results": results})));
        }
    }
    institute.all(orders)?;
    Ok(())
}
