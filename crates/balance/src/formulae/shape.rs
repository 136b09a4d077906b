//! The ways in which people write a table of test work, brought to the one form a formula reads.

use serde_json::{Map, Value, json};

use super::problem::Problem;
use super::reading::{Fields, plain};

/// Columns `cu_pct`, `fe_pct` beside the weights become the assays by element.
pub fn assays_by_element(fields: &mut Fields) {
    const OWN: [&str; 16] = [
        "assays_pct",
        "assay_pct",
        "assays",
        "assay",
        "grade_pct",
        "weight_pct",
        "mass_pct",
        "head_pct",
        "assayed_head_pct",
        "head_assay_pct",
        "mineral_pct",
        "mineral_assay_pct",
        "recovery_pct",
        "confidence_pct",
        "moisture_pct",
        "stability_tolerance_pct",
    ];
    let element = |key: &str| {
        let plain = plain(key);
        let name = plain.strip_suffix("_pct")?;
        let own =
            OWN.contains(&plain.as_str()) || plain.starts_with("head_") || plain.starts_with("assayed_head_");
        (!own).then(|| key[..name.len()].to_owned())
    };
    gather(fields, "assays_pct", element);
    gather(fields, "assayed_head_pct", |key| {
        let plain = plain(key);
        let rest = plain.strip_prefix("assayed_").unwrap_or(&plain);
        let name = rest.strip_prefix("head_")?.strip_suffix("_pct")?;
        let from = key.len() - "_pct".len() - name.len();
        (name != "assay").then(|| key[from..from + name.len()].to_owned())
    });
}

fn gather(fields: &mut Fields, into: &str, element: impl Fn(&str) -> Option<String>) {
    let found: Vec<(String, String)> =
        fields.keys().filter_map(|key| element(key).map(|name| (key.clone(), name))).collect();
    if found.is_empty() || fields.contains_key(into) {
        return;
    }
    let by_element: Map<String, Value> =
        found.into_iter().filter_map(|(key, name)| Some((name, fields.shift_remove(&key)?))).collect();
    fields.insert(into.to_owned(), Value::Object(by_element));
}

/// `conc_g`, `conc_cu_pct`, `tail_g`, `tail_cu_pct`, `fresh_feed_cu_pct` become products and the fresh
/// feed.
pub fn locked_cycle(fields: &mut Fields) {
    if fields.contains_key("products") {
        return;
    }
    let is_feed = |key: &str| key.starts_with("fresh_feed") || key.starts_with("feed");
    gather(fields, "fresh_feed", |key| {
        let plain = plain(key);
        let name = plain.strip_prefix("fresh_feed_").or_else(|| plain.strip_prefix("feed_"))?;
        name.strip_suffix("_pct").map(str::to_owned)
    });
    let masses = fields.keys().filter(|key| !is_feed(&plain(key)));
    let masses: Vec<String> =
        masses.filter(|key| plain(key).ends_with("_g")).map(|key| key[..key.len() - 2].to_owned()).collect();
    let mut products = Vec::new();
    for name in masses {
        let mass = fields.shift_remove(&format!("{name}_g"));
        let mut assays = Map::new();
        let own: Vec<String> = fields
            .keys()
            .filter(|key| key.starts_with(&format!("{name}_")) && plain(key).ends_with("_pct"))
            .cloned()
            .collect();
        for key in own {
            let element = plain(&key[name.len() + 1..key.len() - "_pct".len()]);
            assays.insert(element, fields.shift_remove(&key).unwrap_or_default());
        }
        products.push(json!({ "name": plain(&name), "mass_g": mass, "assays": assays }));
    }
    // The tailing is last, wherever its column stood.
    products.sort_by_key(|one| one["name"].as_str().is_some_and(|name| name.starts_with("tail")));
    if !products.is_empty() {
        fields.insert("products".to_owned(), Value::Array(products));
    }
}

