//! Whether a label names a statistic: in any spelling, in the languages of laboratories, alone or beside an
//! id. What may be one is a question, so the lists are generous; what only contains the letters of a word
//! (`MEANDER-3`) is an id.

mod serial;
mod words;

use std::collections::BTreeSet;

use crate::formula::{elements, is_oxide};
use crate::text::{fold, half_width};
use serial::is_serial;
pub(crate) use serial::{Kind, serial_kind};
use words::{
    BEHIND, BOUNDS, FILLER, HAN_PLAIN, HAN_WEAK, LIMITS, NEVER_ALONE, OF_SUMS, PLAIN, SUMS, WEAK, Words,
};

/// How sure a label is of being a statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// The label is nothing but words that ids hold too (`Range`, `SD`, `n`).
    Loose,
    /// The label is nothing but such words, and one of them means nothing else (`RSD (%)`, `Mean of 5`).
    Whole,
    /// A word that means nothing else stands beside others (`S1 - Averaged Result`).
    Beside,
}

/// What the label says of itself, if it may name a statistic, or a limit, a target or the like.
pub(crate) fn likeness(text: &str) -> Option<Likeness> {
    look(text, true)
}

/// What the label of a row says of itself: a qualifier beside the word may name an element or an oxide
/// (`Mean Fe`, `LOD SiO2`).
pub(crate) fn of_label(text: &str) -> Option<Likeness> {
    let named = |part: &&str| {
        let bare = part.trim_matches(|one: char| !one.is_alphanumeric());
        let symbol =
            bare.chars().all(char::is_alphabetic) && elements(bare).is_some_and(|all| all.len() == 1);
        symbol || is_oxide(bare)
    };
    let rest: Vec<&str> = text.split_whitespace().filter(|part| !named(part)).collect();
    look(text, true).or_else(|| if rest.is_empty() { None } else { look(&rest.join(" "), true) })
}

/// The same for statistics alone: `Detection limits:` announces a table.
pub(crate) fn is_statistic(text: &str) -> bool {
    look(text, false).is_some()
}

fn look(text: &str, limits: bool) -> Option<Likeness> {
    let text = text.trim();
    // long texts are remarks; most ids end here, without an allocation
    if text.is_empty() || text.len() > 120 || text.bytes().all(|one| one.is_ascii_digit()) {
        return None;
    }
    if is_symbol(text) {
        return Some(Likeness::Loose);
    }
    let words = words(text);
    if is_abbreviation(text, &words) {
        return Some(Likeness::Loose);
    }
    let (mut named, mut beside, mut foreign) = (0, false, false);
    let (mut alone, mut digits_only) = (true, true);
    let mut before = "";
    for word in &words {
        let word = word.as_str();
        if is_in(&PLAIN, word) {
            named += 1;
            (beside, alone) = (true, false);
        } else if is_in(&WEAK, word) || limits && (is_in(&LIMITS, word) || is_in(&BOUNDS, word)) {
            named += 1;
            alone &= NEVER_ALONE.contains(word);
        } else if word.chars().any(is_han) {
            match han(word) {
                Some(Likeness::Loose) => (named, alone) = (named + 1, false),
                Some(Likeness::Whole) => (named, beside, alone) = (named + 1, true, false),
                Some(Likeness::Beside) => {
                    (named, beside, alone, foreign) = (named + 1, true, false, true);
                    digits_only = false;
                }
                None => (foreign, digits_only) = (true, false),
            }
        } else if !FILLER.contains(word) && !is_count(word, before, text) {
            foreign = true;
            digits_only &= word.bytes().all(|one| one.is_ascii_digit());
        }
        before = word;
    }
    // `Spec max 65` is no id: nothing but such words stands beside the number
    let bound = named > 1 && digits_only && !alone;
    let serial = is_serial(text, &words);
    match (named, foreign, beside) {
        (_, true, _) if serial => bound.then_some(Likeness::Loose),
        _ if counts(text) => Some(if foreign { Likeness::Beside } else { Likeness::Loose }),
        (0, ..) => ends_in_sign(text).then_some(Likeness::Beside),
        (1, false, false) if alone => (words.len() == 1 && words[0] == "std").then_some(Likeness::Loose),
        (_, false, false) => Some(Likeness::Loose),
        (_, false, true) => Some(Likeness::Whole),
        (_, true, true) => Some(Likeness::Beside),
        // `max. 0.5`, `Percentile 95`
        (_, true, false) if digits_only && !alone && !text.starts_with(|one: char| one.is_ascii_digit()) => {
            Some(Likeness::Loose)
        }
        (_, true, false) => {
            let told = ends_in_sign(text) || words.last().is_some_and(|last| stands_behind(text, last));
            told.then_some(Likeness::Beside)
        }
    }
}

