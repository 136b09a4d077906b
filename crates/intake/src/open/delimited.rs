//! Text to cells: delimiter, runs of blanks, or fixed widths. Every line is a row, blank ones too.

use super::{Grid, check_cell};
use crate::error::{IntakeError, Limits, Trouble};
use crate::mapping::{Delimiter, Open};

pub(crate) fn split(text: &str, how: &Open, limits: &Limits) -> Result<Grid, IntakeError> {
    // programs of old end a text file with this character
    let text = text.trim_end_matches('\u{1a}');
    match &how.delimiter {
        Delimiter::Auto => delimited(text, detect(text), how.quote, limits),
        Delimiter::Character(delimiter) => delimited(text, *delimiter, how.quote, limits),
        Delimiter::Blanks(least) => lines(text, limits, |line, grid| blanks(line, *least, grid)),
        Delimiter::Whole => lines(text, limits, |line, grid| grid.push(line)),
        Delimiter::Pattern(pattern) => lines(text, limits, |line, grid| groups(line, pattern, grid)),
        Delimiter::Fixed(widths) => lines(text, limits, |line, grid| fixed(line, widths, grid)),
    }
}

/// Bytes from the beginning that tell the delimiter.
const DETECTED: usize = 1 << 20;

/// The first of tab, `;`, `,`, `|` that stands outside quotes in at least half of the first fifty lines
/// with content; comma if none does.
fn detect(text: &str) -> char {
    let head = &text[..text.floor_char_boundary(DETECTED)];
    let lines: Vec<&str> = head.lines().filter(|line| !line.trim().is_empty()).take(50).collect();
    let outside = |line: &str, delimiter: char| {
        let mut quoted = false;
        line.chars().any(|letter| {
            quoted ^= letter == '"';
            letter == delimiter && !quoted
        })
    };
    let found = ['\t', ';', ',', '|'].into_iter().find(|delimiter| {
        lines.iter().filter(|line| outside(line, *delimiter)).count() * 2 >= lines.len().max(1)
    });
    found.unwrap_or(',')
}

/// Splits by one character. A quote counts only at the beginning of a cell; `""` inside is one quote.
fn delimited(text: &str, delimiter: char, quote: Option<char>, limits: &Limits) -> Result<Grid, IntakeError> {
    let mut grid = Grid::new("");
    let mut line = 1;
    let mut rest = text;
    while !rest.is_empty() {
        let row = line;
        if row > limits.rows as u64 {
            let problem = format!("the file has more than {} rows", limits.rows);
            let error = IntakeError::new(Trouble::TooLarge, problem, "Split it, or raise the limit");
            return Err(error.code("rows").fact("limit", limits.rows).at(row, 0));
        }
        grid.start_line(row);
        loop {
            let (after, end) = match quote.filter(|quote| rest.starts_with(*quote)) {
                Some(quote) => quoted(rest, quote, delimiter, &mut grid, &mut line, row, limits)?,
                None => bare(rest, delimiter, &mut grid, row, limits)?,
            };
            grid.end_cell();
            check_cell(&grid, limits, row)?;
            rest = after;
            match end {
                CellEnd::Delimiter => {}
                CellEnd::Line => {
                    line += 1;
                    break;
                }
            }
        }
    }
    Ok(grid)
}

#[derive(PartialEq)]
enum CellEnd {
    Delimiter,
    Line,
}

fn bare<'a>(
    rest: &'a str,
    delimiter: char,
    grid: &mut Grid,
    row: u64,
    limits: &Limits,
) -> Result<(&'a str, CellEnd), IntakeError> {
    let stop = if delimiter.is_ascii() {
        let mark = delimiter as u8;
        rest.bytes().position(|byte| byte == mark || byte == b'\n' || byte == b'\r')
    } else {
        rest.find([delimiter, '\n', '\r'])
    };
    let stop = stop.unwrap_or(rest.len());
    if stop > limits.cell_bytes {
        let remedy = "This is no instrument export, or [open] names another delimiter";
        return Err(huge_cell(grid, row, limits, remedy));
    }
    grid.push_str(&rest[..stop]);
    Ok(after_cell(&rest[stop..], delimiter))
}

fn huge_cell(grid: &Grid, row: u64, limits: &Limits, remedy: &str) -> IntakeError {
    let problem = format!("one cell holds more than {} bytes", limits.cell_bytes);
    let error = IntakeError::new(Trouble::TooLarge, problem, remedy).at(row, grid.open_row_len() as u64 + 1);
    error.code("long-cell").fact("bytes", limits.cell_bytes)
}

/// Steps over the delimiter or the line end. A lone carriage return ends a line too.
fn after_cell(rest: &str, delimiter: char) -> (&str, CellEnd) {
    if let Some(after) = rest.strip_prefix(delimiter) {
        return (after, CellEnd::Delimiter);
    }
    let after = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']));
    (after.unwrap_or(""), CellEnd::Line)
}

