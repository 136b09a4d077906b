//! A data folder as it lies: verified without being touched, never patched up, and copied while it is in use.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use store::{LedgerWrong, Store, StoreError};
use testkit::World;

use super::{AREA, codes, make, on_each_database, receiver};

fn world() -> World {
    World::new(vec![AREA], |_, _, _, _| Ok(vec![]))
}

/// A closed data folder with 300 lots, a file that a row names, and one that a fact names.
fn closed(name: &str) -> (World, PathBuf) {
    let world = world();
    for at in 0..300 {
        world.store.run(&receiver(&world), make(&format!("L-{at}"))).unwrap();
    }
    world.store.keep_file("a.csv", b"Pb,1\n").unwrap();
    world.store.files().keep(super::FILED).unwrap();
    world.store.run(&receiver(&world), make("FILED")).unwrap();
    let folder = world.folder().with_extension(name);
    let _ = std::fs::remove_dir_all(&folder);
    store::backup(&world.store, &folder).unwrap();
    (world, folder)
}

/// Path, time of change and content of everything in a folder; of the folders too.
fn everything(folder: &Path, into: &mut BTreeMap<PathBuf, (std::time::SystemTime, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let changed = std::fs::metadata(&path).unwrap().modified().unwrap();
        if path.is_dir() {
            into.insert(path.clone(), (changed, String::new()));
            everything(&path, into);
        } else {
            into.insert(path.clone(), (changed, store::sha256(&std::fs::read(&path).unwrap())));
        }
    }
}