/// Whether a word, or what it looks like in Latin letters, is in a list.
fn is_in(list: &Words, word: &str) -> bool {
    list.contains(word) || latinised(word).is_some_and(|other| list.contains(other.as_str()))
}

/// A word of Greek or Cyrillic letters as it looks: `ΜΕΑΝ`, `Мean`.
fn latinised(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    let letter = |one: char| {
        Some(match one {
            'а' | 'α' => 'a',
            'в' | 'β' => 'b',
            'с' => 'c',
            'ԁ' => 'd',
            'е' | 'ε' | 'ё' => 'e',
            'н' | 'η' => 'h',
            'і' | 'ι' => 'i',
            'ј' => 'j',
            'к' | 'κ' => 'k',
            'м' | 'µ' | 'μ' => 'm',
            'ν' => 'n',
            'о' | 'ο' => 'o',
            'р' | 'ρ' => 'p',
            'ѕ' => 's',
            'т' | 'τ' => 't',
            'υ' | 'у' => 'y',
            'х' | 'χ' => 'x',
            'ζ' => 'z',
            one if one.is_ascii() => one,
            _ => return None,
        })
    };
    word.chars().map(letter).collect()
}

/// Abbreviations that are words of other kinds too, or letters that stand apart.
fn is_abbreviation(text: &str, words: &[String]) -> bool {
    const WHOLE: &[&str] = &["de", "der", "s rel", "rel s", "s r", "n-1", "p90", "p95", "p99"];
    const NUMBERS: &[&str] = &["nº", "n.º", "n°", "№", "nr."];
    let folded = fold(&half_width(text));
    let joined = words.join(" ");
    let share = folded.strip_suffix('%').map(str::trim_end);
    let digits = |one: &str| !one.is_empty() && one.bytes().all(|one| one.is_ascii_digit());
    WHOLE.contains(&joined.as_str())
        || NUMBERS.contains(&folded.as_str())
        || matches!(text, "№" | "S%" | "s%")
        || joined.starts_with("p 9") && !folded.contains(['-', ' ', '_']) && WHOLE.contains(&folded.as_str())
        || share.is_some_and(digits)
        || folded.contains("(n-1)")
        || folded.starts_with('σ') && folded.ends_with("n-1")
        || spelt_apart(words).is_some_and(|word| is_in(&PLAIN, &word) || is_in(&WEAK, &word) || word == "de")
}

/// `m e a n`: a word whose letters stand apart.
fn spelt_apart(words: &[String]) -> Option<String> {
    let single = |word: &String| word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    (words.len() > 1 && words.iter().all(single)).then(|| words.concat())
}

/// A count of replicates or a coverage factor: `n=3`, `n:3`, `S1 (n = 3)`, `U (k=2)`.
fn counts(text: &str) -> bool {
    let folded = fold(&half_width(text));
    folded.match_indices(['=', ':']).any(|(at, sign)| {
        let (before, after) = (folded[..at].trim_end(), folded[at + sign.len()..].trim_start());
        let letter =
            |name: char| before.strip_suffix(name).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric));
        let behind = after.trim_start_matches(|one: char| one.is_ascii_digit() || one == '.');
        let number = behind.len() < after.len() && !behind.starts_with(char::is_alphanumeric);
        number && (letter('n') || sign == "=" && letter('k'))
    })
}

