//! One set of features for every build. Cargo unifies features over the crates that it builds, so that
//! `cargo test -p laboratory` would compile a third of the dependencies once more than `--workspace` did.
//! The crate `features` asks for the whole workspace's features of every dependency that would differ, and
//! every crate depends on it. `cargo xtask features` writes its list, and `cargo xtask tidy` checks it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use crate::tools::{Done, root};

const MARK: &str = "# Written by `cargo xtask features`; everything below is replaced.\n";

/// Name and version of a package, with its features as cargo prints them.
type Resolved = BTreeSet<(String, String)>;

/// Writes the list again.
pub fn write() -> Done {
    let manifest = manifest();
    let text = read(&manifest)?;
    let (head, _) =
        text.split_once(MARK).ok_or_else(|| format!("{}: the mark is gone", manifest.display()))?;
    put(&manifest, &format!("{head}{MARK}"))?;
    // What comes from one list may show what the next one lacks.
    let (mut target, mut host) = (BTreeMap::new(), BTreeMap::new());
    for _ in 0..4 {
        let found = differing()?;
        if found.target.is_empty() && found.host.is_empty() {
            return Ok(());
        }
        target.extend(found.target);
        host.extend(found.host);
        let section = |name: &str, all: &BTreeMap<String, String>| match all.is_empty() {
            true => String::new(),
            false => format!(
                "\n[{name}]\n{}",
                all.iter().map(|(spec, features)| line(spec, features)).collect::<String>()
            ),
        };
        let (plain, build) = (section("dependencies", &target), section("build-dependencies", &host));
        put(&manifest, &format!("{head}{MARK}{plain}{build}"))?;
    }
    Err("the features of the workspace do not settle".to_owned())
}

/// What is wrong with the list.
pub fn check(wrong: &mut Vec<String>) {
    match differing() {
        Err(why) => wrong.push(why),
        Ok(found) => {
            for spec in found.target.keys().chain(found.host.keys()) {
                wrong.push(format!(
                    "{spec} has other features in a part of the workspace: `cargo xtask features`"
                ));
            }
        }
    }
}

/// `name version` → features, of what a part of the workspace would build otherwise than all of it.
#[derive(Default)]
struct Differing {
    /// For the program.
    target: BTreeMap<String, String>,
    /// For procedural macros and build scripts.
    host: BTreeMap<String, String>,
}

fn differing() -> Result<Differing, String> {
    let everything = ["-e", "normal,build,dev"];
    let program = ["-e", "normal,dev,no-proc-macro"];
    let (all, all_target) = (tree("--workspace", &everything)?, tree("--workspace", &program)?);
    let mut found = Differing::default();
    for member in members()? {
        let member = format!("--package={member}");
        let mine = tree(&member, &program)?;
        for (spec, _) in mine.difference(&all_target) {
            found.target.extend(features_of(&all_target, spec));
        }
        for (spec, features) in tree(&member, &everything)?.difference(&all) {
            if !mine.contains(&(spec.clone(), features.clone())) {
                found.host.extend(features_of(&all, spec));
            }
        }
    }
    Ok(found)
}

/// The most features that the workspace has of a package.
fn features_of(all: &Resolved, spec: &str) -> Option<(String, String)> {
    let same = all.iter().filter(|(name, _)| name == spec);
    same.max_by_key(|(_, features)| features.len()).cloned()
}

fn tree(what: &str, edges: &[&str]) -> Result<Resolved, String> {
    let mut arguments = vec!["tree", what, "--prefix", "none", "-f", "{p}|{f}"];
    arguments.extend(edges);
    let out = Command::new("cargo").args(&arguments).current_dir(root()).output();
    let out = out.map_err(|error| format!("cargo tree: {error}"))?;
    if !out.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&out.stderr)));
    }
    let text = String::from_utf8_lossy(&out.stdout);
    let outside = text.lines().filter(|line| !line.contains(&format!("({}", root().display())));
    Ok(outside
        .filter_map(|line| {
            let (package, features) = line.trim_end_matches(" (*)").split_once('|')?;
            Some((package.replace(" (proc-macro)", ""), features.to_owned()))
        })
        .collect())
}

/// `syn v2.0.1` and its features as a line of the manifest; two majors of one package need two names.
fn line(spec: &str, features: &str) -> String {
    let (name, version) = spec.split_once(" v").unwrap_or((spec, "*"));
    let major = version.split('.').find(|part| *part != "0").unwrap_or("0");
    let quoted: Vec<String> =
        features.split(',').filter(|one| !one.is_empty()).map(|one| format!("\"{one}\"")).collect();
    let quoted = quoted.join(", ");
    let (key, default) = (format!("{name}-{major}"), "default-features = false");
    format!("{key} = {{ package = \"{name}\", version = \"{version}\", {default}, features = [{quoted}] }}\n")
}

fn members() -> Result<Vec<String>, String> {
    let folder = root().join("crates");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().display().to_string()).collect();
    names.sort();
    Ok(names)
}

fn manifest() -> PathBuf {
    root().join("crates/features/Cargo.toml")
}

fn read(path: &PathBuf) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn put(path: &PathBuf, text: &str) -> Done {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
