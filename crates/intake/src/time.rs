//! Time of measurement. The order of day and month is stated by the mapping; when it states two and they
//! disagree about a date, there is a question, which a person answers once for the file.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;
use serde::{Deserialize, Serialize};

use crate::compact::{self, Strict};
use crate::engine::{Active, Walk};
use crate::error::{IntakeError, Trouble};
use crate::months;
use crate::open::Row;
use crate::orders::{Orders, both_ways};
use crate::scene::Attributes;
use crate::unit;

/// In which order a date names its day and its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `31/12/2026`.
    DayFirst,
    /// `12/31/2026`.
    MonthFirst,
    /// `2026/12/31`.
    YearFirst,
}

impl DateOrder {
    /// Every order.
    pub const ALL: &[DateOrder] = &[DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst];

    /// `day_first`, as JSON and the command line have it.
    pub fn as_str(self) -> &'static str {
        match self {
            DateOrder::DayFirst => "day_first",
            DateOrder::MonthFirst => "month_first",
            DateOrder::YearFirst => "year_first",
        }
    }

    /// The order with this word; `day-first` is as good as `day_first`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == word.replace('-', "_"))
    }

    /// The order in which a format names year, month and day.
    pub(crate) fn of(format: &str) -> Self {
        let at = |letters: &str| {
            let all = format.match_indices('%');
            let mut kinds = all.filter_map(|(at, _)| {
                let rest = format[at + 1..].trim_start_matches(['-', '_', '0', '^', '#']);
                rest.starts_with(|letter| letters.contains(letter)).then_some(at)
            });
            kinds.next().unwrap_or(usize::MAX)
        };
        let (year, month, day) = (at("YyFG"), at("mbBhDF"), at("deF"));
        match () {
            () if year < month && year < day => DateOrder::YearFirst,
            () if day < month => DateOrder::DayFirst,
            () => DateOrder::MonthFirst,
        }
    }
}

/// One way to read a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateMeaning {
    /// In this order.
    pub order: DateOrder,
    /// It says this: ISO 8601, local unless the mapping gives a zone.
    pub at: String,
}

/// A date of the file and what it can mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateExample {
    /// Row, as [`crate::Reading::row`].
    pub row: String,
    /// As written.
    pub text: String,
    /// One meaning, where the date tells its order by itself; else several.
    pub means: Vec<DateMeaning>,
}

/// The dates of a file do not tell day from month, and nobody has said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateQuestion {
    /// How many rows have a date that can be read in two ways.
    pub rows: u64,
    /// The first few different ones.
    pub examples: Vec<DateExample>,
    /// The first few that can be read in one order only, by the same formats: what the file itself says.
    pub certain: Vec<DateExample>,
}

/// How many examples are kept of each kind.
pub(crate) const EXAMPLES: usize = 5;

/// What a text says about time under the stated formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Time {
    /// ISO text; the order is there when the other order was stated too and does not fit.
    At(String, Option<DateOrder>),
    /// The formats disagree.
    Doubtful(Vec<DateMeaning>),
    /// It can only be read in this order, and another one was stated for the file.
    Contradicts(DateOrder, String),
    /// No format fits.
    Unreadable(String),
    /// Digits that stand without separators and are too few to be told apart; what they could mean.
    Compact(String, Vec<String>),
}

impl Time {
    /// The time, or why there is none.
    pub(crate) fn parts(&self) -> (Option<String>, Option<String>) {
        match self {
            Time::At(at, _) => (Some(at.clone()), None),
            Time::Doubtful(_) | Time::Contradicts(..) => (None, None),
            Time::Unreadable(text) => (None, Some(format!("the time {text:?} fits no [time] format"))),
            Time::Compact(text, means) => (None, Some(compact::trouble(text, means))),
        }
    }
}

/// A doubtful date in words.
pub(crate) fn doubt(text: &str, both: &[DateMeaning]) -> String {
    let both: Vec<&str> = both.iter().map(|one| one.at.as_str()).collect();
    format!("the date {text:?} does not tell day from month ({})", both.join(" or "))
}