/// `S1 σ`, `S1 x̄`, `Fe ±`.
fn ends_in_sign(text: &str) -> bool {
    const SIGNS: &[&str] = &["σ", "x̄", "x̅", "X̄", "X̅", "±", "+/-", "s²"];
    let bare = text.trim_end_matches(|one: char| one.is_whitespace() || "()[]:.%".contains(one));
    SIGNS.iter().any(|sign| bare.ends_with(sign))
}

/// A weak word behind an id, apart from it: `S1 SD`, `S1.SD`, `Blank (s.d.)`.
fn stands_behind(text: &str, last: &str) -> bool {
    if !is_in(&BEHIND, last) {
        return false;
    }
    let apart = |one: char| !one.is_alphanumeric();
    let folded = fold(&half_width(text));
    let bare = folded.trim_end_matches(apart);
    let dotted = bare.replace('.', "");
    [bare, &dotted].into_iter().any(|bare| bare.strip_suffix(last).is_some_and(|rest| rest.ends_with(apart)))
        || bare.rsplit_once('.').is_some_and(|(_, tail)| tail == last)
}

/// Whether an analyte is called by a statistic: a column `Mean` among those of the elements, or one that is
/// said of an element (`Fe RSD`). Sums are analytes, and so is everything that is a formula (`N`, `CV`).
pub(crate) fn is_no_analyte(name: &str) -> bool {
    let of_element = |word: &str| elements(word).is_none() && !is_sum(word);
    if elements(name).is_some() || is_sum(name) || !name.split_whitespace().any(of_element) {
        return false;
    }
    if likeness(name).is_some_and(|found| found != Likeness::Beside) {
        return true;
    }
    const MORE: &[&str] =
        &["std", "dev", "err", "min", "max", "range", "var", "n", "u", "int", "unc", "blank"];
    let mut parts = name.split(|one: char| !one.is_alphanumeric()).filter(|part| !part.is_empty());
    let said = |word: &String| {
        let word = word.as_str();
        is_in(&PLAIN, word) || is_in(&BEHIND, word) || is_in(&LIMITS, word) || MORE.contains(&word)
    };
    let element = |part: &str| elements(part).is_some() && !["U", "N", "No"].contains(&part);
    let prefixed = name.strip_prefix(['s', 'u']).is_some_and(|rest| elements(rest).is_some());
    prefixed || parts.any(element) && (words(name).iter().any(said) || ends_in_sign(name) || counts(name))
}

/// Whether a name is that of a sum, in any spelling: `Total oxides`, `Summe %`, `合計`.
pub(crate) fn is_sum(name: &str) -> bool {
    let words = words(name);
    let known = |word: &String| SUMS.contains(word.as_str()) || OF_SUMS.contains(word.as_str());
    words.iter().any(|word| SUMS.contains(word.as_str())) && words.iter().all(known)
}

/// Signs that stand for a statistic: `x̄`, `σ`, `s`, `n`.
fn is_symbol(text: &str) -> bool {
    const SIGNS: &str = "n s x̄ x̅ X̄ X̅ s² s2 σ χ Χ Σ ∑ µ μ ø Ø ∅ sx xm ± +/- +-";
    let bare = text.trim_matches(|one: char| one.is_whitespace() || "()[]:=.%".contains(one));
    SIGNS.split(' ').any(|sign| sign == bare)
}

/// Digits that belong to a statistic: `of 5`, `(5)`, the 2 of `2 sigma`, the 95 of `CI 95%`.
fn is_count(word: &str, before: &str, text: &str) -> bool {
    let digits = word.bytes().all(|one| one.is_ascii_digit());
    let counted = ["of", "de", "von", "из", "aus"].contains(&before)
        || before == "n" && (text.contains("n-1") || text.contains(['=', ':', '＝', '：']));
    let share = || text.contains(&format!("{word}%")) || text.contains(&format!("{word} %"));
    digits && (counted || before.is_empty() || text.ends_with([')', '）']) || share())
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// A run of Chinese letters: nothing but such pieces, or something else beside a plain one.
fn han(run: &str) -> Option<Likeness> {
    let mut rest = run;
    let (mut plain, mut weak, mut foreign) = (false, false, false);
    while let Some(first) = rest.chars().next() {
        let piece = |list: &BTreeSet<&'static str>| {
            list.iter().copied().filter(|one| rest.starts_with(one)).max_by_key(|one| one.len())
        };
        if let Some(found) = piece(&HAN_PLAIN) {
            plain = true;
            rest = &rest[found.len()..];
        } else if let Some(found) = piece(&HAN_WEAK) {
            weak |= !["样品", "样本", "值", "的", "结果", "标准", "测定", "测量", "数"].contains(&found);
            rest = &rest[found.len()..];
        } else {
            foreign = true;
            rest = &rest[first.len_utf8()..];
        }
    }
    match (plain, weak, foreign) {
        (true, _, true) => Some(Likeness::Beside),
        (true, _, false) => Some(Likeness::Whole),
        (false, true, false) => Some(Likeness::Loose),
        _ => None,
    }
}

