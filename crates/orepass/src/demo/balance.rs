//! Metal balances of the manganese line, month by month. Three have something wrong on purpose: liquor spilt
//! at purification in August; the belt weigher of the residue that reads high in September; in October both,
//! and the assays of the two liquors under each other's name. November closes, and one customer's edition of
//! the specification asks for that.

use anyhow::Result;
use serde_json::{Value, json};

use super::institute::Institute;
use super::rows;

const WHO: &str = "metallurgist";

/// A stream: name, from, to, English, Chinese, dry mass in t, Mn in %, Fe in mg/kg, all as they truly are.
type Stream = (&'static str, &'static str, &'static str, &'static str, &'static str, f64, f64, f64);

const STREAMS: [Stream; 8] = [
    ("ore", "", "leach", "Ore", "原矿", 70.0, 24.0, 30_000.0),
    ("acid", "", "leach", "Acid", "硫酸", 28.0, 0.005, 100.0),
    ("liquor", "leach", "purify", "Leach liquor", "浸出液", 60.0, 26.3, 5_200.0),
    ("residue", "leach", "", "Leach residue", "浸出渣", 38.0, 2.688_947, 47_126.3),
    ("cake", "purify", "", "Purification cake", "净化渣", 10.0, 4.8, 31_155.0),
    ("pure", "purify", "crystallise", "Purified liquor", "净化液", 50.0, 30.6, 9.0),
    ("product", "crystallise", "", "Manganese sulphate", "硫酸锰", 44.04, 31.98, 4.1),
    ("mother", "crystallise", "", "Mother liquor bleed", "母液外排", 5.96, 20.403_154, 45.205),
];

/// Streams whose manganese the laboratory measures, and the first letters of their samples.
const MEASURED: [(&str, &str); 4] = [("liquor", "ML"), ("pure", "MP"), ("mother", "MM"), ("product", "MS")];

/// The flowsheet, and who may close its balances.
pub(super) fn set_up(institute: &mut Institute) -> Result<()> {
    let fields = json!({"code": "MN-LINE", "names": {"en": "Manganese sulphate line", "zh": "硫酸锰生产线"}});
    institute.make("MN-LINE", WHO, "flowsheet.define", fields)?;
    let streams = STREAMS.map(|(name, from, to, en, zh, ..)| {
        let mut stream = json!({"name": name, "label_en": en, "label_zh": zh, "target_percent": "0.3"});
        for (key, end) in [("from", from), ("to", to)] {
            if !end.is_empty() {
                stream[key] = json!(end);
            }
        }
        stream
    });
    let node = |name: &str, en: &str, zh: &str, closes: &str| {
        let mut node = json!({"name": name, "label_en": en, "label_zh": zh});
        node["closes_on"] = json!(closes);
        node
    };
    let fields = json!({
        "flowsheet": institute.id("MN-LINE")?, "edition": "1", "unit": "t", "streams": streams,
        "components": [{"name": "Mn", "unit": "%"}, {"name": "Fe", "unit": "mg/kg"}],
        "nodes": [node("leach", "Leaching", "浸出", "residue"),
            node("purify", "Purification", "净化", "cake"),
            node("crystallise", "Crystallisation", "结晶", "mother")],
    });
    institute.make("MN-LINE 1", WHO, "flowsheet.issue_version", fields)?;
    for who in ["metallurgist", "metallurgist2"] {
        let fields = json!({
            "person": institute.id(who)?, "activity": "close", "scope": institute.id("MN-LINE")?,
            "valid_from": "2026-08-03T00:00:00+08:00", "valid_until": "2027-08-03T00:00:00+08:00",
            "basis": "Metallurgical accounting, assessed (invented)",
        });
        institute.make(&format!("{who} close"), "talent", "authorisation.grant", fields)?;
    }
    Ok(())
}

/// What is wrong with a month.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    Spill,
    Weigher,
    /// Both of these, and two assays exchanged.
    All,
    None,
}

/// Code, from, until, the day whose samples stand for the month, days of its products, what is wrong.
type Month = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str], Fault);

const MONTHS: [Month; 4] = [
    (
        "MN-2026-08",
        "2026-08-01",
        "2026-09-01",
        "0820",
        &["0813", "0817", "0820", "0824", "0827"],
        Fault::Spill,
    ),
    ("MN-2026-09", "2026-09-01", "2026-10-01", "0917", &["0914", "0917", "0924", "0928"], Fault::Weigher),
    ("MN-2026-10", "2026-10-01", "2026-11-01", "1020", &["1013", "1020", "1023", "1027"], Fault::All),
    ("MN-2026-11", "2026-11-01", "2026-11-20", "1113", &["1113"], Fault::None),
];

