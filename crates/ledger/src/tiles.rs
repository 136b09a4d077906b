//! The log as files: C2SP tlog-tiles, which any static server can publish and which outlive this program.
//!
//! `tile/<L>/<N>[.p/<W>]` holds 256 (or W) hashes of level 8·L; `tile/entries/<N>[.p/<W>]` holds
//! the canonical records themselves, each after its length as two big-endian bytes. A full tile
//! never changes. Partial tiles may be deleted once the full one exists, so readers fall back from
//! the partial path to the full one.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use tlog_tiles::{Error, Hash, HashReader, Tile, stored_hash_count, stored_hash_index, sub_tree_index};

use crate::digest::{Digest, node_hash};
use crate::record::MAX_RECORD_BYTES;
use crate::tree::TreeError;

/// Tiles of 2⁸ hashes, as tlog-tiles fixes it.
const HEIGHT: u8 = 8;
const WIDTH: u64 = 1 << HEIGHT;

/// A file to write, its path relative to the log's folder or URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileFile {
    pub path: String,
    pub bytes: Vec<u8>,
}

/// What is wrong with the tiles.
#[derive(Debug, thiserror::Error)]
pub enum TileError {
    #[error("{path} is missing")]
    Missing { path: String },
    #[error("{path} does not hold the {width} entries that its name says")]
    Malformed { path: String, width: u32 },
    #[error("entry {seq} has {bytes} bytes; an entry bundle holds at most {MAX_RECORD_BYTES}")]
    EntryTooLong { seq: u64, bytes: usize },
    #[error("cannot read entry {seq}: {why}")]
    Entry { seq: u64, why: String },
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// The hash tiles to write when the log grows from `old` to `new` entries; `reader` must hold the
/// tree of `new`.
pub fn hash_tiles<R: HashReader>(old: u64, new: u64, reader: &R) -> Result<Vec<TileFile>, TileError> {
    let file = |tile: Tile| {
        let bytes = tile.read_data(reader).map_err(TreeError::from)?;
        Ok(TileFile { path: path(&tile), bytes })
    };
    Tile::new_tiles(HEIGHT, old, new).into_iter().map(file).collect()
}

/// The entry bundles to write when the log grows from `old` to `new` entries. `record` gives the
/// canonical bytes of an entry; it is asked from the start of the bundle in which `old` lies. To
/// bound memory, grow in steps.
pub fn entry_tiles<E: std::fmt::Display>(
    old: u64,
    new: u64,
    mut record: impl FnMut(u64) -> Result<Vec<u8>, E>,
) -> Result<Vec<TileFile>, TileError> {
    let mut files = Vec::new();
    for mut tile in Tile::new_tiles(HEIGHT, old, new).into_iter().filter(|tile| tile.level() == 0) {
        let mut bytes = Vec::new();
        let first = tile.level_index() * WIDTH;
        for seq in first..first + u64::from(tile.width()) {
            let entry = record(seq).map_err(|why| TileError::Entry { seq, why: why.to_string() })?;
            let length = u16::try_from(entry.len())
                .map_err(|_| TileError::EntryTooLong { seq, bytes: entry.len() })?;
            bytes.extend(length.to_be_bytes());
            bytes.extend(entry);
        }
        tile.set_is_data();
        files.push(TileFile { path: path(&tile), bytes });
    }
    Ok(files)
}

/// The tiles of a log of known size and root, read through a function from path to bytes.
///
/// As a [`HashReader`] it checks each tile against the root before any hash is used, so proofs made
/// from foreign or damaged files fail here rather than at the reader of the proof.
pub struct TileFiles<F> {
    size: u64,
    root: Digest,
    read: F,
}

impl<F: Fn(&str) -> Option<Vec<u8>>> TileFiles<F> {
    pub fn new(size: u64, root: Digest, read: F) -> Self {
        Self { size, root, read }
    }
}

impl<F: Fn(&str) -> Option<Vec<u8>>> HashReader for TileFiles<F> {
    fn read_hashes(&self, places: &[u64]) -> Result<Vec<Hash>, Error> {
        if places.iter().any(|&place| place >= stored_hash_count(self.size)) {
            return Err(Error::IndexesNotInTree);
        }
        let mut proved = Proved { files: self, tiles: self.right_edge()? };
        places.iter().map(|&place| proved.hash(place)).collect()
    }
}

type TileData = BTreeMap<(u8, u64), Vec<u8>>;

impl<F: Fn(&str) -> Option<Vec<u8>>> TileFiles<F> {
    fn read_tile(&self, tile: &Tile) -> Result<Vec<u8>, Error> {
        read_tile(&self.read, tile).map_err(|e| Error::InvalidInput(e.to_string()))
    }

