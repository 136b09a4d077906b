//! Compresses the fonts that every certificate and label embeds, so that the one binary carries them.
//!
//! Noto Sans SC (Chinese) and Source Sans 3 (Latin, tabular figures), both under OFL-1.1, come from npm
//! packages that `cargo xtask setup` installs in `web/`; nothing is fetched here.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::{Compression, write::ZlibEncoder};

const FONTS: [(&str, &str); 4] = [
    ("latin-regular.z", "source-sans-3/400Regular/SourceSans3_400Regular.ttf"),
    ("latin-semibold.z", "source-sans-3/600SemiBold/SourceSans3_600SemiBold.ttf"),
    ("chinese-regular.z", "noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"),
    ("chinese-semibold.z", "noto-sans-sc/600SemiBold/NotoSansSC_600SemiBold.ttf"),
];

fn main() {
    let packages = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("../../web/node_modules/@expo-google-fonts");
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    println!("cargo:rerun-if-changed=build.rs");
    for (name, source) in FONTS {
        let path = packages.join(source);
        println!("cargo:rerun-if-changed={}", path.display());
        let bytes = fs::read(&path).unwrap_or_else(|error| {
            panic!("the font {} is missing ({error}): run `cargo xtask setup`", path.display())
        });
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(&bytes).expect("writing to memory");
        let packed = encoder.finish().expect("writing to memory");
        fs::write(Path::new(&out).join(name), packed).expect("OUT_DIR is writable");
    }
}
