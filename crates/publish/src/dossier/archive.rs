//! The zip itself: one form for equal content, written here and read back strictly.
//!
//! Files are stored, not deflated, in byte order of their paths, and every field of every header follows from
//! path and content (`docs/dossier.md`, "The archive"). So the archive can be made again from the files read
//! out of it, and must be equal to the last byte: no byte lies outside what is checked, and no second reading
//! of the same archive is possible.
//!
//! An archive that another program packed is read too, so that what is wrong in its files can be named; that
//! it is not the issuer's archive is said when nothing else is wrong.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use flate2::Crc;
use zip::ZipArchive;

/// Bounds on an archive from a stranger.
pub const MAX_FILES: usize = 20_000;
/// The whole archive, in bytes.
pub const MAX_BYTES: usize = 512 * 1024 * 1024;

/// APPNOTE 4.3.7: the signature of a local header.
const LOCAL: &[u8; 4] = b"PK\x03\x04";
/// APPNOTE 4.3.12.
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
/// APPNOTE 4.3.16.
const END: &[u8; 4] = b"PK\x05\x06";
/// Version 2.0 of the format; paths are UTF-8; stored; 1980-01-01 00:00:00.
const FIXED: [u8; 10] = [20, 0, 0, 8, 0, 0, 0, 0, 33, 0];
/// Bytes of a local header before the path.
const LOCAL_BYTES: usize = 30;

/// Why an archive is not the one form that its content has.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ArchiveError {
    #[error("{bytes} bytes; at most {MAX_BYTES} are read")]
    TooLarge { bytes: usize },
    #[error("more than {MAX_FILES} files")]
    TooMany,
    #[error("byte {at}: no file begins here, and the directory does not either")]
    NoFile { at: usize },
    #[error("byte {at}: the archive ends within {what}")]
    Cut { at: usize, what: String },
    #[error("byte {at}: {name:?} is not a plain relative path in UTF-8")]
    Name { at: usize, name: String },
    #[error("byte {at}: {name} does not come after {before} in byte order")]
    Order { at: usize, name: String, before: String },
    #[error("byte {at}, in {place}: not as it follows from the files")]
    Differs { at: usize, place: String },
}

type Files = BTreeMap<String, Vec<u8>>;

/// Packs files. What does not fit a plain zip is refused, as [`unpack`] would.
pub fn pack(files: &Files) -> Result<Vec<u8>, ArchiveError> {
    if files.len() > MAX_FILES {
        return Err(ArchiveError::TooMany);
    }
    let each = |(name, bytes): (&String, &Vec<u8>)| 2 * (LOCAL_BYTES + 16 + name.len()) + bytes.len();
    let size: usize = files.iter().map(each).sum();
    if size > MAX_BYTES {
        return Err(ArchiveError::TooLarge { bytes: size });
    }
    if let Some(name) = files.keys().find(|name| !is_plain(name)) {
        return Err(ArchiveError::Name { at: 0, name: name.clone() });
    }
    let (mut out, mut directory) = (Vec::with_capacity(size), Vec::new());
    for (name, bytes) in files {
        let offset = out.len() as u32;
        let shared = shared(name, bytes);
        out.extend(LOCAL);
        out.extend(&shared);
        out.extend(name.as_bytes());
        out.extend(bytes);
        directory.extend(CENTRAL);
        // Made by version 2.0 on Unix; no comment, disk 0, no attributes but mode 0644 of a plain file.
        directory.extend([20, 3]);
        directory.extend(&shared);
        directory.extend([0; 6]);
        directory.extend((0o100_644_u32 << 16).to_le_bytes());
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (at, many) = (out.len() as u32, (files.len() as u16).to_le_bytes());
    out.extend(&directory);
    out.extend(END);
    out.extend([0; 4]);
    out.extend(many);
    out.extend(many);
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0; 2]);
    Ok(out)
}

/// What both headers of a file say: the fixed fields, CRC-32, both sizes, length of the path, no extra field.
fn shared(name: &str, bytes: &[u8]) -> [u8; 26] {
    let mut crc = Crc::new();
    crc.update(bytes);
    let size = (bytes.len() as u32).to_le_bytes();
    let parts: [&[u8]; 6] =
        [&FIXED, &crc.sum().to_le_bytes(), &size, &size, &(name.len() as u16).to_le_bytes(), &[0; 2]];
    let mut all = [0; 26];
    parts.concat().iter().zip(&mut all).for_each(|(from, to)| *to = *from);
    all
}

