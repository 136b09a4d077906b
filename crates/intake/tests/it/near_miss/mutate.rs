//! What happens to exports: headers move, another table follows, units change, languages differ, columns come
//! and go. Each mutation changes the file and the truth beside it. Where the file no longer tells the truth,
//! the fact loses its sample, analyte or unit, and nobody may take the number.

use super::family::{Cell, Chance, Fact, Family, File, Line, Role, cell};

type Change = fn(&mut File, &mut Chance) -> bool;

/// Every kind of mutation with its name. A change that does not apply to the family says so.
pub const KINDS: &[(&str, Change)] = &[
    ("nothing changed", |_, _| true),
    ("second header, other analytes", second_header),
    ("second header, the same", same_header),
    ("second table under a title", titled_table),
    ("second table under a title and its header", titled_header),
    ("second table, unknown header", unknown_table),
    ("unknown heading", unknown_heading),
    ("heading in two cells", label_row),
    ("another unit", other_unit),
    ("unit missing", no_unit),
    ("unit row shifted", shifted_units),
    ("column missing", less),
    ("column added", more),
    ("columns swapped", swapped),
    ("header moved", moved_header),
    ("header missing", no_header),
    ("header rows swapped", swapped_rows),
    ("another language", language),
    ("decimal commas", commas),
    ("statistics added", statistics),
    ("number words", words),
    ("id missing", no_id),
    ("row shifted", shifted_row),
    ("blank rows", blanks),
];

/// The facts from a line to the next heading, which begins anew.
fn below(file: &mut File, at: usize) -> impl Iterator<Item = &mut Fact> {
    let end = file.at(Role::Heading).into_iter().find(|next| *next > at).unwrap_or(file.lines.len());
    let cells = file.lines[at..end].iter_mut().flat_map(|line| line.cells.iter_mut());
    cells.filter_map(|cell| cell.fact.as_mut()).filter(|fact| !fact.statistic)
}

fn forget(fact: &mut Fact) {
    (fact.sample, fact.analyte, fact.unit) = (String::new(), String::new(), String::new());
}

/// A place between two lines of data, not before the first.
fn between(file: &File, chance: &mut Chance) -> usize {
    let data = file.at(Role::Data);
    data[1 + chance.below(data.len() - 1)]
}

fn header(file: &File) -> Vec<Line> {
    file.lines.iter().take_while(|line| line.role == Role::Header).cloned().collect()
}

fn insert(file: &mut File, at: usize, lines: Vec<Line>) {
    file.lines.splice(at..at, lines);
}

fn titled(texts: &[&str], width: usize) -> Line {
    let mut cells: Vec<Cell> = texts.iter().copied().map(cell).collect();
    cells.resize(width.max(texts.len()), Cell::default());
    Line { role: Role::Other, cells }
}

fn second_header(file: &mut File, chance: &mut Chance) -> bool {
    let mut again = header(file);
    if again.is_empty() {
        return false;
    }
    let at = between(file, chance);
    if !file.family.wide() {
        // the columns stand in another order below
        let width = again[0].cells.len();
        let (one, two) = (chance.below(width.min(10)), chance.below(width.min(10)));
        let pair = |at: usize| if file.family == Family::Varian && (7..11).contains(&at) { 4 } else { at };
        let (one, two) = (pair(one), pair(two));
        again[0].cells.swap(one, two);
        for line in &mut file.lines[at..] {
            line.cells.swap(one, two);
        }
        insert(file, at, again);
        return true;
    }
    let (names, waves) = (["Cu", "Zn", "Ni", "Co", "Pb", "Y"], ["324.752", "213.857", "231.604", "228.616"]);
    let first = if file.family == Family::Rigaku { 4 } else { 8 };
    let step = if file.family == Family::Rigaku { 2 } else { 1 };
    for (turn, column) in (first..again[0].cells.len()).step_by(step).enumerate() {
        let name = names[turn % names.len()];
        again[0].cells[column].text = match file.family {
            Family::Rigaku => name.to_owned(),
            _ => format!("{name} {}\n(mg/L)", waves[turn % waves.len()]),
        };
        for line in &mut file.lines[at..] {
            if let Some(fact) = line.cells.get_mut(column).and_then(|cell| cell.fact.as_mut()) {
                name.clone_into(&mut fact.analyte);
            }
        }
    }
    insert(file, at, again);
    true
}

