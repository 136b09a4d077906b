//! Names become numbers, and what cannot be right is refused by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Given, Name, Of, Wrong};

/// A flowsheet by numbers. `of` 0 is the flow, 1 + c the component c.
#[derive(Debug, Clone)]
pub(crate) struct Flowsheet {
    pub streams: Vec<Name>,
    pub nodes: Vec<Name>,
    pub components: Vec<Name>,
    pub conserves: Vec<bool>,
    /// By component: the nodes where it does not.
    pub excepted: Vec<Vec<usize>>,
    /// By `of`: of which other it is a share. 0, the flow, of itself.
    pub parent: Vec<usize>,
    /// Each stream's node before and after.
    pub ends: Vec<(Option<usize>, Option<usize>)>,
    stream_number: BTreeMap<Name, usize>,
    node_number: BTreeMap<Name, usize>,
    component_number: BTreeMap<Name, usize>,
}

impl Flowsheet {
    /// Reads streams, nodes and components.
    pub fn read(given: &Given) -> Result<Self, Wrong> {
        if given.streams.is_empty() {
            return Err(Wrong::NoStreams);
        }
        let mut sheet = Flowsheet {
            streams: Vec::new(),
            nodes: Vec::new(),
            components: Vec::new(),
            conserves: Vec::new(),
            excepted: Vec::new(),
            parent: vec![0],
            ends: Vec::new(),
            stream_number: BTreeMap::new(),
            node_number: BTreeMap::new(),
            component_number: BTreeMap::new(),
        };
        for stream in &given.streams {
            if stream.name.0.trim().is_empty() {
                return Err(Wrong::Unnamed("a stream"));
            }
            let number = sheet.streams.len();
            if sheet.stream_number.insert(stream.name.clone(), number).is_some() {
                return Err(Wrong::StreamTwice(stream.name.clone()));
            }
            if stream.from.is_none() && stream.to.is_none() {
                return Err(Wrong::Adrift(stream.name.clone()));
            }
            let (from, to) = (sheet.node_or_new(&stream.from)?, sheet.node_or_new(&stream.to)?);
            sheet.streams.push(stream.name.clone());
            sheet.ends.push((from, to));
        }
        for component in &given.components {
            if component.name.0.trim().is_empty() {
                return Err(Wrong::Unnamed("a component"));
            }
            if component.name.0 == "flow" {
                return Err(Wrong::ComponentFlow);
            }
            let number = sheet.components.len();
            if sheet.component_number.insert(component.name.clone(), number).is_some() {
                return Err(Wrong::ComponentTwice(component.name.clone()));
            }
            sheet.components.push(component.name.clone());
            sheet.conserves.push(component.conserves);
            let told = || format!("`except` of component `{}`", component.name);
            let excepted = component.except.iter().map(|node| sheet.node(node, told));
            let excepted = excepted.collect::<Result<_, _>>()?;
            sheet.excepted.push(excepted);
        }
        sheet.shares(given)?;
        sheet.fed(given)?;
        Ok(sheet)
    }

    fn shares(&mut self, given: &Given) -> Result<(), Wrong> {
        for component in &given.components {
            let told = || format!("`of` of component `{}`", component.name);
            let whole = component.of.clone().map_or(Of::Flow, |name| Of::from(name.0.as_str()));
            self.parent.push(self.of(&whole, told)?);
        }
        match (1..self.width()).find(|&of| self.links(of).is_none()) {
            Some(of) => Err(Wrong::Circle(self.components[of - 1].clone())),
            None => Ok(()),
        }
    }

    /// What multiplied gives the amount of `of`: the flow, the shares in between, `of` itself.
    fn links(&self, of: usize) -> Option<Vec<usize>> {
        let mut links = vec![of];
        while let Some(&last) = links.last().filter(|last| **last != 0) {
            links.push(self.parent[last]);
            if links.len() > self.width() {
                return None;
            }
        }
        links.reverse();
        Some(links)
    }

    /// The same, of a flowsheet that was read.
    pub fn chain(&self, of: usize) -> Vec<usize> {
        self.links(of).unwrap_or_default()
    }

