//! A mapping and a file, both arbitrary: what `orepass intake preview` prints is always JSON, and a value
//! never stands beside a qualifier that has none.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &[u8])| {
    let Ok(mapping) = intake::Mapping::parse(input.0, "fuzz") else { return };
    if let Ok(import) = intake::read("fuzz.csv", input.1, &mapping, &intake::Limits::default()) {
        for one in &import.readings {
            assert!(one.value.is_none() || ["value", "below"].contains(&one.qualifier.as_str()));
        }
        serde_json::to_string(&import).expect("an import is plain data");
    }
});