fn same_header(file: &mut File, chance: &mut Chance) -> bool {
    let again = header(file);
    let at = between(file, chance);
    insert(file, at, again.clone());
    !again.is_empty()
}

const TITLES: &[&str] = &[
    "Intensities (kcps)",
    "Table 2",
    "Concentrations in solution",
    "Smp: A-2",
    "Sample DU-0002",
    "Ergebnisse 2",
    "强度",
    "Methode: Ag Aqua Regia",
    "QC Checks",
    "Raw data",
    "Internal standards",
    "Recoveries %",
];

fn titled_table(file: &mut File, chance: &mut Chance) -> bool {
    let at = between(file, chance);
    below(file, at).for_each(forget);
    let width = chance.below(2) * file.lines[at].cells.len();
    let text = *chance.one(TITLES);
    if file.family == Family::Agilent && text.starts_with("Methode:") {
        // that is a heading this family knows
        return false;
    }
    let title = titled(&[text], width);
    insert(file, at, vec![title]);
    true
}

fn titled_header(file: &mut File, chance: &mut Chance) -> bool {
    let again = header(file);
    if again.is_empty() {
        return false;
    }
    let at = between(file, chance);
    if file.family == Family::Bruker {
        // one file holds one sample: below the title stands another
        file.facts_from(at).for_each(forget);
    }
    let mut lines = vec![titled(&[*chance.one(TITLES)], 1)];
    lines.extend(again);
    insert(file, at, lines);
    true
}

fn unknown_table(file: &mut File, chance: &mut Chance) -> bool {
    let at = between(file, chance);
    below(file, at).for_each(forget);
    let names =
        ["Peak", "Area", "Net", "Height", "Line", "kcps", "Bkg", "Sigma", "Remark", "Position", "Angle"];
    let width = file.lines[at].cells.len();
    let cells = (0..width).map(|_| cell(*chance.one(&names))).collect();
    insert(file, at, vec![Line { role: Role::Other, cells }]);
    true
}

fn unknown_heading(file: &mut File, chance: &mut Chance) -> bool {
    let headings = file.at(Role::Heading);
    let Some(at) = headings.get(chance.below(headings.len())).copied() else { return false };
    let text = *chance.one(&[
        "Methode Ag (Flamme)",
        "Method: Ag range 1",
        "Méthode : Ag Echelle1",
        "Messung: Ag",
        "方法: Ag",
        "Méthode Ag",
        "Méthode: Silber (Flamme)",
        "Methods: Ag",
    ]);
    file.lines[at].cells[0].text = text.to_owned();
    let end = headings.iter().copied().find(|next| *next > at).unwrap_or(file.lines.len());
    for line in &mut file.lines[at..end] {
        line.cells.iter_mut().filter_map(|cell| cell.fact.as_mut()).for_each(|fact| {
            "Ag".clone_into(&mut fact.analyte);
        });
    }
    true
}

fn label_row(file: &mut File, chance: &mut Chance) -> bool {
    let at = between(file, chance);
    below(file, at).for_each(forget);
    let label = *chance.one(&["Smp:", "Probe:", "Ident:", "样品：", "Sample ="]);
    let content = *chance.one(&["A-2", "Ag range 1", "42", "DU 9"]);
    let width = file.lines[at].cells.len();
    let place = file.family.id().or(file.family.analyte()).unwrap_or(0);
    let mut line = titled(&[""], width);
    line.cells[place].text = label.to_owned();
    line.cells[place + 1].text = content.to_owned();
    insert(file, at, vec![line]);
    true
}