    fn node_or_new(&mut self, name: &Option<Name>) -> Result<Option<usize>, Wrong> {
        let Some(name) = name else { return Ok(None) };
        if name.0.trim().is_empty() {
            return Err(Wrong::Unnamed("a node"));
        }
        if let Some(&number) = self.node_number.get(name) {
            return Ok(Some(number));
        }
        let number = self.nodes.len();
        self.nodes.push(name.clone());
        self.node_number.insert(name.clone(), number);
        Ok(Some(number))
    }

    fn fed(&self, given: &Given) -> Result<(), Wrong> {
        let fed = self.ends.iter().any(|(from, _)| from.is_none());
        // streams that only enter what they leave are bound by constraints alone
        let constrained = !given.constraints.is_empty() && self.ends.iter().all(|(from, to)| from == to);
        if fed || constrained || given.inventory.iter().any(|gain| gain.of == Of::Flow && gain.change != 0.0)
        {
            return Ok(());
        }
        let (nodes, streams) = (self.nodes.len(), self.streams.len());
        Err(Wrong::NoFeed { node: self.nodes[0].clone(), nodes, streams })
    }

    /// How many quantities a stream has: its flow and its components.
    pub fn width(&self) -> usize {
        1 + self.components.len()
    }

    /// The number of a stream.
    pub fn stream(&self, name: &Name, place: impl FnOnce() -> String) -> Result<usize, Wrong> {
        let found = self.stream_number.get(name).copied();
        found.ok_or_else(|| Wrong::UnknownStream { place: place(), stream: name.clone() })
    }

    /// The number of a node.
    pub fn node(&self, name: &Name, place: impl FnOnce() -> String) -> Result<usize, Wrong> {
        let found = self.node_number.get(name).copied();
        found.ok_or_else(|| Wrong::UnknownNode { place: place(), node: name.clone() })
    }

    /// Whether what enters a node of the flow (0) or a component leaves it.
    pub fn conserved(&self, of: usize, node: usize) -> bool {
        of == 0 || self.conserves[of - 1] && !self.excepted[of - 1].contains(&node)
    }

    /// 0 for the flow, 1 + the number of a component.
    pub fn of(&self, of: &Of, place: impl FnOnce() -> String) -> Result<usize, Wrong> {
        let Of::Component(name) = of else { return Ok(0) };
        let found = self.component_number.get(name).map(|number| 1 + number);
        found.ok_or_else(|| Wrong::UnknownComponent { place: place(), component: name.clone() })
    }

    /// The streams of these names; all of them where no names are given.
    pub fn listed(&self, names: Option<&[Name]>, place: impl Fn() -> String) -> Result<Vec<usize>, Wrong> {
        match names {
            None => Ok((0..self.streams.len()).collect()),
            Some(names) => names.iter().map(|name| self.stream(name, &place)).collect(),
        }
    }

    /// The word for `of`.
    pub fn word(&self, of: usize) -> Of {
        if of == 0 { Of::Flow } else { Of::Component(self.components[of - 1].clone()) }
    }

    /// The connected parts: the streams of each, by the first stream.
    pub fn parts(&self) -> Vec<Vec<usize>> {
        let mut root: Vec<usize> = (0..self.nodes.len()).collect();
        for (from, to) in &self.ends {
            if let (Some(from), Some(to)) = (from, to) {
                let (a, b) = (find(&mut root, *from), find(&mut root, *to));
                root[a.max(b)] = a.min(b);
            }
        }
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (stream, (from, to)) in self.ends.iter().enumerate() {
            if let Some(node) = from.or(*to) {
                parts.entry(find(&mut root, node)).or_default().push(stream);
            }
        }
        let mut parts: Vec<Vec<usize>> = parts.into_values().collect();
        parts.sort();
        parts
    }

    /// The nodes of some streams, in order.
    pub fn nodes_of(&self, streams: &[usize]) -> BTreeSet<usize> {
        streams.iter().flat_map(|&s| [self.ends[s].0, self.ends[s].1]).flatten().collect()
    }
}

fn find(root: &mut [usize], mut node: usize) -> usize {
    while root[node] != node {
        root[node] = root[root[node]];
        node = root[node];
    }
    node
}