/// What the dates of a file leave open.
#[derive(Debug, Default)]
pub(crate) struct Dates {
    pub(crate) stated: Option<DateOrder>,
    rows: u64,
    examples: Vec<DateExample>,
    certain: Vec<DateExample>,
    contradiction: Option<DateExample>,
    /// What dates of the file say of their order by themselves.
    pub(crate) orders: Orders,
}

impl Dates {
    pub(crate) fn new(stated: Option<DateOrder>) -> Self {
        Dates { stated, ..Dates::default() }
    }

    /// Takes note of a date.
    pub(crate) fn see(&mut self, row: &str, text: &str, time: &Time) {
        let example =
            |means: Vec<DateMeaning>| DateExample { row: row.to_owned(), text: text.to_owned(), means };
        let note = |all: &mut Vec<DateExample>, means: &[DateMeaning]| {
            let day =
                |one: &[DateMeaning]| one.first().map(|one| one.at.chars().take(10).collect::<String>());
            if all.len() < EXAMPLES && !all.iter().any(|one| day(&one.means) == day(means)) {
                all.push(example(means.to_vec()));
            }
        };
        match time {
            Time::At(at, Some(order)) => {
                note(&mut self.certain, &[DateMeaning { order: *order, at: at.clone() }]);
            }
            Time::Doubtful(both) => {
                self.rows += 1;
                note(&mut self.examples, both);
            }
            Time::Contradicts(order, at) if self.contradiction.is_none() => {
                self.contradiction = Some(example(vec![DateMeaning { order: *order, at: at.clone() }]));
            }
            Time::At(_, None) | Time::Contradicts(..) | Time::Unreadable(_) | Time::Compact(..) => {}
        }
    }

    /// An error when the stated order cannot be true of every date.
    pub(crate) fn contradiction(&self) -> Result<(), IntakeError> {
        let (Some(one), Some(stated)) = (&self.contradiction, self.stated) else { return Ok(()) };
        let only = one.means.first().map_or("", |one| one.order.as_str());
        let said = stated.as_str();
        let problem = format!("the date can only be read {only}, while {said} was stated for the file");
        let error = IntakeError::new(Trouble::Mismatch, problem, format!("State {only}")).code("date-order");
        let (sheet, row) = one.row.rsplit_once('!').unwrap_or(("", &one.row));
        let error = error.at(row.parse().unwrap_or_default(), 0).sheet(sheet).token(&one.text);
        Err(error.fact("only", only).fact("stated", said))
    }

    /// What has to be asked, if anything has.
    pub(crate) fn question(self) -> Option<DateQuestion> {
        if self.rows == 0 && self.stated.is_none() && self.against().is_some() {
            return self.orders.question();
        }
        let Dates { rows, examples, certain, stated, .. } = self;
        (rows > 0 && stated.is_none()).then_some(DateQuestion { rows, examples, certain })
    }
}

impl<'a> Walk<'a> {
    /// When a row was measured; its text as an attribute, and a question or a warning, when that is not told.
    pub(crate) fn measured_at(
        &mut self,
        active: &Active<'a>,
        row: Row<'a>,
        text: Option<String>,
        attributes: &mut Attributes,
        questions: Option<&mut Vec<String>>,
    ) -> Option<String> {
        let text = text?;
        let time = self.time(active, &text);
        self.dates.see(&row.label(), &text, &time);
        if let Some(rule) = &active.region.time {
            self.dates.weigh(self.rows.len(), &row.label(), &text, rule);
        }
        let (at, trouble) = time.parts();
        // what was measured when decides which calibration and which edition hold; a dash says nothing
        let asked = match &time {
            Time::Doubtful(both) => Some(format!("{}; state the order", doubt(&text, both))),
            _ => trouble.clone().filter(|_| !unit::is_placeholder(&text)),
        };
        questions.into_iter().for_each(|questions| questions.extend(asked.clone()));
        attributes.extend(at.is_none().then(|| ("time_as_written".to_owned(), text)));
        if let Some(trouble) = trouble.filter(|text| self.seen.insert(text.clone())) {
            self.warn(format!("row {}: {trouble}", row.label()));
        }
        at
    }

