//! Mistakes in mappings are named with key, line and remedy.

use intake::{Mapping, SHIPPED, shipped};

const HEAD: &str = "name = \"m\"\nversion = 1\ninstrument = \"X\"\n";

fn error(rest: &str) -> intake::MappingError {
    Mapping::parse(&format!("{HEAD}{rest}"), "m.toml").unwrap_err()
}

#[test]
fn shipped_mappings_parse_and_bear_their_names() {
    let names: Vec<String> = shipped().into_iter().map(|one| one.name).collect();
    assert_eq!(names, SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
}

#[test]
fn mistakes_are_named() {
    for (text, line, key, says) in [
        ("[value]\ncolum = \"A\"\n", 5, "value.colum", "Did you mean `column`?"),
        ("[value]\ncolumn = 0\n", 5, "value.column", "position from 1"),
        ("[value]\ncolumn = \"A\"\npattern = '(?=x)(?<number>.)'\n", 6, "value.pattern", "look-around"),
        ("[value]\ncolumn = \"A\"\npattern = 'x'\n", 6, "value.pattern", "number"),
        (
            "[[class]]\nwhen = { column = 1, equals = \"x\" }\nis = \"sampel\"\n[columns]\n",
            6,
            "class.is",
            "sample",
        ),
        ("class_default = 3\n[columns]\n", 4, "class_default", "text"),
        ("[[class]]\nis = \"sample\"\n[columns]\n", 4, "class.when", "when"),
        ("[columns]\n[time]\ncolumn = 1\n", 6, "time.format", "order"),
        ("x = \n", 4, "", "TOML"),
        ("[columns]\n[open]\nencoding = \"utf8x\"\n", 6, "open.encoding", "gb18030"),
        ("[columns]\n[number]\ndecimal = \",\"\nthousands = \",\"\n", 7, "number.thousands", "same"),
        ("[columns]\n[tokens]\n\"ND\" = \"nothing\"\n", 5, "tokens", "not_detected"),
        ("layout = \"wide\"\n", 4, "layout", "columns"),
        ("[columns]\nmatches = '(a{1000}){1000}'\n", 5, "columns.matches", "regular expression"),
    ] {
        let error = error(text);
        let message = error.to_string();
        assert!(message.contains(says), "{text}: {message}");
        assert_eq!(error.key, key, "{message}");
        assert!(error.line == line || error.line + 1 == line, "{text}: line {} {message}", error.line);
    }
}

#[test]
fn regions_inherit_from_the_top() {
    let text = format!(
        "{HEAD}class_default = \"sample\"\n[sample]\ncolumn = 1\n[columns]\n[unit]\nconstant = \"%\"\n\
         [[region]]\nname = \"a\"\n[[region]]\nname = \"b\"\nclass_default = \"blank\"\n\
         start = {{ at = {{ column = 1, equals = \"B\" }} }}\n"
    );
    let mapping = Mapping::parse(&text, "m").unwrap();
    let file = "A,Fe\ns,1\nB,Fe\nt,2\n";
    let import = intake::read("x.csv", file.as_bytes(), &mapping, &intake::Limits::default()).unwrap();
    let classes: Vec<&str> = import.readings.iter().map(|one| one.class.as_str()).collect();
    assert_eq!(classes, ["sample", "blank"]);
}
