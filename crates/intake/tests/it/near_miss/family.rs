//! Files of the families that the shipped mappings read, made up by code, with the truth beside every cell.

use rust_xlsxwriter::Workbook;

/// Splitmix64: small, seeded, the same everywhere.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    pub fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    pub fn number(&mut self, most: u64) -> String {
        let digits = 1 + self.below(3);
        let whole = self.next() % most;
        let part = 1 + self.next() % (10_u64.pow(digits as u32) - 1);
        format!("{whole}.{part:0digits$}")
    }
}

/// What a cell of values really says. An empty sample, analyte or unit is one that the file no longer tells:
/// whoever takes the number without a question is wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fact {
    pub sample: String,
    pub analyte: String,
    pub unit: String,
    pub value: String,
    pub qualifier: &'static str,
    pub statistic: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub text: String,
    pub fact: Option<Fact>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Preamble,
    Header,
    Heading,
    Data,
    Other,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub role: Role,
    pub cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Varian,
    Syngistix,
    Rigaku,
    Bruker,
    Eltra,
    Agilent,
}

impl Family {
    pub const ALL: [Family; 6] =
        [Family::Varian, Family::Syngistix, Family::Rigaku, Family::Bruker, Family::Eltra, Family::Agilent];

    pub fn mapping(self) -> &'static str {
        match self {
            Family::Varian => "varian-vista-pro",
            Family::Syngistix => "perkinelmer-syngistix",
            Family::Rigaku => "rigaku-supermini",
            Family::Bruker => "bruker-s8-tiger",
            Family::Eltra => "eltra-cs2000",
            Family::Agilent => "agilent-flame-aas",
        }
    }

    pub fn file_name(self) -> &'static str {
        match self {
            Family::Syngistix => "run.xlsx",
            Family::Bruker => "DU-7001.csv",
            Family::Eltra => "run.txt",
            _ => "run.csv",
        }
    }

    /// One row is one sample, one column one analyte.
    pub fn wide(self) -> bool {
        matches!(self, Family::Syngistix | Family::Rigaku)
    }

    pub fn has_header(self) -> bool {
        !matches!(self, Family::Eltra | Family::Agilent)
    }

    /// Columns of id, analyte and unit, where they stand in the rows.
    pub fn id(self) -> Option<usize> {
        match self {
            Family::Varian | Family::Rigaku | Family::Agilent => Some(0),
            Family::Syngistix | Family::Eltra => Some(1),
            Family::Bruker => None,
        }
    }

    pub fn analyte(self) -> Option<usize> {
        match self {
            Family::Varian => Some(5),
            Family::Bruker => Some(0),
            _ => None,
        }
    }

    pub fn unit(self) -> Option<usize> {
        match self {
            Family::Varian => Some(10),
            Family::Agilent => Some(3),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct File {
    pub family: Family,
    pub lines: Vec<Line>,
}

pub fn cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), fact: None }
}

fn line<T: Into<String>>(role: Role, texts: impl IntoIterator<Item = T>) -> Line {
    Line { role, cells: texts.into_iter().map(cell).collect() }
}

fn value(sample: &str, analyte: &str, unit: &str, text: &str) -> Cell {
    let fact = Fact {
        sample: sample.to_owned(),
        analyte: analyte.to_owned(),
        unit: unit.to_owned(),
        value: text.to_owned(),
        qualifier: "value",
        statistic: false,
    };
    Cell { text: text.to_owned(), fact: Some(fact) }
}

pub fn file(family: Family, chance: &mut Chance) -> File {
    let lines = match family {
        Family::Varian => varian(chance),
        Family::Syngistix => syngistix(chance),
        Family::Rigaku => rigaku(chance),
        Family::Bruker => bruker(chance),
        Family::Eltra => eltra(chance),
        Family::Agilent => agilent(chance),
    };
    File { family, lines }
}

fn varian(chance: &mut Chance) -> Vec<Line> {
    let header = [
        "Solution Label",
        "Batch Label",
        "Customer Id",
        "Customer Label",
        "Type",
        "Element",
        "Flags",
        "Soln Conc",
        "Units",
        "Corr Con",
        "Units",
        "Int",
        "Internal Std",
        "Date",
        "Time",
        "SD",
        "RSD",
        "IntSD",
        "IntRSD",
        "Act Wgt",
        "Act Vol",
        "DF",
        "NumReps",
        "Replicates",
        "",
        "",
        "",
    ];
    let mut lines = vec![line(Role::Header, header)];
    for at in 0..3 + chance.below(3) {
        for (element, wave) in [("Mn", "257.610"), ("Fe", "259.940"), ("Al", "396.152")] {
            let (id, kind) = match at {
                0 => ("Blank".to_owned(), "Blk"),
                1 => ("Standard 1".to_owned(), "Std"),
                _ => (format!("W{}-{at}", 10 + chance.below(80)), "Samp"),
            };
            let first = lines.iter().rev().find(|one| one.cells[0].text.ends_with(&format!("-{at}")));
            let id = if at > 1 { first.map_or(id, |one| one.cells[0].text.clone()) } else { id };
            let (number, solution) = (chance.number(50), chance.number(50));
            let mut cells: Vec<Cell> =
                [id.as_str(), "B7", "", "", kind, &format!("{element} {wave}"), "", &solution, "mg/L"]
                    .map(cell)
                    .to_vec();
            cells.push(value(&id, element, "mg/L", &number));
            let rest = [
                "mg/L",
                "4193.6",
                "-",
                "20/02/2026",
                "14:13:03",
                "0.01",
                "0.5",
                "2.9",
                "7.1",
                "1",
                "1",
                "1",
                "2",
                "4191.1",
                "",
                "4194.2",
                "",
            ];
            cells.extend(rest.map(cell));
            lines.push(Line { role: Role::Data, cells });
        }
    }
    lines
}

