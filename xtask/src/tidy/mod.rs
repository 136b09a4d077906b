//! The rules of the house that no compiler checks: sizes, floors, where SQL may stand, what is documented.

use std::fs;
use std::path::{Path, PathBuf};

use crate::tools::{Done, root};

mod house;
mod unused;

const FILE: usize = 500;
const FUNCTION: usize = 70;
const LINE: usize = 110;

/// Checks everything and lists all that is wrong.
pub fn run() -> Done {
    let mut wrong = Vec::new();
    for file in sources(&root().join("crates")).into_iter().chain(sources(&root().join("xtask"))) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let name = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        check_file(&name, &text, &mut wrong);
    }
    house::check(&mut wrong);
    unused::check(&mut wrong);
    check_documents(&mut wrong);
    crate::features::check(&mut wrong);
    if wrong.is_empty() {
        println!("\n== tidy: nothing to say");
        return Ok(());
    }
    Err(format!("tidy found {}:\n  {}", wrong.len(), wrong.join("\n  ")))
}

fn check_file(name: &str, text: &str, wrong: &mut Vec<String>) {
    let is_test = name.contains("/tests/") || name.ends_with("/tests.rs");
    let code: Vec<&str> = if is_test { text.lines().collect() } else { before_tests(text) };
    if !is_test && code.len() > FILE {
        wrong.push(format!("{name}: {} lines without tests; at most {FILE}", code.len()));
    }
    for (at, line) in text.lines().enumerate() {
        if line.chars().count() > LINE {
            wrong.push(format!("{name}:{}: {} characters; at most {LINE}", at + 1, line.chars().count()));
        }
    }
    if !is_test {
        // A sample is data in the form of a function.
        if !name.ends_with("sample.rs") && !name.ends_with("samples.rs") {
            check_functions(name, &code, wrong);
        }
        check_words(name, &code, wrong);
    }
}

fn before_tests(text: &str) -> Vec<&str> {
    text.lines().take_while(|line| line.trim() != "#[cfg(test)]").collect()
}

/// rustfmt puts the closing brace of a function under its `fn`, which is enough to measure it.
fn check_functions(name: &str, code: &[&str], wrong: &mut Vec<String>) {
    for (start, line) in code.iter().enumerate() {
        let body = line.trim_start();
        let indent = line.len() - body.len();
        // Whatever stands before it: a visibility, `const`, `async`, `unsafe`.
        let before = body.split_once("fn ").map(|(before, _)| before);
        let function = before
            .is_some_and(|before| before.chars().all(|c| c.is_ascii_lowercase() || " ():_".contains(c)));
        if !function || line.trim_end().ends_with('}') {
            continue;
        }
        let close = format!("{}}}", " ".repeat(indent));
        let length = code[start..].iter().position(|line| *line == close).map_or(0, |end| end + 1);
        if length > FUNCTION {
            wrong.push(format!("{name}:{}: a function of {length} lines; at most {FUNCTION}", start + 1));
        }
    }
}

fn check_words(name: &str, code: &[&str], wrong: &mut Vec<String>) {
    let of = |part: &str| name.starts_with(&format!("crates/{part}/"));
    let sql_room = name.ends_with("rows.rs") || of("store") || of("testkit") || of("bench");
    let sql_room = sql_room || name.starts_with("xtask");
    for (at, line) in code.iter().enumerate() {
        let text = line.trim_start();
        if text.starts_with("//") {
            continue;
        }
        let says = |word: &str| line.contains(word);
        if !sql_room && (says("\"SELECT ") || says("\"INSERT INTO ") || says("\"UPDATE ") && says(" SET ")) {
            wrong.push(format!("{name}:{}: SQL outside rows.rs", at + 1));
        }
        if house::reaches_outside(name, line) {
            wrong.push(format!("{name}:{}: a pure crate reaches outside: {}", at + 1, text));
        }
        if says(concat!(".unw", "rap()"))
            || says(concat!("tod", "o!("))
            || says(concat!("unimpl", "emented!("))
        {
            wrong.push(format!("{name}:{}: {}", at + 1, text));
        }
    }
}

fn check_documents(wrong: &mut Vec<String>) {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_default();
    let manifest = read("Cargo.toml");
    let reasons = read("docs/decisions/0002-dependencies.md");
    let outside = manifest.split("# outside").nth(1).and_then(|rest| rest.split("\n[").next());
    for line in outside.unwrap_or_default().lines() {
        let Some((name, _)) = line.split_once(" = ") else { continue };
        if !reasons.contains(&format!("`{name}`")) {
            wrong.push(format!("docs/decisions/0002-dependencies.md has no line for `{name}`"));
        }
    }
    let house = read("ARCHITECTURE.md");
    for folder in fs::read_dir(root().join("crates")).into_iter().flatten().flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        if !house.contains(&format!("`{name}`")) {
            wrong.push(format!("ARCHITECTURE.md does not name the crate `{name}`"));
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, text: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        check_file(name, text, &mut wrong);
        wrong
    }

    #[test]
    fn a_long_function_is_found_and_a_short_one_is_not() {
        let body = |lines: usize| format!("fn f() {{\n{}}}\n", "    g();\n".repeat(lines));
        assert!(said("crates/x/src/a.rs", &body(60)).is_empty());
        assert_eq!(said("crates/x/src/a.rs", &body(80)).len(), 1);
    }

    #[test]
    fn sql_stands_in_rows_only() {
        let text = "const A: &str = \"SELECT 1\";\n";
        assert!(said("crates/x/src/rows.rs", text).is_empty());
        assert_eq!(said("crates/x/src/pages.rs", text).len(), 1);
    }

    #[test]
    fn a_long_function_is_found_whatever_its_visibility() {
        for before in ["", "pub ", "pub(crate) ", "pub(super) ", "pub(in crate::a) ", "pub const unsafe "] {
            let body = format!("{before}fn f() {{\n{}}}\n", "    g();\n".repeat(80));
            assert_eq!(said("crates/x/src/a.rs", &body).len(), 1, "{before}");
        }
    }

    #[test]
    fn a_pure_crate_does_not_open_files() {
        assert_eq!(said("crates/measure/src/a.rs", "use std::fs;\n").len(), 1);
        assert!(said("crates/store/src/a.rs", "use std::fs;\n").is_empty());
    }
}