/// The words of a label: folded, compatibility forms written plainly, parted at everything that is no letter
/// or digit and between digits and letters. Dots inside vanish (`S.D.` is `sd`).
fn words(text: &str) -> Vec<String> {
    let text = half_width(text);
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match compatible(letter) {
            Some(other) => plain.push_str(other),
            None => plain.push(letter),
        }
    }
    let plain = camel(&plain);
    let folded = fold(&plain);
    let (mut out, mut word) = (Vec::new(), String::new());
    let mut letters = folded.chars().peekable();
    while let Some(letter) = letters.next() {
        let digit = word.chars().last().is_some_and(|last| last.is_numeric());
        if letter == '.' && dotted(&word, letters.peek().copied()) {
            continue;
        }
        let other = word.is_empty() || (digit == letter.is_numeric());
        if letter.is_alphanumeric() || "∑∅".contains(letter) {
            if !other {
                out.push(std::mem::take(&mut word));
            }
            word.push(letter);
        } else if !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    joined(out)
}

/// A dot inside an abbreviation of single letters: `S.D.`, `R.S.D.`.
fn dotted(word: &str, next: Option<char>) -> bool {
    let short = word.chars().count() <= 3 && word.chars().all(char::is_alphabetic);
    short && !word.is_empty() && next.is_some_and(char::is_alphabetic) && word != "std" && word != "rel"
}

/// `StdDev`, `RelStdDev`: capitals inside a word begin one.
fn camel(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for letter in text.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            out.push(' ');
        }
        out.push(letter);
        before = letter;
    }
    out
}

/// Words that are written apart or together: `std dev` is `stdev`.
fn joined(words: Vec<String>) -> Vec<String> {
    const PAIRS: &[(&str, &str, &str)] = &[
        ("std", "dev", "stdev"),
        ("std", "deviation", "stdev"),
        ("stand", "dev", "stdev"),
        ("standard", "deviation", "stdev"),
        ("standard", "deviations", "stdev"),
        ("st", "dev", "stdev"),
        ("s", "dev", "stdev"),
        ("std", "abw", "stdabw"),
        ("std", "error", "stdev"),
        ("standard", "error", "stdev"),
        ("ecart", "type", "ecarttype"),
        ("dev", "std", "stdev"),
        ("desv", "est", "desvest"),
        ("desv", "pad", "desvpad"),
        ("x", "bar", "xbar"),
        ("trung", "binh", "mean"),
        ("rata", "rata", "mean"),
        ("standart", "sapma", "stdev"),
        ("ст", "откл", "стандартное"),
        ("ст", "отклон", "стандартное"),
        ("std", "err", "stdev"),
        ("stand", "abw", "stdabw"),
        ("std", "abweichung", "stdabw"),
        ("stand", "abweichung", "stdabw"),
        ("desv", "tip", "desvest"),
        ("desv", "tipica", "desvest"),
        ("control", "limit", "grenzwert"),
        ("control", "limits", "grenzwert"),
        ("warning", "limit", "grenzwert"),
        ("warning", "limits", "grenzwert"),
        ("action", "limit", "grenzwert"),
        ("action", "limits", "grenzwert"),
        ("alert", "limit", "grenzwert"),
        ("alert", "limits", "grenzwert"),
        ("accept", "limit", "grenzwert"),
        ("accept", "limits", "grenzwert"),
        ("cert", "value", "certified"),
        ("cert", "val", "certified"),
        ("ref", "value", "certified"),
        ("ref", "val", "certified"),
        ("не", "более", "норматив"),
        ("не", "менее", "норматив"),
        ("не", "выше", "норматив"),
        ("не", "ниже", "норматив"),
    ];
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let pair = out.last().and_then(|last| {
            PAIRS.iter().find(|(first, second, _)| first == last && *second == word).map(|pair| pair.2)
        });
        match (pair, out.last_mut()) {
            (Some(pair), Some(last)) => pair.clone_into(last),
            _ => out.push(word),
        }
    }
    out
}