/// The months one after the other, and what the customer's edition makes of two lots.
pub(super) fn close(institute: &mut Institute) -> Result<()> {
    for month in MONTHS {
        open(institute, month)?;
        let fields = json!({"balance": institute.id(month.0)?});
        institute.give(WHO, "balance.reconcile", fields.clone())?;
        match month.5 {
            Fault::None => institute.give(WHO, "balance.finalise", fields).map(|_| ())?,
            _ => institute.refused(WHO, "balance.finalise", fields, "balance-does-not-close")?,
        }
    }
    release(institute)
}

fn open(institute: &mut Institute, (code, from, until, day, products, fault): Month) -> Result<()> {
    let at = |day: &str| format!("{day}T00:00:00+08:00");
    let fields = json!({
        "code": code, "flowsheet_version": institute.id("MN-LINE 1")?, "scope": "month", "from": at(from),
        "until": at(until), "custody": "mass-balance",
    });
    institute.make(code, WHO, "balance.open", fields)?;
    let balance = institute.id(code)?;
    let mut lots = Vec::new();
    for day in products {
        lots.push(institute.id(&format!("MS-{day}"))?);
    }
    institute.give(WHO, "balance.link", json!({"balance": balance, "stream": "product", "lots": lots}))?;
    let mut ores = Vec::new();
    for ore in ["MO-0803", "MO-0804", "MO-0805", "MO-0806", "MO-0807"] {
        ores.push(institute.id(ore)?);
    }
    institute.give(WHO, "balance.link", json!({"balance": balance, "stream": "ore", "lots": ores}))?;
    let lines = figures(institute, code, day, fault)?;
    institute.give(WHO, "balance.measure", json!({"balance": balance, "lines": lines}))?;
    Ok(())
}

fn figures(institute: &mut Institute, code: &str, day: &str, fault: Fault) -> Result<Vec<Value>> {
    let mut lines = Vec::new();
    for (name, _, _, _, _, mass, mn, fe) in STREAMS {
        let after = ["cake", "pure", "product", "mother"].contains(&name);
        let spilt = after && matches!(fault, Fault::Spill | Fault::All);
        let high = name == "residue" && matches!(fault, Fault::Weigher | Fault::All);
        let mass = mass * if spilt { 0.95 } else { 1.0 } * if high { 1.10 } else { 1.0 };
        let mass = institute.chance.about(mass, 0.3);
        lines.push(json!({"stream": name, "of": "flow", "value": format!("{mass:.3}"), "unit": "t",
            "source": "scale", "reading": format!("W-{name}"), "sd_percent": "0.3", "weight": "stated"}));
        let labelled = match (fault, name) {
            (Fault::All, "liquor") => "pure",
            (Fault::All, "pure") => "liquor",
            _ => name,
        };
        lines.push(manganese(institute, code, day, (name, labelled), mn)?);
        let fe = institute.chance.about(fe, 1.0);
        lines.push(json!({"stream": name, "of": "Fe", "value": format!("{fe:.2}"), "unit": "mg/kg",
            "reading": format!("AAS-{code}"), "sd_percent": "1.0", "weight": "qc-duplicates"}));
    }
    Ok(lines)
}

/// Manganese of a stream: the laboratory's where it has one, of the sample that is labelled so, with what
/// sampling adds; else typed.
fn manganese(
    institute: &mut Institute,
    code: &str,
    day: &str,
    (name, labelled): (&str, &str),
    mn: f64,
) -> Result<Value> {
    if let Some((_, prefix)) = MEASURED.iter().find(|(stream, _)| *stream == labelled) {
        let result = rows::result(&institute.store, &format!("{prefix}-{day}-1"), "Mn")?.to_string();
        return Ok(json!({"stream": name, "of": "Mn", "result": result, "sampling_sd": "0.08"}));
    }
    let mn = institute.chance.about(mn, 0.5);
    Ok(json!({"stream": name, "of": "Mn", "value": format!("{mn:.4}"), "unit": "%",
        "reading": format!("XRF-{code}"), "sd_percent": "0.5", "weight": "gy"}))
}

/// A customer whose edition asks for a balance: the lot of November goes, the one of August does not.
fn release(institute: &mut Institute) -> Result<()> {
    let fields = json!({
        "specification": institute.id("spec MSM")?, "edition": "KC-1", "party": institute.id("CUS-KC")?,
        "in_force_from": "2026-11-01T00:00:00+08:00", "requires_balance": true, "items": [
            {"analyte": "Mn", "lower": "31.5", "unit": "%", "basis": "dry", "places": 2}],
    });
    institute.make("MSM KC-1", "quality", "specification.issue_version", fields)?;
    let order = |lot: &str, institute: &Institute| -> Result<Value> {
        Ok(json!({"lot": institute.id(lot)?, "customer": institute.id("CUS-KC")?}))
    };
    institute.refused("quality", "lot.release", order("MS-0827", institute)?, "release-balance")?;
    institute.give("quality", "lot.release", order("MS-1113", institute)?)?;
    Ok(())
}
