//! Number formats of workbooks (ECMA-376 part 1, 18.8.30 and 18.8.31): what a cell shows of the number it
//! holds. A format may multiply by a hundred, divide by a thousand, pad an id with zeros, add a unit, or show
//! `<0.01` for 0.003; whoever exported the sheet has seen that, not the number.

/// A format code, taken apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Code {
    sections: Vec<Section>,
}

/// What a section makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Number,
    Percent,
    /// A day count; `clock` where only the time of the day is shown.
    Date {
        clock: bool,
    },
}

/// One of up to four parts of a code, each for some numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Section {
    when: Option<(Test, f64)>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    Unequal,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    Comma,
    Percent,
    Exponent,
    Slash,
    Time(char),
    /// `General` or `@`: the number as it is.
    Whole,
}

/// Codes of the built-in formats that need none in the file.
const BUILT_IN: &[(u32, &str)] = &[
    (1, "0"),
    (2, "0.00"),
    (3, "#,##0"),
    (4, "#,##0.00"),
    (9, "0%"),
    (10, "0.00%"),
    (11, "0.00E+00"),
    (12, "# ?/?"),
    (13, "# ??/??"),
    (18, "h:mm AM/PM"),
    (19, "h:mm:ss AM/PM"),
    (20, "h:mm"),
    (21, "h:mm:ss"),
    (22, "m/d/yy h:mm"),
    (37, "#,##0 ;(#,##0)"),
    (38, "#,##0 ;[Red](#,##0)"),
    (39, "#,##0.00;(#,##0.00)"),
    (40, "#,##0.00;[Red](#,##0.00)"),
    (45, "mm:ss"),
    (46, "[h]:mm:ss"),
    (47, "mm:ss.0"),
    (48, "##0.0E+0"),
    (49, "@"),
];

impl Code {
    /// A format by its number, where the file has no code for it.
    pub fn built_in(id: u32) -> Self {
        let known = BUILT_IN.iter().find(|(own, _)| *own == id).map(|(_, code)| *code);
        Self::parse(known.unwrap_or(match id {
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => "yyyy/m/d",
            32..=35 | 55 | 56 => "h:mm",
            _ => "General",
        }))
    }

    pub fn parse(code: &str) -> Self {
        let mut sections = Vec::new();
        let mut letters = Letters { rest: code, section: Section::default() };
        while letters.step(&mut sections) {}
        sections.push(letters.section);
        Self { sections }
    }

    /// The section that shows this number.
    pub fn section(&self, number: f64) -> &Section {
        const NOTHING: &Section = &Section { when: None, parts: Vec::new() };
        let numbers = &self.sections[..self.sections.len().min(3)];
        if numbers.iter().any(|section| section.when.is_some()) {
            let holds = |section: &&Section| section.when.is_none_or(|(test, than)| test.holds(number, than));
            return numbers.iter().find(holds).unwrap_or(NOTHING);
        }
        let at = match numbers.len() {
            0 | 1 => 0,
            2 => usize::from(number < 0.0),
            _ if number > 0.0 => 0,
            _ => {
                if number < 0.0 {
                    1
                } else {
                    2
                }
            }
        };
        numbers.get(at).unwrap_or(NOTHING)
    }
}

impl Test {
    fn holds(self, number: f64, than: f64) -> bool {
        match self {
            Test::Less => number < than,
            Test::LessEqual => number <= than,
            Test::Greater => number > than,
            Test::GreaterEqual => number >= than,
            Test::Equal => number == than,
            Test::Unequal => number != than,
        }
    }
}

/// The walk through a code.
struct Letters<'a> {
    rest: &'a str,
    section: Section,
}

