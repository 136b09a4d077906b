//! A file that is turned away at the door, said so that both languages can: which file, where in it, which
//! token, what is wrong and what to do. Nothing of such a file is kept, and no command was given.

use kernel::Refusal;
use site::Miss;

use super::ImportError;

const CLAUSE: &str = "ISO/IEC 17025:2017 7.5.1";
/// What stands for a place that is not known, so that the words can leave it out.
const NONE: &str = "none";

impl From<ImportError> for Miss {
    fn from(error: ImportError) -> Self {
        match said(&error) {
            Some(refusal) => Miss::Unreadable(Box::new(refusal)),
            None => match error {
                ImportError::Stopped(stop) => Miss::from(stop),
                other => Miss::Unclear(other.to_string()),
            },
        }
    }
}

/// The words of an unreadable file: code, place and facts. None for a command that was stopped.
fn said(error: &ImportError) -> Option<Refusal> {
    Some(match error {
        ImportError::Stopped(_) => return None,
        ImportError::Unreadable(error) => unreadable(error),
        ImportError::Unrecognised { file, reasons } => {
            Refusal::new("intake-unrecognised", CLAUSE).with("file", file).with("reasons", reasons)
        }
        ImportError::Ambiguous { file, names } => {
            Refusal::new("intake-ambiguous", CLAUSE).with("file", file).with("names", names)
        }
        ImportError::NoMapping(name, known) => {
            Refusal::new("intake-no-mapping", CLAUSE).with("name", name).with("known", known)
        }
    })
}

fn unreadable(error: &intake::IntakeError) -> Refusal {
    let number = |at: Option<u64>| at.map_or(NONE.to_owned(), |at| at.to_string());
    let mut refusal = Refusal::new(&format!("intake-{}", error.code), CLAUSE)
        .with("file", &error.file)
        .with("sheet", error.sheet.as_deref().unwrap_or(NONE))
        .with("row", number(error.row))
        .with("column", number(error.column))
        .with("token", error.token.as_deref().unwrap_or(NONE))
        .with("problem", &error.problem);
    for (name, value) in &error.facts {
        refusal = refusal.with(name, value);
    }
    refusal
}

/// Files were sent without the method they were measured by.
pub(super) fn no_method() -> Miss {
    Miss::Unreadable(Box::new(Refusal::new("intake-no-method", CLAUSE)))
}

/// No file was sent.
pub(super) fn no_file() -> Miss {
    Miss::Unreadable(Box::new(Refusal::new("intake-no-file", CLAUSE)))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use ui::{Arg, Catalogue, Lang};

    use super::*;

    fn words(refusal: &Refusal, lang: Lang, key: &str) -> String {
        let texts = [site::TEXT, crate::SITE.text];
        let words = Catalogue::new(&texts).unwrap().words(lang, TimeZone::UTC);
        let args: Vec<(&str, Arg<'_>)> =
            refusal.args.iter().map(|(name, value)| (name.as_str(), value.as_str().into())).collect();
        words.tv(key, &args)
    }

    #[test]
    fn a_file_that_cannot_be_read_is_explained_in_both_languages_with_its_place_and_token() {
        let limits = intake::Limits::default();
        let mapping = intake::shipped().remove(0);
        let error = intake::read("run.csv", b"ok\nab\x00c", &mapping, &limits).unwrap_err();
        let refusal = said(&error.into()).unwrap();
        assert_eq!(refusal.code, "intake-zero-byte");
        for (lang, all) in [
            (Lang::En, ["run.csv", "row 2", "column 3", "\\0"]),
            (Lang::Zh, ["run.csv", "第 2 行", "第 3 列", "\\0"]),
        ] {
            let text = words(&refusal, lang, "refusal-intake-zero-byte");
            assert!(all.iter().all(|part| text.contains(part)), "{text}");
            assert!(!text.contains("none") && !text.contains('⟦'), "{text}");
        }
    }

    #[test]
    fn every_way_in_which_a_file_cannot_be_read_has_words_rule_and_remedy_in_both_languages() {
        let texts = [site::TEXT, crate::SITE.text];
        let catalogue = Catalogue::new(&texts).unwrap();
        let own = ["unrecognised", "ambiguous", "no-mapping", "no-method", "no-file"];
        for code in intake::CODES.iter().chain(&own) {
            for lang in [Lang::En, Lang::Zh] {
                let words = catalogue.words(lang, TimeZone::UTC);
                for part in ["", ".rule", ".remedy"] {
                    let key = format!("refusal-intake-{code}{part}");
                    assert!(words.has(&key), "{lang:?} {key}");
                }
            }
        }
    }
}
