//! Any bytes as a text export, by every shipped mapping; the account must add up.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static MAPPINGS: LazyLock<Vec<intake::Mapping>> = LazyLock::new(intake::shipped);

fuzz_target!(|bytes: &[u8]| {
    for mapping in MAPPINGS.iter() {
        if let Ok(import) = intake::read("fuzz.csv", bytes, mapping, &intake::Limits::default()) {
            let account = &import.account;
            let told = account.reading + account.attribute + account.header + account.statistics;
            let left = account.skipped + account.blank + account.refused + account.needs_decision;
            assert_eq!(told + left, account.rows);
        }
    }
});
