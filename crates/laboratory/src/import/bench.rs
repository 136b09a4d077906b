//! A synthetic file through the whole real path, to measure it. For `orepass bench import`.

use std::fmt::Write as _;

use kernel::Actor;
use store::Store;

use super::{ImportContext, ImportError, ImportReceipt, import};

/// The mapping of the synthetic file: one row a reading.
pub const MAPPING: &str = include_str!("bench.toml");

/// A file of `readings` rows over `samples` sample ids `BENCH-1`…, in semicolon-separated rows with a header;
/// the same for the same numbers.
pub fn file(readings: usize, samples: usize) -> String {
    let mut out = String::with_capacity(readings * 40);
    out.push_str("sample;analyte;value;unit\n");
    let analytes = readings.div_ceil(samples.max(1));
    for at in 0..readings {
        let (sample, analyte) = (at / analytes + 1, at % analytes + 1);
        // A multiplicative generator spreads the digits; any would do.
        let digits = (at as u64).wrapping_mul(2_654_435_761) % 100_000;
        let _ = writeln!(out, "BENCH-{sample};A{analyte};{}.{:04};mg/L", digits / 10_000, digits % 10_000);
    }
    out
}

/// Imports such a file as `actor`; the samples and a method with the analytes must be there, and the mapping
/// [`MAPPING`] added.
pub fn run(
    store: &Store,
    actor: &Actor,
    context: &ImportContext,
    text: &str,
) -> Result<ImportReceipt, ImportError> {
    import(store, actor, "bench.csv", text.as_bytes(), Some("orepass-bench"), context, &mut |_| {})
}
