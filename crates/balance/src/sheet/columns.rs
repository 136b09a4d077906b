//! Headings: which sheet this is, and which column is what.

/// What a sheet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Streams,
    Measurements,
    Inventory,
    Sums,
    Components,
    Totals,
    Constraints,
    Unknown,
}

/// The columns of one quantity of a flowsheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Quantity {
    pub name: String,
    pub value: Option<usize>,
    pub sd: Option<usize>,
    pub min: Option<usize>,
    pub max: Option<usize>,
}

/// A heading row, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub role: Role,
    pub stream: usize,
    pub from: usize,
    pub to: usize,
    pub of: usize,
    pub node: usize,
    pub value: Option<usize>,
    pub sd: Option<usize>,
    /// Of which data set a row is.
    pub set: Option<usize>,
    /// What a component is a share of.
    pub share: Option<usize>,
    /// Where a component is not conserved.
    pub except: Option<usize>,
    pub quantities: Vec<Quantity>,
    /// Columns of deviations in per cent of the value.
    pub percent: Vec<usize>,
}

const STREAM: &[&str] = &["stream", "name", "物流", "流股", "物料"];
const FROM: &[&str] = &["from", "来自", "自"];
const TO: &[&str] = &["to", "去向", "至"];
const OF: &[&str] = &["of", "quantity", "component", "项目", "组分"];
const NODE: &[&str] = &["node", "节点", "设备"];
const VALUE: &[&str] = &["value", "change", "值", "变化"];
const SD: &[&str] = &["sd", "标准差"];
const COMPONENTS: &[&str] = &["components", "组分之和"];
const COMPONENT: &[&str] = &["component", "组分"];
const SHARE: &[&str] = &["share of", "占比基准"];
const EXCEPT: &[&str] = &["except", "不守恒节点"];
const TOTAL: &[&str] = &["total", "总量"];
const PARTS: &[&str] = &["parts", "各部分"];
const WHOLE: &[&str] = &["whole", "整体"];
const EQUATION: &[&str] = &["equation", "等式"];
const SET: &[&str] = &["set", "数据集"];
const FLOW: &[&str] = &["flow", "mass", "流量"];
const MIN: &[&str] = &["min", "下限"];
const MAX: &[&str] = &["max", "上限"];
/// Columns that are read by nobody.
const REMARK: &[&str] = &["note", "remark", "备注"];

/// Reads a heading row.
pub(super) fn heading(cells: &[String]) -> Heading {
    let names: Vec<String> = cells.iter().map(|cell| bare(cell)).collect();
    let find = |words: &[&str]| names.iter().position(|name| words.contains(&name.to_lowercase().as_str()));
    let (stream, from, to, of) = (find(STREAM), find(FROM), find(TO), find(OF));
    let (node, value, sd) = (find(NODE), find(VALUE), find(SD));
    let components = find(COMPONENTS);
    let (share, except) = (find(SHARE), find(EXCEPT));
    let (component, total, parts) = (find(COMPONENT), find(TOTAL), find(PARTS));
    let equation = find(EQUATION);
    let role = match (stream, from, to, of, node, value, components) {
        (Some(_), Some(_), Some(_), ..) => Role::Streams,
        (_, None, Some(_), _, _, _, Some(_)) => Role::Sums,
        (Some(_), _, _, Some(_), _, Some(_), _) => Role::Measurements,
        (_, _, _, _, Some(_), Some(_), _) => Role::Inventory,
        _ if total.is_some() && parts.is_some() => Role::Totals,
        _ if component.is_some() && (share.is_some() || except.is_some()) => Role::Components,
        _ if equation.is_some() => Role::Constraints,
        _ => Role::Unknown,
    };
    let percent = (0..cells.len()).filter(|&at| in_percent(&cells[at])).collect();
    let main = match role {
        Role::Sums => components,
        Role::Totals => total,
        Role::Components => component,
        Role::Constraints => equation,
        _ => stream,
    };
    let of = if role == Role::Totals { parts } else { of };
    let value = if role == Role::Totals { find(WHOLE) } else { value };
    let mut heading = Heading {
        role,
        stream: main.unwrap_or_default(),
        from: from.unwrap_or_default(),
        to: to.unwrap_or_default(),
        of: of.unwrap_or(usize::MAX),
        node: node.unwrap_or_default(),
        value,
        sd,
        set: find(SET),
        share,
        except,
        quantities: Vec::new(),
        percent,
    };
    if role == Role::Streams {
        let taken = [stream, from, to];
        for (at, name) in names.iter().enumerate() {
            let remark = REMARK.contains(&name.to_lowercase().as_str());
            if !taken.contains(&Some(at)) && !name.is_empty() && !remark {
                heading.take(at, name);
            }
        }
    }
    heading
}

impl Heading {
    fn take(&mut self, column: usize, name: &str) {
        let ending = |words: &[&str]| {
            let (front, last) = name.rsplit_once(' ')?;
            words.contains(&last.to_lowercase().as_str()).then(|| front.trim().to_owned())
        };
        let (sd, min, max) = (ending(SD), ending(MIN), ending(MAX));
        let of = sd.as_ref().or(min.as_ref()).or(max.as_ref()).cloned().unwrap_or_else(|| name.to_owned());
        let of = if FLOW.contains(&of.to_lowercase().as_str()) { "flow".to_owned() } else { of };
        let at = match self.quantities.iter().position(|quantity| quantity.name == of) {
            Some(at) => at,
            None => {
                self.quantities.push(Quantity { name: of, ..Quantity::default() });
                self.quantities.len() - 1
            }
        };
        let quantity = &mut self.quantities[at];
        match (sd, min, max) {
            (Some(_), ..) => quantity.sd = Some(column),
            (_, Some(_), _) => quantity.min = Some(column),
            (.., Some(_)) => quantity.max = Some(column),
            _ => quantity.value = Some(column),
        }
    }
}

/// Without a unit in brackets.
fn bare(cell: &str) -> String {
    let text = cell.trim();
    let end = text.find(['[', '(', '（']).unwrap_or(text.len());
    text[..end].trim().trim_end_matches('%').trim_end().to_owned()
}

/// `flow sd %`, `Cu sd [%]`: a deviation in per cent of the value.
fn in_percent(cell: &str) -> bool {
    let text = cell.trim();
    let deviates = bare(text).to_lowercase();
    let deviates = SD.iter().any(|word| deviates == *word || deviates.ends_with(&format!(" {word}")));
    deviates && (text.ends_with('%') || text.ends_with("rel %]") || text.ends_with("[rel %]"))
}
