//! `orepass intake preview` for people: readings first, then everything that is not one, with its reason.

use std::collections::BTreeMap;

use intake::{Account, Import, Outcome, Qualifier};
use serde_json::{Value, json};

use crate::print;

/// Row labels that are listed of rows with the same reason.
const LISTED: usize = 6;

/// An import as text: readings, the account, refused cells, questions, rows left out, notes.
pub fn table(import: &Import) -> String {
    let mut out = format!(
        "{} by {} {} ({}, {})\n\n",
        import.file, import.mapping, import.mapping_version, import.instrument, import.encoding
    );
    out.push_str(&readings(import));
    out.push_str(&format!("\n{}\n{}\n", rows_told(&import.account), readings_told(import)));
    for (title, rows, names) in [
        ("cells refused", refusals(import), &["row", "column", "header", "token", "reason"][..]),
        ("questions: nothing is taken from these before a person decides", questions(import), &QUESTION),
        ("rows without readings", left_out(import), &["rows", "outcome", "reason", "which"]),
    ] {
        if !rows.is_empty() {
            out.push_str(&format!("\n{title}\n{}", print::rows(&Value::Array(rows), names)));
        }
    }
    out.push_str(&date_order(import));
    if !import.warnings.is_empty() {
        out.push_str("\nnotes\n");
    }
    for warning in &import.warnings {
        out.push_str(&format!("- {warning}\n"));
    }
    out
}

/// What the dates of the file can mean, where neither the file nor the mapping tells day from month.
fn date_order(import: &Import) -> String {
    let Some(question) = &import.date_question else { return String::new() };
    let mut out = format!("\nquestion: which order day and month have ({} rows)\n", question.rows);
    for one in question.examples.iter().chain(&question.certain) {
        let means = one.means.iter().map(|means| format!("{} {}", means.order.as_str(), means.at));
        let means = means.collect::<Vec<_>>().join(", or ");
        out.push_str(&format!("row {}: {:?} is {means}\n", one.row, one.text));
    }
    out.push_str("state it with --date-order, or name a mapping that does\n");
    out
}

const QUESTION: [&str; 5] = ["row", "sample_id", "analyte", "raw", "question"];

/// Every reading; a column that says nothing about any of them is left out.
fn readings(import: &Import) -> String {
    let any = |told: fn(&intake::Reading) -> bool| import.readings.iter().any(told);
    let columns = [
        ("row", true),
        ("sample_id", true),
        ("class", true),
        ("analyte", true),
        ("channel", any(|one| !one.channel.is_empty())),
        ("raw", true),
        ("qualifier", true),
        ("value", true),
        ("unit", true),
        ("basis", any(|one| one.basis != "not_stated")),
        ("flags", any(|one| !one.flags.is_empty())),
        ("measured_at", any(|one| one.measured_at.is_some())),
        ("decide", any(|one| one.needs_decision.is_some())),
    ];
    let names: Vec<&str> = columns.iter().filter(|(_, told)| *told).map(|(name, _)| *name).collect();
    let row = |one: &intake::Reading| {
        json!({
            "row": one.row,
            "sample_id": one.sample_id,
            "class": one.class,
            "analyte": one.analyte,
            "channel": one.channel,
            "raw": one.raw.trim(),
            "qualifier": one.qualifier,
            "value": one.value,
            "unit": one.unit,
            "basis": one.basis,
            "flags": one.flags.join(";"),
            "measured_at": one.measured_at,
            "decide": one.needs_decision.as_ref().map(|_| "?"),
        })
    };
    print::rows(&Value::Array(import.readings.iter().map(row).collect()), &names)
}

fn rows_told(account: &Account) -> String {
    let parts = [
        (account.reading, "with readings"),
        (account.statistics, "of statistics"),
        (account.needs_decision, "with a question"),
        (account.header, "header"),
        (account.attribute, "kept as attributes"),
        (account.skipped, "skipped"),
        (account.refused, "refused"),
        (account.blank, "blank"),
    ];
    let told: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    format!("{} rows: {}", account.rows, told.join(", "))
}

fn readings_told(import: &Import) -> String {
    let count = |wanted: Qualifier| import.readings.iter().filter(|one| one.qualifier == wanted).count();
    let told: Vec<String> = Qualifier::ALL
        .iter()
        .map(|one| (count(*one), one.as_str()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let mut text = format!("{} readings", import.readings.len());
    if !told.is_empty() {
        text.push_str(&format!(": {}", told.join(", ")));
    }
    let asked = import.readings.iter().filter(|one| one.needs_decision.is_some()).count();
    if asked > 0 {
        text.push_str(&format!("; waiting for a decision: {asked}"));
    }
    text
}

fn refusals(import: &Import) -> Vec<Value> {
    let one = |cell: &intake::Refusal| {
        json!({
            "row": cell.row,
            "column": cell.column,
            "header": cell.header,
            "token": cell.token,
            "reason": cell.reason,
        })
    };
    import.refusals.iter().map(one).collect()
}

fn questions(import: &Import) -> Vec<Value> {
    let asked = import.readings.iter().filter_map(|one| {
        let question = one.needs_decision.as_ref()?;
        Some(json!({
            "row": one.row,
            "sample_id": one.sample_id,
            "analyte": one.analyte,
            "raw": one.raw.trim(),
            "question": question,
        }))
    });
    asked.collect()
}

/// Rows that were skipped or refused, those with one reason together. Rows whose cells are listed above are
/// not told twice.
fn left_out(import: &Import) -> Vec<Value> {
    let told: std::collections::BTreeSet<&String> = import.refusals.iter().map(|cell| &cell.row).collect();
    let mut reasons: Vec<(&str, &str)> = Vec::new();
    let mut rows: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for row in &import.rows {
        let key = match &row.outcome {
            Outcome::Skipped { rule } => ("skipped", rule.as_str()),
            Outcome::Refused { reason } if !told.contains(&row.row) => ("refused", reason.as_str()),
            _ => continue,
        };
        let same = rows.entry(key).or_default();
        if same.is_empty() {
            reasons.push(key);
        }
        same.push(&row.row);
    }
    let line = |key: &(&str, &str)| {
        let all = &rows[key];
        let mut which = all.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
        if all.len() > LISTED {
            which.push_str(", …");
        }
        json!({ "rows": all.len(), "outcome": key.0, "reason": key.1, "which": which })
    };
    reasons.iter().map(line).collect()
}
