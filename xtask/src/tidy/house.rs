//! Floors: which crate may use which, and which are pure.

use std::fs;

use crate::tools::root;

/// The floor of each crate. A crate uses only crates of floors below its own.
const FLOORS: &[(&str, u8)] = &[
    ("features", 0),
    ("kernel", 1),
    ("facts", 1),
    ("measure", 1),
    ("ledger", 1),
    ("thread", 1),
    ("balance", 1),
    ("store", 2),
    ("intake", 2),
    ("publish", 2),
    ("ui", 2),
    ("site", 3),
    ("authority", 3),
    ("materials", 3),
    ("laboratory", 4),
    ("engineering", 4),
    ("quality", 4),
    ("server", 5),
    ("orepass", 6),
    ("testkit", 7),
    ("bench", 8),
];

/// Crates of one floor of which the first may use the second.
const BESIDE: &[(&str, &str)] = &[
    ("facts", "kernel"),
    ("balance", "measure"),
    ("authority", "site"),
    ("materials", "site"),
    ("materials", "authority"),
];

/// What a crate of floor 1 has no part in: I/O, the time of day, randomness.
const OUTSIDE: &[&str] =
    &["std::fs", "std::net", "std::env", "SystemTime::now", "Instant::now", "getrandom", "tokio::"];

fn floor(name: &str) -> Option<u8> {
    FLOORS.iter().find(|(known, _)| *known == name).map(|(_, floor)| *floor)
}

/// Every crate is on a floor and uses only what is below it.
pub fn check(wrong: &mut Vec<String>) {
    for folder in fs::read_dir(root().join("crates")).into_iter().flatten().flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        let text = fs::read_to_string(folder.path().join("Cargo.toml")).unwrap_or_default();
        let own = text.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next());
        wrong.extend(crate_wrongs(&name, own.unwrap_or_default()));
    }
}

/// What is wrong with a crate's place, by its `[dependencies]`.
fn crate_wrongs(name: &str, dependencies: &str) -> Vec<String> {
    let Some(own) = floor(name) else {
        return vec![format!("crates/{name} is on no floor: put it into xtask/src/tidy/house.rs")];
    };
    let used = dependencies.lines().filter_map(|line| line.split_once(['.', ' ']).map(|(other, _)| other));
    let used = used.filter_map(|other| floor(other).map(|floor| (other, floor)));
    used.filter(|(other, floor)| *floor >= own && !BESIDE.contains(&(name, *other)))
        .map(|(other, _)| format!("crates/{name} uses {other}, which is not below it (ARCHITECTURE.md)"))
        .collect()
}

/// Whether a line of a file reaches outside though its crate is pure.
pub fn reaches_outside(file: &str, line: &str) -> bool {
    let name = file.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).unwrap_or_default();
    floor(name) == Some(1) && OUTSIDE.iter().any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_on_a_floor_and_looks_down() {
        let table = [
            ("quality", "kernel.workspace = true\nstore.workspace = true\nserde.workspace = true\n", 0),
            ("quality", "laboratory.workspace = true\n", 1),
            ("store", "authority.workspace = true\nui.workspace = true\n", 2),
            ("materials", "site.workspace = true\n", 0),
            ("measure", "balance = { path = \"../balance\" }\n", 1),
            ("stranger", "", 1),
        ];
        for (name, dependencies, wrongs) in table {
            let found = crate_wrongs(name, dependencies);
            assert_eq!(found.len(), wrongs, "{name}: {found:?}");
        }
    }

    #[test]
    fn every_crate_of_the_first_floor_is_pure() {
        for name in ["kernel", "facts", "measure", "ledger", "thread", "balance"] {
            assert!(reaches_outside(&format!("crates/{name}/src/a.rs"), "use std::fs;"), "{name}");
        }
        assert!(!reaches_outside("crates/store/src/a.rs", "use std::fs;"));
    }
}
