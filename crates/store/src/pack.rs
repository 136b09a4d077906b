//! Derivation edges as they are stored: all edges of one command in one row, by the entries that drew them.
//!
//! Version 1 of the form, kept for ever: a byte 1; how many kinds, and each kind's word with its length; then
//! the edges. An edge is its entry's distance from the edge before (the first: from the row's `seq`), a head
//! of role × 4 + 1 if a mass follows + 2 if a share follows, the two kinds by their place in the list, the
//! step from the target before (the first: from 0) to its own target, the step from there to its source, then
//! mass (kg dry) and share as IEEE 754 doubles, little-endian. Whole numbers are LEB128; steps are zigzag. A
//! reading of an import costs some twenty bytes, where four rows cost two hundred.

use kernel::{Edge, EdgeRole, Kind, Ref};

use crate::StoreError;

const VERSION: u8 = 1;

/// An edge and the ledger entry that drew it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Drawn {
    pub seq: u64,
    pub edge: Edge,
}

/// The stored form of edges, in the order of their entries, the first of which is `first`.
///
/// # Errors
/// A mass that is negative or no number, a share outside 0 to 1.
pub(crate) fn pack(first: u64, edges: &[Drawn]) -> Result<Vec<u8>, StoreError> {
    let mut kinds: Vec<Kind> = Vec::new();
    let mut body = Vec::with_capacity(edges.len() * 12);
    let (mut seq, mut target) = (first, 0);
    for Drawn { seq: drawn, edge } in edges {
        check(edge)?;
        let mut place = |kind: Kind| {
            kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                kinds.push(kind);
                kinds.len() - 1
            }) as u64
        };
        let head = u64::from(edge.role.code()) * 4
            + u64::from(edge.mass_kg_dry.is_some())
            + 2 * u64::from(edge.share.is_some());
        let (from, to) = (place(edge.from.kind), place(edge.to.kind));
        for number in [
            drawn.wrapping_sub(seq),
            head,
            from,
            to,
            zigzag(target, edge.to.number),
            zigzag(edge.to.number, edge.from.number),
        ] {
            put(&mut body, number);
        }
        for amount in [edge.mass_kg_dry, edge.share].into_iter().flatten() {
            body.extend(amount.to_le_bytes());
        }
        (seq, target) = (*drawn, edge.to.number);
    }
    let mut out = vec![VERSION];
    put(&mut out, kinds.len() as u64);
    for kind in kinds {
        put(&mut out, kind.word().len() as u64);
        out.extend(kind.word().as_bytes());
    }
    out.append(&mut body);
    Ok(out)
}

fn check(edge: &Edge) -> Result<(), StoreError> {
    let sound = |value: Option<f64>, most: f64| value.is_none_or(|v| (0.0..=most).contains(&v));
    if sound(edge.mass_kg_dry, f64::MAX) && sound(edge.share, 1.0) {
        return Ok(());
    }
    let what = format!("the edge from {} to {}", edge.from, edge.to);
    Err(StoreError::stored(what, "its mass is negative or its share is outside 0 to 1"))
}