fn other_unit(file: &mut File, chance: &mut Chance) -> bool {
    let (written, unit) = *chance.one(&[("ug/L", "µg/L"), ("g/L", "g/L"), ("ppb", "ppb"), ("kcps", "kcps")]);
    match file.family {
        Family::Varian | Family::Agilent => {
            let column = file.family.unit().unwrap_or(0);
            let at = between(file, chance);
            for line in file.lines[at..].iter_mut().filter(|line| line.role == Role::Data) {
                line.cells[column].text = written.to_owned();
                let facts = line.cells.iter_mut().filter_map(|cell| cell.fact.as_mut());
                facts.for_each(|fact| unit.clone_into(&mut fact.unit));
            }
        }
        Family::Syngistix => {
            let column = 8 + chance.below(file.lines[0].cells.len() - 8);
            let text = file.lines[0].cells[column].text.replace("mg/L", written);
            file.lines[0].cells[column].text = text;
            let facts = file.lines.iter_mut().filter_map(|line| line.cells[column].fact.as_mut());
            facts.for_each(|fact| unit.clone_into(&mut fact.unit));
        }
        Family::Rigaku => {
            let column = 4 + 2 * chance.below((file.lines[0].cells.len() - 3) / 2);
            file.lines[1].cells[column].text = written.to_owned();
            let facts = file.lines.iter_mut().filter_map(|line| line.cells.get_mut(column)?.fact.as_mut());
            facts.for_each(|fact| unit.clone_into(&mut fact.unit));
        }
        Family::Bruker => {
            let at = between(file, chance);
            let conc = &mut file.lines[at].cells[1];
            let number = chance.number(30);
            conc.text = format!("{number} mg/kg");
            if let Some(fact) = conc.fact.as_mut().filter(|fact| fact.qualifier == "value") {
                (fact.value, fact.unit) = (number, "mg/kg".to_owned());
            }
        }
        Family::Eltra => return false,
    }
    true
}

fn no_unit(file: &mut File, chance: &mut Chance) -> bool {
    match file.family {
        Family::Varian | Family::Agilent => {
            let column = file.family.unit().unwrap_or(0);
            let at = between(file, chance);
            file.lines[at].cells[column].text.clear();
            file.lines[at]
                .cells
                .iter_mut()
                .filter_map(|cell| cell.fact.as_mut())
                .for_each(|fact| fact.unit.clear());
        }
        Family::Syngistix => {
            let column = 8 + chance.below(file.lines[0].cells.len() - 8);
            let text = file.lines[0].cells[column].text.replace("\n(mg/L)", "");
            file.lines[0].cells[column].text = text;
            let facts = file.lines.iter_mut().filter_map(|line| line.cells[column].fact.as_mut());
            facts.for_each(|fact| fact.unit.clear());
        }
        Family::Rigaku => {
            let column = 4 + 2 * chance.below((file.lines[0].cells.len() - 3) / 2);
            file.lines[1].cells[column].text.clear();
            let facts = file.lines.iter_mut().filter_map(|line| line.cells.get_mut(column)?.fact.as_mut());
            facts.filter(|fact| !fact.statistic).for_each(|fact| fact.unit.clear());
        }
        Family::Bruker | Family::Eltra => return false,
    }
    true
}

fn shifted_units(file: &mut File, chance: &mut Chance) -> bool {
    if file.family != Family::Rigaku {
        return false;
    }
    let by = 1 + chance.below(2);
    if chance.below(2) == 0 {
        file.lines[1].cells.drain(..by);
    } else {
        file.lines[1].cells.splice(0..0, vec![Cell::default(); by]);
    }
    file.facts_from(0).filter(|fact| !fact.statistic).for_each(|fact| fact.unit.clear());
    true
}

/// A column goes with everything in it. What it told is told no longer.
fn less(file: &mut File, chance: &mut Chance) -> bool {
    let data = file.at(Role::Data)[0];
    let column = chance.below(file.lines[data].cells.len());
    let family = file.family;
    for line in file.lines.iter_mut().filter(|line| column < line.cells.len()) {
        if line.role == Role::Preamble || line.role == Role::Heading {
            continue;
        }
        let gone = line.cells.remove(column);
        let status = family == Family::Bruker && column == 3 && gone.text == "Not detected";
        for fact in line.cells.iter_mut().filter_map(|cell| cell.fact.as_mut()) {
            if Some(column) == family.id() {
                fact.sample.clear();
            }
            if Some(column) == family.analyte() || status {
                fact.analyte.clear();
            }
            if Some(column) == family.unit() {
                fact.unit.clear();
            }
        }
    }
    true
}

fn more(file: &mut File, chance: &mut Chance) -> bool {
    let data = file.at(Role::Data)[0];
    let column = chance.below(file.lines[data].cells.len() + 1);
    let (name, content) = *chance.one(&[
        ("Operator", "LW"),
        ("Dilution", "10"),
        ("Remark", "ok"),
        ("", "7.5"),
        ("", ""),
        ("RSD", "0.4"),
        ("Pb", "0.1"),
        ("Moisture", "1.2"),
        ("Blank corr.", "0.001"),
    ]);
    let first = file.lines.iter().position(|line| line.role == Role::Header);
    for (at, line) in file.lines.iter_mut().enumerate() {
        if column > line.cells.len() || line.role == Role::Preamble || line.role == Role::Heading {
            continue;
        }
        let text = match line.role {
            Role::Header if first == Some(at) => name,
            Role::Data => content,
            _ => "",
        };
        line.cells.insert(column, cell(text));
    }
    true
}

