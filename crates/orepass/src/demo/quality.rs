//! Specifications, decisions on lots, holds, and the certificates that went out.

use anyhow::Result;
use serde_json::{Value, json};

use super::institute::Institute;
use super::{Run, rows};

fn most(analyte: &str, upper: &str) -> Value {
    json!({"analyte": analyte, "upper": upper, "unit": "mg/kg", "basis": "dry", "places": 2})
}

fn treo(least: &str) -> Value {
    json!({"analyte": "TREO", "lower": least, "unit": "%", "basis": "dry", "places": 2,
        "comparison": "rounded_value"})
}

fn share(ratio: &str, lower: &str, upper: &str) -> Value {
    json!({"analyte": ratio, "lower": lower, "upper": upper, "unit": "%", "basis": "dry", "places": 1})
}

/// What battery-grade manganese sulphate must keep; the customer's own edition asks for less iron and sodium.
fn manganese_sulphate(iron: &str, sodium: &str) -> Vec<Value> {
    let mut items = vec![json!({
        "analyte": "Mn", "lower": "31.8", "unit": "%", "basis": "dry", "places": 2,
        "comparison": "rounded_value",
    })];
    let limits =
        [("Fe", iron), ("Ca", "50"), ("Mg", "50"), ("K", "50"), ("Na", sodium), ("Pb", "5"), ("Cd", "5")];
    items.extend(limits.map(|(analyte, upper)| most(analyte, upper)));
    items.extend(
        [("Zn", "10"), ("Ni", "20"), ("Co", "20"), ("Cu", "5")].map(|(analyte, upper)| most(analyte, upper)),
    );
    items.push(json!({"analyte": "moisture", "upper": "0.20", "unit": "%", "basis": "as_received",
    "optional": "yes"}));
    items
}

fn carbonate() -> Vec<Value> {
    vec![
        treo("42.00"),
        share("CeO2/TREO", "60", "70"),
        share("La2O3/TREO", "30", "40"),
        most("Fe", "300"),
        most("Ca", "1500"),
    ]
}

fn oxide() -> Vec<Value> {
    let mut items = vec![treo("98.50"), share("Nd2O3/TREO", "73", "77"), share("Pr6O11/TREO", "23", "27")];
    items.extend(
        [("Fe", "500"), ("Ca", "300"), ("Si", "300"), ("Al", "300")]
            .map(|(analyte, upper)| most(analyte, upper)),
    );
    items.push(json!({"analyte": "LOI", "upper": "1.0", "unit": "%", "basis": "dry", "optional": "yes"}));
    items
}

/// Specifications and their editions, all of them invented.
pub(super) fn set_up(institute: &mut Institute) -> Result<()> {
    for (code, en, zh, material, grade) in [
        (
            "QS/T 101 (synthetic)",
            "Manganese sulphate for batteries, synthetic edition",
            "电池用硫酸锰（合成版）",
            "MSM",
            "MSM-B1",
        ),
        (
            "QS/T 201 (synthetic)",
            "Lanthanum-cerium carbonate, synthetic edition",
            "碳酸镧铈（合成版）",
            "LACE",
            "LC-42",
        ),
        (
            "QS/T 202 (synthetic)",
            "Praseodymium-neodymium oxide, synthetic edition",
            "镨钕氧化物（合成版）",
            "PRND",
            "PN-99",
        ),
    ] {
        let fields = json!({
            "code": code, "names": {"en": en, "zh": zh}, "material": institute.id(material)?, "grade": grade,
        });
        institute.make(&format!("spec {material}"), "quality", "specification.define", fields)?;
    }
    for (material, edition, party, items) in [
        ("MSM", "2026", None, manganese_sulphate("10", "50")),
        ("MSM", "BH-2", Some("CUS-BH"), manganese_sulphate("8", "30")),
        ("LACE", "2026", None, carbonate()),
        ("PRND", "2026", None, oxide()),
    ] {
        let mut fields = json!({
            "specification": institute.id(&format!("spec {material}"))?, "edition": edition,
            "in_force_from": "2026-08-03T00:00:00+08:00", "items": items,
        });
        if let Some(party) = party {
            fields["party"] = json!(institute.id(party)?);
        }
        institute.make(&format!("{material} {edition}"), "quality", "specification.issue_version", fields)?;
    }
    Ok(())
}

/// Lots that are not released on their day, each with its own story.
const TROUBLED: &[&str] = &["MS-0831", "MS-0921", "MS-1016", "MS-1030", "PN-0928"];

/// Lots made for the customer with an edition of its own.
const FOR_BINHAI: &[&str] = &["MS-0820", "MS-0924", "MS-1027"];

