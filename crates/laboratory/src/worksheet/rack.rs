//! Which reading of a file stands at which position of a rack. Pure.
//!
//! A *solution* is what a file reports together: one sample id, at its first, second, … occurrence. Solutions
//! are taken in file order, positions in rack order, and each is used once. A file that states the rack
//! position itself (an attribute `position`) is believed where the id fits what stands there.

use std::collections::{BTreeMap, BTreeSet};

use super::PlaceKind;
use super::rows::RackPlace;
use crate::import::rules::repeated_id;

/// How a file and a rack fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fitted {
    /// The position of each reading, in file order; none for what stands on no position.
    pub positions: Vec<Option<u32>>,
    /// Positions of the rack that the file says nothing of, and what stands there.
    pub missing: Vec<(u32, String)>,
    /// Solutions of the file that stand on no position: row of the first reading, and sample id.
    pub extra: Vec<(String, String)>,
}

/// Fits the readings of a file to a rack.
pub(crate) fn fit(places: &[RackPlace], readings: &[intake::Reading]) -> Fitted {
    let mut free: Vec<&RackPlace> = places.iter().collect();
    let mut known: BTreeMap<(&str, u32), Option<u32>> = BTreeMap::new();
    let mut fitted = Fitted::default();
    let mut seen = BTreeSet::new();
    for one in readings {
        if !counts(one) {
            fitted.positions.push(None);
            continue;
        }
        let key = (one.sample_id.as_str(), one.occurrence);
        let position = match known.get(&key) {
            Some(position) => *position,
            None => {
                let at = choose(&free, one);
                let position = at.map(|at| free.remove(at).position);
                known.insert(key, position);
                position
            }
        };
        if position.is_none() && seen.insert(key) {
            fitted.extra.push((one.row.clone(), one.sample_id.clone()));
        }
        fitted.positions.push(position);
    }
    let what = |place: &RackPlace| place.code.clone().unwrap_or_else(|| place.kind.word().to_owned());
    fitted.missing = free.iter().map(|place| (place.position, what(place))).collect();
    fitted
}

/// Whether a reading is of something that stands on a rack.
fn counts(one: &intake::Reading) -> bool {
    use intake::Class;
    one.reported
        && one.chosen != Some(false)
        && !matches!(one.class, Class::Statistics | Class::Skip | Class::Standard)
}

fn choose(free: &[&RackPlace], one: &intake::Reading) -> Option<usize> {
    let stated: Option<u32> = one.attributes.get("position").and_then(|text| text.trim().parse().ok());
    if let Some(stated) = stated {
        let found = free.iter().position(|place| place.position == stated && fits(place, one).is_some());
        if found.is_some() {
            return found;
        }
    }
    let ranked = free.iter().enumerate().filter_map(|(at, place)| Some((fits(place, one)?, at)));
    ranked.min().map(|(_, at)| at)
}

/// How well a reading fits a position: 0 at best; none when something else stands there.
fn fits(place: &RackPlace, one: &intake::Reading) -> Option<u8> {
    let id = one.sample_id.trim();
    let plain = repeated_id(id);
    let code = place.code.as_deref().unwrap_or_default();
    let again = one.class == intake::Class::Duplicate || plain != id;
    match place.kind {
        PlaceKind::Blank => {
            let lower = id.to_lowercase();
            let named = ["blank", "blk", "空白"].iter().any(|word| lower.starts_with(word));
            (one.class == intake::Class::Blank || named).then_some(0)
        }
        PlaceKind::Reference => (code.to_lowercase() == id.to_lowercase()).then_some(0),
        PlaceKind::Sample if code == id => Some(u8::from(again)),
        PlaceKind::Sample => None,
        PlaceKind::Duplicate if code == id || code == plain => Some(if again { 0 } else { 2 }),
        PlaceKind::Duplicate => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPPING: &str = r#"
name = "plain"
version = 1
instrument = "ICP"
layout = "long"
class_default = "sample"
[open]
delimiter = "comma"
[sample]
column = "id"
[analyte]
column = "analyte"
[value]
column = "value"
unit_column = "unit"
[[class]]
when = { field = "sample_id", equals = ["STD"] }
is = "standard"
[[attribute]]
name = "position"
column = "position"
"#;

    fn places(all: &[(PlaceKind, &str)]) -> Vec<RackPlace> {
        let each = all.iter().enumerate().map(|(at, (kind, code))| RackPlace {
            position: at as u32 + 1,
            kind: *kind,
            sample: None,
            reference_lot: None,
            method: None,
            code: Some((*code).to_owned()).filter(|code| !code.is_empty()),
        });
        each.collect()
    }

    fn readings(ids: &[(&str, &str)]) -> Vec<intake::Reading> {
        let rows = ids.iter().map(|(id, position)| format!("{id},Mn,1.0,mg/L,{position}\n"));
        let text = format!("id,analyte,value,unit,position\n{}", rows.collect::<String>());
        let mapping = intake::Mapping::parse(MAPPING, "plain").unwrap();
        let limits = intake::Limits::default();
        intake::read("a.csv", text.as_bytes(), &mapping, &limits).unwrap().readings
    }

    #[test]
    fn each_solution_of_a_file_finds_its_position_and_what_is_left_is_told() {
        use PlaceKind::{Blank, Duplicate, Reference, Sample};
        let rack = [
            (Blank, ""),
            (Reference, "CRM-1"),
            (Sample, "S-1"),
            (Duplicate, "S-1"),
            (Sample, "S-2"),
            (Blank, ""),
        ];
        let some = |all: &[u32]| all.iter().map(|at| (*at > 0).then_some(*at)).collect::<Vec<_>>();
        for (ids, positions, missing, extra) in [
            (vec!["Blank", "CRM-1", "S-1", "S-1", "S-2", "blk 2"], vec![1, 2, 3, 4, 5, 6], vec![], vec![]),
            (vec!["S-1 DUP", "S-1", "crm-1"], vec![4, 3, 2], vec![1, 5, 6], vec![]),
            (vec!["STD", "S-2", "S-2", "X-9"], vec![0, 5, 0, 0], vec![1, 2, 3, 4, 6], vec!["S-2", "X-9"]),
            (vec!["S-1", "S-1", "S-1"], vec![3, 4, 0], vec![1, 2, 5, 6], vec!["S-1"]),
        ] {
            let ids: Vec<(&str, &str)> = ids.into_iter().map(|id| (id, "")).collect();
            let fitted = fit(&places(&rack), &readings(&ids));
            assert_eq!(fitted.positions, some(&positions), "{ids:?}");
            let left: Vec<u32> = fitted.missing.iter().map(|(position, _)| *position).collect();
            assert_eq!(left, missing, "{ids:?}");
            let told: Vec<&str> = fitted.extra.iter().map(|(_, id)| id.as_str()).collect();
            assert_eq!(told, extra, "{ids:?}");
        }
    }

    #[test]
    fn a_stated_position_is_believed_where_its_id_fits() {
        use PlaceKind::{Blank, Sample};
        let rack = places(&[(Blank, ""), (Sample, "S-1"), (Blank, "")]);
        let fitted = fit(&rack, &readings(&[("Blank", "3"), ("S-1", "1"), ("Blank", "")]));
        assert_eq!(fitted.positions, [Some(3), Some(2), Some(1)]);
    }
}
