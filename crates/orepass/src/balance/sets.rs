//! `orepass balance solve` of several data sets: each by itself, and what they show together.

use balance::{Given, Wrong, across, reconcile_sets};
use serde_json::{Value, json};

use super::{Asked, blamed, closes, one, rounded, short};
use crate::print;

/// Every set as JSON with `across` beside them, and the same set for reading.
///
/// # Errors
/// [`Wrong::InSet`] names the set.
pub fn answer(given: &Given, asked: &Asked) -> Result<(Value, String), Wrong> {
    let sets = reconcile_sets(given)?;
    let (mut values, mut text) = (Vec::new(), String::new());
    for (name, reconciled) in &sets {
        let (mut value, table) = one(reconciled, asked)?;
        value["name"] = json!(name);
        values.push(value);
        text.push_str(&format!("set {name}\n{table}\n"));
    }
    let together = across(&sets);
    let value = json!({ "sets": values, "across": together });
    let (told, persistent) = (&value["across"], &together.persistent);
    let names = ["stream", "of", "sets", "bias_estimate", "bias_sd", "glr_bias", "relative_bias_estimate"];
    text.push_str(&format!("all sets together\n{}\n", print::rows(&rounded(&told["values"]), &names)));
    let names = ["node", "of", "sets", "leak_estimate", "leak_sd", "glr_leak"];
    text.push_str(&print::rows(&rounded(&told["nodes"]), &names));
    text.push_str(&closes(told));
    for one in persistent {
        text.push_str(&format!("persists: {}, test {}\n", blamed(&one.what), short(one.statistic)));
    }
    Ok((value, text))
}
