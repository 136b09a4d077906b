//! Any text as a mapping: an error or a mapping, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = intake::Mapping::parse(text, "fuzz");
});
