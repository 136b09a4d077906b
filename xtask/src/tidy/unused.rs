//! What nobody uses: files that no module names, functions without a caller, words that no page says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::tools::root;

use super::{before_tests, sources};

/// Functions that only tests and samples call, and are kept for them.
const FOR_TESTS: &[&str] = &["edge_count", "is_exact", "sample_words", "sixty_items"];

/// Functions that stand ready: the first fact that changes its shape calls it.
const READY: &[&str] = &["upcast"];

/// Crates whose whole point is to be called from elsewhere than production.
const HELPERS: &[&str] = &["crates/testkit/", "crates/bench/"];

/// Finds all of it.
pub fn check(wrong: &mut Vec<String>) {
    let mut texts = BTreeMap::new();
    for folder in ["crates", "xtask"] {
        for file in sources(&root().join(folder)) {
            let name = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
            texts.insert(name, fs::read_to_string(&file).unwrap_or_default());
        }
    }
    wrong.extend(dead_files(&texts));
    wrong.extend(uncalled(&texts));
    let said: Vec<&str> = texts.values().map(String::as_str).collect();
    let scripts = root().join("crates/ui/assets");
    let scripts: Vec<String> = fs::read_dir(scripts)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|f| fs::read_to_string(f.path()).ok())
        .collect();
    let known = Known::of(said.into_iter().chain(scripts.iter().map(String::as_str)));
    for folder in fs::read_dir(root().join("crates")).into_iter().flatten().flatten() {
        let file = folder.path().join("text/en.ftl");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let name = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        let unsaid = keys(&text).filter(|key| !known.says(key));
        wrong.extend(unsaid.map(|key| format!("{name}: nothing says `{key}`")));
    }
}

/// Files that no `mod` and no `#[path]` names.
fn dead_files(texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut wrong = Vec::new();
    for name in texts.keys().filter(|name| name.contains("/src/")) {
        let path = Path::new(name);
        let (Some(stem), Some(folder)) = (path.file_stem(), path.parent()) else { continue };
        let stem = stem.to_string_lossy();
        if matches!(&*stem, "lib" | "main") || folder.ends_with("bin") {
            continue;
        }
        let (module, folder) = match &*stem {
            "mod" => {
                (folder.file_name().unwrap_or_default().to_string_lossy(), folder.parent().unwrap_or(folder))
            }
            _ => (stem, folder),
        };
        let folder = folder.display().to_string();
        let parents = [
            format!("{folder}/mod.rs"),
            format!("{folder}/lib.rs"),
            format!("{folder}/main.rs"),
            format!("{folder}.rs"),
        ];
        let declared =
            |text: &String| text.lines().any(|line| line.trim_end().ends_with(&format!("mod {module};")));
        let named = parents.iter().filter_map(|parent| texts.get(parent)).any(declared)
            || texts.values().any(|text| {
                text.contains(&format!("/{module}.rs\"]")) || text.contains(&format!("\"{module}.rs\"]"))
            });
        if !named {
            wrong.push(format!("{name}: no module names this file"));
        }
    }
    wrong
}