fn untouched<T>(folder: &Path, act: impl FnOnce() -> T) -> T {
    let look = || {
        let mut found = BTreeMap::new();
        found.insert(
            folder.to_owned(),
            (std::fs::metadata(folder).unwrap().modified().unwrap(), String::new()),
        );
        everything(folder, &mut found);
        found
    };
    let before = look();
    let done = act();
    assert_eq!(look(), before, "the folder was changed");
    done
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copied(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn what_is_missing_is_wrong_and_named_and_verifying_makes_and_changes_nothing() {
    let (world, whole) = closed("whole");
    let registry = world.store.registry();
    let report = untouched(&whole, || store::verify_folder(&whole, None, registry, true)).unwrap();
    assert_eq!((report.entries, report.files, report.unsigned), (301, 2, 0));
    assert_eq!(report.tiles, 5, "of hashes 0/000, 0/001.p, 1/000.p; of entries two");
    let (row, fact) = (store::sha256(b"Pb,1\n"), store::sha256(super::FILED));
    let file = |hash: &str| format!("files/{}/{}", &hash[..2], &hash[2..]);
    let (row, fact) = (file(&row), file(&fact));
    let parts = [
        "keys",
        "keys/ledger.vkey",
        "keys/ledger.seed",
        "ledger",
        "ledger/checkpoint",
        "ledger/tile",
        "ledger/tile/0/000",
        "ledger/tile/entries/000",
        "ledger/tile/entries/001.p",
        "files",
        &row,
        &fact,
        "orepass.db",
    ];
    for part in parts {
        let folder = whole.with_extension("part");
        copied(&whole, &folder);
        let gone = folder.join(part);
        if gone.is_dir() { std::fs::remove_dir_all(&gone) } else { std::fs::remove_file(&gone) }.unwrap();
        let found = untouched(&folder, || store::verify_folder(&folder, None, registry, true));
        let said = match found {
            Err(LedgerWrong::Missing(missing)) => missing.to_string(),
            other => panic!("without {part}: {other:?}"),
        };
        let named = Path::new(part).file_name().unwrap().to_str().unwrap();
        assert!(said.contains(named) && said.contains("missing"), "without {part}: {said}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::remove_dir_all(&whole).unwrap();
}

#[test]
fn what_was_changed_is_wrong_and_named() {
    let (world, whole) = closed("changed");
    let seed = format!("another/ledger\n{}\n", "07".repeat(32));
    let row = store::sha256(b"Pb,1\n");
    let file = format!("files/{}/{}", &row[..2], &row[2..]);
    let table: [(&str, &[u8], &str); 5] = [
        ("ledger/tile/0/000", b"x", "tile/0/000"),
        ("ledger/tile/entries/000", b"x", "tile/entries/000"),
        ("ledger/checkpoint", b"x", "checkpoint"),
        ("keys/ledger.seed", seed.as_bytes(), "halves of one key"),
        (&file, b"Pb,2\n", "SHA-256"),
    ];
    for (part, bytes, words) in table {
        let folder = whole.with_extension("part2");
        copied(&whole, &folder);
        std::fs::write(folder.join(part), bytes).unwrap();
        let found = untouched(&folder, || store::verify_folder(&folder, None, world.store.registry(), true));
        let said = found.unwrap_err().to_string();
        assert!(said.contains(words), "{part}: {said}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::remove_dir_all(&whole).unwrap();
}

#[test]
fn a_folder_that_was_left_by_a_killed_process_is_verified_from_a_copy() {
    let world = world();
    world.store.run(&receiver(&world), make("L-1")).unwrap();
    world.store.publish().unwrap();
    let folder = world.folder().with_extension("killed");
    copied(world.folder(), &folder);
    assert!(folder.join("orepass.db-wal").exists());
    let registry = world.store.registry();
    let report = untouched(&folder, || store::verify_folder(&folder, None, registry, true)).unwrap();
    assert_eq!((report.entries, report.rows), (1, 1));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_folder_in_use_is_verified_beside_its_server() {
    on_each_database(|world| {
        world.store.run(&receiver(&world), make("L-1")).unwrap();
        world.store.publish().unwrap();
        let report = store::verify_folder(world.folder(), world.database(), world.store.registry(), true);
        assert_eq!(report.unwrap().entries, 1);
    });
}

#[test]
fn entries_that_nobody_signed_yet_are_counted() {
    let (world, folder) = closed("unsigned");
    let head = std::fs::read(folder.join("ledger/checkpoint")).unwrap();
    let options = store::Options { folder: folder.clone(), ..world.options() };
    let store = Store::open(options).unwrap();
    store.run(&receiver(&world), make("L-new")).unwrap();
    drop(store);
    std::fs::write(folder.join("ledger/checkpoint"), head).unwrap();
    let report = store::verify_folder(&folder, None, world.store.registry(), true).unwrap();
    assert_eq!((report.entries, report.unsigned), (301, 1));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_is_gone_from_a_used_folder_is_not_made_again() {
    let (world, whole) = closed("gone");
    for part in ["keys", "keys/ledger.seed", "ledger", "ledger/checkpoint", "files", "orepass.db"] {
        let folder = whole.with_extension("less");
        copied(&whole, &folder);
        let gone = folder.join(part);
        if gone.is_dir() { std::fs::remove_dir_all(&gone) } else { std::fs::remove_file(&gone) }.unwrap();
        let options = store::Options { folder: folder.clone(), ..world.options() };
        match Store::open(options) {
            Err(StoreError::Lost(missing)) => assert!(missing.what.contains(part), "{missing}"),
            Err(other) => panic!("without {part}: {other}"),
            Ok(_) => panic!("without {part} it opens"),
        }
        assert!(!gone.exists(), "{part} was made again");
        std::fs::remove_dir_all(&folder).unwrap();
    }
    std::fs::remove_dir_all(&whole).unwrap();
}

#[test]
fn a_file_that_is_gone_stops_backup_and_restore() {
    let (world, whole) = closed("short");
    let hash = store::sha256(b"Pb,1\n");
    let kept = whole.join("files").join(&hash[..2]).join(&hash[2..]);
    std::fs::remove_file(kept).unwrap();
    std::fs::remove_file(world.store.files().path(&hash)).unwrap();
    let to = whole.with_extension("to");
    let registry = world.store.registry();
    for found in [
        store::backup(&world.store, &to),
        store::backup_folder(&whole, None, &to, registry),
        store::restore(&whole, &to, None, registry),
    ] {
        let said = found.unwrap_err().to_string();
        assert!(said.contains("a.csv") && said.contains(&hash[2..]), "{said}");
        let _ = std::fs::remove_dir_all(&to);
    }
    std::fs::remove_dir_all(&whole).unwrap();
}

/// Two threads give commands all the while; everything that was acknowledged before the backup began is in
/// it, and it verifies.
#[test]
fn a_backup_under_load_loses_nothing_that_was_acknowledged_before_it() {
    on_each_database(|world| {
        let go_on = AtomicBool::new(true);
        let (backup, beside) =
            (world.folder().with_extension("load"), world.folder().with_extension("beside"));
        std::thread::scope(|scope| {
            for worker in 0..2 {
                let (world, go_on) = (&world, &go_on);
                scope.spawn(move || {
                    for at in 0.. {
                        if !go_on.load(Ordering::SeqCst) {
                            break;
                        }
                        world.store.run(&receiver(world), make(&format!("W{worker}-{at}"))).unwrap();
                        let name = format!("{worker}-{at}.csv");
                        world.store.keep_file(&name, name.as_bytes()).unwrap();
                    }
                });
            }
            while world.store.read(store::log::count).unwrap() < 60 {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            let registry = world.store.registry();
            for to in [&backup, &beside] {
                let before = codes(&world.store);
                match to == &backup {
                    true => store::backup(&world.store, to).unwrap(),
                    false => store::backup_folder(world.folder(), world.database(), to, registry).unwrap(),
                }
                let report = store::verify_folder(to, None, registry, true).unwrap();
                assert_eq!(report.unsigned, 0, "the copy is signed as far as it goes");
                let back = to.with_extension("back");
                store::restore(to, &back, None, registry).unwrap();
                let options = store::Options { folder: back.clone(), database: None, ..world.options() };
                let restored = Store::open(options).unwrap();
                let after = codes(&restored);
                assert!(before.iter().all(|code| after.contains(code)), "{before:?} {after:?}");
                drop(restored);
                std::fs::remove_dir_all(&back).unwrap();
            }
            go_on.store(false, Ordering::SeqCst);
        });
        for folder in [backup, beside] {
            std::fs::remove_dir_all(folder).unwrap();
        }
    });
}

#[test]
fn what_is_set_aside_to_travel_verifies_and_holds_no_signing_key() {
    let (world, whole) = closed("travel");
    let aside = world.folder().with_extension("aside");
    store::set_aside(&world.store, &aside).unwrap();
    let registry = world.store.registry();
    assert_eq!(store::verify_folder(&aside, None, registry, true).unwrap().files, 2);
    let seed = std::fs::read_to_string(world.folder().join("keys/ledger.seed")).unwrap();
    let digits = seed.lines().nth(1).unwrap();
    for (path, _) in {
        let mut all = BTreeMap::new();
        everything(&aside, &mut all);
        all
    } {
        let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
        assert!(!String::from_utf8_lossy(&bytes).contains(digits), "{} holds the seed", path.display());
    }
    let options = || store::Options { folder: aside.clone(), ..world.options() };
    assert!(matches!(Store::open(options()), Err(StoreError::Lost(_))), "without its key it is not served");
    std::fs::copy(world.folder().join("keys/ledger.seed"), aside.join("keys/ledger.seed")).unwrap();
    drop(Store::open(options()).unwrap());
    assert!(!aside.join("keys").join(store::ELSEWHERE).exists());
    for folder in [aside, whole] {
        std::fs::remove_dir_all(folder).unwrap();
    }
}
