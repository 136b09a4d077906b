//! Every key of the format, section by section. The parser refuses what is not here, and a test holds
//! `docs/intake.md` to the same list.

/// Keys that stand in a `[[region]]`, or at the top level for every region that does not say otherwise.
pub(crate) const REGION: &[&str] = &[
    "role",
    "as",
    "sheet",
    "start",
    "end",
    "repeat",
    "layout",
    "header",
    "columns",
    "heading",
    "skip",
    "sample",
    "analyte",
    "channel",
    "value",
    "unit",
    "basis",
    "number",
    "tokens",
    "qualifier",
    "flag",
    "class",
    "class_default",
    "attribute",
    "replicates",
    "replicate_rows",
    "ranges",
    "time",
    "mark",
    "marks",
];

const SECTIONS: &[(&str, &[&str])] = &[
    (
        "recognise",
        &[
            "file_name",
            "content",
            "sheets",
            "lines",
            "within",
            "header",
            "cell",
            "columns",
            "columns_min",
            "columns_max",
            "column_types",
        ],
    ),
    ("recognise.cell", &["sheet", "row", "column", "equals", "matches"]),
    (
        "open",
        &[
            "encoding",
            "delimiter",
            "widths",
            "line_pattern",
            "quote",
            "sheet",
            "sheet_pattern",
            "sheet_position",
            "sheets",
        ],
    ),
    ("number", &["decimal", "thousands"]),
    ("preamble", &["label", "pattern", "any", "cell", "value_cell", "separator", "name"]),
    ("when", &["column", "field", "attribute", "equals", "matches", "empty", "register", "not"]),
    ("column", &["name", "position", "matches", "occurrence", "after", "offset"]),
    ("start", &["row", "at", "after"]),
    ("end", &["row", "before", "after", "blank"]),
    ("header", &["row", "rows", "when", "names", "unit_pattern", "offset", "each_block"]),
    ("columns", &["from", "to", "step", "companions", "matches", "except", "beside", "set"]),
    ("columns.beside", &["pattern", "as"]),
    (
        "columns.set",
        &["name", "matches", "analyte", "channel", "unit", "basis", "mark", "decimal", "thousands", "ignore"],
    ),
    ("heading", &["when", "cell", "pattern", "block"]),
    ("skip", &["when", "reason"]),
    (
        "sample",
        &[
            "column",
            "attribute",
            "file_name",
            "sheet",
            "operator",
            "constant",
            "pattern",
            "unknown",
            "repeat",
            "carry",
        ],
    ),
    ("analyte", &["column", "attribute", "constant", "pattern", "alias", "known", "list", "preferred"]),
    ("analyte.list", &["attribute", "separator", "use"]),
    ("channel", &["column", "attribute", "constant", "pattern"]),
    (
        "value",
        &[
            "column",
            "analyte",
            "channel",
            "analyte_column",
            "channel_column",
            "unit",
            "unit_column",
            "flag_column",
            "basis",
            "pattern",
            "decimal",
            "thousands",
            "marks",
            "empty",
            "reported_when",
            "attributes",
            "mark",
        ],
    ),
    ("unit", &["column", "attribute", "constant", "pattern", "alias"]),
    ("basis", &["column", "attribute", "constant", "pattern", "tokens"]),
    ("qualifier", &["when", "is", "limit"]),
    ("flag", &["column", "split", "ignore", "only", "known"]),
    ("meaning", &["flag", "text", "consequence"]),
    ("class", &["when", "is", "unit"]),
    ("attribute", &["name", "column", "attribute", "file_name", "sheet", "constant", "pattern"]),
    ("replicates", &["from", "to", "step", "companions", "matches", "compute"]),
    ("replicate_rows", &["column", "reading", "replicate", "attributes", "compute"]),
    ("ranges", &["order"]),
    ("time", &["column", "columns", "attribute", "constant", "pattern", "format", "zone"]),
    ("mark", &["when", "mark"]),
    ("check", &["kind", "attribute", "of", "analytes", "min", "max", "relative", "labels"]),
];

const TOP: &[&str] = &[
    "name",
    "version",
    "instrument",
    "description",
    "recognise",
    "open",
    "preamble",
    "check",
    "meaning",
    "region",
];

/// Keys of a section; `None` for tables whose keys are free (aliases, tokens).
pub(crate) fn keys(section: &str) -> Option<&'static [&'static str]> {
    match section {
        "" => Some(&TOP_AND_REGION),
        "region" => Some(&NAME_AND_REGION),
        _ => SECTIONS.iter().find(|(name, _)| *name == section).map(|(_, keys)| *keys),
    }
}

const fn joined<const N: usize>(first: &[&'static str]) -> [&'static str; N] {
    let mut out = [""; N];
    let mut at = 0;
    while at < first.len() {
        out[at] = first[at];
        at += 1;
    }
    let mut from = 0;
    while from < REGION.len() {
        out[at] = REGION[from];
        at += 1;
        from += 1;
    }
    out
}

static TOP_AND_REGION: [&str; TOP.len() + REGION.len()] = joined(TOP);
static NAME_AND_REGION: [&str; 1 + REGION.len()] = joined(&["name"]);

/// Every section with its keys, for the test that compares the manual with the parser.
pub fn sections() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut all = vec![("", TOP.to_vec()), ("region", NAME_AND_REGION.to_vec())];
    all.extend(SECTIONS.iter().map(|(name, keys)| (*name, keys.to_vec())));
    all
}
