//! The examples of the manual, mapping and file, with arbitrary changes to both: what `orepass intake preview`
//! prints is always JSON, the account adds up, and a value never stands beside a qualifier that has none.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

/// A change: to the mapping (else to the file), where, how many bytes go, which come.
type Edit = (bool, u16, u8, [u8; 3]);

static EXAMPLES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let manual = include_str!("../../docs/intake.md");
    let block = |part: &str, kind: &str| {
        let (_, rest) = part.split_once(&format!("```{kind}\n"))?;
        rest.split_once("```").map(|(block, _)| block.to_owned())
    };
    let examples = manual.split("\n### ").filter(|part| part.contains("```readings"));
    examples.filter_map(|part| Some((block(part, "toml")?, block(part, "text")?))).collect()
});

fuzz_target!(|input: (u8, Vec<Edit>)| {
    let (mapping, file) = &EXAMPLES[usize::from(input.0) % EXAMPLES.len()];
    let (mut mapping, mut file) = (mapping.clone().into_bytes(), file.clone().into_bytes());
    for (of_mapping, at, cut, put) in input.1.iter().take(40) {
        let text = if *of_mapping { &mut mapping } else { &mut file };
        let from = usize::from(*at) % (text.len() + 1);
        let to = (from + usize::from(*cut % 40)).min(text.len());
        text.splice(from..to, put.iter().copied().filter(|byte| *byte != 0));
    }
    let mapping = String::from_utf8_lossy(&mapping);
    let Ok(mapping) = intake::Mapping::parse(&mapping, "fuzz") else { return };
    let Ok(import) = intake::read("fuzz.csv", &file, &mapping, &intake::Limits::default()) else { return };
    let account = &import.account;
    let told = account.reading + account.attribute + account.header + account.statistics;
    let left = account.skipped + account.blank + account.refused + account.needs_decision;
    assert_eq!(told + left, account.rows);
    for one in &import.readings {
        assert!(one.value.is_none() || ["value", "below"].contains(&one.qualifier.as_str()));
    }
    serde_json::to_string(&import).expect("an import is plain data");
});
