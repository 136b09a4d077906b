//! A look into a legacy workbook before its cells are read: what its cells show, what it hides, and whether
//! what it claims about its size is possible. Compound file binary [MS-CFB] and BIFF records [MS-XLS];
//! nothing is trusted.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::code::Code;
use super::number::Style;
use super::rich::Text;
use super::zipped::damaged;
use super::{Hiding, Script};
use crate::error::{IntakeError, Limits, Trouble};

/// What there is to know beside the cells.
pub(super) struct Look {
    /// In the order of the workbook.
    pub sheets: Vec<SheetLook>,
    /// By number of the extended format.
    pub styles: Vec<Style>,
    /// Texts with raised or lowered runs, by their place in the table of texts.
    pub texts: BTreeMap<u32, Text>,
    pub from_1904: bool,
}

/// Of one sheet. Rows and columns are 0-based.
#[derive(Default)]
pub(super) struct SheetLook {
    pub hiding: Hiding,
    /// Extended formats of the cells whose looks matter.
    pub styles: BTreeMap<(u32, u32), u16>,
    /// Cells whose text has raised or lowered runs.
    pub texts: BTreeMap<(u32, u32), u32>,
    pub hidden_rows: BTreeSet<u32>,
    pub hidden_columns: Vec<(u16, u16)>,
    /// First and last row, first and last column.
    pub merges: Vec<[u16; 4]>,
    pub comments: Vec<(u32, u32)>,
    pub filtered: bool,
    pub hides_zeros: bool,
}

pub(super) fn look(bytes: &[u8], limits: &Limits) -> Result<Look, IntakeError> {
    let stream =
        workbook_stream(bytes).ok_or_else(|| damaged("its structure", "there is no workbook in it"))?;
    let globals = globals(&stream).ok_or_else(|| damaged("its structure", "a record is cut off"))?;
    let mut look = Look {
        sheets: Vec::new(),
        styles: globals.styles,
        texts: globals.texts,
        from_1904: globals.from_1904,
    };
    for (start, hiding) in globals.sheets {
        let rest = stream.get(start..).ok_or_else(|| damaged("its structure", "a sheet lies outside"))?;
        let mut own = SheetLook { hiding, ..SheetLook::default() };
        sheet(rest, &look, &mut own, limits)?;
        look.sheets.push(own);
    }
    Ok(look)
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

#[derive(Default)]
struct Globals {
    /// Offsets of the sheets, and whether they are to be seen.
    sheets: Vec<(usize, Hiding)>,
    styles: Vec<Style>,
    texts: BTreeMap<u32, Text>,
    from_1904: bool,
}

fn globals(stream: &[u8]) -> Option<Globals> {
    let mut found = Globals::default();
    let (mut own, mut styles, mut fonts, mut biff8) = (BTreeMap::new(), Vec::new(), Vec::new(), true);
    let mut table: Vec<&[u8]> = Vec::new();
    let mut last = 0;
    for (kind, body) in Records(stream) {
        match kind {
            0x0809 => biff8 = word(body, 0)? == 0x0600,
            0x0022 => found.from_1904 = word(body, 0)? == 1,
            0x0031 => fonts.push(script(word(body, 8).unwrap_or(0))),
            0x0085 => {
                let shown = body.get(4).is_none_or(|state| state & 3 == 0);
                let hiding = if shown { Hiding::Shown } else { Hiding::Hidden };
                found.sheets.push((long(body, 0)? as usize, hiding));
            }
            0x00E0 => styles.push((word(body, 0)?, word(body, 2)?)),
            0x041E => {
                own.insert(word(body, 0)?, Rc::new(Code::parse(&format_code(body, biff8)?)));
            }
            0x00FC => table.push(body),
            0x003C if last == 0x00FC => {
                table.push(body);
                continue;
            }
            0x000A => break,
            _ => {}
        }
        last = kind;
    }
    // there is no font 4: the numbers go from 3 to 5
    let font = |at: u16| fonts.get(usize::from(if at > 4 { at - 1 } else { at })).copied().flatten();
    found.texts = texts(Chunks { parts: table, at: 0, place: 8 }, &font);
    for (own_font, format) in styles {
        let code = own.get(&format).cloned().or_else(|| {
            let code = (format > 0).then(|| Rc::new(Code::built_in(u32::from(format))))?;
            own.insert(format, Rc::clone(&code));
            Some(code)
        });
        found.styles.push(Style { code, script: font(own_font) });
    }
    Some(found)
}

fn script(place: u16) -> Option<Script> {
    match place {
        1 => Some(Script::Superscript),
        2 => Some(Script::Subscript),
        _ => None,
    }
}

fn format_code(body: &[u8], biff8: bool) -> Option<String> {
    let latin = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    if !biff8 {
        return Some(latin(body.get(3..)?));
    }
    let text = body.get(5..)?;
    Some(match body.get(4)? & 1 {
        0 => latin(text),
        _ => {
            let units: Vec<u16> =
                text.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
            String::from_utf16_lossy(&units)
        }
    })
}

/// The table of texts, which goes on in further records wherever one is full.
struct Chunks<'a> {
    parts: Vec<&'a [u8]>,
    at: usize,
    place: usize,
}

