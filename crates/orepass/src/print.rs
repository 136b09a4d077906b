//! Answers on the terminal: as JSON, or set for reading.

use serde_json::{Value, json};

use crate::exit::Exit;
use crate::face::Told;

/// Prints an answer; gives what the program ends with.
pub fn answer(told: &Told, json: bool, draw: impl Fn(&Value) -> String) -> Exit {
    if told.status >= 400 {
        return problem(told, json);
    }
    if json {
        say(&pretty(&told.body))
    } else {
        say(draw(&told.body).trim_end())
    }
    Exit::Ok
}

/// Prints what became of a command.
pub fn receipt(told: &Told, json: bool) -> Exit {
    answer(told, json, |body| {
        let texts = |key: &str| {
            let all = body[key].as_array().cloned().unwrap_or_default();
            all.iter().map(plain).collect::<Vec<_>>().join(" ")
        };
        let secret =
            body["secret"].as_str().map(|s| format!("\nsecret, shown only now: {s}")).unwrap_or_default();
        format!("done: {}\nledger entries: {}{secret}", texts("subjects"), texts("entries"))
    })
}

/// Prints to standard output; a reader that went away is no failure.
pub fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

fn problem(told: &Told, json: bool) -> Exit {
    let body = &told.body;
    if json {
        say(&pretty(body));
    }
    let exit = match (told.status, body["title"].as_str()) {
        (_, Some("refused")) => Exit::Refused,
        (400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422, _) => Exit::Usage,
        _ => Exit::Failed,
    };
    let refusal = &body["refusal"];
    if refusal.is_object() {
        let word = if exit == Exit::Refused { "refused" } else { "cannot be read" };
        eprintln!("{word}: {}", plain(&refusal["what"]));
        let lines = [
            ("rule", "rule"),
            ("clause", "clause"),
            ("to pass", "remedy"),
            ("command", "command"),
            ("on", "on"),
        ];
        for (name, key) in lines {
            let text = plain(&refusal[key]);
            if !text.is_empty() {
                eprintln!("  {name}: {text}");
            }
        }
        for (name, key) in [("roles", "roles"), ("people", "people")] {
            let all: Vec<String> = refusal[key].as_array().into_iter().flatten().map(plain).collect();
            if !all.is_empty() {
                eprintln!("  {name}: {}", all.join(", "));
            }
        }
    } else if let Some(errors) = body["errors"].as_array() {
        for error in errors {
            eprintln!("{}: {}", plain(&error["field"]), plain(&error["message"]));
        }
    } else {
        eprintln!(
            "orepass: {}",
            Some(plain(&body["detail"])).filter(|text| !text.is_empty()).unwrap_or_else(|| plain(body))
        );
    }
    exit
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A list with its count.
pub fn listing(body: &Value) -> String {
    let rows = body["rows"].as_array().cloned().unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for key in rows.iter().filter_map(Value::as_object).flat_map(|row| row.keys()) {
        if key != "href" && !names.contains(key) {
            names.push(key.clone());
        }
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    format!(
        "{}\n{} of {}, page {}",
        self::rows(&body["rows"], &names),
        rows.len(),
        body["total"],
        body["page"]
    )
}

/// Rows as a table, numbers to the right.
pub fn rows(body: &Value, names: &[&str]) -> String {
    let mut lines: Vec<Vec<String>> = vec![names.iter().map(|name| (*name).to_owned()).collect()];
    for row in body.as_array().into_iter().flatten() {
        lines.push(names.iter().map(|name| plain(&row[*name]).replace('\n', " ")).collect());
    }
    let widths: Vec<usize> = (0..names.len())
        .map(|at| lines.iter().map(|line| width(&line[at])).max().unwrap_or(0).min(60))
        .collect();
    let number = |text: &str| text.trim_start_matches(['<', '>', '-']).parse::<f64>().is_ok();
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(&widths).map(|(cell, wide)| {
            let space = " ".repeat(wide.saturating_sub(width(cell)));
            if at > 0 && number(cell) { format!("{space}{cell}") } else { format!("{cell}{space}") }
        });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// Columns a text takes on a terminal: a Chinese character takes two.
fn width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{1100}'..='\u{ffef}').contains(&c) && c != '\u{202f}' { 2 } else { 1 }).sum()
}

/// Anything, as indented names and values.
pub fn tree(body: &Value) -> String {
    let mut out = String::new();
    branch(body, 0, &mut out);
    out
}

fn branch(value: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(map) => {
            for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
                if value.is_object() || value.is_array() {
                    out.push_str(&format!("{indent}{name}:\n"));
                    branch(value, depth + 1, out);
                } else {
                    out.push_str(&format!("{indent}{name}: {}\n", plain(value)));
                }
            }
        }
        Value::Array(all) => {
            for (at, value) in all.iter().enumerate() {
                if value.is_object() || value.is_array() {
                    out.push_str(&format!("{indent}- {}\n", at + 1));
                    branch(value, depth + 1, out);
                } else {
                    out.push_str(&format!("{indent}- {}\n", plain(value)));
                }
            }
        }
        plain_value => out.push_str(&format!("{indent}{}\n", plain(plain_value))),
    }
}

/// The tree of an explanation.
pub fn explanation(body: &Value) -> String {
    let mut out = String::new();
    explained(body, 0, &mut out);
    out
}

