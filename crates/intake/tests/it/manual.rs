//! The manual against the parser: every key documented, every documented key known, every example true.

use std::collections::BTreeMap;
use std::path::Path;

use intake::{Limits, Mapping, read, sections};

fn manual() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/intake.md")).unwrap()
}

/// Keys of the tables under each `### [section]` heading.
fn documented(manual: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut section = None;
    for line in manual.lines() {
        if let Some(title) = line.strip_prefix("### ").or_else(|| line.strip_prefix("## ")) {
            let name = title
                .strip_prefix("`[")
                .and_then(|rest| rest.split_once("]`"))
                .map(|(name, _)| name.to_owned());
            if let Some(name) = name.clone().filter(|_| !title.contains(" and ")) {
                found.entry(name).or_default();
            }
            section = name.filter(|_| !title.contains(" and "));
            continue;
        }
        let Some(section) = &section else { continue };
        let Some(first) = line.strip_prefix("| `").and_then(|rest| rest.split('|').next()) else { continue };
        for key in format!("`{first}").split(',') {
            found.entry(section.clone()).or_default().push(key.trim().trim_matches('`').to_owned());
        }
    }
    found
}

#[test]
fn every_key_is_documented_and_every_documented_key_is_known() {
    let documented = documented(&manual());
    let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (section, keys) in sections() {
        known.insert(section.to_owned(), keys.iter().map(|key| (*key).to_owned()).collect());
    }
    for (section, keys) in &known {
        let mut written =
            documented.get(section).unwrap_or_else(|| panic!("[{section}] is not in the manual")).clone();
        let mut keys = keys.clone();
        written.sort();
        keys.sort();
        assert_eq!(written, keys, "[{section}]");
    }
    assert!(documented.keys().all(|section| known.contains_key(section)), "{documented:?}");
}

#[test]
fn every_example_reads_as_the_manual_says() {
    let text = manual();
    let examples = text.split("\n### ").filter(|part| part.contains("```readings"));
    let mut count = 0;
    for example in examples {
        let block = |kind: &str| {
            let start = example.find(&format!("```{kind}\n")).unwrap() + kind.len() + 4;
            &example[start..start + example[start..].find("```").unwrap()]
        };
        let mapping = Mapping::parse(block("toml"), "example").unwrap_or_else(|error| panic!("{error}"));
        let import = read("example.txt", block("text").as_bytes(), &mapping, &Limits::default())
            .unwrap_or_else(|error| panic!("{}: {error}", mapping.name));
        let read: Vec<String> = import
            .readings
            .iter()
            .map(|one| {
                let value = one.value.clone().unwrap_or_default();
                let cells = [
                    &one.row,
                    &one.sample_id,
                    one.class.as_str(),
                    &one.analyte,
                    &one.channel,
                    one.qualifier.as_str(),
                    &value,
                    &one.unit,
                    &one.flags.join(";"),
                ];
                cells.map(|cell| cell.to_owned()).join("|")
            })
            .collect();
        let said: Vec<String> = block("readings")
            .lines()
            .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>().join("|"))
            .collect();
        assert_eq!(read, said, "{}: {:#?}", mapping.name, import.rows);
        assert!(import.refusals.is_empty(), "{}", mapping.name);
        assert_eq!(import.account.refused, 0, "{}", mapping.name);
        count += 1;
    }
    assert_eq!(count, 14);
}

#[test]
fn the_smallest_mapping_works() {
    let text = manual();
    let start = text.find("```toml\n").unwrap() + 8;
    let mapping = &text[start..start + text[start..].find("```").unwrap()];
    let mapping = Mapping::parse(mapping, "smallest").unwrap();
    let file = "Sample,Element,Conc,Unit\nA,Fe,1.0,%\n";
    let import = read("a.csv", file.as_bytes(), &mapping, &Limits::default()).unwrap();
    assert_eq!(import.readings[0].value.as_deref(), Some("1.0"));
}
