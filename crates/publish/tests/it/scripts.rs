//! Every name in every script is printed or refused before a certificate is issued; none is issued and then
//! cannot be printed.

use publish::certificate::{Standing, pdf, sample};
use publish::fonts::{covers, unprintable};

/// Blocks of Unicode by script, first and last code point: enough of each script to sample from.
const SCRIPTS: &[(&str, u32, u32)] = &[
    ("Basic Latin", 0x20, 0x7E),
    ("Latin-1", 0xA0, 0xFF),
    ("Latin Extended", 0x100, 0x24F),
    ("IPA", 0x250, 0x2AF),
    ("Combining marks", 0x300, 0x36F),
    ("Greek", 0x370, 0x3FF),
    ("Cyrillic", 0x400, 0x52F),
    ("Armenian", 0x531, 0x58F),
    ("Hebrew", 0x591, 0x5F4),
    ("Arabic", 0x600, 0x6FF),
    ("Syriac", 0x700, 0x74F),
    ("Thaana", 0x780, 0x7B1),
    ("NKo", 0x7C0, 0x7FF),
    ("Devanagari", 0x900, 0x97F),
    ("Bengali", 0x980, 0x9FE),
    ("Gurmukhi", 0xA01, 0xA76),
    ("Gujarati", 0xA81, 0xAFF),
    ("Oriya", 0xB01, 0xB77),
    ("Tamil", 0xB82, 0xBFA),
    ("Telugu", 0xC00, 0xC7F),
    ("Kannada", 0xC80, 0xCF2),
    ("Malayalam", 0xD00, 0xD7F),
    ("Sinhala", 0xD81, 0xDF4),
    ("Thai", 0xE01, 0xE5B),
    ("Lao", 0xE81, 0xEDF),
    ("Tibetan", 0xF00, 0xFDA),
    ("Myanmar", 0x1000, 0x109F),
    ("Georgian", 0x10A0, 0x10FF),
    ("Hangul Jamo", 0x1100, 0x11FF),
    ("Ethiopic", 0x1200, 0x139F),
    ("Cherokee", 0x13A0, 0x13FF),
    ("Canadian", 0x1400, 0x167F),
    ("Ogham and Runic", 0x1680, 0x16FF),
    ("Khmer", 0x1780, 0x17FF),
    ("Mongolian", 0x1800, 0x18AA),
    ("Greek Extended", 0x1F00, 0x1FFE),
    ("Punctuation and marks of direction", 0x2000, 0x206F),
    ("Super- and subscripts", 0x2070, 0x209C),
    ("Currency", 0x20A0, 0x20C0),
    ("Marks for symbols", 0x20D0, 0x20F0),
    ("Letterlike", 0x2100, 0x214F),
    ("Number forms", 0x2150, 0x218B),
    ("Arrows and operators", 0x2190, 0x22FF),
    ("Technical", 0x2300, 0x23FF),
    ("Enclosed", 0x2460, 0x24FF),
    ("Shapes and signs", 0x25A0, 0x27BF),
    ("Braille", 0x2800, 0x28FF),
    ("Glagolitic and Coptic", 0x2C00, 0x2CFF),
    ("CJK radicals", 0x2E80, 0x2FD5),
    ("CJK punctuation and kana", 0x3000, 0x30FF),
    ("Bopomofo", 0x3105, 0x312F),
    ("CJK compatibility", 0x3200, 0x33FF),
    ("CJK A", 0x3400, 0x4DBF),
    ("CJK", 0x4E00, 0x9FFF),
    ("Yi", 0xA000, 0xA4C6),
    ("Hangul", 0xAC00, 0xD7A3),
    ("Private use", 0xE000, 0xF8FF),
    ("CJK compatibility ideographs", 0xF900, 0xFAD9),
    ("Presentation forms", 0xFB00, 0xFDFF),
    ("Variation selectors", 0xFE00, 0xFE0F),
    ("Halfwidth and fullwidth", 0xFF01, 0xFFEE),
    ("Specials", 0xFFF9, 0xFFFD),
    ("Linear B", 0x10000, 0x100FA),
    ("Gothic", 0x10330, 0x1034A),
    ("Cuneiform", 0x12000, 0x12399),
    ("Hieroglyphs", 0x13000, 0x1342F),
    ("Mathematical", 0x1D400, 0x1D7FF),
    ("Emoji", 0x1F300, 0x1FAFF),
    ("CJK B", 0x20000, 0x2A6DF),
    ("CJK C to H", 0x2A700, 0x323AF),
    ("Tags", 0xE0001, 0xE007F),
    ("Variation selectors, supplement", 0xE0100, 0xE01EF),
    ("Private planes", 0xF0000, 0x10FFFD),
];