impl Letters<'_> {
    fn step(&mut self, sections: &mut Vec<Section>) -> bool {
        let Some(letter) = self.rest.chars().next() else { return false };
        let after = &self.rest[letter.len_utf8()..];
        let word = |word: &str| self.rest.get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word));
        let (part, used) = match letter {
            ';' => {
                sections.push(std::mem::take(&mut self.section));
                (None, 1)
            }
            '"' => {
                let end = after.find('"').unwrap_or(after.len());
                (Some(Part::Text(after[..end].to_owned())), (end + 2).min(self.rest.len()))
            }
            '\\' | '!' => match after.chars().next() {
                Some(next) => (Some(Part::Text(next.to_string())), 1 + next.len_utf8()),
                None => (None, 1),
            },
            // a blank as wide as the next sign, and a sign that fills the column
            '_' | '*' => (None, 1 + after.chars().next().map_or(0, char::len_utf8)),
            '[' => {
                let end = after.find(']').unwrap_or(after.len());
                let inside = after[..end].to_owned();
                (self.bracket(&inside), (end + 2).min(self.rest.len()))
            }
            _ if word("general") => (Some(Part::Whole), 7),
            _ if word("AM/PM") => (Some(Part::Time('h')), 5),
            _ if word("A/P") => (Some(Part::Time('h')), 3),
            'E' | 'e' if after.starts_with(['+', '-']) => (Some(Part::Exponent), 2),
            '0' | '#' | '?' => (Some(Part::Digit(letter)), 1),
            '.' => (Some(Part::Point), 1),
            ',' => (Some(Part::Comma), 1),
            '%' => (Some(Part::Percent), 1),
            '/' => (Some(Part::Slash), 1),
            '@' => (Some(Part::Whole), 1),
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => {
                (Some(Part::Time(letter.to_ascii_lowercase())), 1)
            }
            other => (Some(Part::Text(other.to_string())), other.len_utf8()),
        };
        self.section.parts.extend(part);
        self.rest = &self.rest[used..];
        true
    }

    /// A colour says nothing, a condition chooses, `[h]` counts hours, `[$€-407]` is a sign.
    fn bracket(&mut self, inside: &str) -> Option<Part> {
        let tests = [
            ("<=", Test::LessEqual),
            (">=", Test::GreaterEqual),
            ("<>", Test::Unequal),
            ("<", Test::Less),
            (">", Test::Greater),
            ("=", Test::Equal),
        ];
        let found = tests.iter().find_map(|(sign, test)| Some((*test, inside.strip_prefix(sign)?)));
        if let Some((test, than)) = found {
            self.section.when = than.trim().parse().ok().map(|than| (test, than));
            return None;
        }
        if let Some(sign) = inside.strip_prefix('$') {
            let text = sign.split('-').next().unwrap_or("");
            return (!text.is_empty()).then(|| Part::Text(text.to_owned()));
        }
        let first = inside.chars().next()?.to_ascii_lowercase();
        let same = inside.chars().all(|letter| letter.to_ascii_lowercase() == first);
        (same && matches!(first, 'h' | 'm' | 's')).then_some(Part::Time(first))
    }
}

impl Section {
    pub fn kind(&self) -> Kind {
        let has = |letters: &str| {
            self.parts.iter().any(|part| matches!(part, Part::Time(own) if letters.contains(*own)))
        };
        if has("ymdhs") {
            return Kind::Date { clock: has("hs") && !has("yd") };
        }
        match self.parts.contains(&Part::Percent) {
            true => Kind::Percent,
            false => Kind::Number,
        }
    }

    fn is_place(part: &Part) -> bool {
        matches!(part, Part::Digit(_) | Part::Whole)
    }

    /// Whether the number is to be seen at all.
    pub fn shows_number(&self) -> bool {
        self.parts.iter().any(Self::is_place)
    }

