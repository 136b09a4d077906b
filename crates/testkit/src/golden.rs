//! Golden files: what a test has found, kept beside it and compared for ever.

use std::collections::BTreeSet;
use std::path::PathBuf;

/// Compares `text` with the file at `path`, seen from the folder of the crate under test. With
/// `UPDATE_GOLDENS=1` the file is written instead; look at its difference before committing it.
///
/// # Panics
/// When the texts differ, naming the first line that does, or when the file is missing.
pub fn golden(path: &str, text: &str) {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo names the crate under test");
    let path = PathBuf::from(folder).join(path);
    if std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1") {
        let parent = path.parent().expect("a golden lies in a folder");
        std::fs::create_dir_all(parent).expect("the folder of the golden can be made");
        std::fs::write(&path, text).expect("the golden can be written");
        return;
    }
    let kept = std::fs::read_to_string(&path)
        .unwrap_or_else(|why| panic!("{}: {why}; run the test with UPDATE_GOLDENS=1", path.display()));
    if let Some((line, kept, found)) = first_difference(&kept, text) {
        let path = path.display();
        panic!("{path}, line {line}\n  kept:  {kept}\n  found: {found}\nUPDATE_GOLDENS=1 rewrites it");
    }
}

/// A golden that only grows, one line for each thing, in order: what it holds after what is new of `today`
/// was added. `UPDATE_GOLDENS=1` adds; nothing changes or drops a line.
///
/// # Panics
/// Something of `today` is not in it.
pub fn growing_golden(path: &str, today: &BTreeSet<String>) -> BTreeSet<String> {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo names the crate under test");
    let path = PathBuf::from(folder).join(path);
    let mut kept: BTreeSet<String> =
        std::fs::read_to_string(&path).unwrap_or_default().lines().map(str::to_owned).collect();
    let new: Vec<&String> = today.difference(&kept).collect();
    if new.is_empty() {
        return kept;
    }
    let update = std::env::var_os("UPDATE_GOLDENS").is_some_and(|value| value == "1");
    assert!(update, "{} lacks (UPDATE_GOLDENS=1 adds them):\n{new:#?}", path.display());
    kept.extend(today.iter().cloned());
    let text: String = kept.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(&path, text).expect("the golden can be written");
    kept
}

fn first_difference<'a>(kept: &'a str, found: &'a str) -> Option<(usize, &'a str, &'a str)> {
    let (mut a, mut b) = (kept.lines(), found.lines());
    for line in 1.. {
        match (a.next(), b.next()) {
            (None, None) => break,
            (x, y) if x == y => {}
            (x, y) => return Some((line, x.unwrap_or("(end)"), y.unwrap_or("(end)"))),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, "b", "c")));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some((2, "(end)", "b")));
    }
}
