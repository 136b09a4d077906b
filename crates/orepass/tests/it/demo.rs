//! The demo institute for tests: made by the program, opened on the day after its season.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use store::{Options, Store};
use testkit::TestClock;

/// A data folder that is gone afterwards.
pub(super) struct Folder(PathBuf);

impl std::ops::Deref for Folder {
    type Target = Path;
    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Makes the demo institute.
pub(super) fn made(name: &str) -> Folder {
    let folder = Folder(std::env::temp_dir().join(format!("orepass-{name}-{}", std::process::id())));
    let _ = std::fs::remove_dir_all(&*folder);
    let made = Command::new(env!("CARGO_BIN_EXE_orepass")).args(["demo", "--data"]).arg(&*folder).output();
    let made = made.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

/// Opens it in this process, with a clock that the test moves.
pub(super) fn opened(folder: &Path) -> (Arc<Store>, Arc<TestClock>) {
    let clock = Arc::new(TestClock::new("2026-11-21T00:00:00Z".parse().unwrap()));
    let options = Options {
        folder: folder.to_owned(),
        database: None,
        origin: "demo.orepass.example/ledger".to_owned(),
        clock: Arc::<TestClock>::clone(&clock),
        entropy: Box::new(|bytes| bytes.fill(9)),
        registry: server::registry().unwrap(),
    };
    (Arc::new(Store::open(options).unwrap()), clock)
}
