//! The wide and the transposed layout: which columns hold values, and what stands beside each.

use crate::analyte::{self, Named};
use crate::bind::{Made, Maker, Target};
use crate::cell;
use crate::mapping::{ColumnId, ColumnSet, Columns, Companion, HeaderRole, Source};
use crate::over::{no_concentration, said};
use crate::text::same_label;

/// What a column of the header is to the wide layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Wanted,
    /// Nothing says that it is no analyte, but it fits no pattern: it is told, not read.
    Doubtful,
    /// An analyte that the mapping excepts, with its companions.
    LeftOut,
    /// Something else: an id, a companion, a column without a name.
    Other,
}

impl Columns {
    /// Columns to the next candidate. A stated step holds from the first analyte on, and so does the order
    /// of groups from a stated first column; elsewhere companions follow only what is an analyte.
    fn stride(&self, place: Place, begun: bool) -> usize {
        let group = self.companions.len() + 1;
        match (self.step, place) {
            (Some(step), _) if begun || self.from.is_some() => step,
            (None, _) if self.from.is_some() && self.matches.is_none() => group,
            (_, Place::Wanted | Place::LeftOut) => self.step.unwrap_or(group),
            (_, Place::Doubtful | Place::Other) => 1,
        }
    }
}

impl Maker<'_> {
    pub fn wide(&self, columns: &Columns, replicates: &[usize]) -> Made {
        let mut made = Made::default();
        for at in self.candidates(columns, replicates, &mut made) {
            let name = self.analyte_text(at);
            if columns.set.iter().any(|set| set.ignore && applies(set, name)) {
                self.leave(columns, at, &mut made);
                continue;
            }
            match self.wide_target(columns, at, name) {
                Some(target) => {
                    // what is ignored beside a value is told where the row of analytes names it as one more
                    let ignored = |place: usize| columns.companions[place - 1] == Companion::Ignore;
                    let named = |place: usize| {
                        let above = self.analyte_row().and_then(|cells| cells.get(at + place));
                        above.is_some_and(|text| !text.trim().is_empty())
                    };
                    let beside = (1..=columns.companions.len()).map(|place| (place, target.column + place));
                    let quiet = beside.filter(|(place, _)| !ignored(*place) || !named(*place));
                    made.companions.extend(quiet.map(|(_, column)| column));
                    made.targets.push(target);
                }
                None => {
                    made.warnings.push(format!("{}: column {name:?} is not read", self.region.name));
                    made.left.extend(self.column_of(at));
                }
            }
        }
        self.beside(columns, &mut made);
        for set in columns.set.iter().filter(|set| !self.names_some(set)) {
            let name = set.names.first().map_or("matches", String::as_str);
            made.unfitting.push(format!("[[columns.set]] names {name:?}, which the header does not have"));
        }
        for (at, one) in made.targets.iter().enumerate().filter(|_| !self.region.transposed) {
            if let Some(twin) = made.targets[..at].iter().find(|other| other.same_name(one)) {
                let name = one.named.as_ref().map_or("", |named| &named.analyte);
                let name = format!("{name} {}", one.own_channel());
                made.warnings.push(format!(
                    "{}: columns {} and {} are both {}; tell them apart by channel, or leave one out",
                    self.region.name,
                    twin.column + 1,
                    one.column + 1,
                    name.trim_end(),
                ));
            }
        }
        made
    }

    /// Whether a set names a column of the header at all.
    fn names_some(&self, set: &ColumnSet) -> bool {
        (0..self.width()).any(|at| applies(set, self.analyte_text(at)))
    }

    fn column_of(&self, at: usize) -> Option<usize> {
        usize::try_from(at as i64 + self.region.header.offset).ok()
    }

    /// A column that the mapping leaves out by name, with what stands beside it.
    fn leave(&self, columns: &Columns, at: usize, made: &mut Made) {
        let Some(column) = self.column_of(at) else { return };
        made.left.extend(column..=column + columns.companions.len());
    }

    fn analyte_row(&self) -> Option<&Vec<String>> {
        let own = |role: &HeaderRole| matches!(role, HeaderRole::Analyte | HeaderRole::Sample);
        self.rows.iter().find(|(role, _)| own(role)).map(|(_, cells)| cells)
    }

    fn width(&self) -> usize {
        self.names.len().max(self.analyte_row().map_or(0, Vec::len))
    }

    /// What stands above a column as its analyte (or sample): in the row of that role, else in the name row.
    fn analyte_text(&self, at: usize) -> &str {
        let cells = self.analyte_row().map_or(self.names, Vec::as_slice);
        cells.get(at).map_or("", |text| text.trim())
    }

    /// Header columns that may hold analytes (samples, in the transposed layout).
    fn candidates(&self, columns: &Columns, replicates: &[usize], made: &mut Made) -> Vec<usize> {
        let offset = self.region.header.offset;
        let claimed: Vec<i64> = match columns.from {
            Some(_) => Vec::new(),
            None => {
                let own = self.region.own_columns.clone().filter_map(|index| self.positions[index]);
                own.chain(replicates.iter().copied()).map(|at| at as i64 - offset).collect()
            }
        };
        let header_at =
            |id: Option<ColumnId>| id.and_then(|id| self.positions[id.0]).map(|at| at as i64 - offset);
        let from = header_at(columns.from).unwrap_or(0).max(0) as usize;
        let width = self.width();
        let to = header_at(columns.to).map_or(width, |at| (at.max(0) as usize + 1).min(width));
        let (mut found, mut begun, mut at) = (Vec::new(), false, from);
        while at < to {
            if self.is_second_id(at) {
                break;
            }
            let free = !claimed.contains(&(at as i64));
            let place = if free { self.place(columns, at) } else { Place::Other };
            match place {
                Place::Wanted | Place::Doubtful => found.push(at),
                Place::LeftOut => self.leave(columns, at, made),
                Place::Other if self.excepted(columns, at) => self.leave(columns, at, made),
                Place::Other => {}
            }
            begun |= matches!(place, Place::Wanted | Place::LeftOut);
            at += columns.stride(place, begun);
        }
        found
    }

    /// The name of the ids comes again: another table stands beside this one, and this one ends.
    fn is_second_id(&self, at: usize) -> bool {
        let name = self.names.get(at).map_or("", |name| name.trim());
        let offset = self.region.header.offset;
        let bound = |place: i64| self.positions.iter().flatten().any(|one| *one as i64 - offset == place);
        let ids = match self.region.sample.from.as_ref().map(|from| &from.source) {
            Some(Source::Columns(ids)) => ids.as_slice(),
            _ => &[],
        };
        let of_id = |id: &ColumnId| {
            let first = self.positions[id.0].and_then(|one| usize::try_from(one as i64 - offset).ok());
            let title = first.and_then(|one| self.names.get(one)).map_or("", |name| name.trim());
            first != Some(at) && !title.is_empty() && same_label(title, name)
        };
        !self.region.transposed && !name.is_empty() && !bound(at as i64) && ids.iter().any(of_id)
    }

    fn excepted(&self, columns: &Columns, at: usize) -> bool {
        let name = self.analyte_text(at);
        columns.except.iter().any(|except| same_label(except, name))
    }

    fn place(&self, columns: &Columns, at: usize) -> Place {
        let name = self.analyte_text(at);
        let beside = || columns.beside.iter().any(|(pattern, _)| pattern.is_match(name));
        if name.is_empty() || columns.matches.as_ref().is_some_and(|one| !one.is_match(name)) || beside() {
            return Place::Other;
        }
        let fits = self.region.transposed
            || columns.set.iter().any(|set| set.analyte.is_some() && applies(set, name))
            || self.named(name).is_some();
        match (fits, columns.except.iter().any(|except| same_label(except, name))) {
            (true, true) => Place::LeftOut,
            (false, true) => Place::Other,
            (true, false) => Place::Wanted,
            (false, false) => Place::Doubtful,
        }
    }

    /// The analyte that a name in the header is. A number names none by itself: a row of data stands where
    /// the header should.
    fn named(&self, name: &str) -> Option<Named> {
        let spec = &self.region.analyte;
        let told = !spec.patterns.is_empty() || analyte::alias(spec, name).is_some();
        let named = analyte::split(spec, name);
        named.filter(|_| told || !cell::is_number(name, self.region.number))
    }

    fn wide_target(&self, columns: &Columns, at: usize, name: &str) -> Option<Target> {
        let sets: Vec<&ColumnSet> = columns.set.iter().filter(|set| applies(set, name)).collect();
        let column = usize::try_from(at as i64 + self.region.header.offset).ok()?;
        let mut target = self.base(0, column, name);
        let fixed = sets.iter().find_map(|set| set.analyte.clone());
        if self.region.transposed {
            target.sample = Some(name.to_owned());
        } else {
            let named = match fixed {
                Some(analyte) => Named { analyte, ..Named::default() },
                None => self.named(name)?,
            };
            target.read_unit(named.unit.clone());
            target.named = Some(named);
        }
        target.over = self.over(at, column);
        target.doubt = self.doubt(at, column);
        for (role, cells) in self.rows {
            let Some(text) = cells.get(at).map(|text| text.trim()).filter(|text| !text.is_empty()) else {
                continue;
            };
            match role {
                HeaderRole::Unit => target.read_unit(self.unit_part(text)),
                HeaderRole::Channel => target.channel = Some(text.to_owned()),
                HeaderRole::Attribute(name) => target.attributes.push((name.clone(), text.to_owned())),
                HeaderRole::Name
                | HeaderRole::Analyte
                | HeaderRole::Sample
                | HeaderRole::Decoration
                | HeaderRole::Blank => {}
            }
        }
        target.read_unit(self.unit_of_name(at, column));
        for set in sets {
            set.apply(&mut target);
        }
        for (place, companion) in columns.companions.iter().enumerate() {
            attach(&mut target, companion, column + place + 1);
        }
        Some(target)
    }

    /// The cell of the name row over the values, where analytes stand in a row of their own. An analyte may
    /// stand over the first of several columns and its value in another ([header] offset): the name row
    /// belongs to the columns, so the cell over the value comes first.
    fn name_over(&self, at: usize, column: usize) -> Option<[&str; 2]> {
        self.analyte_row()?;
        let row = self.rows.iter().find(|(role, _)| *role == HeaderRole::Name).map(|(_, cells)| cells)?;
        let text = |at: usize| row.get(at).map_or("", |text| text.trim());
        Some([text(column), text(at)])
    }

    /// The unit in the name row, as [header] unit_pattern finds it.
    fn unit_of_name(&self, at: usize, column: usize) -> Option<String> {
        self.region.header.unit_pattern.as_ref()?;
        let texts = self.name_over(at, column)?;
        texts.into_iter().filter(|text| !text.is_empty()).find_map(|text| self.unit_part(text))
    }

    /// The unit that some row of the header names over the values.
    fn over(&self, at: usize, column: usize) -> Option<String> {
        if let Some(unit) = self.name_over(at, column).and_then(|texts| texts.into_iter().find_map(said)) {
            return Some(unit);
        }
        let told = |role: &HeaderRole| match role {
            HeaderRole::Analyte | HeaderRole::Decoration | HeaderRole::Channel => true,
            HeaderRole::Name => self.analyte_row().is_none(),
            _ => false,
        };
        let rows = self.rows.iter().filter(|(role, _)| told(role) && !self.region.transposed);
        rows.filter_map(|(_, cells)| cells.get(at)).find_map(|text| said(text))
    }

    /// What the name row says over the values, where that is no concentration.
    fn doubt(&self, at: usize, column: usize) -> Option<String> {
        let [over, _] = self.name_over(at, column)?;
        let concentration =
            said(over).is_some_and(|unit| !["cps", "kcps", "counts"].contains(&unit.as_str()));
        (no_concentration(over) && !concentration).then(|| over.to_owned())
    }

    fn beside(&self, columns: &Columns, made: &mut Made) {
        for (at, name) in self.names.iter().enumerate() {
            let name = name.trim();
            let hit =
                columns.beside.iter().find_map(|(pattern, as_what)| Some((pattern.captures(name)?, as_what)));
            let Some((found, companion)) = hit else { continue };
            let Some(column) = usize::try_from(at as i64 + self.region.header.offset).ok() else { continue };
            let analyte = found.name("analyte").map_or("", |part| part.as_str().trim());
            let channel = found.name("channel").map(|part| part.as_str().trim());
            let belongs = |target: &&mut Target| {
                let named = target.named.as_ref();
                let same = same_label(&target.header, analyte)
                    || named.is_some_and(|named| {
                        let alias = analyte::alias(&self.region.analyte, analyte).unwrap_or(analyte);
                        named.analyte == alias
                    });
                let own = target.channel.as_deref().or(named.and_then(|named| named.channel.as_deref()));
                same && (channel.is_none() || own == channel)
            };
            let mut any = false;
            for target in made.targets.iter_mut().filter(belongs) {
                attach(target, companion, column);
                any = true;
            }
            made.companions.push(column);
            if !any {
                made.left.push(column);
                made.warnings.push(format!("{}: column {name:?} belongs to no analyte", self.region.name));
            }
        }
    }
}

fn applies(set: &ColumnSet, name: &str) -> bool {
    set.names.iter().any(|one| same_label(one, name))
        || set.matches.as_ref().is_some_and(|one| one.is_match(name))
}

fn attach(target: &mut Target, companion: &Companion, column: usize) {
    match companion {
        Companion::Unit => target.unit_column = Some(column),
        Companion::Flag => target.flag_columns.push(column),
        Companion::Ignore => target.ignored.push(column),
        Companion::Attribute(name) => target.attribute_columns.push((name.clone(), column)),
    }
}

impl ColumnSet {
    fn apply(&self, target: &mut Target) {
        if let Some(unit) = &self.unit {
            target.unit = Some(unit.clone());
            target.unit_from_mapping = true;
        }
        let copy = |from: &Option<String>, to: &mut Option<String>| {
            if from.is_some() {
                to.clone_from(from);
            }
        };
        copy(&self.channel, &mut target.channel);
        copy(&self.basis, &mut target.basis);
        copy(&self.mark, &mut target.mark);
        if let Some(decimal) = self.decimal {
            target.format.decimal = decimal;
        }
        if let Some(thousands) = self.thousands {
            target.format.thousands = thousands;
        }
    }
}