/// Functions whose name stands nowhere in production but where they are made.
fn uncalled(texts: &BTreeMap<String, String>) -> Vec<String> {
    let production = texts.iter().filter(|(name, _)| {
        name.contains("/src/") && !name.ends_with("tests.rs") && !name.contains("/tests/")
    });
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    let mut made = Vec::new();
    for (name, text) in production {
        let mut of_trait = None;
        for line in before_tests(text) {
            let code = line.trim_start();
            if code.starts_with("//") {
                continue;
            }
            let indent = line.len() - code.len();
            if code.starts_with("impl") && code.contains(" for ")
                || code.contains("trait ") && code.ends_with('{')
            {
                of_trait = Some(indent);
            } else if code == "}" && of_trait == Some(indent) {
                of_trait = None;
            }
            words(line).for_each(|word| *count.entry(word).or_default() += 1);
            let function = code
                .split_once("fn ")
                .filter(|(before, _)| before.chars().all(|c| c.is_ascii_lowercase() || " ()".contains(c)));
            let helper = HELPERS.iter().any(|part| name.starts_with(part));
            if let (Some((_, rest)), None, false) = (function, of_trait, helper) {
                made.extend(words(rest).next().map(|function| (name, function)));
            }
        }
    }
    made.retain(|(_, function)| {
        count.get(function) == Some(&1)
            && !FOR_TESTS.contains(function)
            && !READY.contains(function)
            && *function != "main"
    });
    made.into_iter()
        .map(|(name, function)| format!("{name}: nothing in production calls `{function}`"))
        .collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// The keys of a Fluent file.
fn keys(text: &str) -> impl Iterator<Item = &str> {
    let key = |line: &str| line.starts_with(|c: char| c.is_ascii_lowercase());
    text.lines().filter(move |line| key(line)).filter_map(|line| line.split_once(" =")).map(|(key, _)| key)
}

/// Everything that stands in the sources, written as Fluent writes it.
struct Known(BTreeSet<String>);

impl Known {
    fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut known = BTreeSet::new();
        for text in texts {
            let whole = text.split(|c: char| !(c.is_ascii_alphanumeric() || "_.-".contains(c)));
            for word in whole.filter(|word| !word.is_empty()) {
                known.insert(word.replace(['.', '_'], "-").to_lowercase().trim_matches('-').to_owned());
                known.insert(kebab(word));
            }
        }
        Known(known)
    }

    /// Whether the key stands there, or is put together of at most four words that do: a family, a command,
    /// a field, a part of it.
    fn says(&self, key: &str) -> bool {
        let parts: Vec<&str> = key.split('-').collect();
        self.chain(&parts, 4)
    }

    fn chain(&self, parts: &[&str], most: usize) -> bool {
        self.0.contains(&parts.join("-"))
            || most > 1
                && (1..parts.len())
                    .any(|at| self.0.contains(&parts[..at].join("-")) && self.chain(&parts[at..], most - 1))
    }
}

/// `InStock` as `in-stock`.
fn kebab(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[(&str, &str)]) -> BTreeMap<String, String> {
        all.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_file_that_no_module_names_is_found() {
        let all = texts(&[
            ("crates/x/src/lib.rs", "mod a;\n#[path = \"c_tests.rs\"]\nmod tests;\n"),
            ("crates/x/src/a.rs", "pub(crate) mod b;\n"),
            ("crates/x/src/a/b.rs", ""),
            ("crates/x/src/c_tests.rs", ""),
            ("crates/x/src/left.rs", ""),
        ]);
        assert_eq!(dead_files(&all), ["crates/x/src/left.rs: no module names this file"]);
    }

    #[test]
    fn a_function_that_only_tests_call_is_found() {
        let made = "pub fn used() {}\npub const fn left() {}\nimpl A for B {\n    fn seen() {}\n}\n\
                    #[cfg(test)]\nmod tests { fn t() { left(); } }\n";
        let calls = "fn main() {\n    used();\n}\n";
        let all = texts(&[("crates/x/src/a.rs", made), ("crates/x/src/b.rs", calls)]);
        assert_eq!(uncalled(&all), ["crates/x/src/a.rs: nothing in production calls `left`"]);
    }

    #[test]
    fn a_word_that_nothing_says_is_found() {
        let known = Known::of(
            ["words.t(\"list-lots\"); \"field\"; \"lot.ship\"; mass_kg: InStock; \"state\""].into_iter(),
        );
        for key in ["list-lots", "field-mass-kg", "field-lot-ship-mass-kg", "state-in-stock"] {
            assert!(known.says(key), "{key}");
        }
        for key in ["list-lost", "field-volume", "empty-lots"] {
            assert!(!known.says(key), "{key}");
        }
    }
}