impl Chunks<'_> {
    fn byte(&mut self) -> Option<u8> {
        while self.place >= self.parts.get(self.at)?.len() {
            self.at += 1;
            self.place = 0;
        }
        self.place += 1;
        Some(self.parts[self.at][self.place - 1])
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let left = self.parts.get(self.at)?.len() - self.place.min(self.parts[self.at].len());
            let step = left.min(count);
            self.place += step;
            count -= step;
            if count > 0 {
                self.at += 1;
                self.place = 0;
            }
        }
        Some(())
    }

    /// Characters; where they go on in a further record, that begins by saying how wide they are.
    fn letters(&mut self, count: usize, mut wide: bool) -> Option<Vec<u16>> {
        let mut units = Vec::new();
        while units.len() < count {
            if self.place >= self.parts.get(self.at)?.len() {
                self.at += 1;
                self.place = 0;
                wide = self.byte()? & 1 == 1;
            }
            units.push(if wide { self.word()? } else { u16::from(self.byte()?) });
        }
        Some(units)
    }
}

/// Texts with raised or lowered runs. A damaged table has none behind the damage: the content is read by
/// another program, which will say so.
fn texts(mut table: Chunks<'_>, font: &dyn Fn(u16) -> Option<Script>) -> BTreeMap<u32, Text> {
    let mut found = BTreeMap::new();
    let mut at = 0;
    while let Some((units, runs)) = string(&mut table) {
        if runs.iter().any(|(_, own)| font(*own).is_some()) {
            let mut text = Text::default();
            let starts = runs.iter().map(|(start, own)| (usize::from(*start), font(*own)));
            let mut marks: Vec<(usize, Option<Script>)> = std::iter::once((0, None)).chain(starts).collect();
            marks.push((units.len(), None));
            for pair in marks.windows(2) {
                let (from, to) = (pair[0].0.min(units.len()), pair[1].0.min(units.len()));
                if from < to {
                    text.add(&String::from_utf16_lossy(&units[from..to]), pair[0].1);
                }
            }
            found.insert(at, text);
        }
        at += 1;
    }
    found
}

type Letters = (Vec<u16>, Vec<(u16, u16)>);

fn string(table: &mut Chunks<'_>) -> Option<Letters> {
    let count = usize::from(table.word()?);
    let flags = table.byte()?;
    let runs = if flags & 8 != 0 { table.word()? } else { 0 };
    let extra = match flags & 4 {
        0 => 0,
        _ => u32::from(table.word()?) | u32::from(table.word()?) << 16,
    };
    let units = table.letters(count, flags & 1 == 1)?;
    let mut starts = Vec::new();
    for _ in 0..runs {
        starts.push((table.word()?, table.word()?));
    }
    table.skip(extra as usize)?;
    Some((units, starts))
}

