//! The fonts of everything that is printed, and which characters they have.
//!
//! Two families are in the binary: Latin and Chinese. Others, for scripts that these lack, are read once from
//! folders that [`also_from`] names before anything is printed.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};

use flate2::read::ZlibDecoder;
use serde_json::Value;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::certificate::CertificateDocument;

/// Fonts and where the typesetter looks them up.
pub(crate) struct Fonts {
    pub book: LazyHash<FontBook>,
    pub fonts: Vec<Font>,
}

static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Fonts in this folder and its folders are used where the embedded ones lack a character. Of no effect once
/// something was printed; a folder that is not there brings nothing.
pub fn also_from(folder: &Path) {
    if let Ok(mut folders) = FOLDERS.lock()
        && !folders.iter().any(|known| known == folder)
    {
        folders.push(folder.to_owned());
    }
}

/// The embedded fonts, inflated at first use and kept: about 22 MB, and only in a process that prints; then
/// those of the folders, in the order of their paths so that two runs print alike.
pub(crate) fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| {
        let packed: [&[u8]; 4] = [
            include_bytes!(concat!(env!("OUT_DIR"), "/latin-regular.z")),
            include_bytes!(concat!(env!("OUT_DIR"), "/latin-semibold.z")),
            include_bytes!(concat!(env!("OUT_DIR"), "/chinese-regular.z")),
            include_bytes!(concat!(env!("OUT_DIR"), "/chinese-semibold.z")),
        ];
        let embedded = packed.iter().map(|bytes| {
            let mut font = Vec::new();
            ZlibDecoder::new(*bytes).read_to_end(&mut font).expect("build.rs compressed this font");
            font
        });
        let folders = FOLDERS.lock().map(|folders| folders.clone()).unwrap_or_default();
        let mut files: Vec<PathBuf> = folders.iter().flat_map(|folder| font_files(folder, 0)).collect();
        files.dedup();
        let more = files.into_iter().filter_map(|file| std::fs::read(file).ok());
        let fonts: Vec<Font> = embedded
            .chain(more)
            .flat_map(|bytes| Font::iter(Bytes::new(bytes)).collect::<Vec<_>>())
            .collect();
        Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
    })
}

/// How deep folders of fonts are looked through.
const DEEP: usize = 4;

fn font_files(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    let is_font = |path: &Path| {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        ["ttf", "otf", "ttc", "otc"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    };
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() && depth < DEEP {
            found.extend(font_files(&path, depth + 1));
        } else if is_font(&path) {
            found.push(path);
        }
    }
    found
}

/// Whether a character can stand on paper. Private-use characters have no meaning that an archived PDF could
/// keep, U+FEFF and U+FFFE are not allowed there (ISO 19005-3:2012 6.2.11.7), and control characters have no
/// shape.
pub fn covers(character: char) -> bool {
    let code = u32::from(character);
    let barred = matches!(code, 0xE000..=0xF8FF | 0xFEFF | 0xFFFE..=0xFFFF | 0xF_0000..=0x10_FFFF);
    let (word, bit) = (code as usize / 64, code % 64);
    !barred && !character.is_control() && covered().get(word).is_some_and(|word| word >> bit & 1 == 1)
}

/// One bit for each code point that a font has.
fn covered() -> &'static [u64] {
    static COVERED: OnceLock<Vec<u64>> = OnceLock::new();
    COVERED.get_or_init(|| {
        let mut bits = vec![0; 0x11_0000 / 64];
        for code in fonts().fonts.iter().flat_map(|font| font.info().coverage.iter()) {
            if let Some(word) = bits.get_mut(code as usize / 64) {
                *word |= 1 << (code % 64);
            }
        }
        bits
    })
}

/// A character that no font has, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unprintable {
    /// The place in the certificate: `customer.address.zh`.
    pub field: String,
    /// The character.
    pub character: char,
}

impl Unprintable {
    /// `U+C11C`.
    pub fn code(&self) -> String {
        format!("U+{:04X}", u32::from(self.character))
    }
}

impl std::fmt::Display for Unprintable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}) in {}", self.character, self.code(), self.field)
    }
}

/// The characters of a certificate that no font has, each once a field, in the order of its fields.
pub fn unprintable(document: &CertificateDocument) -> Vec<Unprintable> {
    let mut found = Vec::new();
    let all = serde_json::to_value(document).unwrap_or_default();
    look("", &all, &mut found);
    found
}

fn look(field: &str, value: &Value, found: &mut Vec<Unprintable>) {
    match value {
        Value::String(text) => {
            let mut named = std::collections::BTreeSet::new();
            let missing = text.chars().filter(|one| !covers(*one) && named.insert(*one));
            found.extend(missing.map(|character| Unprintable { field: field.to_owned(), character }));
        }
        Value::Array(all) => {
            all.iter().zip(1..).for_each(|(one, n)| look(&format!("{field}[{n}]"), one, found));
        }
        Value::Object(members) => {
            for (name, one) in members {
                let dot = if field.is_empty() { "" } else { "." };
                look(&format!("{field}{dot}{name}"), one, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::sample;

    #[test]
    fn what_no_font_has_is_named_with_its_field() {
        let mut document = sample::manganese_sulphate();
        assert_eq!(unprintable(&document), []);
        document.customer.name.en = "Сибирь Ἀθῆναι カナ ㎎ ℃ ₂ ⁻³ 䶮 鿏 Łódź Đà Nẵng".into();
        assert_eq!(unprintable(&document), []);
        document.customer.name.zh = "서울 \u{e000}\u{7}".into();
        document.remarks = vec![crate::Names::new("fine", "好"), crate::Names::new("✅", "好")];
        let found: Vec<String> = unprintable(&document).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "서 (U+C11C) in customer.name.zh",
                "울 (U+C6B8) in customer.name.zh",
                "\u{e000} (U+E000) in customer.name.zh",
                "\u{7} (U+0007) in customer.name.zh",
                "✅ (U+2705) in remarks[2].en",
            ]
        );
    }
}
