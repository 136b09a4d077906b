//! The one test command. CI calls this and nothing else.

use crate::postgres::Cluster;
use crate::tools::{self, Done, binary, root, run_with, target};
use crate::{schemathesis, setup, tidy};

/// fmt, clippy, tidy, deny, all Rust tests with both databases, the interface, the browser.
pub fn run(long: bool) -> Done {
    setup::all()?;
    in_order(long)
}

fn in_order(long: bool) -> Done {
    tools::run("cargo", &["fmt", "--all", "--check"])?;
    tidy::run()?;
    deny()?;
    tools::run("cargo", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    let cluster = Cluster::start()?;
    let both = [("OREPASS_TEST_POSTGRES", cluster.url.as_str())];
    run_with("cargo", &["test", "--workspace", "--locked", "--no-fail-fast"], &both)?;
    if long {
        run_with("cargo", &["test", "--workspace", "--locked", "--", "--ignored"], &both)?;
        fuzz()?;
    }
    drop(cluster);
    api(long)?;
    browser()
}

/// The programming interface against its own document.
pub fn api(long: bool) -> Done {
    built()?;
    schemathesis::ask(long)
}

/// Each fuzz target for a minute. cargo-fuzz wants unstable flags, which the stable compiler takes when told.
/// What it builds and what it has found so far lie in the target folder.
fn fuzz() -> Done {
    setup::fuzz()?;
    let path = with_tools();
    let built = target().join("fuzz").display().to_string();
    let told = [("PATH", path.as_str()), ("RUSTC_BOOTSTRAP", "1"), ("CARGO_TARGET_DIR", built.as_str())];
    for name in ["mapping", "delimited", "workbook", "preview"] {
        let corpus = target().join("fuzz/corpus").join(name);
        std::fs::create_dir_all(&corpus).map_err(|error| format!("{}: {error}", corpus.display()))?;
        let corpus = corpus.display().to_string();
        let limits = ["-max_total_time=60", "-rss_limit_mb=4096", "-timeout=60"];
        let mut arguments = vec!["fuzz", "run", "--sanitizer", "none", name, &corpus, "--"];
        arguments.extend(limits);
        run_with("cargo", &arguments, &told)?;
    }
    Ok(())
}

/// The search path with the tools that lie in the target folder.
fn with_tools() -> String {
    let tools = target().join("tools/bin");
    format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default())
}

fn deny() -> Done {
    // The advisory database cannot be fetched everywhere; the other three can always be checked.
    let path = with_tools();
    run_with("cargo", &["deny", "--offline", "check", "bans", "licenses", "sources"], &[("PATH", &path)])
}

/// The program, built as the tests build it: one set of features, so that nothing is compiled twice.
fn built() -> Done {
    tools::run("cargo", &["build", "--workspace", "--tests", "--locked"])
}

fn browser() -> Done {
    built()?;
    let binary = binary().display().to_string();
    let tests = root().join("web/test");
    let mut files: Vec<String> = std::fs::read_dir(&tests)
        .map_err(|error| format!("{}: {error}", tests.display()))?
        .flatten()
        .map(|entry| entry.path().display().to_string())
        .filter(|path| path.ends_with(".test.mjs"))
        .collect();
    files.sort();
    let mut arguments = vec!["--test", "--test-concurrency=1", "--test-reporter=spec"];
    arguments.extend(files.iter().map(String::as_str));
    run_with("node", &arguments, &[("OREPASS", &binary)])
}

/// Writes the command-line reference again.
pub fn write_docs() -> Done {
    tools::run("cargo", &["build", "-p", "orepass"])?;
    let out = std::process::Command::new(binary())
        .arg("help-all")
        .output()
        .map_err(|error| format!("orepass help-all: {error}"))?;
    let path = root().join("docs/cli.md");
    std::fs::write(&path, out.stdout).map_err(|error| format!("{}: {error}", path.display()))
}