/// Cells of a sheet as they are counted.
struct Counted {
    cells: usize,
    first: (u32, u32),
    last: (u32, u32),
}

impl Counted {
    fn see(&mut self, place: (u32, u32)) {
        self.first = (self.first.0.min(place.0), self.first.1.min(place.1));
        self.last = (self.last.0.max(place.0), self.last.1.max(place.1));
        self.cells += 1;
    }
}

fn sheet(stream: &[u8], look: &Look, own: &mut SheetLook, limits: &Limits) -> Result<(), IntakeError> {
    let mut counted = Counted { cells: 0, first: (u32::MAX, u32::MAX), last: (0, 0) };
    let mut depth = 0;
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
            _ if depth == 1 => cell(kind, body, look, own, &mut counted),
            _ => {}
        }
    }
    let Counted { cells, first, last } = counted;
    let area = if cells == 0 { 0 } else { u64::from(last.0 - first.0 + 1) * u64::from(last.1 - first.1 + 1) };
    if last.1 > 255 || cells > limits.cells || area > 4_000_000.max(cells as u64 * 1000) {
        let problem = format!("a sheet of {cells} cells claims to span {area} places");
        let remedy = "This is no instrument export; nothing was read";
        let error = IntakeError::new(Trouble::TooLarge, problem, remedy);
        return Err(error.code("sheet-span").fact("cells", cells).fact("places", area));
    }
    Ok(())
}

/// One record of a sheet: a cell, a row, columns, merged areas, a comment.
fn cell(kind: u16, body: &[u8], look: &Look, own: &mut SheetLook, counted: &mut Counted) {
    let mut put = |row: u16, column: u16, style: u16| {
        let place = (u32::from(row), u32::from(column));
        counted.see(place);
        let looks = look.styles.get(usize::from(style));
        if looks.is_some_and(|looks| looks.code.is_some() || looks.script.is_some()) {
            own.styles.insert(place, style);
        }
        place
    };
    let at = |place: usize| word(body, place);
    match kind {
        0x0203 | 0x027E | 0x0006 | 0x00FD | 0x0204 | 0x00D6 | 0x0205 => {
            let (Some(row), Some(column), Some(style)) = (at(0), at(2), at(4)) else { return };
            let place = put(row, column, style);
            if let Some(text) = long(body, 6).filter(|text| kind == 0x00FD && look.texts.contains_key(text)) {
                own.texts.insert(place, text);
            }
        }
        0x00BD => {
            let (Some(row), Some(column)) = (at(0), at(2)) else { return };
            for place in 0..body.len().saturating_sub(6) / 6 {
                put(row, column.saturating_add(place as u16), at(4 + place * 6).unwrap_or(0));
            }
        }
        0x0208 if at(12).is_some_and(|flags| flags & 0x20 != 0) => {
            own.hidden_rows.extend(at(0).map(u32::from));
        }
        0x007D if at(8).is_some_and(|flags| flags & 1 != 0) || at(4) == Some(0) => {
            own.hidden_columns.extend(at(0).zip(at(2)).map(|(first, last)| (first, last.min(255))));
        }
        0x00E5 => {
            let count = usize::from(at(0).unwrap_or(0));
            let area = |index: usize| {
                let from = 2 + index * 8;
                Some([at(from)?, at(from + 2)?, at(from + 4)?, at(from + 6)?])
            };
            own.merges.extend((0..count).map_while(area));
        }
        0x001C => {
            let place = at(0).zip(at(2)).filter(|_| own.comments.len() < 10_000);
            own.comments.extend(place.map(|(row, column)| (u32::from(row), u32::from(column))));
        }
        0x009B => own.filtered = true,
        0x023E => own.hides_zeros |= at(0).is_some_and(|flags| flags & 0x10 == 0),
        _ => {}
    }
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
