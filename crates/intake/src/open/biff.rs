//! A look into a legacy workbook before its cells are read: which cells are percentages, and whether what
//! it claims about its size is possible. Compound file binary [MS-CFB] and BIFF records [MS-XLS]; nothing
//! is trusted.

use std::collections::{BTreeMap, BTreeSet};

use super::CellFormat;
use super::xlsx::{format_of_code, format_of_id};
use super::zipped::damaged;
use crate::error::{IntakeError, Limits, Trouble};

/// Cells (row, column; 0-based) formatted as percentages, by sheet in the order of the workbook.
pub(super) type Percentages = Vec<BTreeSet<(u32, u32)>>;

pub(super) fn look(bytes: &[u8], limits: &Limits) -> Result<Percentages, IntakeError> {
    let stream =
        workbook_stream(bytes).ok_or_else(|| damaged("its structure", "there is no workbook in it"))?;
    let globals = globals(&stream).ok_or_else(|| damaged("its structure", "a record is cut off"))?;
    let mut sheets = Vec::new();
    for start in globals.sheets {
        let rest = stream.get(start..).ok_or_else(|| damaged("its structure", "a sheet lies outside"))?;
        sheets.push(sheet(rest, &globals.percent, limits)?);
    }
    Ok(sheets)
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The stream called Workbook or Book.
fn workbook_stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let shift = word(bytes, 30)?;
    if !(7..=16).contains(&shift) {
        return None;
    }
    let file = Sectors { bytes, size: 1 << shift };
    let fat = file.fat()?;
    let directory = file.chain(long(bytes, 48)?, &fat)?;
    let entry = |name: &str| {
        directory.chunks_exact(128).find(|entry| {
            let length = usize::from(word(entry, 64).unwrap_or(0)).saturating_sub(2).min(62);
            let letters = entry[..length].chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]]));
            String::from_utf16_lossy(&letters.collect::<Vec<_>>()).eq_ignore_ascii_case(name)
        })
    };
    let found = entry("Workbook").or_else(|| entry("Book"))?;
    let (start, size) = (long(found, 116)?, long(found, 120)? as usize);
    if size >= 4096 {
        return Some(cut(file.chain(start, &fat)?, size));
    }
    let small = file.chain(long(directory.get(..128)?, 116)?, &fat)?;
    let small_fat = file.chain(long(bytes, 60)?, &fat)?;
    let small_fat: Vec<u32> = (0..small_fat.len() / 4).filter_map(|at| long(&small_fat, at * 4)).collect();
    let mini = Sectors { bytes: &small, size: 64 };
    Some(cut(mini.chain_from(start, &small_fat, 0)?, size))
}

fn cut(mut bytes: Vec<u8>, size: usize) -> Vec<u8> {
    bytes.truncate(size);
    bytes
}

struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl Sectors<'_> {
    /// The table of chains: 109 entries in the header, more in chained sectors.
    fn fat(&self) -> Option<Vec<u32>> {
        let mut places: Vec<u32> = (0..109).filter_map(|at| long(self.bytes, 76 + at * 4)).collect();
        let (mut next, mut steps) = (long(self.bytes, 68)?, 0);
        while next < 0xFFFF_FFFA && steps <= self.bytes.len() / self.size {
            let sector = self.sector(next, 1)?;
            let count = self.size / 4 - 1;
            places.extend((0..count).filter_map(|at| long(sector, at * 4)));
            next = long(sector, count * 4)?;
            steps += 1;
        }
        let mut fat = Vec::new();
        for place in places.into_iter().filter(|place| *place < 0xFFFF_FFFA) {
            let sector = self.sector(place, 1)?;
            fat.extend((0..self.size / 4).filter_map(|at| long(sector, at * 4)));
        }
        Some(fat)
    }

    /// Sector `index`; in the file itself the header takes the place of one.
    fn sector(&self, index: u32, before: usize) -> Option<&[u8]> {
        let start = (index as usize).checked_add(before)?.checked_mul(self.size)?;
        let end = start.checked_add(self.size)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|part| !part.is_empty())
    }

    fn chain(&self, start: u32, fat: &[u32]) -> Option<Vec<u8>> {
        self.chain_from(start, fat, 1)
    }

    /// Follows a chain; one longer than the file goes in a circle.
    fn chain_from(&self, start: u32, fat: &[u32], before: usize) -> Option<Vec<u8>> {
        let (mut out, mut next, mut steps) = (Vec::new(), start, 0);
        while next < 0xFFFF_FFFA {
            out.extend_from_slice(self.sector(next, before)?);
            next = *fat.get(next as usize)?;
            steps += 1;
            if steps > self.bytes.len() / self.size + 1 {
                return None;
            }
        }
        Some(out)
    }
}

struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (word(self.0, 0)?, usize::from(word(self.0, 2)?));
        let body = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, body))
    }
}

struct Globals {
    /// Offsets of the sheets.
    sheets: Vec<usize>,
    /// For each extended format: whether it is a percentage.
    percent: Vec<bool>,
}

fn globals(stream: &[u8]) -> Option<Globals> {
    let (mut own, mut styles, mut sheets, mut biff8) = (BTreeMap::new(), Vec::new(), Vec::new(), true);
    for (kind, body) in Records(stream) {
        match kind {
            0x0809 => biff8 = word(body, 0)? == 0x0600,
            0x0085 => sheets.push(long(body, 0)? as usize),
            0x00E0 => styles.push(word(body, 2)?),
            0x041E => {
                own.insert(word(body, 0)?, format_code(body, biff8)?);
            }
            0x000A => break,
            _ => {}
        }
    }
    let percent = |id: &u16| {
        let format = own.get(id).map_or_else(|| format_of_id(u32::from(*id)), |code| format_of_code(code));
        format == Some(CellFormat::Percent)
    };
    Some(Globals { sheets, percent: styles.iter().map(percent).collect() })
}

/// Only ASCII signs decide what a format means, so other letters may be lost here.
fn format_code(body: &[u8], biff8: bool) -> Option<String> {
    let text = if !biff8 { body.get(3..)? } else { body.get(5..)? };
    Some(text.iter().filter(|byte| **byte != 0).map(|byte| char::from(*byte)).collect())
}

fn sheet(stream: &[u8], percent: &[bool], limits: &Limits) -> Result<BTreeSet<(u32, u32)>, IntakeError> {
    let mut found = BTreeSet::new();
    let (mut cells, mut first, mut last, mut depth) = (0_usize, (u32::MAX, u32::MAX), (0, 0), 0);
    let mut put = |row: u16, column: u16, style: u16| {
        let place = (u32::from(row), u32::from(column));
        first = (first.0.min(place.0), first.1.min(place.1));
        last = (last.0.max(place.0), last.1.max(place.1));
        cells += 1;
        if percent.get(usize::from(style)).copied().unwrap_or(false) {
            found.insert(place);
        }
    };
    for (kind, body) in Records(stream) {
        match kind {
            0x0809 => depth += 1,
            0x000A => {
                depth -= 1;
                if depth <= 0 {
                    break;
                }
            }
            0x0200 if depth == 1 => dimensions(body)?,
            0x0203 | 0x027E | 0x0006 | 0x00FD | 0x0204 | 0x00D6 | 0x0205 if depth == 1 => {
                if let (Some(row), Some(column), Some(style)) = (word(body, 0), word(body, 2), word(body, 4))
                {
                    put(row, column, style);
                }
            }
            0x00BD if depth == 1 => {
                let (Some(row), Some(column)) = (word(body, 0), word(body, 2)) else { continue };
                for at in 0..body.len().saturating_sub(6) / 6 {
                    put(row, column.saturating_add(at as u16), word(body, 4 + at * 6).unwrap_or(0));
                }
            }
            _ => {}
        }
    }
    let area = if cells == 0 { 0 } else { u64::from(last.0 - first.0 + 1) * u64::from(last.1 - first.1 + 1) };
    if last.1 > 255 || cells > limits.cells || area > 4_000_000.max(cells as u64 * 1000) {
        let problem = format!("a sheet of {cells} cells claims to span {area} places");
        let remedy = "This is no instrument export; nothing was read";
        let error = IntakeError::new(Trouble::TooLarge, problem, remedy);
        return Err(error.code("sheet-span").fact("cells", cells).fact("places", area));
    }
    Ok(found)
}

/// A stated size beyond what the format can hold, or that runs backwards, is damage.
fn dimensions(body: &[u8]) -> Result<(), IntakeError> {
    let size = match body.len() {
        14 => (long(body, 0), long(body, 4), word(body, 8), word(body, 10)),
        10 => (word(body, 0).map(u32::from), word(body, 2).map(u32::from), word(body, 4), word(body, 6)),
        _ => (None, None, None, None),
    };
    match size {
        (Some(top), Some(bottom), Some(left), Some(right))
            if top <= bottom && bottom <= 65_536 && left <= right && right <= 256 =>
        {
            Ok(())
        }
        _ => Err(damaged("a sheet", "its stated size is impossible")),
    }
}
