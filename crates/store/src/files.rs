//! Files kept by their SHA-256. A file is whole and on the disk before any row speaks of it.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::StoreError;

/// The folder of files by hash.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
}

impl Files {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Files { folder }
    }

    /// Keeps bytes; gives their SHA-256 as lower-case hex. Keeping them again changes nothing.
    pub fn keep(&self, bytes: &[u8]) -> Result<String, StoreError> {
        let name = sha256(bytes);
        let path = self.path(&name);
        if !path.exists() {
            write_whole(&path, bytes)?;
            if let Some(parent) = path.parent() {
                File::open(parent)
                    .and_then(|folder| folder.sync_all())
                    .map_err(StoreError::io(format!("sync {}", parent.display())))?;
            }
        }
        Ok(name)
    }

    /// Reads a file and checks that it still has its hash.
    pub fn read(&self, sha256_hex: &str) -> Result<Vec<u8>, StoreError> {
        let path = self.path(sha256_hex);
        let bytes = fs::read(&path).map_err(StoreError::io(format!("read {}", path.display())))?;
        if sha256(&bytes) != sha256_hex {
            return Err(StoreError::stored(
                path.display(),
                "its SHA-256 is not its name: the file was changed; restore it from a backup",
            ));
        }
        Ok(bytes)
    }

    /// Where a file lies.
    pub fn path(&self, sha256_hex: &str) -> PathBuf {
        let plain = sha256_hex.len() == 64 && sha256_hex.bytes().all(|b| b.is_ascii_hexdigit());
        let (folder, name) = if plain { sha256_hex.split_at(2) } else { ("no", "such-file") };
        self.folder.join(folder).join(name)
    }

    /// All hashes that are kept.
    pub fn all(&self) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        let Ok(folders) = fs::read_dir(&self.folder) else { return Ok(found) };
        for folder in folders.flatten() {
            for file in fs::read_dir(folder.path()).into_iter().flatten().flatten() {
                let name =
                    format!("{}{}", folder.file_name().to_string_lossy(), file.file_name().to_string_lossy());
                if name.len() == 64 {
                    found.push(name);
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

/// SHA-256 as lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Writes a file so that it is either wholly there or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let parent = path.parent().unwrap_or(Path::new("."));
    let failed = || StoreError::io(format!("write {}", path.display()));
    fs::create_dir_all(parent).map_err(failed())?;
    let part = path.with_extension(format!("part{}", std::process::id()));
    let mut file = File::create(&part).map_err(failed())?;
    file.write_all(bytes).map_err(failed())?;
    file.sync_data().map_err(failed())?;
    fs::rename(&part, path).map_err(failed())
}

/// Writes a file that only its owner may read.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let failed = || StoreError::io(format!("write {}", path.display()));
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed())?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed())?;
    file.write_all(bytes).map_err(failed())?;
    file.sync_all().map_err(failed())
}
