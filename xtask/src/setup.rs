//! Sets up what a fresh Debian machine with only a Rust toolchain does not have.

use std::process::Command;

use crate::tools::{Done, found, root, run, run_with, target};

/// Programs the tests and pages need, and the Debian packages they come from.
const PROGRAMS: &[(&str, &str)] = &[
    ("cc", "build-essential"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("chromium", "chromium"),
    ("pdftotext", "poppler-utils"),
    ("runuser", "util-linux"),
];

/// The version of cargo-deny the tests use.
const DENY: &str = "0.20.2";

/// The version of cargo-fuzz the long tests use.
const FUZZ: &str = "0.13.2";

/// All of it.
pub fn all() -> Done {
    build()?;
    system(&["chromium", "pdftotext", "runuser", "postgres", "cjk"])?;
    run("cargo", &["fetch", "--locked"])?;
    python()?;
    crate::schemathesis::install()?;
    deny()
}

/// A Python that can make environments: Debian has that part apart.
pub fn python() -> Done {
    system(&["python"])
}

fn venv_installed() -> bool {
    let probe = Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    probe.is_ok_and(|out| out.status.success())
}

/// What building needs: a C compiler, node, and the npm packages that are embedded.
pub fn build() -> Done {
    system(&["cc", "node", "npm"])?;
    let (lock, installed) =
        (root().join("web/package-lock.json"), root().join("web/node_modules/.package-lock.json"));
    let age = |path: &std::path::Path| path.metadata().and_then(|m| m.modified()).ok();
    if age(&installed).is_none() || age(&installed) < age(&lock) {
        run("npm", &["ci", "--prefix", "web", "--ignore-scripts", "--no-audit", "--no-fund"])?;
    }
    Ok(())
}

fn postgres_installed() -> bool {
    found("initdb") || crate::postgres::server_folder().is_some()
}

fn chinese_font_installed() -> bool {
    let list = Command::new("fc-list").args([":lang=zh", "family"]).output();
    list.is_ok_and(|out| !out.stdout.is_empty())
}

fn system(wanted: &[&str]) -> Done {
    let mut packages: Vec<&str> = PROGRAMS
        .iter()
        .filter(|(program, _)| wanted.contains(program) && !found(program))
        .map(|(_, package)| *package)
        .collect();
    if wanted.contains(&"postgres") && !postgres_installed() {
        packages.push("postgresql");
    }
    if wanted.contains(&"python") && !venv_installed() {
        packages.extend(["python3", "python3-venv"]);
    }
    if wanted.contains(&"cjk") && !chinese_font_installed() {
        packages.extend(["fontconfig", "fonts-noto-cjk"]);
    }
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    let root_user = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0"));
    if !root_user || !found("apt-get") {
        return Err(format!(
            "system packages are missing; run once:\n  sudo apt-get install -y --no-install-recommends {list}"
        ));
    }
    let quiet = [("DEBIAN_FRONTEND", "noninteractive")];
    run_with("apt-get", &["update", "-qq"], &quiet)?;
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(packages);
    run_with("apt-get", &arguments, &quiet)
}

/// cargo-deny, built once into the target folder.
pub fn deny() -> Done {
    tool("cargo-deny", DENY)
}

/// cargo-fuzz, likewise; only the long tests need it.
pub fn fuzz() -> Done {
    tool("cargo-fuzz", FUZZ)
}

fn tool(name: &str, version: &str) -> Done {
    let folder = target().join("tools");
    if folder.join("bin").join(name).exists() || found(name) {
        return Ok(());
    }
    let folder = folder.display().to_string();
    let version = format!("={version}");
    let arguments = ["install", name, "--locked", "--debug", "--version", &version, "--root", &folder];
    run_with("cargo", &arguments, &[("CARGO_PROFILE_DEV_DEBUG", "0")])
}
