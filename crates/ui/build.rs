//! Packs the browser's files into the binary: gzip once here, and a name that carries the content's hash,
//! so that a browser may keep a file for ever and still gets the new one at once.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};

/// (constant, stem, extension, content type, path from the crate's folder)
const FILES: &[(&str, &str, &str, &str, &str)] = &[
    ("APP_CSS", "app", "css", "text/css; charset=utf-8", "assets/app.css"),
    ("APP_JS", "app", "js", "text/javascript; charset=utf-8", "assets/app.js"),
    ("CHARTS_JS", "charts", "js", "text/javascript; charset=utf-8", "assets/charts.js"),
    ("ICON_SVG", "icon", "svg", "image/svg+xml", "assets/icon.svg"),
    (
        "ECHARTS_JS",
        "echarts",
        "js",
        "text/javascript; charset=utf-8",
        "../../web/node_modules/echarts/dist/echarts.min.js",
    ),
    (
        "HTMX_JS",
        "htmx",
        "js",
        "text/javascript; charset=utf-8",
        "../../web/node_modules/htmx.org/dist/htmx.min.js",
    ),
];

fn main() {
    let crate_dir = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    let mut source = String::new();
    let mut list = String::new();
    for (constant, stem, extension, content_type, path) in FILES {
        let bytes = read(&crate_dir.join(path));
        let hash: String = Sha256::digest(&bytes).iter().take(8).fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        let packed = out.join(format!("{stem}.{extension}.gz"));
        fs::write(&packed, gzip(&bytes)).expect("OUT_DIR can be written");
        let url = format!("/assets/{stem}.{hash}.{extension}");
        let _ =
            writeln!(source, "/// Address of `{stem}.{extension}`.\npub const {constant}: &str = {url:?};");
        let _ = writeln!(
            list,
            "    Asset {{ path: {constant}, gzipped: include_bytes!({packed:?}), \
             content_type: {content_type:?}, etag: {:?} }},",
            format!("\"{hash}\"")
        );
    }
    let _ =
        writeln!(source, "/// Every file the browser may ask for.\npub static ALL: &[Asset] = &[\n{list}];");
    fs::write(out.join("assets.rs"), source).expect("OUT_DIR can be written");
}

fn read(path: &Path) -> Vec<u8> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read(path).unwrap_or_else(|error| {
        panic!(
            "cannot read {}: {error}; run `cargo xtask setup` (it fetches web/node_modules)",
            path.display()
        )
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    packer.write_all(bytes).expect("writing to memory cannot fail");
    packer.finish().expect("writing to memory cannot fail")
}
