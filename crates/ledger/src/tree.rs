//! The Merkle tree of RFC 6962 §2.1 (the same in RFC 9162 §2.1): roots, inclusion proofs and
//! consistency proofs.
//!
//! A writer needs only a [`Tree`], the roots of the complete subtrees (one per set bit of the
//! size). Proofs read inner nodes through [`HashReader`], addressed by *stored hash index*
//! (`tlog_tiles::stored_hash_index`): the order in which appending completes them. [`Memory`] keeps
//! them all; [`crate::TileFiles`] reads them from published tiles.

use tlog_tiles::{Error, Hash};
pub use tlog_tiles::{HashReader, split_stored_hash_index, stored_hash_index};

use crate::digest::{Digest, node_hash};

/// Why a proof cannot be made or does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    #[error("entry {index} is not in a tree of {size} entries")]
    NotInTree { index: u64, size: u64 },
    #[error("a tree of {new} entries cannot extend a tree of {old} entries")]
    Shrunk { old: u64, new: u64 },
    #[error("the inclusion proof does not lead from entry {index} to the root of {size} entries")]
    WrongInclusion { index: u64, size: u64 },
    #[error("the consistency proof does not lead from the root of {old} entries to the root of {new}")]
    WrongConsistency { old: u64, new: u64 },
    #[error("cannot read the tree's hashes: {0}")]
    Read(String),
}

impl From<Error> for TreeError {
    fn from(error: Error) -> Self {
        Self::Read(error.to_string())
    }
}

/// A growing tree reduced to its frontier: O(log n) memory, O(1) amortised hashes per append.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the complete subtrees, largest first.
    frontier: Vec<Digest>,
}

impl Tree {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn from_leaves(leaves: impl IntoIterator<Item = Digest>) -> Self {
        let mut tree = Self::new();
        leaves.into_iter().for_each(|leaf| tree.append(leaf));
        tree
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn append(&mut self, leaf: Digest) {
        self.append_with(leaf, |_| ());
    }

    /// Appends a leaf and gives `store` the nodes this completes, in stored hash order: the leaf,
    /// then its ancestors.
    pub fn append_with(&mut self, leaf: Digest, mut store: impl FnMut(Digest)) {
        store(leaf);
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            let left = self.frontier.pop().expect("a subtree stands for each set bit of the size");
            node = node_hash(&left, &node);
            store(node);
        }
        self.frontier.push(node);
        self.size += 1;
    }

    /// The root; for an empty tree [`Digest::EMPTY_ROOT`].
    pub fn root(&self) -> Digest {
        let mut subtrees = self.frontier.iter().rev().copied();
        let Some(smallest) = subtrees.next() else { return Digest::EMPTY_ROOT };
        subtrees.fold(smallest, |right, left| node_hash(&left, &right))
    }
}

/// All nodes of a tree in memory, 64 bytes an entry: for small logs, dossiers and tests.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    tree: Tree,
    stored: Vec<Digest>,
}

impl Memory {
    pub fn from_leaves(leaves: impl IntoIterator<Item = Digest>) -> Self {
        let mut memory = Self::default();
        leaves.into_iter().for_each(|leaf| memory.append(leaf));
        memory
    }

    pub fn append(&mut self, leaf: Digest) {
        self.tree.append_with(leaf, |node| self.stored.push(node));
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }
}

impl HashReader for Memory {
    fn read_hashes(&self, places: &[u64]) -> Result<Vec<Hash>, Error> {
        read_from(&self.stored, places)
    }
}

/// Any function from stored hash index to node as a [`HashReader`].
pub struct ReadWith<F>(pub F);

impl<F: Fn(u64) -> Option<Digest>> HashReader for ReadWith<F> {
    fn read_hashes(&self, places: &[u64]) -> Result<Vec<Hash>, Error> {
        places.iter().map(|&place| (self.0)(place).map(Hash::from).ok_or(Error::IndexesNotInTree)).collect()
    }
}

fn read_from(stored: &[Digest], places: &[u64]) -> Result<Vec<Hash>, Error> {
    let node = |&place: &u64| {
        let place = usize::try_from(place).ok();
        place.and_then(|place| stored.get(place)).map(|&node| node.into()).ok_or(Error::IndexesNotInTree)
    };
    places.iter().map(node).collect()
}

/// The audit path of entry `index` in the tree of `size` entries, from the leaf's sibling up (RFC
/// 6962 §2.1.1).
pub fn prove_inclusion<R: HashReader>(size: u64, index: u64, reader: &R) -> Result<Vec<Digest>, TreeError> {
    if index >= size {
        return Err(TreeError::NotInTree { index, size });
    }
    let path = tlog_tiles::prove_record(size, index, reader)?;
    Ok(path.into_iter().map(Digest::from).collect())
}

/// Checks that `leaf` is entry `index` of the tree of `size` entries with this `root`.
pub fn verify_inclusion(
    path: &[Digest],
    size: u64,
    root: Digest,
    index: u64,
    leaf: Digest,
) -> Result<(), TreeError> {
    if index >= size {
        return Err(TreeError::NotInTree { index, size });
    }
    let path = path.iter().map(|&node| node.into()).collect();
    tlog_tiles::check_record(&path, size, root.into(), index, leaf.into())
        .map_err(|_| TreeError::WrongInclusion { index, size })
}

