//! Workbooks as their readers saw them: numbers, formats, escapes, raised text, what is hidden, merged, wrong
//! or commented. Every workbook is made here, part by part, so that nothing stands between a test and the
//! file.

use intake::{Import, Limits, Mapping, Outcome, Reading, Recognition, Trouble, read, recognise, sheets};
use proptest::prelude::*;

use crate::hostile::zipped;

/// A workbook in the making.
#[derive(Default)]
pub struct Book {
    /// Name, attributes, and the XML of a sheet.
    sheets: Vec<(String, String, String)>,
    shared: String,
    styles: String,
    comments: String,
}

impl Book {
    pub fn sheet(mut self, name: &str, state: &str, xml: &str) -> Self {
        self.sheets.push((name.to_owned(), state.to_owned(), xml.to_owned()));
        self
    }

    /// One sheet of these rows.
    pub fn rows(rows: &str) -> Self {
        Book::default().sheet("S", "", &format!("<sheetData>{rows}</sheetData>"))
    }

    pub fn shared(mut self, items: &str) -> Self {
        self.shared = items.to_owned();
        self
    }

    /// Number formats by code: style 1 is the first.
    pub fn formats(mut self, codes: &[&str]) -> Self {
        let escaped = |code: &str| {
            let code = code.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            code.replace('>', "&gt;")
        };
        let own = codes.iter().enumerate();
        let own: String = own
            .map(|(at, code)| format!(r#"<numFmt numFmtId="{}" formatCode="{}"/>"#, 164 + at, escaped(code)))
            .collect();
        let xfs: String =
            (0..codes.len()).map(|at| format!(r#"<xf numFmtId="{}" fontId="0"/>"#, 164 + at)).collect();
        self.styles = format!(
            r#"<styleSheet><numFmts>{own}</numFmts><fonts><font/><font><vertAlign val="superscript"/></font>
<font><vertAlign val="subscript"/></font></fonts><cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/>
{xfs}<xf fontId="1"/><xf fontId="2"/></cellXfs></styleSheet>"#
        );
        self
    }

    /// Comments on the first sheet.
    pub fn comments(mut self, list: &str) -> Self {
        self.comments = format!("<comments><commentList>{list}</commentList></comments>");
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut listed = String::new();
        let mut relations = String::new();
        let mut parts: Vec<(String, String)> = Vec::new();
        for (at, (name, state, xml)) in self.sheets.iter().enumerate() {
            listed.push_str(&format!(r#"<sheet name="{name}" sheetId="{0}" {state} r:id="r{0}"/>"#, at + 1));
            relations.push_str(&format!(
                r#"<Relationship Id="r{0}" Type="x/worksheet" Target="worksheets/sheet{0}.xml"/>"#,
                at + 1
            ));
            parts.push((
                format!("xl/worksheets/sheet{}.xml", at + 1),
                format!("<worksheet>{xml}</worksheet>"),
            ));
        }
        parts.push(("xl/workbook.xml".into(), format!("<workbook><sheets>{listed}</sheets></workbook>")));
        let rels = format!("<Relationships>{relations}</Relationships>");
        parts.push(("xl/_rels/workbook.xml.rels".into(), rels));
        parts.push(("xl/sharedStrings.xml".into(), format!("<sst>{}</sst>", self.shared)));
        if !self.styles.is_empty() {
            parts.push(("xl/styles.xml".into(), self.styles.clone()));
        }
        if !self.comments.is_empty() {
            parts.push(("xl/comments1.xml".into(), self.comments.clone()));
            let own = r#"<Relationships><Relationship Id="c" Type="http://x/relationships/comments"
 Target="../comments1.xml"/></Relationships>"#;
            parts.push(("xl/worksheets/_rels/sheet1.xml.rels".into(), own.into()));
        }
        let borrowed: Vec<(&str, &[u8])> =
            parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
        zipped(&borrowed)
    }

    pub fn read(&self) -> Import {
        self.read_by(WIDE)
    }

    pub fn read_by(&self, mapping: &str) -> Import {
        let head = "name = \"w\"\nversion = 1\ninstrument = \"X\"\nclass_default = \"sample\"\n";
        let mapping = Mapping::parse(&format!("{head}{mapping}"), "w").unwrap_or_else(|why| panic!("{why}"));
        read("w.xlsx", &self.bytes(), &mapping, &Limits::default()).unwrap_or_else(|why| panic!("{why}"))
    }
}

pub const WIDE: &str = "[columns]\n[sample]\ncolumn = \"Id\"\n[unit]\nconstant = \"%\"\n";

fn row(number: u32, cells: &str) -> String {
    format!(r#"<row r="{number}">{cells}</row>"#)
}

fn hidden(number: u32, cells: &str) -> String {
    format!(r#"<row r="{number}" hidden="1">{cells}</row>"#)
}

fn text(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#)
}

fn number(place: &str, stored: &str, style: usize) -> String {
    format!(r#"<c r="{place}" s="{style}"><v>{stored}</v></c>"#)
}

fn shared(place: &str, at: usize) -> String {
    format!(r#"<c r="{place}" t="s"><v>{at}</v></c>"#)
}

fn head() -> String {
    row(1, &(text("A1", "Id") + &text("B1", "Fe")))
}

/// Id and Fe, then one row for each cell given (for column B of rows 2, 3, …).
fn column(cells: &[String]) -> String {
    let mut all = head();
    for (at, cell) in cells.iter().enumerate() {
        let number = at as u32 + 2;
        all += &row(number, &(text(&format!("A{number}"), &format!("S{number}")) + cell));
    }
    all
}

fn values(import: &Import) -> Vec<(&str, Option<&str>)> {
    import.readings.iter().map(|one| (one.sample_id.as_str(), one.value.as_deref())).collect()
}

fn asks(reading: &Reading, words: &str) -> bool {
    reading.needs_decision.as_deref().is_some_and(|asked| asked.contains(words))
}

fn warned(import: &Import, words: &str) -> bool {
    import.warnings.iter().any(|text| text.contains(words))
}

#[test]
fn numbers_are_the_shortest_decimal_and_the_stored_digits_stay() {
    for (stored, value) in [
        ("4.6740000000000004", "4.674"),
        ("33.299999999999997", "33.3"),
        ("5.0", "5"),
        ("1.0E-4", "0.0001"),
        ("6.8027200000000005E-5", "0.0000680272"),
        ("-0.10000000000000001", "-0.1"),
        ("12.5", "12.5"),
    ] {
        let import = Book::rows(&column(&[number("B2", stored, 0)])).read();
        let one = &import.readings[0];
        assert_eq!((one.value.as_deref(), one.raw.as_str()), (Some(value), stored));
        assert_eq!(one.needs_decision, None, "{stored}");
    }
}

#[test]
fn percent_formats_are_exact_and_words_in_formats_count() {
    for (code, stored, expected, unit, asked) in [
        ("0%", "0.28999999999999998", "29", "%", ""),
        ("0.0%", "0.070000000000000007", "7", "%", ""),
        ("0.00 %", "0.0057000000000000002", "0.57", "%", ""),
        ("0.00\\ %", "1.1", "110", "%", "above 100 %"),
        ("0.0%\" w/w\"", "0.55000000000000004", "55", "%", ""),
        ("0.0%\" dry\"", "0.55000000000000004", "55", "%", "adds words"),
        ("[Red]0.0%", "0.55000000000000004", "55", "%", ""),
        ("0.0%;-0.0%;0%", "-0.01", "-1", "%", ""),
        ("[<0.1]0.00%;0.0%", "0.055", "5.5", "%", ""),
        ("0.0\"%\"", "55.100000000000001", "55.1", "%", ""),
        ("0.0\\%", "55.1", "55.1", "%", ""),
        ("0.00\" mg/L\"", "1.5", "1.5", "mg/L", ""),
        ("0.00\" L\"", "1.5", "1.5", "%", "the cell says L"),
        ("\"<\"0.00", "0.050000000000000003", "0.05", "%", "adds words"),
        ("[<0.01]\"<0.01\";0.00", "0.003", "0.003", "%", "shows \"<0.01\""),
        ("[<0.01]\"<0.01\";0.00", "0.3", "0.3", "%", ""),
        ("0.00;-0.00;\"ND\"", "0", "0", "%", "shows \"ND\""),
        (";;;", "1.5", "1.5", "%", "shows nothing"),
        ("_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)", "0", "0", "%", "shows \"-\""),
        ("_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)", "1.5", "1.5", "%", ""),
        ("#.##", "0", "0", "%", "shows nothing"),
        ("0.0,", "12300", "12300", "%", "divided by a thousand"),
        ("#,##0.00", "99.5", "99.5", "%", ""),
        ("0.00_);(0.00)", "-2.5", "-2.5", "%", ""),
        ("0.00E+00", "0.0125", "0.0125", "%", ""),
        ("000.0", "1.5", "1.5", "%", ""),
    ] {
        let import = Book::rows(&column(&[number("B2", stored, 1)])).formats(&[code]).read();
        let one = &import.readings[0];
        assert_eq!((one.value.as_deref(), one.unit.as_str()), (Some(expected), unit), "{code}");
        assert_eq!(one.raw, stored, "{code}");
        match asked {
            "" => assert_eq!(one.needs_decision, None, "{code}"),
            words => assert!(asks(one, words), "{code}: {:?}", one.needs_decision),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fifteen_digits_come_back_and_their_percentage_is_exact(
        digits in 1_i64..1_000_000_000_000_000, places in 0_u32..18, minus in any::<bool>(),
    ) {
        let decimal = rust_decimal::Decimal::from_i128_with_scale(i128::from(digits), places).normalize();
        let decimal = if minus { -decimal } else { decimal };
        let number: f64 = decimal.to_string().parse().unwrap();
        // as spreadsheets and other programs store it: seventeen digits, shortest, with an exponent
        for stored in [format!("{number:.16e}"), format!("{number}"), format!("{number:E}")] {
            let cells = [number_cell(&stored, 0), number_cell3(&stored, 1)];
            let import = Book::rows(&column(&cells)).formats(&["0.00%"]).read();
            prop_assert_eq!(import.readings[0].value.clone(), Some(decimal.to_string()));
            let percent = (decimal * rust_decimal::Decimal::ONE_HUNDRED).normalize().to_string();
            prop_assert_eq!(import.readings[1].value.clone(), Some(percent));
            prop_assert_eq!(&import.readings[1].raw, &stored);
        }
    }
}

fn number_cell(stored: &str, style: usize) -> String {
    number("B2", stored, style)
}

fn number_cell3(stored: &str, style: usize) -> String {
    number("B3", stored, style)
}

#[test]
fn escapes_are_decoded_in_every_kind_of_text() {
    let rows = row(1, &(shared("A1", 0) + &text("B1", "Cu_x000D_\n(%)")))
        + &row(2, &(text("A2", "L_x005F_x0041_") + &number("B2", "1.5", 0)))
        + &row(
            3,
            &format!(r#"<c r="A3" t="str"><f>A2</f><v>F_x0041__x005F_</v></c>{}"#, number("B3", "2.5", 0)),
        );
    let book = Book::default()
        .sheet("R_x0026_D", "", &format!("<sheetData>{rows}</sheetData>"))
        .shared("<si><r><t>I_x0</t></r><r><t>064_</t></r></si>");
    let import = book.read_by("[columns]\n[sample]\ncolumn = 1\n[unit]\nconstant = \"%\"\n");
    assert_eq!(values(&import), [("L_x0041_", Some("1.5")), ("FA_", Some("2.5"))]);
    assert_eq!(import.readings[0].analyte, "Cu (%)");
    assert_eq!(import.readings[0].row, "R&D!2");
}

#[test]
fn raised_digits_are_a_question_and_never_digits() {
    let run = |text: &str, kind: &str| match kind {
        "" => format!("<r><t>{text}</t></r>"),
        kind => {
            format!(r#"<r><rPr><b/><vertAlign val="{kind}"/></rPr><t xml:space="preserve">{text}</t></r>"#)
        }
    };
    let (up, down, base) = ("superscript", "subscript", "baseline");
    for (runs, expected, asked) in [
        (vec![("1.2", ""), ("3", up)], Some("1.2"), "superscript \"3\""),
        (vec![("1", ""), (".2", ""), ("3", up)], Some("1.2"), "superscript \"3\""),
        (vec![("5", ""), ("2", up)], Some("5"), "superscript \"2\""),
        (vec![("0.5", ""), ("1", up), (",", up), ("2", up)], Some("0.5"), "superscript"),
        (vec![("&lt;0.05", ""), ("1", up)], Some("0.05"), "superscript \"1\""),
        (vec![("1.2", ""), ("3", down)], None, "subscript \"3\""),
        (vec![("1.5×10", ""), ("-3", up)], Some("1.5E-3"), ""),
        (vec![("1.5 × 10", ""), ("−3", up)], Some("1.5E-3"), ""),
        (vec![("1.5×10", ""), ("+2", up)], Some("1.5E2"), "above 100 %"),
        (vec![("1.2", ""), ("3", base)], Some("1.23"), ""),
        (vec![("1.2", base), ("", up), ("3", "")], Some("1.23"), ""),
    ] {
        let item: String = runs.iter().map(|(text, kind)| run(text, kind)).collect();
        let inline = format!(r#"<c r="B2" t="inlineStr"><is>{item}</is></c>"#);
        let by_table = Book::rows(&column(&[shared("B2", 0)])).shared(&format!("<si>{item}</si>")).read();
        let by_cell = Book::rows(&column(&[inline])).read();
        for import in [by_table, by_cell] {
            let one = &import.readings[0];
            if expected.is_some() {
                assert_eq!(one.value.as_deref(), expected, "{runs:?}");
            }
            match asked {
                "" => assert_eq!(one.needs_decision, None, "{runs:?}"),
                words => assert!(asks(one, words), "{runs:?}: {:?}", one.needs_decision),
            }
        }
    }
    // the font of the whole cell says it: styles 1 and 2 behind the formats
    for (style, words) in [(1, "the whole cell is superscript"), (2, "the whole cell is subscript")] {
        let import = Book::rows(&column(&[number("B2", "3", style)])).formats(&[]).read();
        assert!(asks(&import.readings[0], words), "{:?}", import.readings[0]);
    }
}

#[test]
fn a_raised_digit_does_not_change_an_id_and_a_lowered_one_is_a_formula() {
    let items = r#"<si><r><t>S-1</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r></si>
<si><r><t>Fe</t></r><r><rPr><vertAlign val="subscript"/></rPr><t>2</t></r><r><t>O</t></r>
<r><rPr><vertAlign val="subscript"/></rPr><t>3</t></r></si>"#;
    let rows = row(1, &(text("A1", "Id") + &shared("B1", 1)))
        + &row(2, &(shared("A2", 0) + &number("B2", "1.5", 0)));
    let import = Book::rows(&rows).shared(items).read();
    let one = &import.readings[0];
    assert_eq!((one.sample_id.as_str(), one.analyte.as_str()), ("S-1²", "Fe2O3"));
    assert!(asks(one, "has a superscript \"2\""), "{one:?}");
}

#[test]
fn raised_characters_in_text_files_ask_too() {
    let head = "name = \"t\"\nversion = 1\ninstrument = \"X\"\n[columns]\n[sample]\ncolumn = \"Id\"\n";
    let mapping = Mapping::parse(&format!("{head}[unit]\nconstant = \"mg/kg\"\n"), "t").unwrap();
    for (cell, expected, asked) in [
        ("1.2³", Some("1.2"), "superscript \"3\""),
        ("1.2 ¹⁾", Some("1.2"), "superscript"),
        ("0.5 mg/kg²", Some("0.5"), "superscript \"2\""),
        ("<0.5¹", Some("0.5"), "superscript \"1\""),
        ("1.2₃", Some("1.2"), "subscript \"3\""),
        ("1.2×10⁻³", Some("1.2E-3"), ""),
        ("1.2x10^3", Some("1.2E3"), ""),
        ("1.2·10-3", Some("1.2E-3"), ""),
        ("1.2×10⁺³", Some("1.2E3"), ""),
    ] {
        let import = read("t.csv", format!("Id,Fe\nA,{cell}\n").as_bytes(), &mapping, &Limits::default());
        let import = import.unwrap();
        let one = import.readings.first().unwrap_or_else(|| panic!("{cell}: {:?}", import.rows));
        assert_eq!(one.value.as_deref(), expected, "{cell}");
        match asked {
            "" => assert_eq!(one.needs_decision, None, "{cell}"),
            words => assert!(asks(one, words), "{cell}: {:?}", one.needs_decision),
        }
    }
    // nobody knows whether the 6 was raised
    let import = read("t.csv", "Id,Fe\nA,1.5x106\nB,³\n".as_bytes(), &mapping, &Limits::default()).unwrap();
    assert!(import.readings.is_empty(), "{:?}", import.readings);
}

#[test]
fn hidden_rows_are_skipped_and_named() {
    for (attributes, why) in [
        (r#"hidden="1""#, "hidden"),
        (r#"hidden="true""#, "hidden"),
        (r#"ht="0" customHeight="1""#, "no height"),
        (r#"hidden="1" outlineLevel="1""#, "a closed group"),
    ] {
        let rows = head()
            + &format!(r#"<row r="2" {attributes}>{}{}</row>"#, text("A2", "S1"), number("B2", "9.9", 0))
            + &row(3, &(text("A3", "S1") + &number("B3", "1.5", 0)));
        let import = Book::rows(&rows).read();
        assert_eq!(values(&import), [("S1", Some("1.5"))], "{why}");
        assert_eq!(import.readings[0].occurrence, 1);
        assert!(matches!(&import.rows[1].outcome, Outcome::Skipped { rule } if rule.contains("hidden")));
        assert!(warned(&import, "rows 2 are hidden"), "{:?}", import.warnings);
    }
}

#[test]
fn a_filter_names_what_it_leaves_out() {
    let filter = r#"<autoFilter ref="A1:B4"><filterColumn colId="0"><filters><filter val="S1"/></filters>
</filterColumn></autoFilter>"#;
    let one = |hide: bool| {
        let rows = head()
            + &row(2, &(text("A2", "S1") + &number("B2", "1.5", 0)))
            + &match hide {
                true => hidden(3, &(text("A3", "S2") + &number("B3", "9.9", 0))),
                false => row(3, &(text("A3", "S2") + &number("B3", "9.9", 0))),
            };
        Book::default().sheet("S", "", &format!("<sheetData>{rows}</sheetData>{filter}")).read()
    };
    let import = one(true);
    assert_eq!(values(&import), [("S1", Some("1.5"))]);
    assert!(warned(&import, "(a filter is set)"), "{:?}", import.warnings);
    let import = one(false);
    assert_eq!(import.readings.len(), 2);
    assert!(warned(&import, "a filter is set, but it hides no row"));
}

#[test]
fn a_hidden_header_heading_or_unit_row_is_never_used_in_silence() {
    // the mapping names the row: it is the header, and a warning says so
    let data = row(2, &(text("A2", "S1") + &number("B2", "1.5", 0)));
    let book = Book::rows(&(hidden(1, &(text("A1", "Id") + &text("B1", "Fe"))) + &data));
    let import = book.read_by(&format!("[header]\nrow = 1\n{WIDE}"));
    assert_eq!(values(&import), [("S1", Some("1.5"))]);
    assert!(warned(&import, "row S!1 is hidden in the workbook; it is read as header"));
    // an old table above the one that is seen
    let rows = hidden(1, &(text("A1", "Id") + &text("B1", "Fe")))
        + &hidden(2, &(text("A2", "S1") + &number("B2", "9.9", 0)))
        + &row(3, &(text("A3", "Id") + &text("B3", "Cu")))
        + &row(4, &(text("A4", "S1") + &number("B4", "1.5", 0)));
    for mapping in [WIDE.to_owned(), format!("[header]\nwhen = {{ column = 1, equals = \"Id\" }}\n{WIDE}")] {
        let import = Book::rows(&rows).read_by(&mapping);
        assert_eq!(values(&import), [("S1", Some("1.5"))], "{mapping}");
        assert_eq!(import.readings[0].analyte, "Cu");
    }
    // a hidden second header, with what is below it shown
    let rows = head()
        + &row(2, &(text("A2", "S1") + &number("B2", "1.5", 0)))
        + &hidden(3, &(text("A3", "Id") + &text("B3", "Cu")))
        + &row(4, &(text("A4", "S2") + &number("B4", "2.5", 0)));
    let when = format!("[header]\nwhen = {{ column = 1, equals = \"Id\" }}\n{WIDE}");
    let import = Book::rows(&rows).read_by(&when);
    assert_eq!(import.readings[0].needs_decision, None);
    assert!(asks(&import.readings[1], "row 3, which is hidden"), "{:?}", import.readings[1]);
    // a hidden heading
    let long = "[[heading]]\ncell = 1\npattern = '^Sample: (?<sample_id>.+)$'\n[header]\nnames = [\"el\", \
                \"conc\"]\n[analyte]\ncolumn = \"el\"\n[value]\n\
        column = \"conc\"\n[unit]\nconstant = \"%\"\n";
    let rows = row(1, &text("A1", "Sample: A"))
        + &row(2, &(text("A2", "Fe") + &number("B2", "1.5", 0)))
        + &hidden(3, &text("A3", "Sample: B"))
        + &row(4, &(text("A4", "Fe") + &number("B4", "2.5", 0)))
        + &row(5, &text("A5", "Sample: C"))
        + &row(6, &(text("A6", "Fe") + &number("B6", "3.5", 0)));
    let import = Book::rows(&rows).read_by(long);
    let asked: Vec<bool> = import.readings.iter().map(|one| one.needs_decision.is_some()).collect();
    assert_eq!(asked, [false, true, false]);
    // an id that is carried does not pass over a hidden one
    let rows = head()
        + &row(2, &(text("A2", "S1") + &number("B2", "1.5", 0)))
        + &hidden(3, &(text("A3", "S2") + &number("B3", "9.9", 0)))
        + &row(4, &number("B4", "2.5", 0));
    let import = Book::rows(&rows)
        .read_by("[columns]\n[sample]\ncolumn = \"Id\"\ncarry = true\n[unit]\nconstant = \"%\"\n");
    assert_eq!(values(&import), [("S1", Some("1.5")), ("", Some("2.5"))]);
    assert!(asks(&import.readings[1], "does not tell the sample id"));
    // a hidden header, and a row of data where the next would be
    let rows = hidden(1, &(text("A1", "Id") + &text("B1", "Fe")))
        + &row(2, &(text("A2", "S1") + &number("B2", "9.9", 0)))
        + &row(3, &(text("A3", "S2") + &number("B3", "1.5", 0)));
    let by_place = "name = \"w\"\nversion = 1\ninstrument = \"X\"\n[columns]\n[sample]\ncolumn = 1\n[unit]\n\
                    constant = \"%\"\n";
    let mapping = Mapping::parse(by_place, "w").unwrap();
    let error = read("w.xlsx", &Book::rows(&rows).bytes(), &mapping, &Limits::default()).unwrap_err();
    assert_eq!(error.code, "header", "{error}");
    // the row of units that has begun is read, and named
    let rows = head()
        + &hidden(2, &(text("A2", "") + &text("B2", "ppm")))
        + &row(3, &(text("A3", "S1") + &number("B3", "1.5", 0)));
    let import = Book::rows(&rows)
        .read_by("[header]\nrows = [\"name\", \"unit\"]\n[columns]\n[sample]\ncolumn = \"Id\"\n");
    assert_eq!((import.readings[0].unit.as_str(), values(&import)), ("ppm", vec![("S1", Some("1.5"))]));
    assert!(warned(&import, "row S!2 is hidden"), "{:?}", import.warnings);
}

#[test]
fn hidden_columns_ask() {
    let rows = row(1, &(text("A1", "Id") + &text("B1", "Fe") + &text("C1", "Cu")))
        + &row(2, &(text("A2", "S1") + &number("B2", "9.9", 0) + &number("C2", "1.5", 0)));
    let book = |cols: &str| {
        Book::default().sheet("S", "", &format!("<cols>{cols}</cols><sheetData>{rows}</sheetData>")).read()
    };
    for cols in [
        r#"<col min="2" max="2" hidden="1" width="9"/>"#,
        r#"<col min="2" max="2" width="0" customWidth="1"/>"#,
    ] {
        let import = book(cols);
        assert!(asks(&import.readings[0], "the value stands in column B, which is hidden"), "{cols}");
        assert_eq!(import.readings[1].needs_decision, None);
        assert!(warned(&import, "columns B are hidden"), "{:?}", import.warnings);
    }
    let import = book(r#"<col min="1" max="1" hidden="true"/>"#);
    assert!(import.readings.iter().all(|one| asks(one, "the sample id stands in column A")));
    let import = book(r#"<col min="4" max="16384" hidden="1"/>"#);
    assert!(import.readings.iter().all(|one| one.needs_decision.is_none()) && import.warnings.is_empty());
}

#[test]
fn zeros_that_are_not_shown_ask() {
    let rows = column(&[number("B2", "0", 0), number("B3", "0.5", 0)]);
    let views = r#"<sheetViews><sheetView showZeros="0" workbookViewId="0"/></sheetViews>"#;
    let import = Book::default().sheet("S", "", &format!("{views}<sheetData>{rows}</sheetData>")).read();
    assert!(asks(&import.readings[0], "shows no zeros"), "{:?}", import.readings[0]);
    assert_eq!(import.readings[1].needs_decision, None);
}

#[test]
fn hidden_sheets_are_named_and_not_preferred() {
    let sheet = |value: &str| {
        let rows = head() + &row(2, &(text("A2", "S1") + &number("B2", value, 0)));
        format!("<sheetData>{rows}</sheetData>")
    };
    for state in [r#"state="hidden""#, r#"state="veryHidden""#] {
        let book = Book::default().sheet("old", state, &sheet("9.9")).sheet("new", "", &sheet("1.5"));
        for open in ["", "[open]\nsheets = \"all_with_content\"\n", "[open]\nsheet_pattern = '.'\n"] {
            let import = book.read_by(&format!("{open}{WIDE}"));
            assert_eq!(values(&import), [("S1", Some("1.5"))], "{open}");
            assert!(warned(&import, "hidden sheets have content and are not read: old"), "{open}");
        }
        for open in ["[open]\nsheet = \"old\"\n", "[open]\nsheet_position = 1\n"] {
            let import = book.read_by(&format!("{open}{WIDE}"));
            assert!(asks(&import.readings[0], "the sheet \"old\" is hidden"), "{open}");
        }
        let only = Book::default().sheet("old", state, &sheet("9.9"));
        let mapping = Mapping::parse(&format!("name = \"w\"\nversion = 1\ninstrument = \"X\"\n{WIDE}"), "w");
        let error = read("w.xlsx", &only.bytes(), &mapping.unwrap(), &Limits::default()).unwrap_err();
        assert_eq!((error.trouble, error.code), (Trouble::Mismatch, "no-sheet"));
        assert!(error.problem.contains("old (hidden)"), "{error}");
        let seen = sheets("w.xlsx", &book.bytes(), &Limits::default()).unwrap();
        assert_eq!(seen.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["new"]);
        assert!(matches!(recognise("w.xlsx", &book.bytes(), &[]), Recognition::None(_)));
    }
}

#[test]
fn numeric_ids_are_what_the_sheet_shows() {
    let codes = ["00000", "\"LOT-\"000", "00-0000", "0.00", "#,##0", "0.00E+00", "yyyy/mm/dd", "0"];
    for (stored, style, id, asked) in [
        ("240001.0", 0, "240001", ""),
        ("1.0E5", 0, "100000", ""),
        ("1E5", 0, "100000", ""),
        ("123", 1, "00123", ""),
        ("1234567", 1, "1234567", ""),
        ("7", 2, "LOT-007", ""),
        ("240001", 3, "24-0001", ""),
        ("123", 4, "123", ""),
        ("12.1", 4, "12.1", "in another form"),
        ("240001", 5, "240001", ""),
        ("240001", 6, "240001", "in another form"),
        ("45000", 7, "2023-03-15", "as a date"),
        ("12.7", 8, "12.7", "in another form"),
        ("12.1", 0, "12.1", ""),
        ("1234567890123456", 0, "1234567890123456", "fifteen digits"),
    ] {
        let rows = head() + &row(2, &(number("A2", stored, style) + &number("B2", "1.5", 0)));
        let import = Book::rows(&rows).formats(&codes).read();
        let one = &import.readings[0];
        assert_eq!(one.sample_id, id, "{stored} {style}");
        match asked {
            "" => assert_eq!(one.needs_decision, None, "{stored} {style}"),
            words => assert!(asks(one, words), "{stored} {style}: {:?}", one.needs_decision),
        }
    }
    // the same format on a value pads nothing
    for stored in ["12.0", "12"] {
        let import = Book::rows(&column(&[number("B2", stored, 1)])).formats(&codes).read();
        assert_eq!(values(&import), [("S2", Some("12"))]);
        assert_eq!(import.readings[0].raw, stored);
    }
}

#[test]
fn error_cells_are_invalid_values_and_doubtful_ids() {
    let error = |place: &str, text: &str| format!(r#"<c r="{place}" t="e"><v>{text}</v></c>"#);
    for code in ["#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!"] {
        let import = Book::rows(&column(&[error("B2", code)])).read();
        let one = &import.readings[0];
        assert_eq!((one.qualifier.as_str(), one.value.as_deref(), one.raw.as_str()), ("invalid", None, code));
        let rows = head() + &row(2, &(error("A2", code) + &number("B2", "1.5", 0)));
        let import = Book::rows(&rows).read();
        assert!(asks(&import.readings[0], "has an error"), "{code}");
    }
}

#[test]
fn merged_cells_have_a_rule_each() {
    let sheet = |rows: &str, areas: &[&str]| {
        let areas: String = areas.iter().map(|area| format!(r#"<mergeCell ref="{area}"/>"#)).collect();
        let xml = format!("<sheetData>{rows}</sheetData><mergeCells>{areas}</mergeCells>");
        Book::default().sheet("S", "", &xml)
    };
    // an id names each row of its area
    let rows = head()
        + &row(2, &(text("A2", "S1") + &number("B2", "1.5", 0)))
        + &row(3, &number("B3", "2.5", 0))
        + &row(4, &number("B4", "3.5", 0));
    let import = sheet(&rows, &["A2:A3"]).read();
    assert_eq!(values(&import), [("S1", Some("1.5")), ("S1", Some("2.5")), ("", Some("3.5"))]);
    let asked: Vec<bool> = import.readings.iter().map(|one| one.needs_decision.is_some()).collect();
    assert_eq!(asked, [false, false, true]);
    // a value is of its first cell, and asks
    let rows = head() + &row(2, &(text("A2", "S1") + &number("B2", "1.5", 0))) + &row(3, &text("A3", "S2"));
    let import = sheet(&rows, &["B2:B3"]).read();
    assert_eq!(values(&import), [("S1", Some("1.5"))]);
    assert!(asks(&import.readings[0], "B2:B3"), "{:?}", import.readings[0]);
    let more = rows
        .replacen("Fe</t></is></c>", &("Fe</t></is></c>".to_owned() + &text("C1", "Cu")), 1)
        .replacen("S2</t></is></c>", &("S2</t></is></c>".to_owned() + &number("C3", "7", 0)), 1);
    let import = sheet(&more, &["B2:B3"]).read();
    let of_iron: Vec<&Reading> = import.readings.iter().filter(|one| one.analyte == "Fe").collect();
    assert_eq!((of_iron[0].value.as_deref(), of_iron[1].value.as_deref()), (Some("1.5"), None));
    assert!(of_iron.iter().all(|one| asks(one, "B2:B3")), "{of_iron:?}");
    // what is covered is not shown
    let rows = head()
        + &row(2, &(text("A2", "S1") + &number("B2", "1.5", 0)))
        + &row(3, &(text("A3", "S2") + &number("B3", "9.9", 0)));
    let import = sheet(&rows, &["B2:B3"]).read();
    assert!(asks(&import.readings[1], "B3 is covered"), "{:?}", import.readings[1]);
    let import = sheet(&rows, &["A2:A3"]).read();
    assert!(asks(&import.readings[1], "A3 is covered"), "{:?}", import.readings[1]);
    // a header over two columns names the first
    let rows = row(1, &(text("A1", "Id") + &text("B1", "Fe")))
        + &row(2, &(text("A2", "S1") + &number("B2", "1.5", 0) + &number("C2", "9.9", 0)));
    let import = sheet(&rows, &["B1:C1"]).read();
    assert_eq!(values(&import), [("S1", Some("1.5"))]);
    // a unit beside several rows
    let rows = row(1, &(text("A1", "Id") + &text("B1", "El") + &text("C1", "Conc") + &text("D1", "Unit")))
        + &row(2, &(text("A2", "S1") + &text("B2", "Fe") + &number("C2", "1.5", 0) + &text("D2", "ppm")))
        + &row(3, &(text("B3", "Cu") + &number("C3", "2.5", 0)));
    let long = "[sample]\ncolumn = \"Id\"\n[analyte]\ncolumn = \"El\"\n[value]\ncolumn = \"Conc\"\n\
                unit_column = \"Unit\"\n";
    let import = sheet(&rows, &["A2:A3", "D2:D3"]).read_by(long);
    let read: Vec<(&str, &str, &str)> = import
        .readings
        .iter()
        .map(|one| (one.sample_id.as_str(), one.analyte.as_str(), one.unit.as_str()))
        .collect();
    assert_eq!(read, [("S1", "Fe", "ppm"), ("S1", "Cu", "ppm")]);
}

#[test]
fn too_many_merged_areas_are_no_export() {
    let areas: String = (1..=600).map(|row| format!(r#"<mergeCell ref="A{row}:XFD{row}"/>"#)).collect();
    let xml = format!("<sheetData>{}</sheetData><mergeCells>{areas}</mergeCells>", head());
    let book = Book::default().sheet("S", "", &xml);
    let mapping = Mapping::parse(&format!("name = \"w\"\nversion = 1\ninstrument = \"X\"\n{WIDE}"), "w");
    let error = read("w.xlsx", &book.bytes(), &mapping.unwrap(), &Limits::default()).unwrap_err();
    assert_eq!(error.trouble, Trouble::Malformed, "{error}");
}

#[test]
fn comments_are_told_and_kept_beside_their_reading() {
    let book = Book::rows(&column(&[number("B2", "1.5", 0), number("B3", "2.5", 0)])).comments(
        r#"<comment ref="B2" authorId="0"><text><r><t>rerun,
do not use</t></r></text></comment><comment ref="Z99"><text><t>x</t></text></comment>"#,
    );
    let import = book.read();
    assert_eq!(values(&import), [("S2", Some("1.5")), ("S3", Some("2.5"))]);
    assert_eq!(import.readings[0].attributes["comment"], "rerun, do not use");
    assert!(!import.readings[1].attributes.contains_key("comment"));
    assert!(warned(&import, "comments stand on B2, Z99"), "{:?}", import.warnings);
}

#[test]
fn times_of_the_day_and_dates_join() {
    let rows = row(1, &(text("A1", "Id") + &text("B1", "Date") + &text("C1", "Time") + &text("D1", "Fe")))
        + &row(
            2,
            &(text("A2", "S1")
                + &number("B2", "45000", 1)
                + &number("C2", "0.5868055555555556", 2)
                + &number("D2", "1.5", 0)),
        );
    let mapping = "[columns]\nfrom = 4\n[sample]\ncolumn = \"Id\"\n[unit]\nconstant = \"%\"\n[time]\n\
                   columns = [\"Date\", \"Time\"]\nformat = \"%d.%m.%Y %H:%M\"\n";
    let import = Book::rows(&rows).formats(&["dd.mm.yyyy", "hh:mm"]).read_by(mapping);
    assert_eq!(import.readings[0].measured_at.as_deref(), Some("2023-03-15T14:05:00"));
}

#[test]
fn binary_workbooks_are_named() {
    let bytes = zipped(&[("xl/workbook.bin", b"x")]);
    let mapping = Mapping::parse(&format!("name = \"w\"\nversion = 1\ninstrument = \"X\"\n{WIDE}"), "w");
    let error = read("w.xlsb", &bytes, &mapping.unwrap(), &Limits::default()).unwrap_err();
    assert!(error.problem.contains(".xlsb"), "{error}");
}

/// The same, as a program writes it that makes workbooks every day.
#[test]
fn a_written_workbook_tells_all_of_it() {
    use rust_xlsxwriter::{Format, FormatScript, Note, Workbook};
    let mut book = Workbook::new();
    let old = book.add_worksheet();
    old.set_name("old").unwrap().set_very_hidden(true);
    old.write(0, 0, "Id").unwrap().write(0, 1, "Fe").unwrap();
    old.write(1, 0, "S1").unwrap().write(1, 1, 9.9).unwrap();
    let sheet = book.add_worksheet();
    sheet.set_name("R&D").unwrap().set_active(true);
    for (column, name) in ["Id", "Fe", "Cu", "Zn"].into_iter().enumerate() {
        sheet.write(0, column as u16, name).unwrap();
    }
    let plain = Format::new();
    let up = Format::new().set_font_script(FormatScript::Superscript);
    let percent = Format::new().set_num_format("0.00%");
    let padded = Format::new().set_num_format("00000");
    let merged = Format::new();
    sheet.write_with_format(1, 0, 123, &padded).unwrap();
    sheet.write_with_format(1, 1, 0.29, &percent).unwrap();
    sheet.write_rich_string(1, 2, &[(&plain, "1.2"), (&up, "3")]).unwrap();
    sheet.write(1, 3, 0.1 + 0.2).unwrap();
    sheet.write(2, 0, "S2").unwrap().write(2, 1, 9.9).unwrap();
    sheet.set_row_hidden(2).unwrap();
    sheet.merge_range(3, 0, 4, 0, "S3", &merged).unwrap();
    sheet.write(3, 1, 4.674).unwrap().write(4, 1, 2.5).unwrap();
    sheet.write_rich_string(3, 2, &[(&plain, "1.5×10"), (&up, "-3")]).unwrap();
    sheet.write_with_format(4, 2, 7, &up).unwrap();
    sheet.insert_note(3, 1, &Note::new("rerun")).unwrap();
    sheet.set_column_hidden(3).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let head = "name = \"w\"\nversion = 1\ninstrument = \"X\"\nclass_default = \"sample\"\n";
    let mapping = Mapping::parse(&format!("{head}{WIDE}"), "w").unwrap();
    let import = read("w.xlsx", &bytes, &mapping, &Limits::default()).unwrap();
    let told: Vec<(&str, &str, &str, bool)> = import
        .readings
        .iter()
        .filter(|one| !one.raw.is_empty())
        .map(|one| {
            let value = one.value.as_deref().unwrap_or("");
            (one.sample_id.as_str(), one.analyte.as_str(), value, one.needs_decision.is_some())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("00123", "Fe", "29", false),
            ("00123", "Cu", "1.2", true),
            ("00123", "Zn", "0.30000000000000004", true),
            ("S3", "Fe", "4.674", false),
            ("S3", "Cu", "1.5E-3", false),
            ("S3", "Fe", "2.5", false),
            ("S3", "Cu", "7", true),
        ]
    );
    assert!(
        import
            .readings
            .iter()
            .any(|one| one.attributes.get("comment").is_some_and(|text| text.contains("rerun")))
    );
    for words in ["rows 3 are hidden", "columns D are hidden", "are not read: old", "comments stand on B4"] {
        assert!(warned(&import, words), "{words}: {:?}", import.warnings);
    }
}
