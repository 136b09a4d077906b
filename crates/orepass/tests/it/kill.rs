//! Killed at a random moment of imports, releases and certificates: nothing that was acknowledged is lost,
//! the ledger verifies, and the next start goes on.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kernel::Role;
use store::{Options, Store};
use testkit::TestClock;

/// Starts making the demo institute, kills it after `moment`, gives the entries it had acknowledged, and
/// whether it had ended before.
fn killed_after(folder: &Path, moment: Duration) -> (Vec<u64>, bool) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_orepass"))
        .args(["demo", "--receipts", "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let out = child.stdout.take().expect("its output");
    let ended = Arc::new(AtomicBool::new(false));
    let done = Arc::clone(&ended);
    let reader = std::thread::spawn(move || {
        let number = |line: String| line.strip_prefix("committed ")?.parse::<u64>().ok();
        let read: Vec<u64> = BufReader::new(out).lines().map_while(Result::ok).filter_map(number).collect();
        done.store(true, Ordering::SeqCst);
        read
    });
    let start = Instant::now();
    while start.elapsed() < moment && !ended.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("SIGKILL is sent");
    let status = child.wait().expect("it ends");
    (reader.join().expect("its output is read"), status.success())
}

fn open(folder: &Path) -> Store {
    let clock = Arc::new(TestClock::new("2026-11-21T00:00:00Z".parse().expect("an instant")));
    let options = Options {
        folder: folder.to_owned(),
        database: None,
        origin: "demo.orepass.example/ledger".to_owned(),
        clock,
        entropy: Box::new(|bytes| bytes.fill(9)),
        registry: server::registry().expect("the areas fit together"),
    };
    Store::open(options).expect("the next start is clean")
}

fn folder(round: u32) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("orepass-kill-{}-{round}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// What must hold of a folder whose process was killed.
fn check(folder: &Path, acknowledged: &[u64]) {
    let store = open(folder);
    let report = store::verify(&store, true).unwrap_or_else(|wrong| panic!("{}: {wrong}", folder.display()));
    let last = acknowledged.iter().max().copied().unwrap_or_default();
    assert!(report.entries > last, "entry {last} was acknowledged, {} entries are left", report.entries);
    while store.work().expect("jobs that were left go on") {}
    let left = "SELECT COUNT(*) FROM job WHERE state <> 'done'";
    assert_eq!(store.read(|db| db.one("jobs", left, &[], |row| row.int(0))).expect("a count"), 0);
    let half = "SELECT COUNT(*) FROM intake_import WHERE finished_at IS NULL";
    assert_eq!(store.read(|db| db.one("imports", half, &[], |row| row.int(0))).expect("a count"), 0);
    let bare = "SELECT COUNT(*) FROM certificate WHERE pdf_sha256 IS NULL";
    assert_eq!(store.read(|db| db.one("certificates", bare, &[], |row| row.int(0))).expect("a count"), 0);
    let world_actor = kernel::Actor {
        who: kernel::Who::Person(kernel::PersonId(2)),
        roles: vec![Role::QualityManager],
        via: kernel::Via::Api,
        reauthenticated: true,
        only: None,
    };
    let kind = store.registry().commands["party.register"];
    let command = (kind.parse)(r#"{"code":"AFTER","kind":"customer","names":{"en":"After","zh":"之后"}}"#);
    let command = command.unwrap_or_else(|wrong| panic!("{}", wrong.message));
    let after = store::Request { actor: world_actor, command, reason: None, key: None };
    store.request(after).expect("work goes on");
    store::verify(&store, true).unwrap_or_else(|wrong| panic!("after the restart: {wrong}"));
}

fn rounds(count: u32, seed: u64) {
    let whole = folder(0);
    let start = Instant::now();
    let (all, ended) = killed_after(&whole, Duration::from_secs(600));
    let season = start.elapsed();
    assert!(ended && all.len() > 100, "the demo was made once in whole");
    let _ = std::fs::remove_dir_all(&whole);
    let mut state = seed;
    for round in 1..=count {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = (state >> 40) as f64 / (1_u64 << 24) as f64;
        let folder = folder(round);
        let (acknowledged, _) = killed_after(&folder, season.mul_f64(0.02 + 0.96 * part));
        if folder.join("orepass.db").exists() && folder.join("ledger/checkpoint").exists() {
            check(&folder, &acknowledged);
        } else {
            assert!(acknowledged.is_empty(), "acknowledged before there was a database");
        }
        let _ = std::fs::remove_dir_all(&folder);
    }
}

#[test]
fn killed_at_twenty_random_moments_nothing_acknowledged_is_lost() {
    rounds(20, 20_261_123);
}

#[test]
#[ignore = "part of cargo xtask test --long"]
fn killed_at_two_hundred_random_moments_nothing_acknowledged_is_lost() {
    rounds(200, 42);
}
