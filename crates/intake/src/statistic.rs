//! Whether a label names a statistic: in any spelling, in the languages of laboratories, alone or beside an
//! id. What may be one is a question, so the lists are generous; what only contains the letters of a word
//! (`MEANDER-3`) is an id.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::formula::elements;
use crate::text::{fold, half_width};

type Words = LazyLock<BTreeSet<&'static str>>;

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

/// Words that are a statistic wherever they stand in a label.
static PLAIN: Words = LazyLock::new(|| {
    "mean means average averages averaged avg avge median stdev stddev stdv sdev sdv rsd rstd stdabw \
    stdabweichung xbar variance minimum maximum deviation mittelwert mittelw durchschnitt \
    standardabweichung standardabw spannweite variationskoeffizient moyenne moy ecart ecartype ecarttype \
    etendue mediane promedio desviacion desvest desvio desvpad deviazione scarto mediana varianza rango \
    amplitude srednia odchylenie gemiddelde standaardafwijking medelvarde standardavvikelse gjennomsnitt \
    gennemsnit standardavvik keskiarvo keskihajonta ortalama prumer odchylka atlag szoras promjer prosek \
    simpangan средн среднее средняя средний сред ско стандартное отклонение откл медиана максимум \
    минимум размах дисперсия итого середнє відхилення 平均 平均値 평균 평균값 표준편차 중앙값 μέση μεση μέσος διακύμανση \
    متوسط المتوسط میانگین"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Words that are one only where nothing else stands beside them; ids hold them too.
static WEAK: Words = LazyLock::new(|| {
    "ave aver av sd std dev cv rel abs min mini max maxi range ranges number numbers count counts sum \
    sums total totals subtotal grand var se sem stat stats statistic statistics sigma mw mittel anzahl \
    summe gesamt gesamtsumme vk varianz statistik type relatif relative relativer nombre somme \
    statistique statistiques media estandar standard padrao numero num cantidad conteo contagem soma \
    suma somma totale minimo maximo massimo coeficiente coefficient coefficiente variation variacao \
    variacion variazione intervalo desv est pad ds dp et celkem osszesen макс мин сумма количество число \
    кол ст отн коэффициент вариации всего во n χ σ ς ø ∅ ∑ µ 合計 範囲 総計 합계 최대 최소 최대값 최소값 범위 개수 rpd \
    rsds quantity qty quantile percentile quartile mode spread uncertainty error confidence trung binh \
    rata baku szt standart sapma smerodatna standardowe średnia wert values value valeur valor valore \
    значение"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Words beside which a weak word still stands alone: `Ave of 5`, `Mean value of the samples`.
static FILLER: Words = LazyLock::new(|| {
    "of the for all samples sample results result replicates reps rep runs run measurements measured conc \
    concentration overall in wt mass ppm ppb mg l kg de des du la le von der aus den и из по do da di \
    del by from sur sobre a p and"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Weak words that say nothing alone: some other word must stand beside them.
static NEVER_ALONE: Words = LazyLock::new(|| {
    "rel abs dev type est pad grand relative relatif relativer standard standart wert values value valeur \
    valor valore значение n k к во et se x ds dp ст отн rata baku trung binh av num mode error quantity \
    qty std"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Pieces of Chinese and Japanese labels, which have no blanks.
static HAN_PLAIN: Words = LazyLock::new(|| {
    "平均 均值 标准偏差 标准差 標準偏差 標準差 偏差 极差 極差 中位数 中位數 中央値 变异系数 變異係數 変動係数 方差 最大值 最小值 最大値 最小値"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Pieces that count only where nothing but such pieces stands.
static HAN_WEAK: Words = LazyLock::new(|| {
    "相对 相對 相対 标准 最大 最小 个数 個數 件数 数量 數量 次数 样品 样本 测定 测量 合计 合計 总计 總計 总和 总数 求和 小计 数 值 的 范围 範囲 结果 统计 計 共"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// What the label says of itself, if it may name a statistic.
pub(crate) fn likeness(text: &str) -> Option<Likeness> {
    let text = text.trim();
    // long texts are remarks; most ids end here, without an allocation
    if text.is_empty() || text.len() > 120 || text.bytes().all(|one| one.is_ascii_digit()) {
        return None;
    }
    if is_symbol(text) {
        return Some(Likeness::Loose);
    }
    let words = words(text);
    let (mut named, mut beside, mut foreign) = (0, false, false);
    let mut alone = true;
    let mut before = "";
    for word in &words {
        let word = word.as_str();
        if PLAIN.contains(word) {
            named += 1;
            (beside, alone) = (true, false);
        } else if WEAK.contains(word) {
            named += 1;
            alone &= NEVER_ALONE.contains(word);
        } else if word.chars().any(is_han) {
            match han(word) {
                Some(Likeness::Loose) => (named, alone) = (named + 1, false),
                Some(Likeness::Whole) => (named, beside, alone) = (named + 1, true, false),
                Some(Likeness::Beside) => (named, beside, alone, foreign) = (named + 1, true, false, true),
                None => foreign = true,
            }
        } else if !FILLER.contains(word) && !is_count(word, before, text) {
            foreign = true;
        }
        before = word;
    }
    match (named, foreign, beside) {
        (0, ..) => None,
        (1, false, false) if alone => {
            let counted = words[0] == "n" && text.contains('=');
            (words.len() == 1 && words[0] == "std" || counted).then_some(Likeness::Loose)
        }
        (_, false, false) => Some(Likeness::Loose),
        (_, false, true) => Some(Likeness::Whole),
        (_, true, true) => Some(Likeness::Beside),
        (_, true, false) => None,
    }
}

/// Whether an analyte is called by a statistic: a column `Mean` among those of the elements. Sums are
/// analytes, and so is everything that is a formula (`N`, `CV`).
pub(crate) fn is_no_analyte(name: &str) -> bool {
    const SUMS: &[&str] = &["sum", "sums", "total", "totals", "summe", "somme", "suma", "soma", "somma"];
    let folded = fold(name);
    let sum = SUMS.iter().any(|one| folded.split_whitespace().any(|word| word == *one));
    elements(name).is_none() && !sum && likeness(name).is_some_and(|found| found != Likeness::Beside)
}

/// Signs that stand for a statistic: `x̄`, `σ`, `s`, `n`.
fn is_symbol(text: &str) -> bool {
    const SIGNS: &str = "n s x̄ x̅ X̄ X̅ s² s2 σ χ Χ Σ ∑ µ μ ø Ø ∅ sx xm";
    let bare = text.trim_matches(|one: char| one.is_whitespace() || "()[]:=.%".contains(one));
    SIGNS.split(' ').any(|sign| sign == bare)
}

/// Digits that belong to a statistic: `of 5`, `n=7`, `(5)`, the 2 of `2 sigma`.
fn is_count(word: &str, before: &str, text: &str) -> bool {
    let digits = word.bytes().all(|one| one.is_ascii_digit());
    let counted = ["of", "de", "von", "из", "aus"].contains(&before)
        || before == "n" && (text.contains('=') || text.contains("n-1"));
    digits && (counted || before.is_empty() || text.ends_with(')'))
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
            "Grand total|Prumer|Průměr|Średnia|rata-rata|Ortalama",
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
            "Dev-3|Standard|Value|Type|N|MINERVA|Rel 4|error",
        );
        for label in labels.split('|') {
            let found = likeness(label);
            assert!(found.is_none() || label == "Median's", "{label}: {found:?}");
        }
    }

    #[test]
    fn a_column_of_means_is_no_analyte() {
        assert!(is_no_analyte("Mean") && is_no_analyte("RSD %") && is_no_analyte("标准偏差"));
        assert!(!is_no_analyte("N") && !is_no_analyte("Sum") && !is_no_analyte("CV") && !is_no_analyte("Fe"));
    }
}