fn explained(node: &Value, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let role = node["role"].as_str().map(|role| format!("{role}: ")).unwrap_or_default();
    out.push_str(&format!("{indent}{role}{} [{}]", plain(&node["label"]), plain(&node["record"])));
    for pair in node["fields"].as_array().into_iter().flatten() {
        let key = plain(&pair[0]);
        out.push_str(&format!(", {} {}", key.strip_prefix("field-").unwrap_or(&key), plain(&pair[1])));
    }
    if let Some(entry) = node["entry"].as_u64() {
        out.push_str(&format!("  #{entry} {} {}", plain(&node["by"]), plain(&node["at"])));
    }
    let marks = [("above", " (see above)"), ("cut", " (more below)")];
    marks.iter().filter(|(key, _)| node[*key] == true).for_each(|(_, words)| out.push_str(words));
    out.push('\n');
    let raw = &node["raw"];
    if raw.is_object() {
        let place = format!("{} row {}", plain(&raw["file_name"]), plain(&raw["row"]));
        out.push_str(&format!(
            "{indent}  {place}: `{}` (sha256 {})\n",
            plain(&raw["raw"]),
            plain(&raw["sha256"])
        ));
        for line in node["excerpt"]["lines"].as_array().into_iter().flatten() {
            let mark = if line["number"] == node["excerpt"]["line"] { '>' } else { ' ' };
            out.push_str(&format!(
                "{indent}  {mark} {:>5} {}\n",
                plain(&line["number"]),
                plain(&line["text"])
            ));
        }
    }
    for input in node["inputs"].as_array().into_iter().flatten() {
        explained(input, depth + 1, out);
    }
}

/// What went in and where it went.
pub fn trace(body: &Value) -> String {
    let side = |key: &str| {
        let kin = body[key].as_array().cloned().unwrap_or_default();
        let set = kin.into_iter().map(|mut one| {
            if let Some(share) = one["share"].as_f64() {
                one["share_percent"] = Value::String(format!("{:.2}", share * 100.0));
            }
            one
        });
        rows(&Value::Array(set.collect()), &["label", "record", "depth", "share_percent", "mass_kg_dry"])
    };
    let own = body["own_share"].as_f64().unwrap_or_default() * 100.0;
    format!(
        "{} [{}], {own:.2} % of its own origin\n\nwhat went into it\n{}\nwhere it went\n{}{}",
        plain(&body["label"]),
        plain(&body["record"]),
        side("ancestors"),
        side("descendants"),
        recall(&body["recall"])
    )
}

/// What rests upon it, after who must be told.
pub fn impact(body: &Value) -> String {
    let mut rest = body.clone();
    let told = rest.as_object_mut().and_then(|all| all.remove("recall")).unwrap_or_default();
    format!("{}{}", tree(&rest), recall(&told))
}

/// A record and its page; of a hold, who must be told comes as a table.
pub fn record(body: &Value) -> String {
    let mut rest = body.clone();
    let told = rest["page"].as_object_mut().and_then(|page| page.remove("recall")).unwrap_or_default();
    format!("{}{}", tree(&rest), recall(&told))
}

/// Who received how much of it by share, under which certificates, and what is left.
fn recall(body: &Value) -> String {
    if !body.is_object() {
        return String::new();
    }
    let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut told = Vec::new();
    for party in all(&body["told"]) {
        let papers: Vec<String> =
            all(&party["certificates"]).iter().map(|paper| plain(&paper["number"])).collect();
        let who =
            json!({"party": party["code"], "name": party["names"]["en"], "certificates": papers.join(" ")});
        let deliveries = all(&party["deliveries"]);
        if deliveries.is_empty() {
            told.push(who.clone());
        }
        told.extend(deliveries.into_iter().map(|delivery| joined(&who, delivery)));
    }
    let left = all(&body["left"]).into_iter().map(|left| joined(&json!({}), left)).collect();
    let parts = ["share_percent", "of_it_kg_wet", "of_it_kg_dry"];
    let sent = [&["party", "name", "lot_code", "at", "kg_wet"][..], &parts, &["certificates"]].concat();
    let stock = [&["lot_code", "location", "kg_wet"][..], &parts].concat();
    format!(
        "\nwho must be told\n{}\nleft in stock\n{}",
        rows(&Value::Array(told), &sent),
        rows(&Value::Array(left), &stock)
    )
}

/// A line of a recall with its receiver, its share in percent.
fn joined(who: &Value, line: Value) -> Value {
    let mut all = who.as_object().cloned().unwrap_or_default();
    let share = plain(&line["share"]).parse::<f64>().ok();
    all.extend(line.as_object().cloned().unwrap_or_default());
    all.insert("lot_code".to_owned(), line["code"].clone());
    all.insert("share_percent".to_owned(), share.map(|of| format!("{:.4}", of * 100.0)).into());
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_align_numbers_to_the_right_and_count_chinese_as_two() {
        let body = json!([{"name": "精矿", "kg": "9.5"}, {"name": "A", "kg": "<10.25"}]);
        assert_eq!(rows(&body, &["name", "kg"]), "name  kg\n精矿     9.5\nA     <10.25\n");
    }

    #[test]
    fn refusals_and_field_errors_end_differently() {
        let told = |status, body| Told { status, body };
        assert_eq!(
            problem(&told(422, json!({"title": "refused", "refusal": {"what": "x"}})), false),
            Exit::Refused
        );
        assert_eq!(
            problem(&told(403, json!({"title": "refused", "refusal": {"what": "x"}})), false),
            Exit::Refused
        );
        assert_eq!(problem(&told(422, json!({"title": "fields", "errors": []})), false), Exit::Usage);
        assert_eq!(problem(&told(500, json!({"title": "failed"})), false), Exit::Failed);
    }
}
