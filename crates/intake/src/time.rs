//! Time of measurement. The order of day and month is stated by the mapping; when it states two and they
//! disagree about a date, there is a question and no answer.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;

/// What a text says about time under the stated formats.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum When {
    At(String),
    /// The formats disagree.
    Ambiguous(Vec<String>),
    /// No format fits.
    Unreadable,
}

/// Reads `text` by every format; formats are those of C `strptime`.
pub(crate) fn read(text: &str, formats: &[String], zone: Option<&str>) -> When {
    let text = text.replace("上午", " AM ").replace("下午", " PM ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found: Vec<String> = Vec::new();
    // a date cell of a workbook arrives as ISO text, whatever the format of texts is
    let iso = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"].iter().find_map(|format| one(&text, format));
    if let Some(time) = iso.filter(|_| text.len() == 10 || text.len() == 19) {
        return When::At(zoned(time, zone));
    }
    for format in formats {
        if let Some(time) = one(&text, format).map(|time| zoned(time, zone))
            && !found.contains(&time)
        {
            found.push(time);
        }
    }
    match found.len() {
        0 => When::Unreadable,
        1 => When::At(found.remove(0)),
        _ => When::Ambiguous(found),
    }
}

/// With the mapping's zone, unless the file gives an offset, which outranks it, or only a day.
fn zoned(time: String, zone: Option<&str>) -> String {
    if time.len() != "2025-03-31T14:05:00".len() {
        return time;
    }
    match zone {
        None | Some("local") => time,
        Some("UTC") => time + "Z",
        Some(offset) => time + offset,
    }
}

fn one(text: &str, format: &str) -> Option<String> {
    let widened = with_offset(text, format);
    let (text, format) =
        widened.as_ref().map_or((text, format), |(text, format)| (text.as_str(), format.as_str()));
    let parsed = BrokenDownTime::parse(format, text).ok()?;
    // a year of two digits may not fill a place for four
    if format.contains("%Y") && parsed.year().is_some_and(|year| year < 1000) {
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

    fn stated(text: &str, formats: &[&str]) -> When {
        read(text, &formats.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>(), None)
    }

    #[test]
    fn formats_are_stated() {
        let is = |text: &str| When::At(text.to_owned());
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
            read("2025-05-20 10:22 -0330", &["%Y-%m-%d %H:%M %z".to_owned()], Some("UTC")),
            is("2025-05-20T10:22:00-03:30")
        );
        for offset in ["+08:00", "+0800", "+08", "+8"] {
            let text = format!("2025-05-20 10:22:33 UTC{offset}");
            let answer = is("2025-05-20T10:22:33+08:00");
            assert_eq!(stated(&text, &["%Y-%m-%d %H:%M:%S UTC%z"]), answer, "{offset}");
        }
        assert_eq!(stated("2025-05-20T10:22:33Z", &["%FT%T%z"]), is("2025-05-20T10:22:33Z"));
        assert_eq!(stated("13/31/2015", &["%d/%m/%Y", "%m/%d/%Y"]), When::Unreadable);
        assert_eq!(stated("13/02/2015", &["%d/%m/%Y", "%m/%d/%Y"]), is("2015-02-13"));
        assert!(matches!(stated("08/02/2016", &["%d/%m/%Y", "%m/%d/%Y"]), When::Ambiguous(_)));
        assert_eq!(stated("08/08/2016", &["%d/%m/%Y", "%m/%d/%Y"]), is("2016-08-08"));
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
