//! The browser's files, embedded and already gzipped by `build.rs`. An address carries the content's hash,
//! so the server answers with [`CACHE_CONTROL`] and the browser never asks twice.

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Full address, `/assets/app.<hash>.css`.
    pub path: &'static str,
    /// The body; send it with `Content-Encoding: gzip`.
    pub gzipped: &'static [u8],
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The value of `ETag`, quotes included.
    pub etag: &'static str,
}

/// The value of `Cache-Control` for every asset: one year, never revalidated.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// The `Content-Security-Policy` every page is written for: no inline script or style, nothing from
/// elsewhere.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at a full address, or none when the address is not (or no longer) ours.
pub fn find(path: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.path == path)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn every_asset_unpacks_and_is_found_only_by_its_full_address() {
        for asset in ALL {
            let mut text = String::new();
            flate2::read::GzDecoder::new(asset.gzipped).read_to_string(&mut text).unwrap();
            assert!(text.len() > 200, "{} is too small to be the real file", asset.path);
            assert_eq!(find(asset.path).unwrap().etag, asset.etag);
        }
        assert!(find("/assets/app.css").is_none());
        assert!(find("").is_none());
    }
}