/// Reads the files out, then makes the archive again from them: it must be equal.
pub fn unpack(bytes: &[u8]) -> Result<Files, ArchiveError> {
    if bytes.len() > MAX_BYTES {
        return Err(ArchiveError::TooLarge { bytes: bytes.len() });
    }
    let (mut files, mut starts, mut at) = (Files::new(), Vec::new(), 0);
    while let Some((name, content)) = next(bytes, at)? {
        let end = at + LOCAL_BYTES + name.len() + content.len();
        if let Some((before, _)) = files.last_key_value().filter(|(before, _)| **before >= name) {
            let before = before.clone();
            return Err(ArchiveError::Order { at, name, before });
        }
        if files.len() == MAX_FILES {
            return Err(ArchiveError::TooMany);
        }
        starts.push((at, name.clone()));
        files.insert(name, content.to_vec());
        at = end;
    }
    let again = pack(&files)?;
    if bytes == again {
        return Ok(files);
    }
    let same = bytes.iter().zip(&again).take_while(|(found, expected)| found == expected).count();
    let place = match starts.iter().rfind(|(start, _)| *start <= same) {
        Some((start, name)) if (start + 14..start + 18).contains(&same) => {
            format!("{name} or its CRC-32")
        }
        Some((_, name)) if same < at => format!("the header of {name}"),
        _ => "the directory".to_owned(),
    };
    Err(ArchiveError::Differs { at: same, place })
}

/// The file whose header begins at `at`, or none where the directory begins.
fn next(bytes: &[u8], at: usize) -> Result<Option<(String, &[u8])>, ArchiveError> {
    let rest = &bytes[at..];
    if rest.starts_with(CENTRAL) || rest.starts_with(END) {
        return Ok(None);
    }
    if !rest.starts_with(LOCAL) {
        return Err(ArchiveError::NoFile { at });
    }
    let cut = |what: &str| ArchiveError::Cut { at, what: what.to_owned() };
    let header = rest.get(..LOCAL_BYTES).ok_or_else(|| cut("a header"))?;
    let name_bytes = usize::from(u16::from_le_bytes([header[26], header[27]]));
    let size = u32::from_le_bytes([header[22], header[23], header[24], header[25]]) as usize;
    let name = rest.get(LOCAL_BYTES..LOCAL_BYTES + name_bytes).ok_or_else(|| cut("a path"))?;
    let readable = std::str::from_utf8(name).ok().filter(|name| is_plain(name));
    let Some(name) = readable else {
        return Err(ArchiveError::Name { at, name: String::from_utf8_lossy(name).into_owned() });
    };
    let from = LOCAL_BYTES + name_bytes;
    let content = rest.get(from..from.saturating_add(size)).ok_or_else(|| cut(name))?;
    Ok(Some((name.to_owned(), content)))
}

/// Reads the files of any plain zip; the second is why it is not the one form, where it is not.
///
/// # Errors
/// Why it is not the one form, where it cannot be read in another way either: damaged, a file twice, a path
/// that leaves the folder, beyond the bounds.
pub fn read(bytes: &[u8]) -> Result<(Files, Option<ArchiveError>), ArchiveError> {
    match unpack(bytes) {
        Ok(files) => Ok((files, None)),
        Err(wrong) => match repacked(bytes) {
            Some(files) => Ok((files, Some(wrong))),
            None => Err(wrong),
        },
    }
}

/// The files of a zip as other programs write it. Directories are passed over.
fn repacked(bytes: &[u8]) -> Option<Files> {
    let mut zip = (bytes.len() <= MAX_BYTES).then(|| ZipArchive::new(Cursor::new(bytes)).ok())??;
    // A reader keeps one of two entries of the same name, and another reader may keep the other one.
    if zip.len() > MAX_FILES || declared_entries(bytes)? != zip.len() {
        return None;
    }
    let (mut files, mut left) = (Files::new(), MAX_BYTES as u64);
    for place in 0..zip.len() {
        let file = zip.by_index(place).ok()?;
        let name = file.name().ok()?.into_owned();
        if file.is_dir() {
            continue;
        }
        let mut content = Vec::new();
        let read = file.take(left + 1).read_to_end(&mut content).ok()?;
        left = left.checked_sub(read as u64)?;
        if !is_plain(&name) || files.insert(name, content).is_some() {
            return None;
        }
    }
    Some(files)
}