fn swapped(file: &mut File, chance: &mut Chance) -> bool {
    let data = file.at(Role::Data)[0];
    let width = file.lines[data].cells.len();
    let (one, two) = (chance.below(width), chance.below(width));
    for line in &mut file.lines {
        if one.max(two) < line.cells.len() && !matches!(line.role, Role::Preamble | Role::Heading) {
            line.cells.swap(one, two);
        }
    }
    // beside Varian's values stand their units, and no name tells which is which
    if file.family == Family::Varian && (one == 10) != (two == 10) && one != 8 && two != 8 {
        file.facts_from(0).for_each(|fact| fact.unit.clear());
    }
    // without names nobody can tell that two columns of one kind changed places
    let pair = (one.min(two), one.max(two));
    match file.family {
        Family::Eltra => one == two || pair != (1, 4) && (pair.0 < 2 || pair.0 == 4 || pair.1 == 4),
        Family::Agilent => pair.0 != 1 || pair.1 < 4,
        Family::Rigaku => pair != (0, 1),
        _ => true,
    }
}

fn moved_header(file: &mut File, chance: &mut Chance) -> bool {
    if !file.family.has_header() {
        return false;
    }
    let (by, left) = (1 + chance.below(2), chance.below(2) == 0);
    for line in file.lines.iter_mut().filter(|line| line.role == Role::Header) {
        if left {
            line.cells.drain(..by);
        } else {
            line.cells.splice(0..0, vec![Cell::default(); by]);
        }
    }
    file.facts_from(0).filter(|fact| !fact.statistic).for_each(forget);
    true
}

fn no_header(file: &mut File, _: &mut Chance) -> bool {
    file.lines.retain(|line| line.role != Role::Header);
    file.facts_from(0).filter(|fact| !fact.statistic).for_each(forget);
    file.family.has_header()
}

fn swapped_rows(file: &mut File, _: &mut Chance) -> bool {
    file.lines.swap(0, 1);
    file.facts_from(0).filter(|fact| !fact.statistic).for_each(forget);
    file.family == Family::Rigaku
}

fn language(file: &mut File, chance: &mut Chance) -> bool {
    const WORDS: &[(&str, &[&str])] = &[
        ("Sample Id", &["Probe", "样品编号", "Échantillon"]),
        ("Acquisition Time", &["Messzeit", "采集时间"]),
        ("Solution Label", &["Lösung", "溶液标签"]),
        ("Corr Con", &["Korr. Konz.", "Conc. corrigée", "校正浓度"]),
        ("Units", &["Einheit", "Unité"]),
        ("Element", &["Élément", "元素"]),
        ("Type", &["Typ", "类型"]),
        ("Samp", &["Probe", "Éch"]),
        ("Formula", &["Formel", "Formule", "化学式"]),
        ("Concentration", &["Konzentration", "Conc. %", "浓度"]),
        ("Status", &["Zustand", "État", "状态"]),
        ("Not detected", &["Nicht gefunden", "Non détecté"]),
        ("mass%", &["质量%", "Masse-%"]),
        ("Average", &["Mittelwert", "平均值", "Moyenne", "Среднее"]),
        ("Number", &["Anzahl", "个数", "Nombre"]),
        ("Maximum", &["最大值", "Maximum", "Макс."]),
        ("Feuille de travail", &["Worksheet", "Arbeitsblatt"]),
    ];
    let turn = chance.below(6);
    let mut hit = false;
    for line in &mut file.lines {
        let mut unknown = false;
        for cell in &mut line.cells {
            if let Some((_, others)) = WORDS.iter().find(|(word, _)| *word == cell.text) {
                unknown |= cell.text == "Not detected";
                others[turn % others.len()].clone_into(&mut cell.text);
                hit = true;
            }
        }
        if unknown {
            // the mapping does not know the words: the zero beside them is no reading
            line.cells.iter_mut().filter_map(|cell| cell.fact.as_mut()).for_each(forget);
        }
    }
    hit
}

