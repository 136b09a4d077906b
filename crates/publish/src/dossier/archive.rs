//! The zip itself: written so that equal content gives equal bytes, read within fixed bounds.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Bounds on an archive from a stranger. A zip bomb meets them before it fills memory.
pub const MAX_FILES: usize = 20_000;
/// All files together, unpacked, in bytes.
pub const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("not a readable zip: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("{0} cannot be unpacked: {1}")]
    File(String, std::io::Error),
    #[error("{files} files; at most {MAX_FILES} are read")]
    TooMany { files: usize },
    #[error("{0}: all files together unpack to more than {MAX_BYTES} bytes")]
    TooLarge(String),
    #[error("{0:?} is not a plain relative path")]
    Name(String),
    #[error("{0} is there twice")]
    Twice(String),
}

/// Packs files in order of their names, every time 1980-01-01 00:00:00, PDFs stored and all else deflated.
pub fn pack(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, ArchiveError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let method =
            if name.ends_with(".pdf") { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes).map_err(|error| ArchiveError::File(name.clone(), error))?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Unpacks within the bounds. Directories are skipped; names are checked although nothing is written to disk.
pub fn unpack(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, ArchiveError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes))?;
    if zip.len() > MAX_FILES {
        return Err(ArchiveError::TooMany { files: zip.len() });
    }
    // A reader keeps one of two entries of the same name, and another reader may keep the other one.
    if declared_entries(bytes).is_some_and(|declared| usize::from(declared) != zip.len() % 65536) {
        return Err(ArchiveError::Twice("a file".to_owned()));
    }
    let mut files = BTreeMap::new();
    let mut left = MAX_BYTES;
    for place in 0..zip.len() {
        let file = zip.by_index(place)?;
        let name = file.name()?.into_owned();
        if file.is_dir() {
            continue;
        }
        if !is_plain(&name) {
            return Err(ArchiveError::Name(name));
        }
        let mut content = Vec::new();
        let read = file.take(left + 1).read_to_end(&mut content);
        let read = read.map_err(|error| ArchiveError::File(name.clone(), error))? as u64;
        left = left.checked_sub(read).ok_or_else(|| ArchiveError::TooLarge(name.clone()))?;
        if files.insert(name.clone(), content).is_some() {
            return Err(ArchiveError::Twice(name));
        }
    }
    Ok(files)
}

/// How many entries the end of the central directory declares (APPNOTE 4.3.16); `None` where ZIP64 takes
/// over.
fn declared_entries(bytes: &[u8]) -> Option<u16> {
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = u16::from_le_bytes(bytes.get(end + 10..end + 12)?.try_into().ok()?);
    (count != u16::MAX).then_some(count)
}

fn is_plain(name: &str) -> bool {
    let part = |part: &str| !matches!(part, "" | "." | "..");
    name.split('/').all(part) && !name.contains(['\\', ':']) && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_is_deterministic_and_unpacking_gives_the_same_back() {
        let files = BTreeMap::from([
            ("a/raw.csv".to_owned(), b"1,2\n".repeat(500)),
            ("certificate.pdf".to_owned(), vec![1, 2, 3]),
        ]);
        let packed = pack(&files).unwrap();
        assert_eq!(packed, pack(&files).unwrap());
        assert_eq!(unpack(&packed).unwrap(), files);
    }

    #[test]
    fn a_bomb_and_a_climbing_name_are_refused() {
        let climbing = BTreeMap::from([("../x".to_owned(), vec![0])]);
        assert!(matches!(unpack(&pack(&climbing).unwrap()), Err(ArchiveError::Name(_))));
        let many = (0..=MAX_FILES).map(|n| (format!("{n}"), Vec::new())).collect();
        assert!(matches!(unpack(&pack(&many).unwrap()), Err(ArchiveError::TooMany { .. })));
        assert!(matches!(unpack(b"junk"), Err(ArchiveError::Zip(_))));
    }

    #[test]
    fn two_entries_of_one_name_are_refused() {
        let files = BTreeMap::from([("a1".to_owned(), vec![1]), ("a2".to_owned(), vec![2])]);
        let mut packed = pack(&files).unwrap();
        for place in 0..packed.len() - 1 {
            if &packed[place..place + 2] == b"a2" {
                packed[place + 1] = b'1';
            }
        }
        assert!(matches!(unpack(&packed), Err(ArchiveError::Twice(_))));
    }
}