/// Compatibility forms that labels hold (NFKC), as far as letters and digits go.
fn compatible(letter: char) -> Option<&'static str> {
    const SUPERSCRIPTS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    Some(match letter {
        '²' => "2",
        '³' => "3",
        '¹' => "1",
        '⁰' | '⁴'..='⁹' => SUPERSCRIPTS[(letter as u32 - 0x2070) as usize],
        '₀'..='₉' => SUPERSCRIPTS[(letter as u32 - 0x2080) as usize],
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        '№' => "no",
        'ß' => "ss",
        'æ' => "ae",
        '㎎' => "mg",
        'Ⅿ' | 'ⅿ' => "m",
        'Ⅽ' | 'ⅽ' => "c",
        'Ⅾ' | 'ⅾ' => "d",
        _ => return mathematical(letter),
    })
}

/// Letters of the blocks that programs use for bold and circled text.
fn mathematical(letter: char) -> Option<&'static str> {
    const LETTERS: [&str; 26] = [
        "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t",
        "u", "v", "w", "x", "y", "z",
    ];
    let code = letter as u32;
    let at = match code {
        0x24B6..=0x24CF => code - 0x24B6,
        0x24D0..=0x24E9 => code - 0x24D0,
        0x1D400..=0x1D6A3 => (code - 0x1D400) % 26,
        _ => return None,
    };
    LETTERS.get(at as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_in_any_spelling_are_known() {
        let labels = concat!(
            "Mean|MEAN:|Average|Avg.|AVE|Ave of 5|SDev of 5|Std Dev|Std. Dev.|Std.Dev.:|StdDev|",
            "std_dev|S.D.|SD|s.d|R.S.D.|RSD|RSD(%)|RSD (%)|% RSD|%RSD|RSD%|Rel. Std. Dev.|",
            "RelStdDev|CV|CV (%)|C.V.|Range|Number|Count|Min|Max.|Minimum|Maximum|Median|Sum|",
            "Total|n|N = 5|s|σ|χ|x̄|X bar|Σ|Mean (n=3)|Mean value|[Mean]|<Mean>|ＭＥＡＮ|Ⓜⓔⓐⓝ|",
            "Ｍｅａｎ|Mittelwert|MW|Standardabweichung|Std.-Abw.|Stdabw.|Spannweite|Anzahl|Moyenne|",
            "écart-type|Écart type|ECART TYPE|e\u{301}cart-type|Étendue|media|Média|Promedio|",
            "Desviación estándar|desviación|Desvio padrão|Deviazione standard|Среднее|Среднее значение|",
            "СКО|Ст. откл.|Максимум|макс.|Сумма|平均值|平均|标准偏差|相对标准偏差|相对标准偏差(%)|极差|最大值|最小值|个数|",
            "样品个数|合计|標準偏差|평균|2 sigma|Standard deviation|Standard Error|Count of samples|",
            "S1 - Averaged Result|S1 Mean|Mean of S1|S1 平均值|BOG 12 average|S1 (Average)|Std|",
            "St.Abw.|Std.-Abweichung|",
            "rel. Stabw.|Stand.Abw.|STABW|s(rel)|srel|s(n-1)|Xmean|E.T.|ET|E. T.|E.T.R.|",
            "ETR (%)|Erreur type|",
            "Xmoy|Total général|D.E.|D.E.R.|Desv.Típ.|Media aritmética|Coef. Var.|Moda|Nº|",
            "Coef. de variación|Ср.|Ср. знач.|Ст.откл|Ст. отклон.|Коэф. вар.|ОСКО|ОСО|Дисп.|Мед.|Итог|к-во|",
            "標準誤差|分散|不偏分散|中位値|最頻値|小計|レンジ|n数|ｎ数|Std Err|SE|AV|Av.|Mode|P95|95% CI|±|n:3|",
            "ｎ＝３|m e a n|M E A N|ΜΕΑΝ|Мean|МЕАН|S1 SD|S1 (SD)|S1.SD|S1 s.d.|S1 CV|S1 n=3|S1 σ|S1 x̄|S1_SD|",
            "Blank SD|LCS SD|LOD|LOQ|MDL|Detection limit|Nachweisgrenze|检出限|Предел обнаружения|Recovery %|",
            "回收率|Target|Certified value|认定值|不确定度|Dilution Factor|Limit of detection|+/-|S1 (n = 3)|",
            "U (k=2)|IC 95%|Récupération|Wiederfindung|Mean±SD|Conf. Int.|平均（3回）|Expected|N=3|(n=3)|",
            "D.S.|D.P.|Reporting limit|Reference value|Facteur de dilution|Límite de detección|σn-1|S1 RPD|",
            "Коэффициент разбавления|加标回收率|Grand total|Prumer|Průměr|Średnia|rata-rata|Ortalama",
        );
        for label in labels.split('|') {
            assert!(likeness(label).is_some(), "{label}");
        }
    }

    #[test]
    fn ids_that_hold_the_letters_of_a_word_are_ids() {
        let labels = concat!(
            "MEANDER-3|Range Creek 12|S1|1 of 5|SD-12|MAX-7|Maxwell 3|Total Hill 4|24-001|Sumner|",
            "Countess 2|STD OREAS 25A|AVE-9|CV-01|Blank 1|Standard 4|QC 1|Number Nine|ORE 1|A|X|",
            "K|N1|S|BOG 651 (IND) - 16|样品1|标准样品3|试样-2|Mn-12|Median's|P-7|flagged|2026/08/08|",
            "Dev-3|Standard|Value|Type|N|MINERVA|Rel 4|error|Target 4|K=7A|P-95|P951|24-SD-1|SE-4|Sedan|",
            "AVG-1|Mean Creek 4|平均样3|LCL-001|RL-2024-01|MAX-12|Median-14|MAX-12A|Norma 3|规格样1|Control|",
            "Reference 2|",
            "Detlef|Fe|DER-7|ETA-5|AV-12|LOD-3|Derby 4|Factor 5|A B|N-3|BL-1|Sumatra|Lot 7|",
            "DS-1|",
            "Reference|Rec-4|True North|Upper 5|Lower Creek 2|Reporting|SCORE-1",
        );
        for label in labels.split('|') {
            let found = likeness(label);
            assert!(found.is_none() || label == "Median's", "{label}: {found:?}");
        }
    }

    #[test]
    fn a_column_of_means_is_no_analyte() {
        assert!(is_no_analyte("Mean") && is_no_analyte("RSD %") && is_no_analyte("标准偏差"));
        let said = "sFe|Fe blank|\
                    Fe RSD|Fe-SD|SD Fe|Fe LOD|Fe mean|Fe_unc|u(Fe)|Fe ±|Fe2O3 mean|Fe Recovery|LOD|Recovery";
        assert!(said.split('|').all(is_no_analyte));
        let analytes =
            "Fe|Total Fe|Fe total|LOI|Fe 259.940|SiO2 (dry)|Total oxides|Moisture|U|U 238|N total|Mg";
        for analyte in analytes.split('|') {
            assert!(!is_no_analyte(analyte), "{analyte}");
        }
        let sums = "Total oxides|Sum %|Summe %|TOTAL (%)|Totals|Σ|Sum of oxides|合計|总量|Somme|Gesamt|Итого|\
                    Analytical total|Sum.|Sum|total";
        assert!(sums.split('|').all(is_sum) && !is_sum("Fe total") && !is_sum("Oxides"));
        assert!(!is_no_analyte("N") && !is_no_analyte("Sum") && !is_no_analyte("CV") && !is_no_analyte("Fe"));
    }
}
