//! What the two lines have in common: materials, parties, receipts, and process steps that close to the gram.

use anyhow::Result;
use measure::{Decimal, Places, RoundingRule};
use serde_json::{Value, json};

use super::institute::Institute;
use super::rows;

/// Code, kind, English, Chinese, formula.
const MATERIALS: [(&str, &str, &str, &str, &str); 13] = [
    ("MN-ORE", "ore", "Manganese carbonate ore", "碳酸锰原矿", "MnCO3"),
    ("H2SO4", "reagent", "Sulphuric acid, technical", "工业硫酸", "H2SO4"),
    ("MN-LIQ", "intermediate", "Leach liquor", "浸出液", "MnSO4"),
    ("MN-RES", "residue", "Leach residue", "浸出渣", ""),
    ("MN-PUR", "intermediate", "Purified liquor", "净化液", "MnSO4"),
    ("MN-ML", "intermediate", "Mother liquor", "结晶母液", ""),
    ("MSM", "product", "Manganese sulphate monohydrate, battery grade", "电池级一水硫酸锰", "MnSO4·H2O"),
    ("RE-CON", "concentrate", "Bastnaesite concentrate", "氟碳铈精矿", ""),
    ("RE-LIQ", "intermediate", "Mixed rare-earth chloride liquor", "混合氯化稀土料液", ""),
    ("RE-RES", "tailings", "Leach tailings", "浸出尾渣", ""),
    ("LACE", "product", "Lanthanum-cerium carbonate", "碳酸镧铈", ""),
    ("PRND", "product", "Praseodymium-neodymium oxide", "镨钕氧化物", ""),
    ("SEG", "intermediate", "Samarium-europium-gadolinium concentrate", "钐铕钆富集物", ""),
];

/// Code, kind, English, Chinese.
const PARTIES: [(&str, &str, &str, &str); 8] = [
    ("SUP-XT", "supplier", "Xiangtan Sample Mine (synthetic)", "湘潭示例矿山（合成）"),
    ("SUP-SJ", "supplier", "Songjiang Sample Mine (synthetic)", "松江示例矿山（合成）"),
    ("SUP-BY", "supplier", "Northern Example Rare Earths (synthetic)", "北方示例稀土（合成）"),
    ("CUS-BH", "customer", "Binhai Example Cathode Co. (synthetic)", "滨海示例正极材料公司（合成）"),
    ("CUS-NM", "customer", "Nordic Example Magnets AB (synthetic)", "北欧示例磁材公司（合成）"),
    ("CUS-KC", "customer", "Kunchuan Example Glass (synthetic)", "昆川示例玻璃公司（合成）"),
    ("CUS-SF", "customer", "Sifang Example Feed Additives (synthetic)", "四方示例饲料添加剂公司（合成）"),
    ("CAR-LH", "carrier", "Longhe Example Logistics (synthetic)", "龙河示例物流（合成）"),
];

/// Defines materials and registers parties.
pub(super) fn set_up(institute: &mut Institute) -> Result<()> {
    for (code, kind, en, zh, formula) in MATERIALS {
        let mut fields = json!({"code": code, "kind": kind, "names": {"en": en, "zh": zh}});
        if !formula.is_empty() {
            fields["formula"] = json!(formula);
        }
        institute.make(code, "metallurgist", "material.define", fields)?;
    }
    for (code, kind, en, zh) in PARTIES {
        let fields = json!({"code": code, "kind": kind, "names": {"en": en, "zh": zh}});
        institute.make(code, "receiver", "party.register", fields)?;
    }
    Ok(())
}

/// A delivery comes in.
pub(super) fn receive(
    institute: &mut Institute,
    (code, material, party): (&str, &str, &str),
    kg_wet: u32,
    moisture: &str,
) -> Result<()> {
    let fields = json!({
        "code": code, "material": institute.id(material)?, "from": institute.id(party)?,
        "mass_kg_wet": kg_wet.to_string(), "moisture_percent": moisture, "custody": "segregated",
        "location": "YARD-1",
    });
    institute.give("receiver", "lot.receive", fields)?;
    know(institute, code)
}