/// How many code points of a script are tried.
const EACH: u32 = 320;

fn sampled() -> impl Iterator<Item = (&'static str, Vec<char>)> {
    SCRIPTS.iter().map(|(name, first, last)| {
        let step = ((last - first) / EACH).max(1);
        (*name, (*first..=*last).step_by(step as usize).filter_map(char::from_u32).collect())
    })
}

#[test]
fn what_passes_the_check_is_printed_and_what_does_not_is_named() {
    let mut document = sample::manganese_sulphate();
    let (mut passed, mut named) = (0, 0);
    let mut remarks = Vec::new();
    for (script, characters) in sampled() {
        let (fine, bad): (Vec<char>, Vec<char>) = characters.into_iter().partition(|c| covers(*c));
        // Apart and together, after a letter of each family, so that marks have something to stand on.
        let apart: String = fine.iter().flat_map(|c| [*c, ' ']).collect();
        let together: String = fine.iter().collect();
        let marked: String = fine.iter().flat_map(|c| ['a', *c, ' ']).collect();
        for text in [apart, together, marked].into_iter().filter(|text| !text.trim().is_empty()) {
            remarks.push(publish::Names::new(&text, &text));
        }
        passed += fine.len();
        for character in bad {
            document.customer.name.en = format!("A{character}B");
            let found = unprintable(&document);
            assert_eq!(found.len(), 1, "{script} {character:?}");
            assert_eq!((found[0].field.as_str(), found[0].character), ("customer.name.en", character));
            named += 1;
        }
    }
    assert!(passed > 2_000 && named > 5_000, "{passed} passed, {named} were named");
    document.customer.name.en = "Customer".into();
    document.remarks = remarks;
    assert_eq!(unprintable(&document), []);
    pdf(&document, &Standing::Current).unwrap_or_else(|why| panic!("{why}"));
}

/// The names of field fault 17 in every field that people fill in.
#[test]
fn the_names_that_were_issued_and_never_printed_are_refused() {
    let names = ["서울특별시 강남구", "𠮷野家", "กรุงเทพ", "الرياض", "ירושלים", "मुंबई", "თბილისი", "✅"];
    for name in names {
        let mut document = sample::manganese_sulphate();
        document.customer.address = Some(publish::Names::new(name, name));
        let found = unprintable(&document);
        let printed = pdf(&document, &Standing::Current);
        assert!(!found.is_empty() && printed.is_err(), "{name}: {found:?}");
        assert!(found[0].field.starts_with("customer.address."), "{name}: {found:?}");
    }
    for name in ["Łódź Đà Nẵng Ōsaka", "Сибирь", "Ἀθῆναι", "カナ ひらがな", "㎎ ℃ ₂ ⁻³", "䶮 鿏"]
    {
        let mut document = sample::manganese_sulphate();
        document.customer.name = publish::Names::new(name, name);
        assert_eq!(unprintable(&document), [], "{name}");
        pdf(&document, &Standing::Current).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// With a folder of fonts a script that the embedded ones lack is printed. In a process of its own, for fonts
/// are read once.
#[test]
fn a_folder_of_fonts_prints_what_the_embedded_ones_lack() {
    const FOLDER: &str = "/usr/share/fonts/opentype/noto";
    const CHILD: &str = "OREPASS_TEST_FONTS_CHILD";
    if !std::path::Path::new(FOLDER).join("NotoSansCJK-Regular.ttc").exists() {
        println!("left out: {FOLDER} has no NotoSansCJK-Regular.ttc");
        return;
    }
    if std::env::var_os(CHILD).is_some() {
        publish::fonts::also_from(std::path::Path::new("/nowhere"));
        publish::fonts::also_from(std::path::Path::new(FOLDER));
        let mut document = sample::manganese_sulphate();
        document.customer.name = publish::Names::new("서울특별시 강남구", "𠮷野家");
        assert_eq!(unprintable(&document), []);
        pdf(&document, &Standing::Current).unwrap_or_else(|why| panic!("{why}"));
        return;
    }
    let own = std::env::current_exe().unwrap();
    let name = "scripts::a_folder_of_fonts_prints_what_the_embedded_ones_lack";
    let child = std::process::Command::new(own).args(["--exact", name]).env(CHILD, "1").output().unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}
