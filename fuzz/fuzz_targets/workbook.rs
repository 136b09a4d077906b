//! Any bytes as a workbook, under small limits.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = intake::Limits { inflated: 8 << 20, cells: 200_000, ..intake::Limits::default() };
    for mapping in intake::shipped() {
        let _ = intake::read("fuzz.xlsx", bytes, &mapping, &limits);
    }
});