/// The proof that the tree of `new` entries begins with the tree of `old` (RFC 6962 §2.1.2). Empty
/// if `old` is 0.
pub fn prove_consistency<R: HashReader>(old: u64, new: u64, reader: &R) -> Result<Vec<Digest>, TreeError> {
    if old > new {
        return Err(TreeError::Shrunk { old, new });
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    let proof = tlog_tiles::prove_tree(new, old, reader)?;
    Ok(proof.into_iter().map(Digest::from).collect())
}

/// Checks that the tree of `new` entries extends the tree of `old`; each is a size with its root.
pub fn verify_consistency(proof: &[Digest], old: (u64, Digest), new: (u64, Digest)) -> Result<(), TreeError> {
    if old.0 > new.0 {
        return Err(TreeError::Shrunk { old: old.0, new: new.0 });
    }
    let holds = if old.0 == 0 {
        proof.is_empty() && old.1 == Digest::EMPTY_ROOT && (new.0 > 0 || new.1 == old.1)
    } else {
        let proof = proof.iter().map(|&node| node.into()).collect();
        tlog_tiles::check_tree(&proof, new.0, new.1.into(), old.0, old.1.into()).is_ok()
    };
    if holds { Ok(()) } else { Err(TreeError::WrongConsistency { old: old.0, new: new.0 }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::leaf_hash;
    use proptest::prelude::*;

    fn leaves(count: u64) -> Vec<Digest> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    /// MTH of RFC 6962 §2.1, word for word.
    fn merkle_tree_hash(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Digest::EMPTY_ROOT,
            [leaf] => *leaf,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node_hash(&merkle_tree_hash(&leaves[..split]), &merkle_tree_hash(&leaves[split..]))
            }
        }
    }

    /// Inputs and roots of the Certificate Transparency reference tests (google/certificate-transparency).
    #[test]
    fn roots_of_the_reference_tests() {
        let inputs = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut memory = Memory::default();
        for (input, root) in inputs.iter().zip(roots) {
            memory.append(leaf_hash(&hex::decode(input).unwrap()));
            assert_eq!(memory.tree().root().to_hex(), root, "after {} leaves", memory.tree().size());
        }
        // The audit path of the sixth leaf of eight in the same tests.
        let path = prove_inclusion(8, 5, &memory).unwrap();
        let published = [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ];
        assert_eq!(path.iter().map(Digest::to_hex).collect::<Vec<_>>(), published);
    }

    #[test]
    fn every_proof_holds_and_every_neighbour_fails() {
        let leaves = leaves(70);
        let memory = Memory::from_leaves(leaves.iter().copied());
        for size in 0..=70_u64 {
            let root = merkle_tree_hash(&leaves[..size as usize]);
            assert_eq!(Tree::from_leaves(leaves[..size as usize].iter().copied()).root(), root);
            for index in 0..size {
                let path = prove_inclusion(size, index, &memory).unwrap();
                let leaf = leaves[index as usize];
                assert_eq!(verify_inclusion(&path, size, root, index, leaf), Ok(()));
                assert!(verify_inclusion(&path, size, root, (index + 1) % size, leaf).is_err() || size == 1);
            }
            for old in 0..=size {
                let proof = prove_consistency(old, size, &memory).unwrap();
                let old = (old, merkle_tree_hash(&leaves[..old as usize]));
                assert_eq!(verify_consistency(&proof, old, (size, root)), Ok(()));
            }
        }
    }

    #[test]
    fn what_is_not_in_the_tree_is_refused() {
        let memory = Memory::from_leaves(leaves(4));
        assert_eq!(prove_inclusion(4, 4, &memory), Err(TreeError::NotInTree { index: 4, size: 4 }));
        assert!(matches!(prove_inclusion(9, 2, &memory), Err(TreeError::Read(_))));
        assert_eq!(prove_consistency(5, 4, &memory), Err(TreeError::Shrunk { old: 5, new: 4 }));
        let empty = (0, Digest::EMPTY_ROOT);
        assert!(verify_consistency(&[], (0, memory.tree().root()), empty).is_err());
        assert!(verify_consistency(&[], empty, (0, memory.tree().root())).is_err());
        let nothing = ReadWith(|_| None);
        assert!(matches!(prove_inclusion(4, 1, &nothing), Err(TreeError::Read(_))));
    }

    proptest! {
        #[test]
        fn any_flipped_bit_fails(
            size in 1..600_u64,
            at in any::<prop::sample::Index>(),
            bit in 0..256_usize,
        ) {
            let leaves = leaves(size);
            let memory = Memory::from_leaves(leaves.iter().copied());
            let (root, index) = (memory.tree().root(), at.index(size as usize) as u64);
            let leaf = leaves[index as usize];
            let flip = |digest: Digest| {
                let mut bytes = *digest.as_bytes();
                bytes[bit / 8] ^= 1 << (bit % 8);
                Digest::from_bytes(bytes)
            };
            let path = prove_inclusion(size, index, &memory).unwrap();
            prop_assert!(verify_inclusion(&path, size, root, index, leaf).is_ok());
            prop_assert!(verify_inclusion(&path, size, flip(root), index, leaf).is_err());
            prop_assert!(verify_inclusion(&path, size, root, index, flip(leaf)).is_err());
            for place in 0..path.len() {
                let mut wrong = path.clone();
                wrong[place] = flip(wrong[place]);
                prop_assert!(verify_inclusion(&wrong, size, root, index, leaf).is_err());
            }
            let old = (index + 1, Tree::from_leaves(leaves[..=index as usize].iter().copied()).root());
            let proof = prove_consistency(old.0, size, &memory).unwrap();
            prop_assert!(verify_consistency(&proof, old, (size, root)).is_ok());
            prop_assert!(verify_consistency(&proof, (old.0, flip(old.1)), (size, root)).is_err());
            prop_assert!(verify_consistency(&proof, old, (size, flip(root))).is_err());
            for place in 0..proof.len() {
                let mut wrong = proof.clone();
                wrong[place] = flip(wrong[place]);
                prop_assert!(verify_consistency(&wrong, old, (size, root)).is_err());
            }
        }
    }
}
