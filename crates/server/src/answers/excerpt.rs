//! The lines of a raw file around a token, decoded, with the token's place.

use intake::{Limits, SheetRow};
use serde::Serialize;
use store::{RawPlace, Store};
use ui::kit::explain::LINES_AROUND;

/// A place in a raw file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// Number of the line with the token, from 1.
    pub line: usize,
    /// Where the token stands in that line, in characters: from, to.
    pub token: (usize, usize),
    /// The lines around it.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// Its text.
    pub text: String,
}

impl Excerpt {
    /// Cuts the lines around a token out of a kept file; rows of a workbook become lines. None for a file
    /// that is gone: the place and the token are then all there is to show.
    pub fn of(store: &Store, place: &RawPlace) -> Option<Excerpt> {
        let bytes = store.files().read(&place.sha256).ok()?;
        if let Some(rows) = intake::rows_around(&bytes, &place.row, LINES_AROUND as u64, &Limits::default()) {
            return of_sheet(&rows, place);
        }
        let line: usize = place.row.parse().ok()?;
        cut(&decode(&bytes), line, place.column, &place.raw)
    }
}

/// Rows of a sheet as lines, their cells set apart; the token is the whole cell of its column.
fn of_sheet(rows: &[SheetRow], place: &RawPlace) -> Option<Excerpt> {
    const BETWEEN: &str = " │ ";
    let line: usize = place.row.rsplit('!').next()?.parse().ok()?;
    let own = rows.iter().find(|row| row.number as usize == line)?;
    let by_column = place.column.and_then(|column| (column as usize).checked_sub(1));
    let at = by_column.or_else(|| own.cells.iter().position(|cell| *cell == place.raw));
    let long = |text: &String| text.chars().count();
    let token = match at.filter(|at| *at < own.cells.len()) {
        Some(at) => {
            let before: usize = own.cells[..at].iter().map(|cell| long(cell) + BETWEEN.chars().count()).sum();
            (before, before + long(&own.cells[at]))
        }
        None => (0, long(&own.cells.join(BETWEEN))),
    };
    let lines = rows.iter().map(|row| Line { number: row.number as usize, text: row.cells.join(BETWEEN) });
    Some(Excerpt { line, token, lines: lines.collect() })
}

fn cut(text: &str, line: usize, column: Option<u32>, raw: &str) -> Option<Excerpt> {
    let first = line.saturating_sub(LINES_AROUND).max(1);
    let numbered = text.lines().enumerate().map(|(at, text)| Line { number: at + 1, text: text.to_owned() });
    let lines: Vec<Line> = numbered.skip(first - 1).take(line + LINES_AROUND + 1 - first).collect();
    let own = lines.iter().find(|one| one.number == line)?;
    let token = find(&own.text, column, raw).unwrap_or((0, own.text.chars().count()));
    Some(Excerpt { line, token, lines })
}

/// The token in its line, in characters: in its column when the line has one, else where it first stands
/// alone.
fn find(line: &str, column: Option<u32>, raw: &str) -> Option<(usize, usize)> {
    if raw.is_empty() {
        return None;
    }
    let starts: Vec<usize> = line.match_indices(raw).map(|(at, _)| at).collect();
    let is_edge = |c: Option<char>| c.is_none_or(|c| ",;\t\"| ".contains(c));
    let alone = |at: &usize| {
        is_edge(line[..*at].chars().next_back()) && is_edge(line[at + raw.len()..].chars().next())
    };
    let cells_before = |at: &usize| {
        let separator = [',', ';', '\t'].into_iter().max_by_key(|c| line.matches(*c).count()).unwrap_or(',');
        line[..*at].matches(separator).count() as u32 + 1
    };
    let in_column =
        starts.iter().find(|at| alone(at) && column.is_some_and(|column| cells_before(at) == column));
    let at = *in_column.or_else(|| starts.iter().find(|at| alone(at))).or(starts.first())?;
    let from = line[..at].chars().count();
    Some((from, from + raw.chars().count()))
}

/// Text as instruments write it: by its mark, else UTF-8, else GB18030, else Latin-1, which reads anything.
fn decode(bytes: &[u8]) -> String {
    use encoding_rs::{Encoding, GB18030, UTF_8, WINDOWS_1252};
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    let whole =
        |encoding: &'static Encoding| encoding.decode_without_bom_handling_and_without_replacement(bytes);
    let read = whole(UTF_8).or_else(|| whole(GB18030)).or_else(|| whole(WINDOWS_1252));
    read.unwrap_or_else(|| String::from_utf8_lossy(bytes)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_in_its_own_column() {
        assert_eq!(find("1,5,15,5", Some(4), "5"), Some((7, 8)));
        assert_eq!(find("1,5,15,5", None, "5"), Some((2, 3)));
        assert_eq!(find("测,15", Some(2), "15"), Some((2, 4)));
        assert_eq!(find("1,5", Some(1), "9"), None);
    }

    #[test]
    fn five_lines_stand_around_it() {
        let text: String = (1..=20).map(|n| format!("r{n},{n}.5\r\n")).collect();
        let cut = cut(&text, 10, Some(2), "10.5").unwrap();
        assert_eq!((cut.lines.len(), cut.lines[0].number, cut.token), (11, 5, (4, 8)));
    }

    #[test]
    fn a_cell_of_a_sheet_is_marked_in_its_row() {
        let row = |number, cells: [&str; 3]| SheetRow { number, cells: cells.map(str::to_owned).to_vec() };
        let rows = [row(6, ["id", "Mn", "Fe"]), row(7, ["S-1", "32.1", "1.2"])];
        let (file_name, raw) = ("a.xlsx".to_owned(), "32.1".to_owned());
        let place = RawPlace { sha256: String::new(), file_name, row: "Data!7".into(), column: Some(2), raw };
        let cut = of_sheet(&rows, &place).unwrap();
        let marked: String =
            cut.lines[1].text.chars().skip(cut.token.0).take(cut.token.1 - cut.token.0).collect();
        assert_eq!((cut.line, cut.lines[1].number, marked.as_str()), (7, 7, "32.1"));
    }

    #[test]
    fn chinese_of_both_encodings_reads() {
        let (gb, ..) = encoding_rs::GB18030.encode("锰,32.1");
        assert_eq!(decode(&gb), "锰,32.1");
        assert_eq!(decode("\u{feff}锰".as_bytes()), "锰");
        assert_eq!(decode(b"\xff\xfeM\0n\0"), "Mn");
    }
}
