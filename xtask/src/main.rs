//! `cargo xtask …`: everything the project does to itself. It needs nothing but a Rust toolchain to start,
//! and sets up the rest.

mod bench;
mod demo;
mod features;
mod postgres;
mod schemathesis;
mod setup;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask setup           install what is missing: npm packages, system packages, cargo-deny, schemathesis
cargo xtask demo [--port N] build, make a synthetic institute, serve it on loopback
cargo xtask test [--long]   everything: fmt, clippy, tidy, deny, tests on both databases, browser
cargo xtask api [--long]    the programming interface against its own document, by schemathesis
cargo xtask tidy            the rules of the house that a compiler does not check
cargo xtask bench           measure; ratios in one run, into docs/performance.md when --write is given
cargo xtask features        write the one set of features again, after a dependency changed
cargo xtask docs            write docs/cli.md again from the binary
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| words.iter().any(|word| word == flag);
    let done = match words.first().map(String::as_str) {
        Some("setup") => setup::all(),
        Some("demo") => demo::run(&words[1..]),
        Some("test") => test::run(has("--long")),
        Some("api") => test::api(has("--long")),
        Some("tidy") => tidy::run(),
        Some("features") => features::write(),
        Some("bench") => bench::run(&words[1..]),
        Some("docs") => test::write_docs(),
        _ => {
            print!("{HELP}");
            return ExitCode::from(if words.is_empty() { 0 } else { 2 });
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