const LINES: [(&str, &str); 6] = [
    ("Fe", "259.940"),
    ("Mn", "257.610"),
    ("Li", "610.362"),
    ("Ce", "413.765"),
    ("La", "398.852"),
    ("Nd", "406.109"),
];

fn syngistix(chance: &mut Chance) -> Vec<Line> {
    let count = 2 + chance.below(3);
    let from = chance.below(3);
    let analytes = &LINES[from..from + count.min(LINES.len() - from)];
    let fixed =
        [" ", "Sample Id", "R", "Acquisition Time", "A/S Loc", "QC Status", "Dataset File", "Method File"];
    let mut header: Vec<String> = fixed.map(str::to_owned).to_vec();
    header.extend(analytes.iter().map(|(element, wave)| format!("{element} {wave}\n(mg/L)")));
    let mut lines = vec![line(Role::Header, header)];
    for at in 0..4 + chance.below(4) {
        let id = if at == 0 { "Blank 1".to_owned() } else { format!("RX-{:04}", 7 * at + chance.below(6)) };
        let time = format!("{}/02/2026 1:{:02}:11 AM", 14 + at, 20 + at);
        let texts = [&(at + 1).to_string(), &id, "", &time, &(70 + at).to_string(), "", "D 1", "M 1"];
        let mut cells: Vec<Cell> = texts.map(cell).to_vec();
        cells.extend(analytes.iter().map(|(element, _)| value(&id, element, "mg/L", &chance.number(4000))));
        lines.push(Line { role: Role::Data, cells });
    }
    lines
}

fn rigaku(chance: &mut Chance) -> Vec<Line> {
    let all = [
        ("Al2O3", "mass%"),
        ("As", "ppm"),
        ("CaO", "mass%"),
        ("Cl", "ppm"),
        ("Fe2O3", "mass%"),
        ("Sb", "ppm"),
    ];
    let analytes = &all[chance.below(2)..3 + chance.below(4)];
    let apart = |first: [&str; 4], rest: Vec<Cell>| {
        let mut cells: Vec<Cell> = first.map(cell).to_vec();
        for (at, one) in rest.into_iter().enumerate() {
            if at > 0 {
                cells.push(cell(""));
            }
            cells.push(one);
        }
        cells
    };
    let mut lines = Vec::new();
    for names in [true, false] {
        let over = analytes.iter().map(|one| cell(if names { one.0 } else { one.1 })).collect();
        lines.push(Line { role: Role::Header, cells: apart([""; 4], over) });
    }
    for at in 0..3 + chance.below(3) {
        let id = format!("BX{}", 650 + 9 * at + chance.below(8));
        let values = analytes.iter().map(|(name, unit)| {
            let number = chance.number(if *unit == "ppm" { 900 } else { 30 });
            value(&id, name, if *unit == "ppm" { "ppm" } else { "%" }, &number)
        });
        let cells = values.collect();
        let time = format!("2026/03/1{at} 14:33");
        lines.push(Line { role: Role::Data, cells: apart([&id, "PIGMT", "90.916", &time], cells) });
    }
    for word in ["Number", "Average", "Maximum"] {
        let values = analytes.iter().map(|(name, _)| {
            let mut one = value(word, name, "", &chance.number(20));
            if let Some(fact) = &mut one.fact {
                fact.statistic = true;
            }
            one
        });
        let cells = values.collect();
        lines.push(Line { role: Role::Other, cells: apart([word, "", "", ""], cells) });
    }
    lines
}