    /// The tile that holds a node of this tree, as wide as the tree allows.
    fn tile_of(&self, place: u64) -> Result<Tile, Error> {
        Tile::from_index(HEIGHT, place).parent(0, self.size).ok_or(Error::IndexesNotInTree)
    }

    /// The tiles whose hashes make up the root, proved by it.
    fn right_edge(&self) -> Result<TileData, Error> {
        let mut tiles = TileData::new();
        let mut subtrees = Vec::new();
        for place in sub_tree_index(0, self.size, Vec::new()) {
            let tile = self.tile_of(place)?;
            if let Entry::Vacant(empty) = tiles.entry((tile.level(), tile.level_index())) {
                empty.insert(self.read_tile(&tile)?);
            }
            let data = &tiles[&(tile.level(), tile.level_index())];
            subtrees.push(Digest::from(tile.hash_at_index(data, place)?));
        }
        let root = subtrees.into_iter().rev().reduce(|right, left| node_hash(&left, &right));
        if root.unwrap_or(Digest::EMPTY_ROOT) == self.root { Ok(tiles) } else { Err(Error::InconsistentTile) }
    }
}

/// Tiles already traced to the root. (`tlog_tiles::TileHashReader` 0.2.0 would do, but it leaves
/// tiles unchecked when several subtrees of the right edge share a tile; the test of damaged files
/// shows it.)
struct Proved<'a, F> {
    files: &'a TileFiles<F>,
    tiles: TileData,
}

impl<F: Fn(&str) -> Option<Vec<u8>>> Proved<'_, F> {
    fn hash(&mut self, place: u64) -> Result<Hash, Error> {
        let tile = self.files.tile_of(place)?;
        self.prove(&tile)?;
        tile.hash_at_index(&self.tiles[&(tile.level(), tile.level_index())], place)
    }

    /// A full tile is proved by its hash in the tile above it; the others are on the right edge.
    fn prove(&mut self, tile: &Tile) -> Result<(), Error> {
        let key = (tile.level(), tile.level_index());
        if self.tiles.contains_key(&key) {
            return Ok(());
        }
        let data = self.files.read_tile(tile)?;
        let wanted = self.hash(stored_hash_index(HEIGHT * (tile.level() + 1), tile.level_index()))?;
        if u64::from(tile.width()) != WIDTH || Tile::subtree_hash(&data) != wanted {
            return Err(Error::InvalidInput(format!("{} does not lead to the root", path(tile))));
        }
        self.tiles.insert(key, data);
        Ok(())
    }
}

/// The leaf hashes in the level-0 tiles of a log of `size` entries. They are not checked against a
/// root: they serve to name the first entry that differs.
pub fn read_leaves<F>(size: u64, read: F) -> impl Iterator<Item = Result<Digest, TileError>>
where
    F: Fn(&str) -> Option<Vec<u8>>,
{
    let hashes = move |tile: Tile| {
        let bytes = read_tile(&read, &tile)?;
        let (hashes, _) = bytes.as_chunks::<32>();
        Ok(hashes.iter().copied().map(Digest::from_bytes).collect())
    };
    level_zero(size).flat_map(move |tile| one_by_one(hashes(tile)))
}

/// The canonical records in the entry bundles of a log of `size` entries, in order.
pub fn read_entries<F>(size: u64, read: F) -> impl Iterator<Item = Result<Vec<u8>, TileError>>
where
    F: Fn(&str) -> Option<Vec<u8>>,
{
    level_zero(size).flat_map(move |mut tile| {
        tile.set_is_data();
        one_by_one(read_bundle(&read, &tile))
    })
}