fn quoted<'a>(
    rest: &'a str,
    quote: char,
    delimiter: char,
    grid: &mut Grid,
    line: &mut u64,
    row: u64,
    limits: &Limits,
) -> Result<(&'a str, CellEnd), IntakeError> {
    let column = grid.open_row_len() as u64 + 1;
    let mut rest = &rest[quote.len_utf8()..];
    loop {
        let Some(stop) = rest.find(quote) else {
            let problem = "a quote opens here and is never closed";
            let remedy = "Mend the file, or say quote = \"\" in [open] if quotes mean nothing in it";
            let error = IntakeError::new(Trouble::Malformed, problem, remedy);
            return Err(error.code("open-quote").at(row, column).token(rest.lines().next().unwrap_or("")));
        };
        if grid.open_cell_len() + stop > limits.cell_bytes {
            return Err(huge_cell(grid, row, limits, "A quote is probably not closed"));
        }
        *line += rest[..stop].matches('\n').count() as u64;
        grid.push_str(&rest[..stop]);
        rest = &rest[stop + quote.len_utf8()..];
        match rest.strip_prefix(quote) {
            Some(after) => {
                grid.push_char(quote);
                rest = after;
            }
            // what follows a closing quote belongs to the cell as it stands; blanks there are padding
            None => {
                let stop = rest.find([delimiter, '\n', '\r']).unwrap_or(rest.len());
                if !rest[..stop].trim().is_empty() {
                    grid.push_str(&rest[..stop]);
                }
                return Ok(after_cell(&rest[stop..], delimiter));
            }
        }
    }
}

fn lines(text: &str, limits: &Limits, cut: impl Fn(&str, &mut Grid)) -> Result<Grid, IntakeError> {
    let mut grid = Grid::new("");
    for (index, line) in text.lines().enumerate() {
        let row = index as u64 + 1;
        grid.start_line(row);
        if line.len() > limits.cell_bytes {
            let problem = format!("one line holds more than {} bytes", limits.cell_bytes);
            let error = IntakeError::new(Trouble::TooLarge, problem, "This is no instrument export");
            return Err(error.code("long-line").fact("bytes", limits.cell_bytes).at(row, 0));
        }
        cut(line, &mut grid);
        check_cell(&grid, limits, row)?;
    }
    Ok(grid)
}

fn blanks(line: &str, least: usize, grid: &mut Grid) {
    let mut rest = line.trim();
    while !rest.is_empty() {
        let gap = rest.char_indices().find_map(|(at, _)| {
            let tail = &rest[at..];
            let run = tail.chars().take_while(|letter| *letter == ' ' || *letter == '\t').count();
            (run >= least || tail.starts_with('\t')).then_some(at)
        });
        match gap {
            Some(at) => {
                grid.push(&rest[..at]);
                rest = rest[at..].trim_start();
            }
            None => {
                grid.push(rest);
                rest = "";
            }
        }
    }
}

fn groups(line: &str, pattern: &regex::Regex, grid: &mut Grid) {
    match pattern.captures(line) {
        None => grid.push(line),
        Some(found) => found.iter().skip(1).for_each(|part| grid.push(part.map_or("", |part| part.as_str()))),
    }
}

fn fixed(line: &str, widths: &[usize], grid: &mut Grid) {
    grid.keep_line(line);
    let mut rest = line;
    for width in widths.iter().take(widths.len().saturating_sub(1)) {
        let stop = rest.char_indices().nth(*width).map_or(rest.len(), |(at, _)| at);
        grid.push(rest[..stop].trim());
        rest = &rest[stop..];
    }
    grid.push(rest.trim());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::{Encoding, Sheets};

    fn cells(text: &str, delimiter: Delimiter) -> Vec<(u64, Vec<String>)> {
        let how = Open {
            encodings: vec![Encoding::Auto],
            delimiter,
            quote: Some('"'),
            sheets: Sheets::FirstWithContent,
        };
        let grid = split(text, &how, &Limits::default()).unwrap();
        grid.rows().map(|row| (row.number(), row.cells().map(str::to_owned).collect())).collect()
    }

    #[test]
    fn every_line_is_a_row() {
        let rows = cells("a,\"b \"\"x\"\"\"\r\n\r\n\"two\nlines\",c,\nlast", Delimiter::Auto);
        let expected: Vec<(u64, Vec<&str>)> = vec![
            (1, vec!["a", "b \"x\""]),
            (2, vec![""]),
            (3, vec!["two\nlines", "c", ""]),
            (5, vec!["last"]),
        ];
        let rows: Vec<(u64, Vec<&str>)> = rows
            .iter()
            .map(|(number, cells)| (*number, cells.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn blanks_and_widths() {
        assert_eq!(cells("a  b c   d\n", Delimiter::Blanks(2))[0].1, ["a", "b c", "d"]);
        assert_eq!(cells("a  b c\td\n", Delimiter::Blanks(1))[0].1, ["a", "b", "c", "d"]);
        assert_eq!(cells("样品1 12.5 ok\n", Delimiter::Fixed(vec![4, 5, 3]))[0].1, ["样品1", "12.5", "ok"]);
    }

    #[test]
    fn an_open_quote_is_named() {
        let how = Open {
            encodings: vec![Encoding::Auto],
            delimiter: Delimiter::Auto,
            quote: Some('"'),
            sheets: Sheets::FirstWithContent,
        };
        let error = split("a,b\nc,\"d\n", &how, &Limits::default()).unwrap_err();
        assert_eq!((error.row, error.column), (Some(2), Some(2)));
    }
}