/// Reads a stored row back.
///
/// # Errors
/// Anything that [`pack`] does not write.
pub(crate) fn unpack(first: u64, bytes: &[u8]) -> Result<Vec<Drawn>, StoreError> {
    let wrong =
        || StoreError::stored(format!("the edges of entry {first}"), "they are not in the stored form");
    let mut left = Reader(bytes);
    let edges = left.header().and_then(|kinds| left.edges(first, &kinds)).ok_or_else(wrong)?;
    edges.iter().try_for_each(|drawn| check(&drawn.edge))?;
    Ok(edges)
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn header(&mut self) -> Option<Vec<Kind>> {
        if self.byte()? != VERSION {
            return None;
        }
        let many = self.number()?;
        (0..many).map(|_| self.kind()).collect()
    }

    fn kind(&mut self) -> Option<Kind> {
        let long = usize::try_from(self.number()?).ok()?;
        let (word, rest) = self.0.split_at_checked(long)?;
        self.0 = rest;
        Kind::from_word(std::str::from_utf8(word).ok()?)
    }

    fn edges(&mut self, first: u64, kinds: &[Kind]) -> Option<Vec<Drawn>> {
        let (mut seq, mut target) = (first, 0_u64);
        let mut edges = Vec::with_capacity(self.0.len() / 8);
        while !self.0.is_empty() {
            seq = seq.checked_add(self.number()?)?;
            let head = self.number()?;
            let role = EdgeRole::from_code(u16::try_from(head / 4).ok()?)?;
            let from = *kinds.get(usize::try_from(self.number()?).ok()?)?;
            let to = *kinds.get(usize::try_from(self.number()?).ok()?)?;
            target = unzigzag(target, self.number()?);
            let source = unzigzag(target, self.number()?);
            let mass_kg_dry = if head & 1 == 1 { Some(self.real()?) } else { None };
            let share = if head & 2 == 2 { Some(self.real()?) } else { None };
            let (from, to) = (Ref { kind: from, number: source }, Ref { kind: to, number: target });
            edges.push(Drawn { seq, edge: Edge { from, to, role, mass_kg_dry, share } });
        }
        Some(edges)
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn real(&mut self) -> Option<f64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(f64::from_le_bytes(*bytes))
    }
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The step from one number to another, small either way.
fn zigzag(from: u64, to: u64) -> u64 {
    let step = to.wrapping_sub(from).cast_signed();
    ((step << 1) ^ (step >> 63)).cast_unsigned()
}

fn unzigzag(from: u64, step: u64) -> u64 {
    from.wrapping_add((step >> 1) ^ (step & 1).wrapping_neg())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{ImportId, LotId, ReadingId, ResultId};

    fn drawn(seq: u64, edge: Edge) -> Drawn {
        Drawn { seq, edge }
    }

    fn sample() -> Vec<Drawn> {
        vec![
            drawn(7, Edge::new(ReadingId(301), ResultId(302), EdgeRole::Evidence)),
            drawn(7, Edge::new(ImportId(12), ReadingId(301), EdgeRole::ReadFrom)),
            drawn(9, Edge::flow(LotId(u64::MAX), LotId(0), 12.5, 0.25)),
            drawn(300, Edge { share: None, ..Edge::flow(LotId(0), LotId(u64::MAX), 0.0, 0.0) }),
        ]
    }

    #[test]
    fn the_stored_form_is_fixed_for_ever() {
        let packed = pack(7, &sample()).unwrap();
        let golden = concat!(
            "01",
            "04",
            "0772656164696e67",
            "06726573756c74",
            "06696d706f7274",
            "036c6f74", // the kinds
            "00",
            "10",
            "00",
            "01",
            "dc04",
            "01", // reading-301 → result-302, evidence
            "00",
            "0c",
            "02",
            "00",
            "01",
            "c104", // import-12 → reading-301, read from
            "02",
            "07",
            "03",
            "03",
            "d904",
            "01",
            "0000000000002940",
            "000000000000d03f", // a flow
            "a302",
            "05",
            "03",
            "03",
            "01",
            "02",
            "0000000000000000", // a flow without a share
        );
        assert_eq!(hex::encode(&packed), golden);
        assert_eq!(unpack(7, &packed).unwrap(), sample());
    }

    #[test]
    fn what_is_cut_off_or_impossible_is_refused() {
        let packed = pack(7, &sample()).unwrap();
        let readable = (0..packed.len()).filter(|end| unpack(7, &packed[..*end]).is_ok()).count();
        assert_eq!(readable, 4, "only between two edges does a shorter row read");
        assert!(unpack(7, &[2, 0]).is_err());
        let heavy = |mass, share| pack(0, &[drawn(0, Edge::flow(LotId(1), LotId(2), mass, share))]);
        assert!(heavy(1.0, 1.0).is_ok());
        for (mass, share) in [(-1.0, 0.5), (f64::NAN, 0.5), (f64::INFINITY, 0.5), (1.0, 1.1)] {
            assert!(heavy(mass, share).is_err(), "{mass} {share}");
        }
    }
}