/// Streams by name (`feed`, `pb_conc`, …, `tail`), rows of a table, or lists by `metals` become feed and
/// products.
pub fn n_product(fields: &mut Fields) -> Result<(), Problem> {
    let names = ["stream", "streams", "product", "name"];
    if let Some(key) = fields.keys().find(|key| names.contains(&plain(key).as_str())).cloned() {
        return rows_of_streams(fields, &key);
    }
    let unnamed = fields.get("feed").and_then(Value::as_array).map(Vec::len);
    let metals =
        fields.shift_remove("metals").or(unnamed.map(|count| (1..=count).map(|at| at.to_string()).collect()));
    if let Some(metals) = &metals {
        let metals: Vec<String> =
            metals.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        for (key, value) in fields.iter_mut() {
            match value {
                Value::Array(list) if matches!(key.as_str(), "products" | "concentrates") => {
                    for (at, product) in list.iter_mut().enumerate() {
                        if let Some(assays) = product.get_mut("assays") {
                            by_metal(&format!("{key}[{}].assays", at + 1), assays, &metals)?;
                        }
                    }
                }
                value => by_metal(key, value, &metals)?,
            }
        }
    }
    if fields.contains_key("products") {
        return Ok(());
    }
    let mut products = match fields.shift_remove("concentrates") {
        Some(Value::Array(list)) => list,
        Some(other) => return Err(Problem::unreadable("concentrates", format!("is {other}; give a list"))),
        None => Vec::new(),
    };
    for (at, product) in products.iter_mut().enumerate() {
        if let Value::Object(map) = product
            && !map.contains_key("assays")
        {
            let name =
                map.shift_remove("name").unwrap_or_else(|| Value::from(format!("concentrate {}", at + 1)));
            *product = json!({ "name": name, "assays": map });
        }
    }
    let named: Vec<String> = fields
        .iter()
        .filter(|(key, value)| *key != "feed" && value.is_object())
        .map(|(key, _)| key.clone())
        .collect();
    let mut others: Vec<(String, Value)> =
        named.into_iter().filter_map(|key| Some((key.clone(), fields.shift_remove(&key)?))).collect();
    others.sort_by_key(|(name, _)| name.starts_with("tail"));
    products.extend(others.into_iter().map(|(name, assays)| json!({ "name": name, "assays": assays })));
    if !products.is_empty() {
        fields.insert("products".to_owned(), Value::Array(products));
    }
    Ok(())
}

/// A list of assays in the order of the metals becomes assays by metal.
fn by_metal(place: &str, value: &mut Value, metals: &[String]) -> Result<(), Problem> {
    let Value::Array(list) = value else { return Ok(()) };
    if list.len() != metals.len() {
        let why = format!("has {} assays for {} metals; give one for each", list.len(), metals.len());
        return Err(Problem::unreadable(place, why));
    }
    *value = Value::Object(metals.iter().cloned().zip(std::mem::take(list)).collect());
    Ok(())
}

fn rows_of_streams(fields: &mut Fields, key: &str) -> Result<(), Problem> {
    let Some(Value::Array(names)) = fields.shift_remove(key) else {
        return Err(Problem::unreadable(key, "is no list of names"));
    };
    let feed_mass = fields.shift_remove("feed_mass");
    let (mut feed, mut products) = (None, Vec::new());
    for (row, name) in names.iter().enumerate() {
        let name = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
        let assay = |(metal, column): (&String, &Value)| (metal.clone(), column[row].clone());
        let assays: Map<String, Value> = fields.iter().map(assay).collect();
        if plain(&name) == "feed" || plain(&name) == "head" {
            feed = Some(Value::Object(assays));
        } else {
            products.push(json!({ "name": name, "assays": assays }));
        }
    }
    fields.clear();
    let feed = feed.ok_or_else(|| Problem::missing("feed", "a row named feed"))?;
    fields.insert("feed".to_owned(), feed);
    fields.insert("products".to_owned(), Value::Array(products));
    if let Some(Value::Array(mass)) = feed_mass {
        let first = mass.into_iter().find(|cell| !cell.is_null());
        first.map(|first| fields.insert("feed_mass".to_owned(), first));
    }
    Ok(())
}

/// Columns of levels beside the column `y` become runs.
pub fn runs(fields: &mut Fields) {
    const OWN: [&str; 11] = [
        "y",
        "response",
        "responses",
        "order",
        "factors",
        "runs",
        "centre_points",
        "center_points",
        "centre",
        "center",
        "confidence",
    ];
    let list = |value: &Value| value.as_array().map_or(0, Vec::len);
    let levels: Vec<String> = fields
        .iter()
        .filter(|(key, value)| !OWN.contains(&plain(key).as_str()) && list(value) > 1)
        .map(|(key, _)| key.clone())
        .collect();
    let response = ["y", "Y", "response", "Response"].into_iter().find(|key| fields.contains_key(*key));
    let (Some(response), false) = (response, levels.is_empty()) else { return };
    let count = list(&fields[response]);
    let run = |at: usize| {
        let mut run: Map<String, Value> = levels
            .iter()
            .map(|key| (key.clone(), fields[key].get(at).cloned().unwrap_or_default()))
            .collect();
        run.insert("y".to_owned(), fields[response][at].clone());
        Value::Object(run)
    };
    let runs: Vec<Value> = (0..count).map(run).collect();
    fields.shift_remove(response);
    levels.iter().for_each(|key| drop(fields.shift_remove(key)));
    fields.insert("runs".to_owned(), Value::Array(runs));
}

/// A case of sampling may list its top sizes only beside its answers: the sizes are taken, the answers are
/// not.
pub fn top_sizes(fields: &mut Fields, case: &Fields) {
    let given = fields.keys().any(|key| plain(key).starts_with("top_size") || plain(key).starts_with('d'));
    let rows = case.get("expected").and_then(|expected| expected.get("rows")).and_then(Value::as_array);
    if let (false, Some(rows)) = (given, rows) {
        let sizes: Vec<Value> = rows.iter().filter_map(|row| row.get("top_size_cm").cloned()).collect();
        if sizes.len() == rows.len() {
            fields.insert("top_size_cm".to_owned(), Value::Array(sizes));
        }
    }
}