/// The decisions of a day: what is sound is released.
pub(super) fn decide(institute: &Institute, run: &Run) -> Result<()> {
    let mut lots = vec![format!("MS-{}", run.short)];
    if run.separates() {
        lots.extend([format!("LC-{}", run.short), format!("PN-{}", run.short)]);
    }
    for lot in lots.iter().filter(|lot| !TROUBLED.contains(&lot.as_str())) {
        let mut fields = json!({"lot": institute.id(lot)?});
        if FOR_BINHAI.contains(&lot.as_str()) {
            fields["customer"] = json!(institute.id("CUS-BH")?);
        }
        institute.give("quality", "lot.release", fields)?;
    }
    Ok(())
}

/// A lot with cadmium above the limit: release is refused, then the lot is rejected.
pub(super) fn reject(institute: &Institute, lot: &str, reason: &str) -> Result<()> {
    let id = institute.id(lot)?;
    institute.refused("quality", "lot.release", json!({"lot": id}), "release-judgement")?;
    institute.give("quality", "lot.reject", json!({"lot": id, "reason": reason}))?;
    Ok(())
}

/// Iron slightly above the limit, and a customer whom it does not trouble.
pub(super) fn concede(institute: &Institute) -> Result<()> {
    let fields = json!({
        "lot": institute.id("MS-1016")?, "specification_version": institute.id("MSM 2026")?,
        "party": institute.id("CUS-SF")?, "consent": "Letter SF-2026-118 of 20 October 2026 (invented)",
        "items": ["Fe"], "valid_until": "2027-01-31T00:00:00+08:00",
        "reason": "Iron of 11.4 mg/kg does no harm in feed additives",
    });
    institute.give("quality2", "lot.concede", fields)?;
    let fields = json!({"lot": institute.id("MS-1016")?, "customer": institute.id("CUS-SF")?});
    institute.give("quality", "lot.release", fields)?;
    Ok(())
}

/// Holds a lot.
pub(super) fn hold(institute: &mut Institute, who: &'static str, lot: &str, reason: &str) -> Result<()> {
    let fields = json!({"lot": institute.id(lot)?, "reason": reason});
    institute.make(&format!("hold {lot}"), who, "lot.hold", fields)?;
    Ok(())
}

/// Lifts the hold on a lot.
pub(super) fn lift(institute: &Institute, who: &'static str, lot: &str, reason: &str) -> Result<()> {
    let fields = json!({"hold": institute.id(&format!("hold {lot}"))?, "reason": reason});
    institute.give(who, "hold.lift", fields)?;
    Ok(())
}

/// Somebody entitled answers for cadmium of the product of 21 September, whose control had failed.
pub(super) fn answer_for_cadmium(institute: &Institute) -> Result<()> {
    for part in 1..=3 {
        let result = rows::result(&institute.store, &format!("MS-0921-{part}"), "Cd")?.to_string();
        if part == 1 {
            let fields = json!({"results": [result]});
            institute.refused("labhead", "result.release", fields, "result-qc-failure")?;
        }
        let fields = json!({
            "result": result, "until": "2026-12-31T00:00:00+08:00",
            "why": "Control read 13 % high, the product at a tenth of its limit; note N-26-31 (invented)",
        });
        institute.give("labhead2", "qc.override", fields)?;
    }
    Ok(())
}

/// A part of a lot leaves.
pub(super) fn ship(institute: &mut Institute, lot: &str, to: &str, kg: u32) -> Result<()> {
    let part = format!("{lot}/S1");
    let fields = json!({
        "lot": institute.id(lot)?, "to": institute.id(to)?, "mass_kg_wet": kg.to_string(), "code": part,
        "packages": kg / 25, "mass_kg_gross": (kg + kg / 100).to_string(),
    });
    institute.give("shift", "lot.ship", fields)?;
    super::plant::know(institute, &part)
}

/// A certificate: the lot, the customer, the contract.
pub(super) fn certify(institute: &mut Institute, lot: &str, customer: &str, contract: &str) -> Result<()> {
    let fields = json!({
        "lot": institute.id(lot)?, "customer": institute.id(customer)?, "contract": contract, "packages": 100,
        "package_kind": {"en": "bags of 25 kg", "zh": "25 kg 袋装"}, "synthetic": "yes",
        "sampling_plan": {"en": "SP-07, increments by mechanical sampler (invented)",
        "zh": "SP-07，机械取样器份样（虚构）"},
    });
    institute.make(&format!("certificate {lot}"), "quality", "certificate.issue", fields)?;
    Ok(())
}

/// The next revision of a lot's certificate takes its place.
pub(super) fn supersede(institute: &mut Institute, lot: &str) -> Result<()> {
    let fields = json!({
        "certificate": institute.id(&format!("certificate {lot}"))?, "contract": "NM-2026-114",
        "synthetic": "yes",
        "because": {"en": "Contract number corrected (invented)", "zh": "更正合同号（虚构）"},
    });
    institute.make(&format!("revision {lot}"), "quality", "certificate.supersede", fields)?;
    Ok(())
}