fn level_zero(size: u64) -> impl Iterator<Item = Tile> {
    (0..size.div_ceil(WIDTH)).map(move |n| {
        let width = u32::try_from(WIDTH.min(size - n * WIDTH)).expect("at most 256");
        Tile::new(HEIGHT, 0, n, width, false)
    })
}

fn one_by_one<T>(tile: Result<Vec<T>, TileError>) -> impl Iterator<Item = Result<T, TileError>> {
    let (items, error) = match tile {
        Ok(items) => (items, None),
        Err(error) => (Vec::new(), Some(Err(error))),
    };
    items.into_iter().map(Ok).chain(error)
}

fn read_bundle(read: &impl Fn(&str) -> Option<Vec<u8>>, tile: &Tile) -> Result<Vec<Vec<u8>>, TileError> {
    let malformed = || TileError::Malformed { path: path(tile), width: tile.width() };
    let (bytes, exact) = read_either(read, tile)?;
    let mut rest = bytes.as_slice();
    let mut entries = Vec::new();
    for _ in 0..tile.width() {
        let (length, after) = rest.split_first_chunk::<2>().ok_or_else(malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or_else(malformed)?;
        entries.push(entry.to_vec());
        rest = after;
    }
    if exact && !rest.is_empty() { Err(malformed()) } else { Ok(entries) }
}

/// The hash tile's bytes, cut to its width.
fn read_tile(read: &impl Fn(&str) -> Option<Vec<u8>>, tile: &Tile) -> Result<Vec<u8>, TileError> {
    let (mut bytes, exact) = read_either(read, tile)?;
    let length = tile.width() as usize * 32;
    if bytes.len() < length || (exact && bytes.len() > length) {
        return Err(TileError::Malformed { path: path(tile), width: tile.width() });
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// The bytes at the tile's own path (then `true`) or else at that of the full tile.
fn read_either(read: &impl Fn(&str) -> Option<Vec<u8>>, tile: &Tile) -> Result<(Vec<u8>, bool), TileError> {
    let own = path(tile);
    if let Some(bytes) = read(&own) {
        return Ok((bytes, true));
    }
    let full = Tile::new(HEIGHT, tile.level(), tile.level_index(), 1 << HEIGHT, tile.is_data());
    read(&path(&full)).map(|bytes| (bytes, false)).ok_or(TileError::Missing { path: own })
}

/// tlog-tiles drops the height, always 8, from the path and calls data tiles entries.
fn path(tile: &Tile) -> String {
    let path = tile.path();
    let rest = path.strip_prefix("tile/8/").expect("all tiles here are of height 8");
    match rest.strip_prefix("data/") {
        Some(rest) => format!("tile/entries/{rest}"),
        None => format!("tile/{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::leaf_hash;
    use crate::tree::{Memory, prove_consistency, prove_inclusion};
    use std::collections::BTreeMap;

    fn entry(seq: u64) -> Vec<u8> {
        format!("entry {seq}").into_bytes()
    }

    /// Writes the log in steps, each the tiles that are new.
    fn publish(steps: &[u64]) -> (BTreeMap<String, Vec<u8>>, Digest) {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let (mut size, mut memory) = (0, Memory::from_leaves([]));
        for &new in steps {
            (size..new).for_each(|seq| memory.append(leaf_hash(&entry(seq))));
            let mut written = hash_tiles(size, new, &memory).unwrap();
            written.extend(entry_tiles(size, new, |seq| Ok::<_, String>(entry(seq))).unwrap());
            size = new;
            files.extend(written.into_iter().map(|file| (file.path, file.bytes)));
        }
        (files, memory.tree().root())
    }

    #[test]
    fn paths_and_bundles_are_those_of_tlog_tiles() {
        let paths = [
            (Tile::new(8, 0, 0, 256, false), "tile/0/000"),
            (Tile::new(8, 1, 5, 7, false), "tile/1/005.p/7"),
            (Tile::new(8, 0, 1_234_067, 256, false), "tile/0/x001/x234/067"),
            (Tile::new(8, 0, 1_234_067, 3, true), "tile/entries/x001/x234/067.p/3"),
        ];
        paths.iter().for_each(|(tile, want)| assert_eq!(path(tile), *want));
        let (files, root) = publish(&[2]);
        assert_eq!(files.keys().collect::<Vec<_>>(), ["tile/0/000.p/2", "tile/entries/000.p/2"]);
        assert_eq!(files["tile/entries/000.p/2"], b"\0\x07entry 0\0\x07entry 1");
        assert_eq!(Memory::from_leaves([leaf_hash(b"entry 0"), leaf_hash(b"entry 1")]).tree().root(), root);
    }

    #[test]
    fn proofs_from_files_equal_proofs_from_memory() {
        let size = 256 * 256 + 300;
        let (mut files, root) = publish(&[1, 200, 256, 257, 1000, 65_536, size]);
        assert!(files.contains_key("tile/2/000.p/1") && files.contains_key("tile/1/001.p/1"));
        // Once full tiles exist, partial ones are superfluous.
        files.retain(|path, _| !path.starts_with("tile/0/000.p") && !path.starts_with("tile/entries/000.p"));
        let read = |path: &str| files.get(path).cloned();
        let memory = Memory::from_leaves((0..size).map(|seq| leaf_hash(&entry(seq))));
        assert_eq!(memory.tree().root(), root);
        let tiles = TileFiles::new(size, root, read);
        for index in [0, 1, 255, 256, 40_000, 65_535, 65_536, size - 1] {
            let path = prove_inclusion(size, index, &tiles).unwrap();
            assert_eq!(path, prove_inclusion(size, index, &memory).unwrap());
            let old = index + 1;
            let proof = prove_consistency(old, size, &tiles).unwrap();
            assert_eq!(proof, prove_consistency(old, size, &memory).unwrap());
        }
        for size in [0, 5, 256, 1000, size] {
            let entries: Vec<_> = read_entries(size, read).collect::<Result<_, _>>().unwrap();
            assert_eq!(entries, (0..size).map(entry).collect::<Vec<_>>());
            let leaves = read_leaves(size, read).collect::<Result<Vec<_>, _>>().unwrap();
            assert!(leaves.iter().zip(&entries).all(|(leaf, entry)| *leaf == leaf_hash(entry)));
            assert_eq!(leaves.len(), entries.len());
        }
    }

    #[test]
    fn damaged_or_missing_files_are_named() {
        let (files, root) = publish(&[600]);
        let damaged = |path: &str| {
            let mut bytes = files.get(path).cloned()?;
            if path == "tile/0/001" || path == "tile/entries/001" {
                bytes[1] ^= 1;
            }
            Some(bytes)
        };
        let error = prove_inclusion(600, 300, &TileFiles::new(600, root, damaged)).unwrap_err();
        assert!(error.to_string().ends_with("tile/0/001 does not lead to the root"), "{error}");
        let foreign = TileFiles::new(600, leaf_hash(b"other"), |path: &str| files.get(path).cloned());
        assert!(prove_inclusion(600, 3, &foreign).is_err());
        let sound = TileFiles::new(600, root, |path: &str| files.get(path).cloned());
        assert!(prove_inclusion(601, 3, &sound).is_err());
        assert!(prove_inclusion(600, 3, &TileFiles::new(600, root, damaged)).is_ok());
        let error = read_entries(600, damaged).find_map(Result::err).unwrap();
        assert_eq!(error.to_string(), "tile/entries/001 does not hold the 256 entries that its name says");
        let error = read_leaves(600, |_: &str| None).find_map(Result::err).unwrap();
        assert_eq!(error.to_string(), "tile/0/000 is missing");
        let error = entry_tiles(0, 1, |_| Ok::<_, String>(vec![0; 65_536])).unwrap_err();
        assert_eq!(error.to_string(), "entry 0 has 65536 bytes; an entry bundle holds at most 65535");
    }
}