fn bruker(chance: &mut Chance) -> Vec<Line> {
    let header = [
        "Formula",
        "Concentration",
        "Z",
        "Status",
        "Line 1",
        "Net int.",
        "LLD",
        "Stat. error",
        "Analyzed layer",
        "Bound %",
    ];
    let mut lines = vec![line(Role::Header, header)];
    for (formula, z, element) in [
        ("SiO2", "14", "Si"),
        ("Al2O3", "13", "Al"),
        ("TiO2", "22", "Ti"),
        ("CaO", "20", "Ca"),
        ("Na2O", "11", "Na"),
    ] {
        let (number, found) = (chance.number(40), chance.below(5) > 0);
        let percent = chance.below(3) > 0;
        let (text, unit) = match (found, percent) {
            (false, _) => ("0.0 PPM -".to_owned(), "ppm"),
            (true, true) => (format!("{number} % {}", chance.one(&["+", "-"])), "%"),
            (true, false) => (format!("{number} PPM"), "ppm"),
        };
        let mut conc = value("DU-7001", formula, unit, &number);
        conc.text = text;
        if let Some(fact) = conc.fact.as_mut().filter(|_| !found) {
            (fact.qualifier, fact.value) = ("not_detected", String::new());
        }
        let status = if found { "XRF 1" } else { "Not detected" };
        let rest = [z, status, &format!("{element} KA1-HR-Tr"), "60.63", "1.0 PPM", "0.73%", "2.52 um", ""];
        let mut cells = vec![cell(formula), conc];
        cells.extend(rest.map(cell));
        lines.push(Line { role: Role::Data, cells });
    }
    lines
}

fn eltra(chance: &mut Chance) -> Vec<Line> {
    let mut lines = Vec::new();
    for at in 0..4 + chance.below(4) {
        let id = format!("BX {} (IND) - {}", 640 + chance.below(50), 16 + at);
        let carbon = 1 + chance.below(2);
        let [one, two, three, four] = [0; 4].map(|_| chance.number(3));
        let first = if carbon == 1 { &one } else { &two };
        let texts = [&format!("3/{}/2026 7:5{} AM", 14 + at, at % 10), &id, first, &three];
        let mut cells: Vec<Cell> = texts.map(cell).to_vec();
        cells.extend([&format!("I {carbon} / 3"), "149.9", "50"].map(cell));
        let channels = [("C", &one), ("C", &two), ("S", &three), ("S", &four)];
        cells.extend(channels.map(|(element, number)| value(&id, element, "%", number)));
        cells.extend(["43.4", "9.5", "2.06", "0.09", "0"].map(cell));
        lines.push(Line { role: Role::Data, cells });
    }
    lines
}

fn agilent(chance: &mut Chance) -> Vec<Line> {
    let pad = |role: Role, first: &[&str]| {
        let mut texts: Vec<&str> = first.to_vec();
        texts.resize(10, "");
        line(role, texts)
    };
    let mut lines = vec![
        pad(Role::Preamble, &["Analyste"]),
        pad(Role::Preamble, &["Date départ", "01.03.21 23:25  GMT: 01.03.21 23:25"]),
        pad(Role::Preamble, &["Feuille de travail", "Au21-7"]),
        pad(Role::Preamble, &["Commentaire"]),
        pad(Role::Preamble, &["Méthodes", "Au,Au"]),
    ];
    for range in 1..3 {
        lines.push(pad(Role::Other, &[]));
        lines.push(pad(Role::Heading, &[&format!("Méthode: Au Aqua Regia Echelle{range} (Flamme)")]));
        lines.push(pad(Role::Other, &[]));
        for at in 0..2 + chance.below(2) {
            let id = format!("DX-{range}{at}{}", chance.below(9));
            let mut cells = vec![cell(&id), value(&id, "Au", "mg/L", &chance.number(20))];
            cells.extend(["", "mg/L", "41.9", "-0.0005", "0.0013", "-0.0007", "0.5", "-0.0003"].map(cell));
            lines.push(Line { role: Role::Data, cells });
        }
    }
    lines
}

impl File {
    /// Positions of the lines of one role.
    pub fn at(&self, role: Role) -> Vec<usize> {
        (0..self.lines.len()).filter(|at| self.lines[*at].role == role).collect()
    }

    /// Every fact of the lines from `from` on.
    pub fn facts_from(&mut self, from: usize) -> impl Iterator<Item = &mut Fact> {
        self.lines[from..]
            .iter_mut()
            .flat_map(|line| line.cells.iter_mut())
            .filter_map(|cell| cell.fact.as_mut())
    }

    pub fn bytes(&self) -> Vec<u8> {
        if self.family == Family::Syngistix {
            return self.workbook();
        }
        let mark = if self.family == Family::Eltra { '\t' } else { ',' };
        let mut text = String::new();
        for line in &self.lines {
            let cells = line.cells.iter().map(|cell| match cell.text.contains([mark, '"', '\n']) {
                true => format!("\"{}\"", cell.text.replace('"', "\"\"")),
                false => cell.text.clone(),
            });
            text.push_str(&cells.collect::<Vec<_>>().join(&mark.to_string()));
            text.push('\n');
        }
        text.into_bytes()
    }

    fn workbook(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("Conc. in Sample Units").unwrap();
        for (row, line) in (0_u32..).zip(&self.lines) {
            for (column, cell) in (0_u16..).zip(&line.cells) {
                match cell.text.parse::<f64>() {
                    Ok(number) if cell.fact.is_some() => sheet.write_number(row, column, number).unwrap(),
                    _ if cell.text.is_empty() => sheet,
                    _ => sheet.write_string(row, column, &cell.text).unwrap(),
                };
            }
        }
        book.save_to_buffer().unwrap()
    }
}