    /// What a text says of the time; remembered, since rows share times.
    fn time(&mut self, active: &Active<'a>, text: &str) -> Time {
        if let Some(known) = self.times.get(text) {
            return known.clone();
        }
        let answer = match &active.region.time {
            None => Time::Unreadable(text.to_owned()),
            Some(rule) => read(text, &rule.formats, rule.zone.as_deref(), self.options.date_order),
        };
        self.times.insert(text.to_owned(), answer.clone());
        answer
    }
}

/// Reads `text` by every format; formats are those of C `strptime`. Where they disagree, `stated` decides;
/// where nobody stated anything, nobody guesses.
pub(crate) fn read(text: &str, formats: &[String], zone: Option<&str>, stated: Option<DateOrder>) -> Time {
    let written = text;
    let text = text.replace("上午", " AM ").replace("下午", " PM ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // a date cell of a workbook arrives as ISO text, whatever the format of texts is
    let iso = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"];
    let iso = iso.iter().find_map(|format| one(&text, format));
    if let Some(time) = iso.filter(|_| text.len() == 10 || text.len() == 19) {
        return Time::At(zoned(time, zone), None);
    }
    let formats = &*both_ways(formats, stated);
    let mut found: Vec<(&str, DateMeaning)> = Vec::new();
    let mut meant = Vec::new();
    for format in formats {
        let text = match compact::strict(&text, format) {
            Strict::Fits(text) => text,
            Strict::Doubtful(texts) => {
                let all = texts.iter().filter_map(|text| one(text, format));
                meant.extend(all.map(|time| zoned(time, zone)));
                continue;
            }
        };
        if let Some(at) = one(&text, format).map(|time| zoned(time, zone))
            && !found.iter().any(|(_, known)| known.at == at)
        {
            found.push((format, DateMeaning { order: DateOrder::of(format), at }));
        }
    }
    let (format, first) = match found.first() {
        None if !meant.is_empty() => {
            meant.sort();
            meant.dedup();
            return Time::Compact(written.to_owned(), meant);
        }
        None => return named_month(&text, formats, zone).unwrap_or(Time::Unreadable(written.to_owned())),
        Some((format, first)) => (*format, first.clone()),
    };
    if found.len() > 1 {
        let mut fit = found.iter().filter(|(_, one)| Some(one.order) == stated);
        return match (fit.next(), fit.next()) {
            (Some((_, only)), None) => Time::At(only.at.clone(), None),
            _ => Time::Doubtful(found.into_iter().map(|(_, one)| one).collect()),
        };
    }
    let at = first.at;
    let twin = twin(format);
    let tells = twin != format && formats.contains(&twin) && one(&text, &twin).is_none();
    match stated {
        Some(stated) if tells && stated == DateOrder::of(&twin) => Time::Contradicts(first.order, at),
        _ => Time::At(at, tells.then_some(first.order)),
    }
}

/// A date that no format fits as it stands, and that names its month in another language than English, or
/// names it where the formats have a number: it can be read in one way only.
fn named_month(text: &str, formats: &[String], zone: Option<&str>) -> Option<Time> {
    let by_format = |text: &String| {
        let all = formats.iter().filter(|format| format.contains("%b") || format.contains("%B"));
        all.into_iter().find_map(|format| one(text, format))
    };
    let plain = || {
        let text = months::plainly(text)?;
        months::PLAIN.iter().find_map(|format| one(&text, format))
    };
    let at = months::in_english(text).iter().find_map(by_format).or_else(plain)?;
    Some(Time::At(zoned(at, zone), None))
}

/// The same format with day and month exchanged.
pub(crate) fn twin(format: &str) -> String {
    format.replace("%d", "\0").replace("%m", "%d").replace('\0', "%m")
}

/// With the mapping's zone, unless the file gives an offset, which outranks it, or only a day.
pub(crate) fn zoned(time: String, zone: Option<&str>) -> String {
    if time.len() != "2025-03-31T14:05:00".len() {
        return time;
    }
    match zone {
        None | Some("local") => time,
        Some("UTC") => time + "Z",
        Some(offset) => time + offset,
    }
}

pub(crate) fn one(text: &str, format: &str) -> Option<String> {
    let widened = with_offset(text, format);
    let (text, format) =
        widened.as_ref().map_or((text, format), |(text, format)| (text.as_str(), format.as_str()));
    let parsed = BrokenDownTime::parse(format, text).ok()?;
    // a year of two digits may not fill a place for four
    if format.contains("%Y") && parsed.year().is_some_and(|year| year < 1000) {
        return None;
    }
    // no zone is further than fourteen hours from UTC
    if parsed.offset().is_some_and(|offset| offset.seconds().abs() > 14 * 3600) {
        return None;
    }
    // a sixtieth second is taken for the fifty-ninth
    if parsed.second() == Some(59) && text.contains("60") && !text.contains("59") {
        return None;
    }
    if parsed.hour().is_none() {
        return parsed.to_date().ok().map(|date| date.to_string());
    }
    let offset = match parsed.offset() {
        Some(offset) if offset.seconds() == 0 => "Z".to_owned(),
        Some(_) => parsed.to_string("%:z").ok()?,
        None => String::new(),
    };
    parsed.to_datetime().ok().map(|time| time.strftime("%Y-%m-%dT%H:%M:%S").to_string() + &offset)
}

/// Text and format with the offset at their end written out, whichever way the instrument has: `+08:00`,
/// `+0800`, `+8`, `Z`.
fn with_offset(text: &str, format: &str) -> Option<(String, String)> {
    let stem = format.strip_suffix("%z").or_else(|| format.strip_suffix("%:z"))?;
    let format = format!("{stem}%:z");
    if let Some(before) = text.strip_suffix(['Z', 'z']) {
        return Some((format!("{before}+00:00"), format));
    }
    let (before, sign, digits) = ['+', '-'].iter().find_map(|sign| {
        let (before, after) = text.rsplit_once(*sign)?;
        let digits = after.replace(':', "");
        let fits = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        fits.then_some((before, sign, digits))
    })?;
    let (hours, minutes) = digits.split_at(if digits.len() > 2 { digits.len() - 2 } else { digits.len() });
    Some((format!("{before}{sign}{hours:0>2}:{minutes:0>2}"), format))
}

/// No zone is further than fourteen hours from UTC.
fn is_offset(hours: &str, minutes: &str) -> bool {
    let minutes = if minutes.is_empty() { Some(0) } else { minutes.parse::<u32>().ok() };
    let hours = hours.parse::<u32>().ok();
    hours.zip(minutes).is_some_and(|(hours, minutes)| minutes < 60 && hours * 60 + minutes <= 14 * 60)
}

/// Whether a format can tell a day at all: a time written by it is read back.
pub(crate) fn tells_a_day(format: &str) -> bool {
    let noon = DateTime::constant(2025, 3, 31, 14, 5, 6, 0).to_zoned(jiff::tz::TimeZone::UTC);
    let written = noon.ok().and_then(|noon| BrokenDownTime::from(&noon).to_string(format).ok());
    written.is_some_and(|text| one(&text, format).is_some_and(|time| time.starts_with("2025-03-31")))
}

/// `local`, `UTC`, `+08:00`.
pub(crate) fn is_zone(text: &str) -> bool {
    let digits: Vec<bool> = text.bytes().skip(1).map(|byte| byte.is_ascii_digit()).collect();
    text == "local"
        || text == "UTC"
        || text.starts_with(['+', '-'])
            && digits == [true, true, false, true, true]
            && text.as_bytes().get(3) == Some(&b':')
            && is_offset(&text[1..3], &text[4..])
}

/// Text of a workbook's day count: ISO date, with the time when there is one.
pub(crate) fn serial_date(text: &str, from_1904: bool) -> Option<String> {
    let days: f64 = text.trim().parse().ok()?;
    if !(0.0..2_958_466.0).contains(&days) {
        return None;
    }
    // 1900 was no leap year, but the day count has 29 February 1900 as day 60
    let (year, month, day, shift) = match (from_1904, days >= 60.0) {
        (true, _) => (1904, 1, 1, 0.0),
        (false, true) => (1899, 12, 30, 0.0),
        (false, false) => (1899, 12, 31, 0.0),
    };
    let seconds = ((days + shift) * 86_400.0).round() as i64;
    let epoch: DateTime = Date::new(year, month, day).ok()?.to_datetime(jiff::civil::Time::midnight());
    let at = epoch.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?;
    Some(if seconds % 86_400 == 0 {
        at.date().to_string()
    } else {
        at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(all: &[&str]) -> Vec<String> {
        all.iter().map(|one| (*one).to_owned()).collect()
    }

    fn stated(text: &str, all: &[&str]) -> Time {
        match read(text, &formats(all), None, None) {
            Time::At(at, _) => Time::At(at, None),
            other => other,
        }
    }

    #[test]
    fn formats_are_stated() {
        let is = |text: &str| Time::At(text.to_owned(), None);
        assert_eq!(stated("31/03/2025 1:26:11 AM", &["%d/%m/%Y %I:%M:%S %p"]), is("2025-03-31T01:26:11"));
        assert_eq!(stated("3/24/2015 7:55 AM", &["%m/%d/%Y %I:%M %p"]), is("2015-03-24T07:55:00"));
        assert_eq!(stated("12/24/2015 12:05 AM", &["%m/%d/%Y %I:%M %p"]), is("2015-12-24T00:05:00"));
        assert_eq!(
            stated("01.03.21 23:25", &["%d.%m.%y %H:%M", "%d/%m/%Y %H:%M"]),
            is("2021-03-01T23:25:00")
        );
        assert_eq!(
            stated("15/03/2022 21:28", &["%d.%m.%y %H:%M", "%d/%m/%Y %H:%M"]),
            is("2022-03-15T21:28:00")
        );
        assert_eq!(stated("2015/03/31 14:33", &["%Y/%m/%d %H:%M"]), is("2015-03-31T14:33:00"));
        assert_eq!(stated("2015-03-31", &["%Y-%m-%d"]), is("2015-03-31"));
        assert_eq!(stated("2025/5/20 下午 1:05:33", &["%Y/%m/%d %p %I:%M:%S"]), is("2025-05-20T13:05:33"));
        assert_eq!(stated("2025/5/20 上午12:05", &["%Y/%m/%d %p %I:%M"]), is("2025-05-20T00:05:00"));
        assert_eq!(stated("2025年5月20日 9:05", &["%Y年%m月%d日 %H:%M"]), is("2025-05-20T09:05:00"));
        assert_eq!(
            stated("Tuesday, May 20, 2025 1:02:03", &["%A, %b %d, %Y %H:%M:%S"]),
            is("2025-05-20T01:02:03")
        );
        assert_eq!(stated("2025-05-20 10:22:33.25", &["%Y-%m-%d %H:%M:%S%.f"]), is("2025-05-20T10:22:33"));
        assert_eq!(
            stated("2025-05-20T10:22:33+08:00", &["%Y-%m-%dT%H:%M:%S%:z"]),
            is("2025-05-20T10:22:33+08:00")
        );
        assert_eq!(
            read("2025-05-20 10:22 -0330", &formats(&["%Y-%m-%d %H:%M %z"]), Some("UTC"), None),
            is("2025-05-20T10:22:00-03:30")
        );
        for offset in ["+08:00", "+0800", "+08", "+8"] {
            let text = format!("2025-05-20 10:22:33 UTC{offset}");
            let answer = is("2025-05-20T10:22:33+08:00");
            assert_eq!(stated(&text, &["%Y-%m-%d %H:%M:%S UTC%z"]), answer, "{offset}");
        }
        assert_eq!(stated("2025-05-20T10:22:33Z", &["%FT%T%z"]), is("2025-05-20T10:22:33Z"));
        assert!(matches!(stated("13/31/2015", &["%d/%m/%Y", "%m/%d/%Y"]), Time::Unreadable(_)));
        assert_eq!(stated("13/02/2015", &["%d/%m/%Y", "%m/%d/%Y"]), is("2015-02-13"));
        assert!(matches!(stated("08/02/2016", &["%d/%m/%Y", "%m/%d/%Y"]), Time::Doubtful(_)));
        assert_eq!(stated("08/08/2016", &["%d/%m/%Y", "%m/%d/%Y"]), is("2016-08-08"));
    }

    #[test]
    fn a_stated_order_decides_and_a_date_that_cannot_be_so_contradicts_it() {
        use DateOrder::{DayFirst, MonthFirst, YearFirst};
        let both = formats(&["%d/%m/%Y", "%m/%d/%Y"]);
        for (text, order, expected) in [
            ("08/02/2016", Some(DayFirst), Time::At("2016-02-08".into(), None)),
            ("08/02/2016", Some(MonthFirst), Time::At("2016-08-02".into(), None)),
            ("13/02/2016", None, Time::At("2016-02-13".into(), Some(DayFirst))),
            ("13/02/2016", Some(DayFirst), Time::At("2016-02-13".into(), Some(DayFirst))),
            ("13/02/2016", Some(MonthFirst), Time::Contradicts(DayFirst, "2016-02-13".into())),
            ("08/08/2016", Some(MonthFirst), Time::At("2016-08-08".into(), None)),
            ("2016-08-02", Some(DayFirst), Time::At("2016-08-02".into(), None)),
        ] {
            assert_eq!(read(text, &both, None, order), expected, "{text} {order:?}");
        }
        // formats that never meet in one text say nothing against a stated order
        let apart = formats(&["%d.%m.%y", "%m/%d/%Y"]);
        assert_eq!(read("15.03.21", &apart, None, Some(MonthFirst)), Time::At("2021-03-15".into(), None));
        for (format, order) in [
            ("%d/%m/%Y", DayFirst),
            ("%e %b %Y", DayFirst),
            ("%A, %b %d, %Y", MonthFirst),
            ("%y%m%d", YearFirst),
            ("%-m/%-d/%Y", MonthFirst),
        ] {
            assert_eq!(DateOrder::of(format), order, "{format}");
        }
        assert_eq!(DateOrder::from_word("month-first"), Some(MonthFirst));
    }

    #[test]
    fn formats_that_tell_no_day_and_zones_that_are_none() {
        for good in
            ["%d/%m/%Y", "%y%m%d %H%M", "%A, %b %d, %Y %I:%M %p", "%Y年%m月%d日", "%FT%T%.f%:z", "%B %e %Y"]
        {
            assert!(tells_a_day(good), "{good}");
        }
        for bad in ["dd.mm.yyyy", "%H:%M:%S", "%d/%m", "", "%Q", "%d/%M/%Y"] {
            assert!(!tells_a_day(bad), "{bad}");
        }
        assert!(["local", "UTC", "+08:00", "-03:30"].into_iter().all(is_zone));
        assert!(!["CET", "8", "+8", "+0800", "+08-00", ""].into_iter().any(is_zone));
    }

    #[test]
    fn serial_days() {
        assert_eq!(serial_date("45000", false).as_deref(), Some("2023-03-15"));
        assert_eq!(serial_date("45000.5", false).as_deref(), Some("2023-03-15T12:00:00"));
        assert_eq!(serial_date("1", false).as_deref(), Some("1900-01-01"));
        assert_eq!(serial_date("x", false), None);
    }
}