fn commas(file: &mut File, _: &mut Chance) -> bool {
    for cell in file.lines.iter_mut().flat_map(|line| line.cells.iter_mut()) {
        if cell.fact.is_some() {
            cell.text = cell.text.replace('.', ",");
        }
    }
    true
}

const STATISTICS: &[&str] = &[
    "Mean",
    "Average",
    "Avg.",
    "Ave of 5",
    "SDev of 5",
    "Std Dev",
    "S.D.",
    "RSD",
    "RSD (%)",
    "%RSD",
    "C.V.",
    "Range",
    "Number",
    "n",
    "Min.",
    "MAX",
    "Median",
    "Sum",
    "Total",
    "χ",
    "x̄",
    "σ",
    "Mittelwert",
    "Standardabweichung",
    "Moyenne",
    "Écart-type",
    "ÉCART TYPE",
    "Média",
    "Desviación estándar",
    "Среднее",
    "平均值",
    "标准偏差",
    "相对标准偏差",
    "极差",
    "最大值",
    "最小值",
    "个数",
    "(Mean)",
    "ＭＥＡＮ",
    "S1 - Averaged Result",
    "RX mean",
    "Standard deviation",
    "Std. Dev. (n-1)",
    "Ⓜean",
    "Maximum value",
];

fn statistics(file: &mut File, chance: &mut Chance) -> bool {
    let data = file.at(Role::Data);
    let (Some(id), Some(last)) = (file.family.id(), data.last().copied()) else { return false };
    let mut lines = Vec::new();
    for _ in 0..1 + chance.below(3) {
        let mut line = file.lines[*chance.one(&data)].clone();
        line.cells[id].text = (*chance.one(STATISTICS)).to_owned();
        for fact in line.cells.iter_mut().filter_map(|cell| cell.fact.as_mut()) {
            fact.statistic = true;
        }
        lines.push(line);
    }
    let at = if chance.below(2) == 0 { last + 1 } else { *chance.one(&data[1..]) };
    insert(file, at, lines);
    true
}

fn words(file: &mut File, chance: &mut Chance) -> bool {
    const WORDS: &[&str] = &[
        "null",
        "zero",
        "trace",
        "n/a",
        "fehlt",
        "<LOD",
        "-",
        "1,234",
        "1 234",
        "1.2.3",
        "0.5±0.1",
        "two",
        "(0.5)",
        "1.2D-05",
        "0.05L",
        "neg",
        "?",
        "1.5e",
        "12 bananas",
        "O.5",
        "1..2",
        "TRUE",
        "un",
        "五",
    ];
    let at = between(file, chance);
    for cell in &mut file.lines[at].cells {
        // what is not detected has no value, whatever the cell says
        if cell.fact.as_ref().is_none_or(|fact| fact.qualifier == "not_detected") {
            continue;
        }
        (*chance.one(WORDS)).clone_into(&mut cell.text);
        cell.fact.as_mut().into_iter().for_each(forget);
        if chance.below(2) == 0 {
            break;
        }
    }
    true
}

fn no_id(file: &mut File, chance: &mut Chance) -> bool {
    let Some(id) = file.family.id() else { return false };
    let at = between(file, chance);
    file.lines[at].cells[id].text.clear();
    let facts = file.lines[at].cells.iter_mut().filter_map(|cell| cell.fact.as_mut());
    facts.for_each(|fact| fact.sample.clear());
    true
}

fn shifted_row(file: &mut File, chance: &mut Chance) -> bool {
    let at = between(file, chance);
    let cells = &mut file.lines[at].cells;
    let column = chance.below(cells.len());
    if chance.below(2) == 0 {
        cells.insert(column, Cell::default());
    } else if cells[column].text.is_empty() || file.family == Family::Rigaku {
        return false;
    } else {
        cells.insert(column, cell("x"));
    }
    // ids and units of the row stand elsewhere now
    let family = file.family;
    let moved = |own: Option<usize>| own.is_some_and(|own| column <= own);
    for fact in cells.iter_mut().filter_map(|cell| cell.fact.as_mut()) {
        if moved(family.id()) {
            fact.sample.clear();
        }
        if moved(family.analyte()) {
            fact.analyte.clear();
        }
    }
    true
}

fn blanks(file: &mut File, chance: &mut Chance) -> bool {
    for _ in 0..1 + chance.below(3) {
        let at = between(file, chance);
        let width = chance.below(2) * file.lines[at].cells.len();
        insert(file, at, vec![titled(&[""], width)]);
    }
    true
}