/// Remembers a lot that a command made.
pub(super) fn know(institute: &mut Institute, code: &str) -> Result<()> {
    let lot = rows::lot(&institute.store, code)?;
    institute.remember(code, lot.id.into());
    Ok(())
}

/// A mass as a scale shows it.
fn rounded(kg: Decimal, decimals: u32) -> Decimal {
    measure::round(kg, RoundingRule::HalfUp, Places::Decimals(decimals)).into_text().decimal()
}

/// What goes into a step: the lot, and how much of it, kg wet; all of it without.
pub(super) type Input<'a> = (&'a str, Option<u32>);

/// What comes out of a step: code, material, share of the dry mass that went in, moisture in %.
pub(super) type Output<'a> = (&'a str, &'a str, &'a str, &'a str);

/// A process step. What does not come out is declared as loss, and the water as added or driven off, so that
/// the books close.
pub(super) fn process(
    institute: &mut Institute,
    who: &'static str,
    stage: &str,
    inputs: &[Input<'_>],
    outputs: &[Output<'_>],
    day: &str,
) -> Result<()> {
    let mut fields = closing(institute, inputs, outputs, day)?;
    fields["stage"] = json!(stage);
    institute.give(who, "lot.process", fields)?;
    outputs.iter().try_for_each(|(code, ..)| know(institute, code))
}

/// Rework: a step by a move of its own, with its reason.
pub(super) fn rework(
    institute: &mut Institute,
    who: &'static str,
    why: &str,
    inputs: &[Input<'_>],
    outputs: &[Output<'_>],
    day: &str,
) -> Result<()> {
    let mut fields = closing(institute, inputs, outputs, day)?;
    fields["reason"] = json!(why);
    institute.give(who, "lot.rework", fields)?;
    outputs.iter().try_for_each(|(code, ..)| know(institute, code))
}

/// The fields of a step whose books close.
fn closing(institute: &Institute, inputs: &[Input<'_>], outputs: &[Output<'_>], day: &str) -> Result<Value> {
    let (mut wet, mut dry, mut portions) = (Decimal::ZERO, Decimal::ZERO, Vec::new());
    for (code, part) in inputs {
        let lot = rows::lot(&institute.store, code)?;
        let mut portion = json!({"lot": lot.id.to_string()});
        match part {
            None => (wet, dry) = (wet + lot.kg_wet, dry + lot.kg_dry),
            Some(kg) => {
                let kg = Decimal::from(*kg);
                portion["mass_kg_wet"] = json!(kg.to_string());
                (wet, dry) = (wet + kg, dry + rounded(lot.kg_dry * kg / lot.kg_wet, 6));
            }
        }
        portions.push(portion);
    }
    let (mut wet_out, mut dry_out, mut made) = (Decimal::ZERO, Decimal::ZERO, Vec::<Value>::new());
    for (code, material, share, moisture) in outputs {
        let (share, water): (Decimal, Decimal) = (share.parse()?, moisture.parse()?);
        let solids = (Decimal::ONE_HUNDRED - water) / Decimal::ONE_HUNDRED;
        let kg = rounded(dry * share / solids, 0);
        (wet_out, dry_out) = (wet_out + kg, dry_out + kg * solids);
        made.push(json!({
            "code": code, "material": institute.id(material)?, "mass_kg_wet": kg.to_string(),
            "moisture_percent": moisture, "produced_on": day,
        }));
    }
    let loss = dry - dry_out;
    Ok(json!({
        "inputs": portions, "outputs": made, "tolerance_kg": "0.01",
        "loss_kg_dry": loss.to_string(), "loss_kg_wet": loss.to_string(),
        "water_kg": (wet_out + loss - wet).to_string(),
    }))
}

/// Takes a sample of half a kilogram from a lot.
pub(super) fn sample(
    institute: &mut Institute,
    who: &'static str,
    lot: &str,
    code: &str,
    purpose: &str,
) -> Result<()> {
    let fields = json!({
        "lot": institute.id(lot)?, "code": code, "mass_kg_wet": "0.5", "purpose": purpose, "plan": "SP-07",
        "point": "increment sampler",
    });
    institute.make(code, who, "lot.sample", fields)?;
    Ok(())
}
