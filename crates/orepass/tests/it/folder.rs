//! A data folder on the command line: files taken in are read to the end, backups are taken beside a running
//! server, and verifying only reads.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

const PASSWORD: &str = "ore to certificate";

/// A demo institute in a folder that is gone afterwards.
struct Lab(PathBuf);

impl Lab {
    fn new(name: &str) -> Self {
        let top = std::env::temp_dir().join(format!("orepass-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&top);
        std::fs::create_dir_all(&top).unwrap();
        let lab = Lab(top);
        let (code, _, error) = lab.run(&["demo"]);
        assert_eq!(code, 0, "{error}");
        lab
    }

    fn data(&self) -> PathBuf {
        self.0.join("lab")
    }

    /// Runs the program on the folder: how it ended, what it printed, what it complained of.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let data = self.data().display().to_string();
        orepass(&[&["--data", &data], arguments].concat(), PASSWORD)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (code, out, error) = self.run(&[&["--format", "json"], arguments].concat());
        assert_eq!(code, 0, "{arguments:?}: {error}");
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{arguments:?}: {out}"))
    }

    fn serve(&self) -> (Server, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_orepass"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(self.data());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(address.starts_with("http://"), "{line}");
        (Server(child), address)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn orepass(arguments: &[&str], password: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orepass"));
    let out = command.args(arguments).env("OREPASS_PASSWORD", password).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (out.status.code().unwrap(), text(out.stdout), text(out.stderr))
}

/// `field-faults/11-cli-intake-not-finished`, or the same written here where it is absent.
fn wide() -> (String, String) {
    let folder = super::root().join("../shared/data/field-faults/11-cli-intake-not-finished");
    let read = |name: &str, usual: &str| {
        std::fs::read_to_string(folder.join(name)).unwrap_or_else(|_| {
            println!("{} is absent; its like is used", folder.display());
            usual.to_owned()
        })
    };
    let mapping = "name = \"bug-wide\"\nversion = 1\ninstrument = \"Test 1\"\nclass_default = \"sample\"\n\
                   [columns]\n[sample]\ncolumn = \"Sample\"\n[unit]\nconstant = \"%\"\n";
    (read("mapping.toml", mapping), read("input.csv", "Sample,Cu\nS1,1.5\n"))
}

#[test]
fn a_file_taken_in_on_a_data_folder_is_recorded_when_the_command_ends() {
    let lab = Lab::new("intake");
    let (mapping, csv) = wide();
    let mapping = serde_json::json!({ "name": "bug-wide", "toml": mapping }).to_string();
    let (code, _, error) = lab.run(&["--as", "analyst", "mapping", "add", "--json", &mapping]);
    assert_eq!(code, 0, "{error}");
    let file = lab.0.join("input.csv");
    std::fs::write(&file, csv).unwrap();
    let methods = lab.json(&["list", "methods", "--filter", "CS-04"]);
    let method = methods["rows"][0]["id"].as_str().unwrap().to_owned();
    let file = file.display().to_string();
    let given = ["--as", "analyst", "--format", "json", "intake", "--method", &method, "--with", "bug-wide"];
    let (code, out, error) = lab.run(&[&given[..], &[&file]].concat());
    // Its analyte is not in the method: the reading is recorded as refused, and the end says so.
    assert_eq!(code, 5, "{error}{out}");
    assert!(error.contains("readings refused: 1"), "{error}");
    let told: Value = serde_json::from_str(&out).unwrap();
    let import = &told["import"];
    assert!(import["finished_at"].is_string(), "{import}");
    assert_eq!((&import["readings"], &import["recorded"]), (&Value::from(1), &Value::from(1)), "{import}");
    // Dates that do not tell day from month ask, and the command's end tells so; the answer finishes it.
    let asks = lab.0.join("dates.csv");
    std::fs::write(&asks, "Sample,Cu,Date\nS1,1.5,03/04/2026\nS2,1.6,03/04/2026\n").unwrap();
    let head = "name = \"dated\"\nversion = 1\ninstrument = \"Test 1\"\nclass_default = \"sample\"\n";
    let dated = format!(
        "{head}[columns]\n[sample]\ncolumn = \"Sample\"\n[unit]\nconstant = \"%\"\n[time]\n\
         column = \"Date\"\nformats = [\"%d/%m/%Y\", \"%m/%d/%Y\"]\n"
    );
    let dated = serde_json::json!({ "name": "dated", "toml": dated }).to_string();
    let (code, _, error) = lab.run(&["--as", "analyst", "mapping", "add", "--json", &dated]);
    if code != 0 {
        println!("the mapping of dates is not of today's form: {error}");
        return;
    }
    let asks = asks.display().to_string();
    let given = ["--as", "analyst", "--format", "json", "intake", "--method", &method, "--with", "dated"];
    let (code, out, error) = lab.run(&[&given[..], &[&asks]].concat());
    let told: Value = serde_json::from_str(&out).unwrap_or_default();
    let recorded = told["import"]["finished_at"].is_string();
    assert_eq!(code, if recorded { 0 } else { 5 }, "what is not finished does not end with 0: {error}{out}");
}

#[test]
fn backups_are_taken_beside_a_running_server_both_ways_and_drilled() {
    let lab = Lab::new("backup");
    let (server, address) = lab.serve();
    let place = |name: &str| lab.0.join(name).display().to_string();
    let (file, fetched, back) = (place("bk"), place("bk2"), place("back"));

    let (code, out, error) = lab.run(&["backup", &file]);
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("verified"), "{out}");
    assert!(Path::new(&file).join("keys/ledger.seed").exists());

    for (login, password) in [("admin", "wrong"), ("analyst", PASSWORD), ("nobody", PASSWORD)] {
        let (code, _, error) = orepass(&["--server", &address, "--as", login, "backup", &fetched], password);
        assert_eq!(code, 3, "{login}: {error}");
        assert!(!Path::new(&fetched).exists(), "{login}");
    }
    let (code, _, error) = orepass(&["--server", &address, "backup", &fetched], PASSWORD);
    assert!(code == 3 && error.contains("--as"), "{error}");
    let (code, out, error) = orepass(&["--server", &address, "--as", "admin", "backup", &fetched], PASSWORD);
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("signing key is not in it"), "{out}");
    assert!(!Path::new(&fetched).join("keys/ledger.seed").exists());
    let staging = lab.data().join("staging");
    assert!(std::fs::read_dir(staging).is_ok_and(|mut left| left.next().is_none()), "it was let go");

    let (code, out, error) = lab.run(&["ledger", "verify"]);
    assert_eq!(code, 0, "beside a running server: {error}{out}");
    for backup in [&file, &fetched] {
        let (code, out, error) = orepass(&["restore", "--drill", backup], "");
        assert_eq!(code, 0, "{error}");
        assert!(out.contains("verified") && out.contains("gone again"), "{out}");
    }
    drop(server);

    let (code, _, error) = orepass(&["restore", &fetched, &back], "");
    assert_eq!(code, 0, "{error}");
    let (code, _, error) = orepass(&["serve", "--listen", "127.0.0.1:0", "--data", &back], "");
    assert!(code == 3 && error.contains("ledger.seed is missing"), "{error}");
    let kept = Path::new(&fetched).join("files");
    let folder = std::fs::read_dir(&kept).unwrap().next().unwrap().unwrap().path();
    std::fs::remove_dir_all(folder).unwrap();
    let (code, _, error) = orepass(&["restore", "--drill", &fetched], "");
    assert!(code == 3 && error.contains("is missing"), "{code} {error}");
}

#[test]
fn what_is_gone_is_named_by_verify_and_by_serve_and_is_not_made_again() {
    let lab = Lab::new("gone");
    for part in ["keys", "ledger", "files"] {
        let (from, aside) = (lab.data().join(part), lab.0.join(part));
        std::fs::rename(&from, &aside).unwrap();
        let (code, out, error) = lab.run(&["ledger", "verify"]);
        assert_eq!((code, out.as_str()), (4, ""), "without {part}: {error}");
        assert!(error.contains("is missing") && error.contains(part), "{error}");
        let (code, _, error) = lab.run(&["serve", "--listen", "127.0.0.1:0"]);
        assert!(code == 3 && error.contains("is missing"), "without {part}: {code} {error}");
        assert!(!from.exists(), "{part} was made again");
        std::fs::rename(&aside, &from).unwrap();
    }
    let (code, out, error) = lab.run(&["ledger", "verify"]);
    assert!(code == 0 && out.starts_with("OK: "), "{error}");
}

#[test]
fn the_document_needs_no_data_folder() {
    let (code, out, error) = orepass(&["--data", "/nowhere/at/all", "openapi"], "");
    assert_eq!(code, 0, "{error}");
    let document: Value = serde_json::from_str(&out).unwrap();
    let roles = document["components"]["schemas"]["Role"]["enum"].as_array().unwrap();
    assert!(roles.contains(&Value::from("laboratory-head")), "{roles:?}");
}
