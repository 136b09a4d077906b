//! The grinding circuit of the manganese line over one shift: a slurry with solids and water, and manganese
//! in two size classes of the solids, which the mill turns into each other.

use anyhow::Result;
use serde_json::{Value, json};

use super::institute::Institute;

const WHO: &str = "metallurgist";

/// A stream: name, from, to, English, Chinese; slurry in t, solids in %, fine of the solids in %, manganese
/// of the fine and of the coarse in %, all as they truly are.
type Stream = (&'static str, [&'static str; 2], [&'static str; 2], f64, f64, f64, [f64; 2]);

/// 800 t of solids pass; 2,000 t go round.
const STREAMS: [Stream; 4] = [
    ("new", ["", "mill"], ["New feed", "新给矿"], 2_105.263, 38.0, 30.0, [13.5, 12.614_286]),
    (
        "ground",
        ["mill", "cyclone"],
        ["Mill discharge", "磨机排矿"],
        4_807.966,
        58.236_684,
        31.285_714,
        [14.342_466, 9.116_424],
    ),
    ("under", ["cyclone", "mill"], ["Cyclone underflow", "旋流器沉砂"], 2_702.703, 74.0, 15.0, [15.0, 9.0]),
    ("over", ["cyclone", ""], ["Cyclone overflow", "旋流器溢流"], 2_105.263, 38.0, 72.0, [14.0, 10.0]),
];

/// The flowsheet, its figures, and the balance of a shift.
pub(super) fn close(institute: &mut Institute) -> Result<()> {
    set_up(institute)?;
    let fields = json!({
        "code": "MN-GRIND-1113-A", "flowsheet_version": institute.id("MN-GRIND 1")?, "scope": "shift",
        "from": "2026-11-13T08:00:00+08:00", "until": "2026-11-13T16:00:00+08:00",
    });
    institute.make("MN-GRIND-1113-A", WHO, "balance.open", fields)?;
    let balance = institute.id("MN-GRIND-1113-A")?;
    let lines: Vec<Value> = STREAMS.into_iter().flat_map(|stream| figures(institute, stream)).collect();
    institute.give(WHO, "balance.measure", json!({"balance": balance, "lines": lines}))?;
    institute.give(WHO, "balance.reconcile", json!({"balance": balance}))?;
    Ok(())
}

fn set_up(institute: &mut Institute) -> Result<()> {
    let fields = json!({"code": "MN-GRIND", "names": {"en": "Grinding circuit", "zh": "磨矿回路"}});
    institute.make("MN-GRIND", WHO, "flowsheet.define", fields)?;
    let streams = STREAMS.map(|(name, [from, to], [en, zh], ..)| {
        let mut stream = json!({"name": name, "label_en": en, "label_zh": zh});
        for (key, end) in [("from", from), ("to", to)] {
            if !end.is_empty() {
                stream[key] = json!(end);
            }
        }
        stream
    });
    let share = |name: &str, of: &str| json!({"name": name, "unit": "%", "of": of});
    let ground = |name: &str, of: &str| json!({"name": name, "unit": "%", "of": of, "except": "mill"});
    let fields = json!({
        "flowsheet": institute.id("MN-GRIND")?, "edition": "1", "unit": "t", "streams": streams,
        "nodes": [{"name": "mill", "label_en": "Ball mill", "label_zh": "球磨机"},
            {"name": "cyclone", "label_en": "Cyclone", "label_zh": "旋流器"}],
        "components": [{"name": "solids", "unit": "%"}, {"name": "water", "unit": "%"},
            ground("−75 µm", "solids"), ground("+75 µm", "solids"), ground("Mn −75", "−75 µm"),
            ground("Mn +75", "+75 µm"), share("Mn", "solids")],
        "sums": [{"components": ["solids", "water"]}, {"components": ["−75 µm", "+75 µm"]}],
        "totals": [{"component": "Mn", "parts": ["Mn −75", "Mn +75"]}],
        "limits": [{"stream": "over", "of": "solids", "at_most": "45"}],
    });
    institute.make("MN-GRIND 1", WHO, "flowsheet.issue_version", fields)?;
    Ok(())
}

/// Slurry by the magnetic flow meters, solids by the density gauges, screens and assays of cut samples.
/// Nobody cuts the mill's discharge by size, and the underflow's slurry is not metered.
fn figures(institute: &mut Institute, (name, _, _, slurry, solids, fine, mn): Stream) -> Vec<Value> {
    let head = (fine * mn[0] + (100.0 - fine) * mn[1]) / 100.0;
    let all = [
        ("flow", "t", slurry, 1.0, name != "under"),
        ("solids", "%", solids, 1.5, true),
        ("−75 µm", "%", fine, 2.0, name != "ground"),
        ("Mn −75", "%", mn[0], 1.0, name != "ground"),
        ("Mn +75", "%", mn[1], 1.0, name != "ground"),
        ("Mn", "%", head, 0.8, name != "under"),
    ];
    let mut lines = Vec::new();
    for (of, unit, truth, percent, measured) in all {
        // drawn whether or not it is measured, so that leaving one out changes nothing else
        let value = institute.chance.about(truth, percent);
        if measured {
            lines.push(json!({"stream": name, "of": of, "value": format!("{value:.3}"), "unit": unit,
                "reading": format!("GR-{name}"), "sd_percent": format!("{percent:.1}"), "weight": "stated"}));
        }
    }
    lines
}