    /// Whether a zero is to be seen: `#` and `?` show none.
    pub fn shows_zero(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Digit('0') | Part::Whole))
    }

    /// All signs the format adds, before and behind the number.
    pub fn words(&self) -> (String, String) {
        let last = self.parts.iter().rposition(Self::is_place).unwrap_or(0);
        let (mut before, mut behind) = (String::new(), String::new());
        for (at, part) in self.parts.iter().enumerate() {
            let side = if at < last { &mut before } else { &mut behind };
            match part {
                Part::Text(text) => side.push_str(text),
                Part::Slash if !self.shows_number() => side.push('/'),
                _ => {}
            }
        }
        (before, behind)
    }

    /// How often the number is divided by a thousand before it is shown: commas behind the last digit.
    pub fn thousandths(&self) -> usize {
        let point = self.parts.iter().position(|part| *part == Part::Point).unwrap_or(self.parts.len());
        let trailing = |parts: &[Part]| {
            let last = parts.iter().rposition(|part| matches!(part, Part::Digit(_)));
            let from = last.map_or(parts.len(), |last| last + 1);
            parts[from..].iter().take_while(|part| **part == Part::Comma).count()
        };
        trailing(&self.parts[..point]) + trailing(&self.parts[point.min(self.parts.len())..])
    }

    /// How often it is multiplied by a hundred.
    pub fn percents(&self) -> usize {
        self.parts.iter().filter(|part| **part == Part::Percent).count()
    }

    /// Whether the digits are shown as they are, without exponent, fraction or factor.
    fn is_plain(&self) -> bool {
        self.kind() == Kind::Number
            && self.thousandths() == 0
            && !self.parts.iter().any(|part| matches!(part, Part::Exponent | Part::Slash))
    }

    /// A whole number, given as digits, as the cell shows it: `123` under `00000` is `00123`. None where the
    /// format makes something else of it than its digits.
    pub fn spell(&self, digits: &str) -> Option<String> {
        if !self.is_plain() || !self.shows_number() {
            return None;
        }
        let whole = self.parts.iter().position(|part| *part == Part::Point).unwrap_or(self.parts.len());
        let mut places = self.parts[..whole].iter().filter(|part| Self::is_place(part)).count();
        let (mut shown, mut rest) = (Vec::new(), digits);
        for part in self.parts[..whole].iter().rev() {
            match part {
                Part::Text(text) => shown.push(text.clone()),
                Part::Whole => shown.push(std::mem::take(&mut rest).to_owned()),
                Part::Digit(place) => {
                    places -= 1;
                    let split = if places == 0 { 0 } else { rest.len().saturating_sub(1) };
                    let own = &rest[split..];
                    rest = &rest[..split];
                    match (own.is_empty(), place) {
                        (false, _) => shown.push(own.to_owned()),
                        (true, '0') => shown.push("0".to_owned()),
                        (true, _) => {}
                    }
                }
                _ => {}
            }
        }
        shown.reverse();
        let behind = self.parts[whole..].iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            _ => None,
        });
        Some((shown.concat() + &behind.collect::<String>()).trim().to_owned())
    }

    /// Whether a number with so many decimals is shown with just these.
    pub fn keeps(&self, decimals: usize) -> bool {
        let Some(point) = self.parts.iter().position(|part| *part == Part::Point) else {
            return self.is_plain() && (decimals == 0 || self.parts.contains(&Part::Whole));
        };
        let own = self.parts[point..].iter().filter_map(|part| match part {
            Part::Digit(place) => Some(*place),
            _ => None,
        });
        let own: Vec<char> = own.collect();
        let least = own.iter().filter(|place| **place == '0').count();
        self.is_plain() && (least..=own.len()).contains(&decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_is_shown() {
        let percent = |code: &str| Code::parse(code).section(0.5).kind();
        for (code, expected) in [
            ("0.00%", Kind::Percent),
            ("0 %", Kind::Percent),
            ("0.00%\" dry\"", Kind::Percent),
            ("General", Kind::Number),
            ("0.00", Kind::Number),
            ("0.00\"%\"", Kind::Number),
            ("0.00\\%", Kind::Number),
            ("[Red]0.0", Kind::Number),
            ("[$-409]0.0", Kind::Number),
            ("dd/mm/yyyy", Kind::Date { clock: false }),
            ("h:mm:ss AM/PM", Kind::Date { clock: true }),
            ("[h]:mm", Kind::Date { clock: true }),
            ("yyyy\"年\"m\"月\"d\"日\"", Kind::Date { clock: false }),
            ("0.00E+00", Kind::Number),
            ("[<1]0.0%;0.0", Kind::Percent),
            ("[>=1]0.0%;0.0", Kind::Number),
            ("\"day\" 0", Kind::Number),
        ] {
            assert_eq!(percent(code), expected, "{code}");
        }
        let of = |code: &str, number: f64| Code::parse(code).section(number).words();
        assert_eq!(of("0.0;\"neg \"0.0;\"ND\"", 0.0), ("".into(), "ND".into()));
        assert_eq!(of("[<0.01]\"<0.01\";0.00", 0.003), ("".into(), "<0.01".into()));
        assert_eq!(of("[<0.01]\"<0.01\";0.00", 0.3), ("".into(), "".into()));
        assert_eq!(of("\"<\"0.00\" mg/L\"", 0.3), ("<".into(), " mg/L".into()));
        assert!(!Code::parse(";;;").section(3.0).shows_number());
        assert_eq!(Code::parse("0.0,,").section(1.0).thousandths(), 2);
        assert_eq!(Code::parse("#,##0").section(1.0).thousandths(), 0);
        assert_eq!(Code::parse("0,.0").section(1.0).thousandths(), 1);
    }

    #[test]
    fn whole_numbers_are_spelled_as_shown() {
        for (code, digits, shown) in [
            ("General", "240001", Some("240001")),
            ("00000", "123", Some("00123")),
            ("00000", "1234567", Some("1234567")),
            ("\"LOT-\"000", "7", Some("LOT-007")),
            ("00-0000", "240001", Some("24-0001")),
            ("00\"/\"000", "7", Some("00/007")),
            ("#,##0", "240001", Some("240001")),
            ("0.00", "123", Some("123")),
            ("General\"-A\"", "12", Some("12-A")),
            ("0.00E+00", "123", None),
            ("0%", "1", None),
            ("0,", "12000", None),
            ("@", "12", Some("12")),
        ] {
            assert_eq!(Code::parse(code).section(1.0).spell(digits).as_deref(), shown, "{code}");
        }
        let keeps = |code: &str, decimals| Code::parse(code).section(1.0).keeps(decimals);
        assert!(keeps("General", 3) && keeps("0.00", 2) && keeps("0.0##", 2));
        assert!(!keeps("0.00", 1) && !keeps("0", 1) && !keeps("0.0", 2));
    }
}