/// How many entries the end of the directory declares (APPNOTE 4.3.16).
fn declared_entries(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).rposition(|window| window == END)?;
    let count = bytes.get(end + 10..end + 12)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(count)))
}

fn is_plain(name: &str) -> bool {
    let part = |part: &str| !matches!(part, "" | "." | "..");
    name.len() < 1024
        && name.split('/').all(part)
        && !name.contains(['\\', ':'])
        && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        Files::from([
            ("a/原.csv".to_owned(), b"1,2\n".repeat(50)),
            ("b.pdf".to_owned(), vec![1, 2, 3]),
            ("empty".to_owned(), Vec::new()),
        ])
    }

    #[test]
    fn the_form_is_fixed_for_ever_and_any_zip_reader_reads_it() {
        let packed = pack(&files()).unwrap();
        let digest = ledger::Digest::of(&packed).to_hex();
        assert_eq!(digest, "73eed142550212909ec51d88dce068912adea3db0f45b998c8a60d172360a321");
        assert_eq!(unpack(&packed).unwrap(), files());
        assert_eq!(unpack(&pack(&Files::new()).unwrap()).unwrap(), Files::new());
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&packed)).unwrap();
        assert_eq!(zip.len(), 3);
        for (name, bytes) in files() {
            let mut read = Vec::new();
            std::io::Read::read_to_end(&mut zip.by_name(&name).unwrap(), &mut read).unwrap();
            assert_eq!(read, bytes);
        }
    }

    #[test]
    fn every_flipped_bit_and_every_byte_too_many_or_too_few_is_found() {
        let packed = pack(&files()).unwrap();
        for at in 0..packed.len() {
            for bit in 0..8 {
                let mut changed = packed.clone();
                changed[at] ^= 1 << bit;
                assert!(unpack(&changed).is_err(), "bit {bit} of byte {at}");
            }
            assert!(unpack(&packed[..at]).is_err(), "cut at {at}");
            let mut longer = packed.clone();
            longer.insert(at, packed[at]);
            assert!(unpack(&longer).is_err(), "a byte more at {at}");
        }
        assert!(unpack(&[packed.as_slice(), b"x"].concat()).is_err());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let packed = pack(&files()).unwrap();
        let said = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut changed = packed.clone();
            change(&mut changed);
            unpack(&changed).unwrap_err().to_string()
        };
        let dated = said(&|all| all[12] ^= 1);
        assert_eq!(dated, "byte 12, in the header of a/原.csv: not as it follows from the files");
        // The CRC stands before the content and is the first that differs.
        assert!(said(&|all| all[60] ^= 1).starts_with("byte 14, in a/原.csv or its CRC-32"));
        let last = packed.len() - 1;
        assert!(said(&|all| all[last] ^= 1).contains("in the directory"));
        let climbing = Files::from([("../x".to_owned(), vec![0])]);
        assert!(matches!(pack(&climbing), Err(ArchiveError::Name { .. })));
        let many: Files = (0..=MAX_FILES).map(|n| (format!("{n}"), Vec::new())).collect();
        assert_eq!(pack(&many), Err(ArchiveError::TooMany));
        assert_eq!(unpack(b"junk"), Err(ArchiveError::NoFile { at: 0 }));
        let twice = said(&|all| {
            let at = all.windows(5).position(|window| window == b"b.pdf").unwrap();
            all[at] = b'A';
        });
        assert!(twice.contains("does not come after"), "{twice}");
    }

    #[test]
    fn what_another_program_packed_is_read_and_said_to_be_another_archive() {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files() {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            std::io::Write::write_all(&mut writer, &bytes).unwrap();
        }
        let other = writer.finish().unwrap().into_inner();
        let (found, wrong) = read(&other).unwrap();
        assert_eq!(found, files());
        assert!(wrong.is_some());
        assert_eq!(read(&pack(&files()).unwrap()).unwrap(), (files(), None));
        assert!(read(&other[..other.len() - 9]).is_err());
    }
}
